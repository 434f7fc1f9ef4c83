from datetime import timedelta

from odoo import api, fields, models

from ..protocols.answers import Outcome
from ..protocols.types import Operation

# Answers that are about a schedule or a card, and not about this transaction's charge.
ASIDE = (Operation.RECURRING_STATUS, Operation.RECURRING_CANCEL, Operation.POINTS)


class PaymentTransaction(models.Model):
    """A charge of a recurring card payment.

    The first one has the order under which the bank keeps the schedule, and is charged
    by the payer's own request. Each later one is made when the bank says that it was.
    """

    _inherit = "payment.transaction"

    gateway_recurring_id = fields.Many2one(
        "pos.gateway.recurring",
        "Recurring Card Payment",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    gateway_recurring_number = fields.Integer("Number in the Schedule", readonly=True)
    gateway_charged_on = fields.Date(
        "Charged On", readonly=True, help="As the bank's books say, if we heard later."
    )

    # The first may be tried with several cards.
    _gateway_recurring_once = models.UniqueIndex(
        "(gateway_recurring_id, gateway_recurring_number)"
        " WHERE gateway_recurring_number > 1",
        "A planned payment is booked once.",
    )

    @api.model
    def _get_specific_create_values(self, provider_code, values):
        result = super()._get_specific_create_values(provider_code, values)
        if not values.get("gateway_recurring_id"):
            return result
        result["gateway_is_preauth"] = False
        result["gateway_language"] = values.get("gateway_language")
        if values.get("gateway_recurring_number", 1) > 1:
            # The bank's own number, if it gives one: it never was an order of ours.
            result["gateway_order_id"] = values.get("gateway_order_id")
            result["gateway_client_ip"] = False
        return result

    # === ANSWERS === #

    def _gateway_apply_answer(self, call, outcome: Outcome):
        if outcome.operation not in ASIDE:
            return super()._gateway_apply_answer(call, outcome)
        call._note_answer(outcome)
        if outcome.operation is Operation.POINTS:
            return None  # the payer's page has shown it
        self._gateway_remember(outcome)
        recurring = self.gateway_recurring_id
        if outcome.operation is Operation.RECURRING_STATUS:
            recurring._apply_status(outcome)
        else:
            recurring._apply_cancel(call, outcome)
        return None

    def _gateway_apply(self, outcome):
        result = super()._gateway_apply(outcome)
        self._gateway_tell_recurring()
        return result

    def _gateway_tell_recurring(self):
        if self.gateway_recurring_id and self.gateway_recurring_number == 1:
            self.gateway_recurring_id._follow_first(self)

    def _gateway_call_was_silent(self, call):
        if call.operation == Operation.RECURRING_STATUS.value:
            return None  # the next question is planned already
        if call.operation == Operation.POINTS.value:
            return None  # the payer has been told
        if call.operation == Operation.RECURRING_CANCEL.value:
            # Sent again after the bank's books have shown what is still planned.
            self.gateway_recurring_id.next_status_at = (
                fields.Datetime.now() + timedelta(minutes=1)
            )
            return None
        return super()._gateway_call_was_silent(call)

    def _gateway_call_was_dropped(self, call, reason):
        result = super()._gateway_call_was_dropped(call, reason)
        self._gateway_card_was_not_sent(call)
        is_cancel = call.operation == Operation.RECURRING_CANCEL.value
        if is_cancel and self.gateway_recurring_id.state == "cancelling":
            self._gateway_alert(reason)
        return result

    def _gateway_card_was_not_sent(self, call):
        """The bank certainly got nothing: another card may be typed."""
        if call.operation != Operation.RECURRING.value:
            return
        self._set_canceled(
            state_message=self._gateway_for_payer().env._(
                "The card did not reach the bank. Nothing was charged."
            )
        )
        self.gateway_next_inquiry_at = False
        self._gateway_tell_recurring()

    def _gateway_is_void(self):
        """A first charge that nobody knows of is closed with its schedule."""
        is_void = super()._gateway_is_void()
        calls = self.gateway_call_ids
        told = calls.mapped("operation")
        sent = calls.filtered(
            lambda call: (
                call.operation == Operation.RECURRING.value and call.state != "dropped"
            )
        )
        if sent and Operation.RECURRING_CANCEL.value not in told:
            calls._plan(self, Operation.RECURRING_CANCEL)
            return False
        return is_void and not calls._is_planned(self, Operation.RECURRING_CANCEL)

    # === BOOKS === #

    def _gateway_to_post(self):
        recurring = self.gateway_recurring_id
        others = (recurring.transaction_ids - self).filtered(
            lambda transaction: transaction._gateway_is_to_post()
        )
        return (super()._gateway_to_post() | others).sorted("id")

    def _gateway_bank_date(self):
        return self.gateway_charged_on or super()._gateway_bank_date()

    def _gateway_alert_record(self):
        return self.gateway_recurring_id or super()._gateway_alert_record()
