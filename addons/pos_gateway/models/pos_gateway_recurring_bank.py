from datetime import datetime, time, timedelta

import pytz

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..const import (
    BANK_TIME_ZONE,
    CARDS_PER_ORDER,
    INQUIRIES_BEFORE_ALERT,
    RECURRING_BACK_OFF,
    RECURRING_FIRST_HOUR,
)
from ..pricing import rounding
from ..protocols.answers import Outcome, Result
from ..protocols.types import Operation
from . import error_words, locks
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS
from .pos_gateway_recurring_payment import CHARGED

# What a bank says to a cancellation of what was cancelled before.
NOTHING_LEFT = ("not_found", "not_possible")


class PosGatewayRecurring(models.Model):
    """What the bank says: of the first charge, of the later ones, of a cancellation.

    The worker comes here with the first charge's row locked, whichever payment it is
    about: two answers at once are applied one after the other.
    """

    _inherit = "pos.gateway.recurring"

    # === THE FIRST CHARGE === #

    def _follow_first(self, transaction):
        """The first charge has moved: so has what hangs on it."""
        self.ensure_one()
        if transaction.state == "done":
            if self.payment_ids:
                self._note_second_plan(transaction)
            else:
                self._begin(transaction)
        elif transaction.state in ("error", "cancel"):
            if transaction == self.transaction_id and self.state == "unclear":
                self._wait_for_another_card()

    def _note_second_plan(self, transaction):
        if transaction != self.transaction_id:
            transaction._gateway_alert(
                self.env._(
                    "The bank has begun a second schedule, order %s. Cancel it at the"
                    " bank.",
                    transaction.gateway_order_id,
                )
            )

    def _begin(self, transaction):
        first = transaction._gateway_bank_date()
        self.env["pos.gateway.recurring.payment"].create(
            [
                {
                    "recurring_id": self.id,
                    "number": number,
                    "planned_on": self._day_of(number, first),
                    "amount": self.amount,
                }
                for number in range(1, self.count + 1)
            ]
        )
        self.payment_ids.filtered(lambda one: one.number == 1).write(
            {
                "state": "done",
                "transaction_id": transaction.id,
                "charged_amount": transaction.amount,
                "charged_on": first,
                "bank_order": transaction.gateway_order_id,
                "authorisation_code": transaction.gateway_authorisation_code,
                "host_reference": transaction.gateway_host_reference,
                "card_masked": transaction.gateway_card_masked,
            }
        )
        self.write({"state": "running", "transaction_id": transaction.id})
        if self.cancel_wanted_at:
            self._plan_cancel()
        self._settle()

    def _wait_for_another_card(self):
        if self.cancel_wanted_at:
            self.state = "cancelled"
        elif len(self._attempts()) < CARDS_PER_ORDER:
            self.state = "waiting"
        else:
            self.state = "failed"
            self.transaction_id._gateway_alert(
                self.env._("No card was accepted. The link is closed.")
            )

    # === THE LATER ONES === #

    @api.model
    def _plan_status_questions(self):
        """Plan a question about every schedule of which something is due."""
        due = (
            self.with_context(active_test=False)
            .search(
                [("next_status_at", "<=", fields.Datetime.now())],
                order="next_status_at",
            )
            .ids
        )
        for recurring_id in due:
            for _attempt in range(CONFLICT_RETRIES):
                try:
                    with self.env.registry.cursor() as cr:
                        env = api.Environment(cr, SUPERUSER_ID, {})
                        env[self._name].browse(recurring_id)._plan_status_question()
                    break
                except CONFLICTS:
                    continue

    def _plan_status_question(self):
        """Plan one question now, and when the next one is due."""
        locks.lock_transaction(self.transaction_id)
        self.invalidate_recordset()
        count = self.status_count
        wait = RECURRING_BACK_OFF[min(count, len(RECURRING_BACK_OFF) - 1)]
        self.write(
            {
                "status_count": count + 1,
                "next_status_at": fields.Datetime.now() + timedelta(minutes=wait),
            }
        )
        calls = self.env["pos.gateway.call"]
        if not calls._is_planned(self.transaction_id, Operation.RECURRING_STATUS):
            calls._plan(self.transaction_id, Operation.RECURRING_STATUS)
        if count + 1 == INQUIRIES_BEFORE_ALERT:
            self.transaction_id._gateway_alert(
                self.env._(
                    "The bank has not said what became of a planned payment. If its"
                    " panel shows a number of the schedule that is missing here, copy"
                    " it."
                )
            )

    def _ask_status_soon(self):
        if not self.payment_ids:
            raise UserError(self.env._("The bank has no schedule yet."))
        self.next_status_at = fields.Datetime.now()
        self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger()

    def _apply_status(self, outcome: Outcome):
        """Take over what the bank's books say of each payment of the schedule."""
        self.ensure_one()
        if not self.payment_ids:
            return
        before = self._known()
        entries = outcome.entries if outcome.result is Result.APPROVED else ()
        for payment, entry in self._matched(entries):
            payment._learn(entry)
        if self._known() != before:
            self.status_count = 0
        wants_cancel = self.state == "cancelling" and self._open_payments()
        if entries and wants_cancel and not self._cancel_is_answered():
            self._plan_cancel()
        self._settle()

    def _known(self):
        return len(self.payment_ids) - len(self._open_payments())

    def _open_payments(self):
        return self.payment_ids.filtered(lambda one: one.state == "planned")

    def _matched(self, entries):
        """Tell which row of the bank's books is which payment.

        Most rows have their number. The others are read by the day nearest to a planned
        one, what was charged first: a payment that was tried twice was made once.
        """
        payments = self.payment_ids.sorted("number")
        pairs, taken = [], payments.browse()
        for row in sorted(entries, key=lambda entry: entry.state not in CHARGED):
            payment = self._payment_of(row, payments - taken)
            if payment:
                taken |= payment
                pairs.append((payment, row))
            elif row.state in CHARGED:
                self._note_stray_charge(row)
        return pairs

    @staticmethod
    def _payment_of(row, payments):
        if row.number:
            return payments.filtered(lambda one: one.number == row.number)
        if not row.at:
            return payments.browse()
        day = row.at.date()
        near = payments.filtered(lambda one: one._is_near(day))
        return near.sorted(lambda one: abs(one.planned_on - day))[:1]

    def _note_stray_charge(self, row):
        """Money was taken that is none of the agreed payments: a person must look."""
        note = self.env._(
            "The bank tells of a charge that is in no plan: %(day)s, %(amount)s,"
            " authorisation code %(code)s.",
            day=row.at.date() if row.at else "-",
            amount=rounding.to_major(row.amount_kurus or 0),
            code=row.authorisation_code or "-",
        )
        if not self.activity_ids.filtered(lambda one: note in (one.note or "")):
            self.transaction_id._gateway_alert(note)

    def _settle(self):
        """Note whether anything is left, and when the bank is asked about it."""
        waiting = self._open_payments()
        if waiting:
            self.next_status_at = self._next_status_at(
                min(waiting.mapped("planned_on"))
            )
            return
        self.next_status_at = False
        if self.payment_ids.filtered(lambda one: one.state == "review"):
            return
        dropped = self.payment_ids.filtered(lambda one: one.state == "cancelled")
        self.state = "cancelled" if dropped else "ended"

    def _next_status_at(self, day):
        """:return: when to ask about a payment that is planned for this day"""
        zone = pytz.timezone(BANK_TIME_ZONE)
        morning = zone.localize(datetime.combine(day, time(RECURRING_FIRST_HOUR)))
        first = morning.astimezone(pytz.utc).replace(tzinfo=None)
        planned = self.next_status_at
        if self.status_count and planned and planned > fields.Datetime.now():
            return max(first, planned)  # it was asked, the pause goes on
        return first

    # === CANCELLING === #

    def _want_cancel(self):
        """Have no more payments made, as soon as the bank can be told."""
        self.ensure_one()
        if self.state in ("ended", "cancelled"):
            raise UserError(self.env._("Nothing is left to cancel."))
        self.cancel_wanted_at = fields.Datetime.now()
        if self.state in ("draft", "waiting", "failed"):
            self.state = "cancelled"
        elif self.state == "running" or self.transaction_id.gateway_review_reason:
            self._plan_cancel()
        # Else the bank is being asked: it is told as soon as it has answered.

    def _plan_cancel(self):
        self.state = "cancelling"
        calls = self.env["pos.gateway.call"]
        if not calls._is_planned(self.transaction_id, Operation.RECURRING_CANCEL):
            calls._plan(self.transaction_id, Operation.RECURRING_CANCEL)

    def _cancel_is_answered(self):
        return bool(
            self.transaction_id.gateway_call_ids.filtered(
                lambda call: (
                    call.operation == Operation.RECURRING_CANCEL.value
                    and call.settled
                    and call.create_date >= self.cancel_wanted_at
                )
            )
        )

    def _drop_open_payments(self):
        """Of a payment that is due by now only the bank's books tell."""
        today = self.env["payment.transaction"]._gateway_today()
        later = self._open_payments().filtered(lambda one: one.planned_on > today)
        later.write({"state": "cancelled"})
        self._settle()

    def _apply_early_cancel(self, call, outcome):
        """The same of a schedule that has not begun as far as we know."""
        call.settled = outcome.result is not Result.UNRESOLVED
        if self.state != "cancelling":
            return  # we asked for it to be on the safe side
        is_done = outcome.result is Result.APPROVED
        self.state = "cancelled" if is_done else "unclear"
        if not is_done:
            self.transaction_id._gateway_alert(
                self.env._("The bank has not cancelled the schedule. Look there.")
            )

    def _apply_cancel(self, call, outcome: Outcome):
        """Note what the bank said to a cancellation."""
        self.ensure_one()
        if not self.payment_ids:
            self._apply_early_cancel(call, outcome)
            return
        if outcome.result is Result.APPROVED:
            call.settled = True
            self._drop_open_payments()
        elif outcome.result is Result.DECLINED:
            call.settled = True
            # The first of two tries may have been carried out: not running for sure.
            is_done_before = call.tries > 1 and outcome.reason in NOTHING_LEFT
            if self.state == "cancelling" and not is_done_before:
                self.write({"state": "running", "cancel_wanted_at": False})
            self.transaction_id._gateway_alert(
                self.env._(
                    "The bank refused to cancel the payments that are still to come:"
                    " %(sentence)s (bank: %(code)s %(message)s)",
                    sentence=error_words.staff_sentence(
                        self.env, outcome.reason or "other"
                    ),
                    code=outcome.reason_code or outcome.bank_code,
                    message=outcome.bank_message,
                )
            )
        # Refused or not understood: the books tell what is still planned.
        if self._open_payments() and outcome.result is not Result.APPROVED:
            self.next_status_at = fields.Datetime.now()
