import hashlib
import json
import uuid

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ..protocols import redact
from ..protocols.types import Operation
from . import locks
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS

# Not the body but its digest: a body that was removed by policy leaves a chain that can
# still be verified.
CHAINED_FIELDS = (
    "direction",
    "kind",
    "operation",
    "call_id",
    "provider_id",
    "transaction_id",
    "order_id",
    "content_type",
    "body_digest",
    "is_masked",
    "source",
    "at",
    "digest",
)
# Days until a text may be removed: tax law (VUK 253) has records kept for five years.
LEAST_DAYS = 5 * 366
OUTGOING = ("page_form", "card_page_form", "call")
START = "0" * 64


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


class PosGatewayMessage(models.Model):
    """What went to a bank and what came from one, in the order in which it happened.

    Append-only: the database itself refuses changes, and each row carries the digest of
    the row before it. Card numbers and credentials are masked before a row is written.
    How far a message has been worked on stands in ``pos.gateway.inbox``; the file
    beside this one verifies the chain and removes old texts.
    """

    _name = "pos.gateway.message"
    _description = "Bank Message"
    _order = "id desc"
    _rec_name = "order_id"
    _log_access = False

    direction = fields.Selection(
        [("in", "From the bank"), ("out", "To the bank")], required=True, readonly=True
    )
    kind = fields.Selection(
        [
            ("page_form", "Form for the bank's page"),
            ("card_page_form", "Form of our own card page"),
            ("page_return", "Return from the bank's page"),
            ("call", "Call to the bank"),
            ("call_answer", "Answer to a call"),
            ("call_failure", "Call without an answer"),
        ],
        required=True,
        readonly=True,
    )
    provider_id = fields.Many2one(
        "payment.provider", required=True, readonly=True, ondelete="restrict"
    )
    transaction_id = fields.Many2one(
        "payment.transaction",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty for a test of the connection and a question about a card's points.",
    )
    operation = fields.Selection(
        [
            (Operation.REGISTER.value, "Open the bank's page"),
            (Operation.CARD_PAGE.value, "Hand the card to the bank"),
            (Operation.RESOLVE.value, "Read the page's result"),
            (Operation.SALE.value, "Charge the card"),
            (Operation.INQUIRY.value, "Ask how the order stands"),
            (Operation.HISTORY.value, "Ask for the order's history"),
            (Operation.DAY_LIST.value, "List the payments of a day"),
            (Operation.CAPTURE.value, "Capture"),
            (Operation.VOID.value, "Void"),
            (Operation.REFUND.value, "Refund"),
            (Operation.RECURRING.value, "Charge the card by a schedule"),
            (Operation.RECURRING_STATUS.value, "Ask how a schedule stands"),
            (Operation.RECURRING_CANCEL.value, "Cancel what is still planned"),
            (Operation.BIN.value, "Ask about a card number"),
            (Operation.POINTS.value, "Ask for a card's points"),
        ],
        readonly=True,
        help="What the bank was asked to do.",
    )
    call_id = fields.Integer(
        readonly=True, help="The call that this message belongs to."
    )
    company_id = fields.Many2one(related="provider_id.company_id")
    order_id = fields.Char("Bank Order", required=True, readonly=True, index=True)
    content_type = fields.Char(readonly=True)
    body = fields.Text(readonly=True, help="As it was on the wire, secrets masked.")
    body_digest = fields.Char(required=True, readonly=True)
    body_removed_at = fields.Datetime(
        "Text Removed",
        readonly=True,
        help="When the text was removed by policy. Its digest stays, and proves it to"
        " whoever kept it elsewhere.",
    )
    is_masked = fields.Boolean(
        "Masked",
        readonly=True,
        help="Something had to be masked, so that this text no longer proves itself.",
    )
    source = fields.Char("Address", readonly=True, help="Where the message came from.")
    at = fields.Datetime("Time", required=True, readonly=True)
    digest = fields.Char(
        required=True,
        readonly=True,
        help="Identifies the message: the same message delivered again is one row.",
    )
    previous_digest = fields.Char(required=True, readonly=True)
    chain_digest = fields.Char(required=True, readonly=True)

    _digest_unique = models.Constraint(
        "UNIQUE (digest)", "This bank message is stored already."
    )
    _chain_unique = models.Constraint(
        "UNIQUE (previous_digest)", "A bank message follows exactly one other."
    )

    def init(self):
        self.env.cr.execute(
            SQL(
                """
            CREATE OR REPLACE FUNCTION pos_gateway_message_is_append_only()
            RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                -- One change is lawful: an old body is removed, and the day is noted.
                IF TG_OP = 'UPDATE'
                    AND OLD.body IS NOT NULL AND NEW.body IS NULL
                    AND OLD.body_removed_at IS NULL
                    AND NEW.body_removed_at >= OLD.at + make_interval(days => %s)
                    AND NEW.body_removed_at <= clock_timestamp() AT TIME ZONE 'UTC'
                    AND to_jsonb(NEW) - 'body' - 'body_removed_at'
                        = to_jsonb(OLD) - 'body' - 'body_removed_at'
                THEN
                    RETURN NEW;
                END IF;
                RAISE EXCEPTION 'bank messages are append-only';
            END $$;
            -- PostgreSQL 13, which Odoo accepts, cannot replace a trigger.
            DROP TRIGGER IF EXISTS pos_gateway_message_append_only
                ON pos_gateway_message;
            DROP TRIGGER IF EXISTS pos_gateway_message_no_change
                ON pos_gateway_message;
            CREATE TRIGGER pos_gateway_message_append_only
            BEFORE DELETE OR TRUNCATE ON pos_gateway_message
            FOR EACH STATEMENT EXECUTE FUNCTION pos_gateway_message_is_append_only();
            CREATE TRIGGER pos_gateway_message_no_change
            BEFORE UPDATE ON pos_gateway_message
            FOR EACH ROW EXECUTE FUNCTION pos_gateway_message_is_append_only()
                """,
                LEAST_DAYS,
            )
        )

    # === STORING === #

    @api.model
    def _store(
        self,
        kind,
        transaction,
        body,
        *,
        identity=None,
        content_type="",
        source="",
        enqueue=False,
        operation="",
        call_id=None,
        provider=None,
        order_id="",
        keep=frozenset(),
        card=None,
    ):
        """Write a message durably, in a transaction of its own, and commit it.

        The caller's own transaction may be replayed or rolled back: the message stays.

        :param str kind: see the field
        :param payment.transaction transaction: whom the message is about; may be empty
            if ``provider`` and ``order_id`` are given
        :param str body: the exact text; what must not be kept is masked here
        :param str identity: what is the same for each delivery of the same message;
            what has none (all that we do ourselves) is a new event each time
        :param bool enqueue: whether the worker is to apply it, at once
        :param str operation: of a call, see ``protocols.types.Operation``
        :param keep: long numbers that are known to be no card
        :param Card card: that the text holds; nothing of it is kept
        :return: the id of the message, and whether it is new; a message that came in
            before is not written again
        """
        masked = redact.hide_card(body, card) if card else body
        masked = redact.mask_text(masked, keep)
        about = transaction.id if transaction else False
        parts = (kind, str(about), identity or str(uuid.uuid4()))
        values = {
            "direction": "out" if kind in OUTGOING else "in",
            "kind": kind,
            "operation": operation or False,
            "call_id": call_id,
            "provider_id": (provider or transaction.provider_id).id,
            "transaction_id": about,
            "order_id": order_id or transaction.gateway_order_id,
            "content_type": content_type,
            "body": masked,
            "body_digest": sha256(masked),
            "is_masked": masked != body,
            "source": source,
            "at": fields.Datetime.now(),
            "digest": sha256("\n".join(parts)),
        }
        # Looked up before the chain is locked: who sends a message a thousand times
        # keeps nobody waiting.
        if identity and (stored_id := self._stored_before(values["digest"])):
            return stored_id, False
        for attempt in range(CONFLICT_RETRIES):
            try:
                return self._store_row(values, enqueue)
            except CONFLICTS:
                if attempt == CONFLICT_RETRIES - 1:
                    raise

    def _stored_before(self, digest):
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env[self._name].search([("digest", "=", digest)]).id

    def _store_row(self, values, enqueue):
        with self.env.registry.cursor() as cr:
            locks.lock_message_chain(cr)
            env = api.Environment(cr, SUPERUSER_ID, {})
            message, is_new = env[self._name]._append(values)
            if enqueue and is_new:
                env["pos.gateway.inbox"]._enqueue(message)
            return message.id, is_new

    def _append(self, values):
        """Link one row to the newest one. The chain must be locked."""
        existing = self.search([("digest", "=", values["digest"])])
        if existing:
            return existing, False
        last = self.search_fetch([], ["chain_digest"], order="id desc", limit=1)
        previous = last.chain_digest or START
        return (
            self.create(
                {
                    **values,
                    "previous_digest": previous,
                    "chain_digest": self._chain(previous, values),
                }
            ),
            True,
        )

    @api.model
    def _chain(self, previous, values):
        content = {name: values[name] or "" for name in CHAINED_FIELDS}
        content["at"] = fields.Datetime.to_string(values["at"])
        text = json.dumps(content, sort_keys=True, ensure_ascii=True)
        return sha256(f"{previous}\n{text}")
