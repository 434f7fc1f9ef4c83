import logging
from datetime import timedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

from ..const import (
    INQUIRIES_BEFORE_ALERT,
    INQUIRY_BACK_OFF,
    LAST_INQUIRY_HOURS,
    PAGE_LIFETIME_MINUTES,
    PROVIDER_CODE,
)
from ..protocols.answers import Result
from ..protocols.types import Operation
from . import locks
from .pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS

CHARGES = (Operation.SALE.value, Operation.RECURRING.value)

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Asking the bank how a payment stands that no message has settled."""

    _inherit = "payment.transaction"

    gateway_next_inquiry_at = fields.Datetime(
        "Next Question to the Bank", readonly=True, index="btree_not_null"
    )
    gateway_inquiry_count = fields.Integer("Questions to the Bank", readonly=True)
    gateway_abandoned_at = fields.Datetime(
        "Given Up by the Payer",
        readonly=True,
        help="The payer says that the payment was not completed. It is cancelled if"
        " the bank knows nothing of it.",
    )

    def action_gateway_ask_bank(self):
        """Ask the bank now how these payments stand."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_user"):
            raise UserError(self.env._("Only POS operators may ask the bank."))
        self.sudo()._gateway_ask_bank_soon()
        return True

    def action_gateway_close_review(self):
        """Let the bank's next answer be applied after a person has looked."""
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise UserError(self.env._("Only POS managers may close a review."))
        self.sudo().gateway_review_reason = False
        self.sudo()._gateway_ask_bank_soon()
        return True

    def _gateway_ask_bank_soon(self, abandoned=False):
        """Have the worker ask the bank at once. Never calls the bank itself.

        :param bool abandoned: the payer says that nothing was paid: an order that the
            bank does not know is cancelled without waiting any longer
        """
        now = fields.Datetime.now()
        values = {"gateway_next_inquiry_at": now}
        if abandoned:
            values["gateway_abandoned_at"] = now
        # Also what we hold for closed: money may have been taken all the same.
        self.filtered(lambda transaction: transaction._gateway_may_change()).write(
            values
        )
        self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger()

    def _gateway_is_open(self):
        return self.provider_code == PROVIDER_CODE and self.state in (
            "draft",
            "pending",
        )

    def _gateway_may_change(self):
        return bool(
            self.provider_code == PROVIDER_CODE
            and self.gateway_order_id
            and self.state not in ("done", "authorized")
        )

    def _gateway_is_given_up(self):
        """:return: whether an order that the bank does not know can be closed"""
        if self.gateway_abandoned_at:
            return True
        age = fields.Datetime.now() - self.create_date
        return age > timedelta(minutes=PAGE_LIFETIME_MINUTES)

    @staticmethod
    def _gateway_last_inquiry_at(outcome, changes):
        """When to ask about a payment that is closed: once more, if silence closed it.

        The payer may have paid on a page that was still open, and the message got lost.
        """
        if changes and outcome.result is Result.NOT_FOUND:
            return fields.Datetime.now() + timedelta(hours=LAST_INQUIRY_HOURS)
        return False

    def _gateway_is_void(self):
        """Make sure that an order that the bank does not know stays without a charge.

        Where we had asked for the charge ourselves, it may still be on its way: it is
        voided before the payment is closed.

        :return: whether nothing is left to do
        """
        calls = self.gateway_call_ids
        charges = calls.filtered(lambda call: call.operation in CHARGES)
        if not charges.filtered(lambda call: call.state != "dropped"):
            return True
        voids = calls.filtered(
            lambda call: call.operation == Operation.VOID.value and not call.child_id
        )
        can_void = Operation.VOID in self._gateway_family().TRAITS.operations
        if not voids and can_void:
            calls._plan(self, Operation.VOID)
            return False
        return not voids.filtered(lambda call: call.state in ("waiting", "sent"))

    # === WORKER === #

    @api.model
    def _gateway_plan_inquiries(self):
        """Plan a question about every payment that is due to be asked about."""
        due = self.search(
            [
                ("provider_code", "=", PROVIDER_CODE),
                ("gateway_next_inquiry_at", "<=", fields.Datetime.now()),
            ],
            order="gateway_next_inquiry_at",
        ).ids
        for transaction_id in due:
            for _attempt in range(CONFLICT_RETRIES):
                try:
                    with self.env.registry.cursor() as cr:
                        env = api.Environment(cr, SUPERUSER_ID, {})
                        env[self._name].browse(transaction_id)._gateway_plan_inquiry()
                    break
                except CONFLICTS:
                    continue

    def _gateway_plan_inquiry(self):
        """Plan one question now, and when the next one is due."""
        locks.lock_transaction(self)
        waiting = self._gateway_unsettled_calls()
        if not self._gateway_may_change() and not waiting:
            self.gateway_next_inquiry_at = False
            return
        count = self.gateway_inquiry_count
        wait = INQUIRY_BACK_OFF[min(count, len(INQUIRY_BACK_OFF) - 1)]
        self.write(
            {
                "gateway_inquiry_count": count + 1,
                "gateway_next_inquiry_at": fields.Datetime.now()
                + timedelta(minutes=wait),
            }
        )
        operation = self._gateway_question(waiting)
        calls = self.env["pos.gateway.call"]
        if operation and not calls._is_planned(self, operation):
            calls._plan(self, operation)
        if count + 1 == INQUIRIES_BEFORE_ALERT:
            self._gateway_alert(
                self.env._("The bank has not said how this payment stands.")
            )

    def _gateway_question(self, unsettled):
        """:return: what to ask: after a lost refund the sums, else the order's state"""
        family = self._gateway_family()
        question = family.TRAITS.standing_by if unsettled else Operation.INQUIRY
        return question if question in family.TRAITS.operations else None

    # === HOOKS OF THE CALLS === #

    def _gateway_call_was_silent(self, call):
        """A call got no answer, or none that can be repeated: ask how things stand."""
        self.ensure_one()
        if call.operation in (Operation.REGISTER.value, Operation.CARD_PAGE.value):
            return  # the payer never saw the bank's page; see the start page
        if call.operation in (Operation.INQUIRY.value, Operation.HISTORY.value):
            return  # the next question is planned already
        self.gateway_next_inquiry_at = fields.Datetime.now() + timedelta(
            minutes=INQUIRY_BACK_OFF[0]
        )
        self.gateway_inquiry_count = 0
        self.env.ref("pos_gateway.ir_cron_call_banks").sudo()._trigger(
            self.gateway_next_inquiry_at
        )

    def _gateway_call_was_dropped(self, call, reason):
        """A call could not even be worded: nothing was sent, a person must look."""
        self.ensure_one()
        _logger.warning(
            "transaction %s: %s: %s", self.reference, call.operation, reason
        )
        if call.child_id:
            call.child_id._set_error(reason)
        if call._moves_money():
            self._gateway_alert(reason)
