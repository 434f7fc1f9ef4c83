"""The only place that locks rows or tables, and the order in which that is done.

Order, for everybody:

1. the message chain (``lock_message_chain``), alone in a transaction of its own:
   nothing else is locked while it is held;
2. one row of the inbox or one call (``take_inbox_row``, ``take_call_row``): never
   waited for, a taken row is skipped;
3. one transaction (``lock_transaction``);
4. a document that is paid (``lock_document``), invoices and payments through the ORM.

A request that starts a payment takes only step 4; the worker takes 2, 3, 4. Nobody goes
back up. To lock a row is to write it: whoever waited for it under REPEATABLE READ then
fails instead of going on with what it saw before, and starts over with a fresh
transaction.
"""

from odoo.tools import SQL


def lock_message_chain(cr):
    """Be the only one who appends a message until this transaction ends.

    It must be the first statement of the transaction: LOCK TABLE takes no snapshot, so
    that the next statement sees the newest row. The table is an empty one that is there
    for nothing else: no reader, no maintenance of the messages comes into its way.
    """
    cr.execute("LOCK TABLE pos_gateway_chain IN EXCLUSIVE MODE")


def take_inbox_row(cr, inbox_id: int) -> bool:
    """:return: whether the row is still to be done, and now ours"""
    cr.execute(
        SQL(
            "SELECT id FROM pos_gateway_inbox WHERE id = %s AND state != 'done'"
            " FOR NO KEY UPDATE SKIP LOCKED",
            inbox_id,
        )
    )
    return bool(cr.fetchone())


def take_call_row(cr, call_id: int) -> bool:
    """:return: whether the call is still to be made, and now ours"""
    cr.execute(
        SQL(
            "SELECT id FROM pos_gateway_call WHERE id = %s AND state = 'waiting'"
            " FOR NO KEY UPDATE SKIP LOCKED",
            call_id,
        )
    )
    return bool(cr.fetchone())


def lock_transaction(transaction):
    """Wait until no one else works on this ``payment.transaction``."""
    _lock_row(transaction)


def lock_document(document):
    """Wait until no one else works on this document (invoice, collection)."""
    _lock_row(document)


def _lock_row(record):
    record.ensure_one()
    record.env.cr.execute(
        SQL(
            "UPDATE %s SET write_date = write_date WHERE id = %s",
            SQL.identifier(record._table),
            record.id,
        )
    )
    record.invalidate_recordset()
