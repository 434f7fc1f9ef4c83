"""Payments through the pages of a POS, without a browser, and what came of each."""

from decimal import Decimal

from .page_payer import Card, Form, read_form, walk
from .stack import wait_for

MOVES = ("sale", "preauth", "capture", "void", "refund")


class Orders:
    """Makes payments of one dealer at the POS that is published."""

    def __init__(self, stack, dealer, contract):
        self.stack, self.dealer, self.contract = stack, dealer, contract
        self.client = dealer.client()

    def start(self, amount, count=1) -> tuple[str, Form]:
        """:return: the bank order, and the form that takes the payer on his way"""
        collection_id = self.client.open_collection([self.dealer.invoice(amount)])
        page = self.client.redirect_form(collection_id, count)
        ((order_id,),) = self.stack.query(
            "SELECT gateway_order_id FROM payment_transaction"
            " WHERE dealer_collection_id = %s",
            (collection_id,),
        )
        return order_id, read_form(page, self.client.url, Card())

    def pay(self, amount, count=1, card=None, fault=None, params=None):
        """Go to the bank and pay there; the bank's message is not yet delivered.

        :return: the bank order, and the message; None if the bank sent none
        """
        order_id, form = self.start(amount, count)
        if fault:
            self.stack.bank.post(
                "fault", kind=fault, order_id=order_id, params=params or {}
            )
        return order_id, walk(form, card)

    def paid(self, amount, state="done"):
        """:return: the transaction of a payment that is in the books"""
        order_id, message = self.pay(amount)
        assert message.deliver().status_code == 303
        return self.wait(order_id, state)

    def wait(self, order_id, state="done"):
        """:return: the transaction, once it is in this state, and in the books"""

        def ready():
            row = self.read(order_id)
            is_booked = row["payment_id"] or state != "done"
            return row if row["state"] == state and is_booked else None

        return wait_for(ready, 60, f"order {order_id} as {state}")

    def read(self, order_id):
        names = "id state payment_id amount gateway_review_reason gateway_order_id"
        ((*values,),) = self.stack.query(
            f"SELECT {', '.join(names.split())} FROM payment_transaction"
            " WHERE gateway_order_id = %s",
            (order_id,),
        )
        return dict(zip(names.split(), values, strict=True))

    def settle_down(self, *order_ids):
        """Wait until nothing is left to be done at once for these orders."""
        for order_id in order_ids:
            wait_for(
                lambda order_id=order_id: self._is_settled(order_id),
                what=f"the end of all that is to be done for {order_id}",
            )

    def _is_settled(self, order_id):
        """In one statement: an answer and what it leads to are committed together."""
        return self.stack.query(
            """
            SELECT NOT EXISTS (
                SELECT 1 FROM pos_gateway_inbox i WHERE i.transaction_id = t.id
                   AND (i.state = 'new' OR i.next_attempt_at < now_utc))
               AND NOT EXISTS (
                SELECT 1 FROM pos_gateway_call c WHERE c.transaction_id = t.id
                   AND (c.state = 'sent'
                        OR c.state = 'waiting' AND c.not_before <= now_utc)
                   AND c.operation NOT IN ('register', 'card_page'))
               AND COALESCE(t.gateway_next_inquiry_at > now_utc, true)
               AND (t.state != 'done' OR t.is_post_processed)
              FROM payment_transaction t, (SELECT now() AT TIME ZONE 'UTC' now_utc) n
             WHERE t.gateway_order_id = %s
            """,
            (order_id,),
        )[0][0]

    # === COUNTED === #

    def moves(self, order_id):
        """:return: each time that the bank was made to move money for this order"""
        return [
            (row["operation"], row["verdict"])
            for row in self.stack.bank.get("log")["log"]
            if row["order"] == order_id
            and row["operation"] in MOVES
            and row["verdict"] != "fault"
        ]

    def at_bank(self, order_id):
        """:return: what the bank holds for this order, in lira"""
        kurus = sum(
            row["captured_kurus"] - row["refunded_kurus"]
            for row in self.stack.bank.charges(order_id)
            if row["state"] in ("captured", "settled")
        )
        return Decimal(kurus) / 100

    def in_books(self, order_id):
        """:return: what our POS slips account says of this order and its children"""
        ((amount,),) = self.stack.query(
            """
            WITH RECURSIVE family AS (
                SELECT id FROM payment_transaction WHERE gateway_order_id = %s
                 UNION SELECT t.id FROM payment_transaction t
                  JOIN family f ON t.source_transaction_id = f.id)
            SELECT COALESCE(sum(l.balance), 0)
              FROM family f
              JOIN account_payment p ON p.payment_transaction_id = f.id
              JOIN account_move_line l ON l.move_id = p.move_id
              JOIN payment_transaction t ON t.id = f.id
              JOIN payment_provider v ON v.id = t.provider_id
               AND v.gateway_slips_account_id = l.account_id
             WHERE l.parent_state = 'posted'
            """,
            (order_id,),
        )
        return amount

    def payments(self, order_id):
        return self.stack.query(
            "SELECT count(*) FROM account_payment p JOIN payment_transaction t"
            " ON p.payment_transaction_id = t.id WHERE t.gateway_order_id = %s",
            (order_id,),
        )[0][0]

    def calls(self, order_id, operation=None):
        return self.stack.query(
            "SELECT c.operation, c.state, c.result, c.tries FROM pos_gateway_call c"
            " JOIN payment_transaction t ON t.id = c.transaction_id"
            " WHERE t.gateway_order_id = %s AND COALESCE(c.operation = %s, true)"
            " ORDER BY c.id",
            (order_id, operation),
        )
