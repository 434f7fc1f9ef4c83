import logging
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models

from ..const import SILENT_CALLS_PER_RUN
from ..pricing import rounding
from ..protocols import digest
from ..protocols.answers import Result
from ..protocols.redact import hide_card, mask_text, own_numbers
from ..protocols.types import MOVES_MONEY, Call, Operation
from . import locks
from .call_words import Words
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS
from .sender import NoAnswer, send

_logger = logging.getLogger(__name__)

# Made by the payer's own request, with the card that is in its hands and nowhere else.
WITH_CARD = (Operation.RECURRING.value, Operation.POINTS.value)
# Made by the payer's own request, who waits for the page.
OPENING = (Operation.REGISTER.value, Operation.CARD_PAGE.value, *WITH_CARD)


class PosGatewayCall(models.Model):
    """One thing that is asked of a bank: the intent, committed before it is sent.

    How it works: whoever wants something of a bank plans a call, in the transaction in
    which the wish arises. A worker marks it as sent, commits, speaks to the bank with
    no database transaction of its own open, stores the answer as a message, and applies
    it. A call that moves money is sent once: if its answer is lost, the bank is asked
    how the order stands. The others may be sent again. What follows from an answer or
    from silence is in the file beside this one.
    """

    _name = "pos.gateway.call"
    _description = "Call to a Bank"
    _order = "id desc"
    _rec_name = "operation"

    transaction_id = fields.Many2one("payment.transaction", readonly=True, index=True)
    child_id = fields.Many2one(
        "payment.transaction",
        "Capture, Void or Refund",
        readonly=True,
        index="btree_not_null",
    )
    provider_id = fields.Many2one(
        "payment.provider", compute="_compute_provider_id", store=True
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    currency_id = fields.Many2one(related="transaction_id.currency_id")
    operation = fields.Selection(
        [
            (Operation.REGISTER.value, "Open the bank's page"),
            (Operation.CARD_PAGE.value, "Hand the card to the bank"),
            (Operation.RESOLVE.value, "Read the page's result"),
            (Operation.SALE.value, "Charge the card"),
            (Operation.INQUIRY.value, "Ask how the order stands"),
            (Operation.HISTORY.value, "Ask for the order's history"),
            (Operation.CAPTURE.value, "Capture"),
            (Operation.VOID.value, "Void"),
            (Operation.REFUND.value, "Refund"),
            (Operation.RECURRING.value, "Charge the card by a schedule"),
            (Operation.RECURRING_STATUS.value, "Ask how a schedule stands"),
            (Operation.RECURRING_CANCEL.value, "Cancel what is still planned"),
            (Operation.POINTS.value, "Ask for a card's points"),
        ],
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, help="Empty: the whole amount.")
    key = fields.Char(required=True, readonly=True)
    nonce = fields.Char(required=True, readonly=True, groups="base.group_system")
    attempt = fields.Integer(readonly=True)
    state = fields.Selection(
        [
            ("waiting", "To Send"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("unanswered", "No Answer"),
            ("dropped", "Not Sent"),
        ],
        default="waiting",
        required=True,
        readonly=True,
    )
    not_before = fields.Datetime(readonly=True)
    sent_at = fields.Datetime(readonly=True)
    duration_ms = fields.Integer("Duration (ms)", readonly=True)
    tries = fields.Integer(readonly=True)
    failure = fields.Char(readonly=True, help="Why there was no answer.")
    result = fields.Selection(
        [
            (Result.APPROVED.value, "Approved"),
            (Result.DECLINED.value, "Declined"),
            (Result.CANCELLED.value, "Cancelled"),
            (Result.UNRESOLVED.value, "Unresolved"),
            (Result.AUTHENTICATED.value, "Authenticated"),
            (Result.NOT_FOUND.value, "Not known at the bank"),
        ],
        "Answer",
        readonly=True,
    )
    bank_code = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    settled = fields.Boolean(
        readonly=True, help="What became of it is known and has been applied."
    )

    _key_unique = models.Constraint("UNIQUE (key)", "A call has a key of its own.")
    _one_charge = models.UniqueIndex(
        "(transaction_id) WHERE operation IN ('sale', 'recurring')",
        "An order is charged once.",
    )
    _one_operation = models.UniqueIndex(
        "(child_id, operation, attempt) WHERE child_id IS NOT NULL",
        "This capture, void or refund is under way already.",
    )
    _one_at_a_time = models.UniqueIndex(
        "(transaction_id) WHERE child_id IS NOT NULL AND state IN ('waiting', 'sent')",
        "Another capture, void or refund of this payment is under way.",
    )
    _recent_index = models.Index("(sent_at, provider_id) WHERE sent_at IS NOT NULL")
    _open_index = models.Index("(not_before) WHERE state IN ('waiting', 'sent')")

    @api.depends("transaction_id.provider_id")
    def _compute_provider_id(self):
        for call in self:
            call.provider_id = call.transaction_id.provider_id

    # === PLANNING === #

    @api.model
    def _plan(self, transaction, operation, *, child=None, amount=None, wait=None):
        """Write down what is to be asked. The worker does it after the commit.

        :param payment.transaction transaction: the one whose order it is about
        :param payment.transaction child: the capture, void or refund it is for
        :param float amount: of a capture or refund; None means all of it
        :param timedelta wait: from now
        """
        # sudo: who may do it was decided by whoever plans it.
        call = self.sudo().create(
            self._plan_values(transaction, operation, child, amount, wait)
        )
        self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger(call.not_before)
        return call

    def _plan_values(self, transaction, operation, child, amount, wait):
        attempt = child and self.search_count(
            [("child_id", "=", child.id), ("operation", "=", operation.value)]
        )
        return {
            "transaction_id": transaction.id,
            "child_id": child.id if child else False,
            "operation": operation.value,
            "amount": amount or 0.0,
            "key": digest.new_order_id(),
            "nonce": digest.nonce(),
            "attempt": attempt or 0,
            "not_before": fields.Datetime.now() + (wait or timedelta()),
        }

    @api.model
    def _is_planned(self, transaction, operation):
        """:return: whether such a call is on its way already"""
        return bool(
            self.search_count(
                [
                    ("transaction_id", "=", transaction.id),
                    ("operation", "=", operation.value),
                    ("state", "in", ("waiting", "sent")),
                ],
                limit=1,
            )
        )

    def _as_terminal(self):
        return self.transaction_id._gateway_terminal()

    def _as_order(self):
        """:return: the ``Order`` that it is about

        A question about a card is about none: it has a number of its own, so that the
        bank does not take it for the payment that may follow.
        """
        order = self.transaction_id._gateway_order()
        if self.operation == Operation.POINTS.value:
            return replace(order, order_id=self.key, references={})
        return order

    def _as_call(self, card=None):
        """:return: the frozen ``Call``: the same each time, also for the answer"""
        self.ensure_one()
        recurring = self.transaction_id.gateway_recurring_id
        moment = self.sent_at or fields.Datetime.now()
        return Call(
            operation=Operation(self.operation),
            key=self.key,
            at=pytz.utc.localize(moment),
            amount_kurus=rounding.to_kurus(self.amount) if self.amount else None,
            nonce=self.sudo().nonce,
            card=card,
            schedule=recurring._schedule() if recurring else None,
        )

    def _moves_money(self):
        return Operation(self.operation) in MOVES_MONEY

    # === WORKER === #

    @api.model
    def _cron_call_banks(self):
        """Plan the questions that are due, then make every call that is due.

        Money first, and no more than a few silences of one bank: it must not keep
        another bank's refund waiting for a minute with each of its open orders.
        """
        self.env["payment.transaction"]._gateway_plan_inquiries()
        self.env["pos.gateway.recurring"]._plan_status_questions()
        cron = self.env["ir.cron"]
        self._note_lost_calls()
        due = [(call.id, call.provider_id.id) for call in self._due()]
        cron._commit_progress(remaining=len(due))
        silences = Counter()
        for call_id, provider_id in due:
            if silences[provider_id] < SILENT_CALLS_PER_RUN:
                silences[provider_id] += self._was_silent(call_id)
            # What was left out is done with as well: it is due again in the next run.
            if not cron._commit_progress(1):
                self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger()
                return

    @api.model
    def _due(self):
        calls = self.search(
            [
                ("state", "=", "waiting"),
                ("not_before", "<=", fields.Datetime.now()),
                ("operation", "not in", OPENING),
            ],
            order="not_before, id",
        )
        return calls.sorted(lambda call: not call._moves_money())

    @api.model
    def _was_silent(self, call_id):
        """Make one call, whatever comes of it.

        :return: whether the bank gave no answer, or none that can be believed
        """
        try:
            self._carry_out(call_id)
        except Exception:
            # What was left as sent is found by _note_lost_calls; others go on.
            _logger.exception("the call %s broke off", call_id)
        call = self.browse(call_id)
        call.invalidate_recordset(["failure", "state"])
        return bool(call.failure) and call.state in ("unanswered", "waiting")

    @api.model
    def _carry_out(self, call_id, card=None):
        """Make one call: intent committed, bank spoken to, answer committed, applied.

        Nothing here runs inside a transaction that Odoo would replay; a call that
        somebody else has taken is left to them. Until the bank has answered nothing is
        read through the caller's own cursor: if that has been committed before, no
        database transaction is open while the bank is spoken to.

        :param Card card: in the one mode in which we see it; it is not kept
        :return: what the bank says, or None if it says nothing (that we believe)
        """
        words = self._begin(call_id, card)
        if not words:
            return None
        started = time.monotonic()
        try:
            body = send(words.request)
        except NoAnswer as silence:
            self._end_unanswered(call_id, words, silence, _milliseconds(started))
            return None
        took = _milliseconds(started)
        outcome, kept = words.understand(body)
        message_id, _is_new = self._store_message(
            "call_answer",
            call_id,
            words,
            body.decode(words.family.ENCODING, "replace"),
            enqueue=bool(words.transaction_id),
            keep=kept | own_numbers(words.terminal),
        )
        self._end(call_id, {"state": "answered", "duration_ms": took})
        self._apply(message_id)
        return outcome

    @api.model
    def _begin(self, call_id, card=None):
        """Take a call, commit that it is being sent, and word it.

        :return: ``Words``, or None if it is not to be sent (any more)
        """
        for _attempt in range(CONFLICT_RETRIES):
            try:
                words = self._take(call_id, card)
                break
            except CONFLICTS:
                continue
        else:
            return None  # nothing was sent, it is still to be done
        if not words:
            return None
        body = words.request.body.decode(words.family.ENCODING, "replace")
        self._store_message(
            "call",
            call_id,
            words,
            body,
            content_type=words.request.content_type,
            keep=own_numbers(words.terminal),
            card=card,
        )
        return words

    @api.model
    def _store_message(self, kind, call_id, words, body, **options):
        """Store what was said; all that is known of the call stands in ``words``."""
        return self.env["pos.gateway.message"]._store(
            kind,
            self.env["payment.transaction"].browse(words.transaction_id),
            body,
            provider=self.env["payment.provider"].browse(words.provider_id),
            order_id=words.order.order_id,
            source=words.request.url,
            operation=words.call.operation.value,
            call_id=call_id,
            **options,
        )

    @api.model
    def _take(self, call_id, card):
        """:return: ``Words`` of a call that is now ours, committed as sent, or None"""
        with self.env.registry.cursor() as cr:
            if not locks.take_call_row(cr, call_id):
                return None
            env = api.Environment(cr, SUPERUSER_ID, {})
            call = env[self._name].browse(call_id)
            call.write(
                {
                    "state": "sent",
                    "sent_at": fields.Datetime.now(),
                    "tries": call.tries + 1,
                }
            )
            try:
                return call._words(card)
            except Exception as error:
                # E.g. a POS without credentials. Whoever waits for it must know.
                is_told = isinstance(error, ValueError)
                reason = str(error) if is_told else type(error).__name__
                reason = mask_text(hide_card(reason, card) if card else reason)
                call.write({"state": "dropped", "failure": reason})
                call._was_dropped(reason)
                return None

    def _words(self, card=None):
        """:return: the request, and all that is needed to read its answer

        :raise ValueError: if the bank offers no such thing, or something is missing
        """
        about, provider = self.transaction_id.id or None, self.provider_id
        family = (self.transaction_id or provider)._gateway_family()
        terminal = self._as_terminal()
        order, call = self._as_order(), self._as_call(card)
        request = family.ask(terminal, order, call)
        return Words(request, family, terminal, order, call, about, provider.id)

    @api.model
    def _apply(self, message_id):
        # A fresh snapshot: the caller's may be older than the row just committed.
        with self.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            row = env["pos.gateway.inbox"].search([("message_id", "=", message_id)])
        if row:
            self.env["pos.gateway.inbox"]._apply_one(row.id)


def _milliseconds(since: float) -> int:
    return round((time.monotonic() - since) * 1000)
