import logging
from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.exceptions import ValidationError

from ..const import (
    BANK_TIME_ZONE,
    NEXT_DAY_ATTEMPTS,
    PROVIDER_CODE,
)
from ..pricing import rounding
from ..protocols.answers import Hint, Outcome, Result
from ..protocols.types import Operation
from . import error_words, locks

_logger = logging.getLogger(__name__)

OPEN_STATES = ("draft", "pending")
# When the banks' batches of the day before have certainly been closed.
AFTER_DAY_END = time(4, 0)


class PaymentTransaction(models.Model):
    """Capture, void and refund: each is a child transaction with calls of its own.

    The request that wants one only plans the call, in its own transaction; the worker
    makes it, and the bank's answer, or what its books say later, moves the child.
    """

    _inherit = "payment.transaction"

    gateway_operation_call_ids = fields.One2many(
        "pos.gateway.call", "child_id", "Calls of this Operation", readonly=True
    )

    # === CORE HOOKS === #

    def _send_capture_request(self):
        if self.provider_code != PROVIDER_CODE:
            return super()._send_capture_request()
        source = self._gateway_begin_operation(Operation.CAPTURE)
        if source._gateway_children("done").filtered(
            lambda child: child.operation == source.operation
        ):
            raise ValidationError(
                self.env._("The bank captures a reservation once; that has been done.")
            )
        self._gateway_plan_operation(Operation.CAPTURE, self.amount)

    def _send_void_request(self):
        if self.provider_code != PROVIDER_CODE:
            return super()._send_void_request()
        self.ensure_one()
        captures = self.source_transaction_id.child_transaction_ids - self
        if captures.filtered(
            lambda child: (
                child.operation == self.operation
                and child.state in ("pending", "done")
                and child._gateway_is_operation(Operation.CAPTURE)
            )
        ):
            # The bank releases the rest when it captures a part.
            self._set_canceled(state_message=self.env._("Released with the capture."))
            return
        self._gateway_begin_operation(Operation.VOID)
        self._gateway_plan_operation(Operation.VOID)

    def _send_refund_request(self):
        """Void what the bank has not booked yet, refund what it has.

        Which of the two it is, the bank alone knows for certain: the likelier one is
        tried first, and the other one on exactly the codes that say so.
        """
        if self.provider_code != PROVIDER_CODE:
            return super()._send_refund_request()
        # The money of a reservation is in the books of its capture.
        self.source_transaction_id = (
            self.source_transaction_id._gateway_booked_transaction()
        )
        source = self._gateway_begin_operation(Operation.REFUND)
        given_back = rounding.to_kurus(source._gateway_refunded() - self.amount)
        if given_back > rounding.to_kurus(source._gateway_charged()):
            raise ValidationError(
                self.env._("More than was charged would be given back.")
            )
        can = source._gateway_family().TRAITS.operations
        is_today = source._gateway_bank_date() == source._gateway_today()
        if self._gateway_is_whole() and is_today and Operation.VOID in can:
            self._gateway_plan_operation(Operation.VOID)
        else:
            self._gateway_plan_operation(Operation.REFUND, -self.amount)

    def _gateway_begin_operation(self, operation):
        """Be the only one who does something to the source; see that the bank can.

        :return: the transaction that was charged or reserved at the bank
        :raise ValidationError: with a sentence for staff
        """
        self.ensure_one()
        source = self._gateway_charged_transaction()
        locks.lock_transaction(source)
        if operation not in source._gateway_family().TRAITS.operations:
            raise ValidationError(
                self.env._("The protocol of this bank does not offer that.")
            )
        if not source.gateway_order_id:
            raise ValidationError(
                self.env._(
                    "The bank gives this planned payment no number of its own. It can"
                    " only be given back in the bank's panel."
                )
            )
        others = (source | source.child_transaction_ids)._gateway_children(
            *OPEN_STATES
        ) - self
        if others:
            raise ValidationError(
                self.env._(
                    "Another capture, void or refund of this payment is under way: %s."
                    " Wait until the bank has answered.",
                    others[0].reference,
                )
            )
        if source.gateway_review_reason:
            raise ValidationError(
                self.env._("This payment is held for review. Close the review first.")
            )
        return source

    def _gateway_is_operation(self, operation):
        """:return: whether this child was sent to the bank as this"""
        return operation.value in self.gateway_operation_call_ids.mapped("operation")

    def _gateway_charged_transaction(self):
        """:return: the transaction whose order the bank knows"""
        transaction = self
        while not transaction.gateway_order_id and transaction.source_transaction_id:
            transaction = transaction.source_transaction_id
        return transaction

    def _gateway_booked_transaction(self):
        """:return: the one with the payment: of a reservation, the capture"""
        captures = self._gateway_children("done").filtered(
            lambda child: child.operation == self.operation
        )
        return captures[:1] or self

    def _gateway_children(self, *states):
        return self.child_transaction_ids.filtered(lambda child: child.state in states)

    def _gateway_refunds(self, *states):
        """:return: the refunds of this charge, also those of its captures"""
        family = self | self.child_transaction_ids
        return family.child_transaction_ids.filtered(
            lambda child: child.operation == "refund" and child.state in states
        )

    def _gateway_refunded(self, *states):
        """:return: how much was given back, or is to be; a positive amount"""
        refunds = self._gateway_refunds(*(states or ("done", "pending")))
        return -sum(refunds.mapped("amount"))

    def _gateway_charged(self):
        """:return: what was taken: of a reservation the captured part"""
        if not self.gateway_is_preauth:
            return self.amount
        captures = self._gateway_children("done").filtered(
            lambda child: child.operation == self.operation
        )
        return sum(captures.mapped("amount"))

    def _gateway_is_whole(self):
        """:return: whether this refund gives back all that was charged"""
        source = self._gateway_charged_transaction()
        return not self.currency_id.compare_amounts(
            -self.amount, source._gateway_charged()
        )

    def _gateway_plan_operation(self, operation, amount=None, wait=None):
        source = self._gateway_charged_transaction()
        self.env["pos.gateway.call"]._plan(
            source, operation, child=self, amount=amount, wait=wait
        )
        if self.state == "draft":
            self._set_pending(state_message=self.env._("The bank is being asked."))

    def _gateway_today(self):
        return datetime.now(pytz.timezone(BANK_TIME_ZONE)).date()

    # === ANSWERS === #

    def _gateway_apply_operation(self, call, outcome: Outcome):
        """Move a capture, void or refund by the bank's answer to its call."""
        self._gateway_remember_operation(outcome)
        child = call.child_id
        if not child:  # a safety void of a charge that may have been under way
            call.settled = outcome.result is not Result.UNRESOLVED
            self._gateway_ask_bank_soon()
            return
        if child.state not in (*OPEN_STATES, "error"):
            call.settled = True
            return
        if outcome.result is Result.APPROVED:
            child._gateway_operation_done(call, outcome)
        elif outcome.result is Result.DECLINED:
            child._gateway_operation_refused(call, outcome)
        else:
            # Done or not: the bank's books will tell.
            self._gateway_call_was_silent(call)

    def _gateway_remember_operation(self, outcome):
        """Keep what later calls need. A family tells no references of a refund: it goes
        against the charge, never against another refund.
        """
        if outcome.result is Result.APPROVED or outcome.hint is Hint.OTHER_PREFIX:
            self._gateway_remember(outcome)

    def _gateway_operation_done(self, call, outcome=None):
        """The bank did it: the child is final, and goes to the books."""
        call.write({"settled": True, "result": Result.APPROVED.value})
        if outcome:
            self.write(
                {
                    "provider_reference": outcome.bank_transaction_id
                    or outcome.host_reference,
                    "gateway_authorisation_code": outcome.authorisation_code,
                    "gateway_host_reference": outcome.host_reference,
                    "gateway_bank_code": outcome.bank_code,
                }
            )
        if call.operation == Operation.VOID.value and self.operation != "refund":
            self._set_canceled(
                state_message=self.env._("Voided at the bank."),
                extra_allowed_states=("error",),
            )
            return
        self._set_done(extra_allowed_states=("error",))
        if call.operation == Operation.CAPTURE.value:
            self._gateway_release_rest()
        elif call.operation == Operation.VOID.value:
            self._gateway_release_reservation()

    def _gateway_release_reservation(self):
        """Undoing a capture may leave a reservation on the payer's card: void it too.

        Where nothing is left, the bank refuses, and nothing comes of it.
        """
        charge = self._gateway_charged_transaction()
        if charge.gateway_is_preauth:
            self.env["pos.gateway.call"]._plan(charge, Operation.VOID)

    def _gateway_release_rest(self):
        """A bank captures once: what was not captured is released, and shows so."""
        source = self.source_transaction_id
        settled = source._gateway_children("done", "cancel").filtered(
            lambda child: child.operation == source.operation
        )
        rest = source.currency_id.round(source.amount - sum(settled.mapped("amount")))
        if rest > 0:
            released = source._create_child_transaction(rest)
            released._set_canceled(
                state_message=self.env._("Released with the capture.")
            )

    def _gateway_operation_refused(self, call, outcome):
        """Fall back where the bank's code says so, else the child has failed."""
        hint = outcome.hint
        if hint is Hint.DONE_BEFORE:
            # By us, with an answer that was lost, or by somebody at the bank's panel.
            self._gateway_charged_transaction()._gateway_call_was_silent(call)
            return
        call.settled = True
        if hint is Hint.OTHER_PREFIX and not call.attempt:
            # Nothing was done: the bank knows the order under its other name.
            self._gateway_plan_operation(Operation(call.operation), call.amount or None)
            return
        if hint is Hint.VOID_INSTEAD and call.operation == Operation.REFUND.value:
            if self._gateway_is_whole() and self._gateway_has_not_tried(Operation.VOID):
                self._gateway_plan_operation(Operation.VOID)
                return
            if self._gateway_try_after_day_end(call):
                return
        if hint is Hint.REFUND_INSTEAD and call.operation == Operation.VOID.value:
            is_refund = self.operation == "refund"
            if is_refund and self._gateway_has_not_tried(Operation.REFUND):
                self._gateway_plan_operation(Operation.REFUND, -self.amount)
                return
        self._set_error(
            self.env._(
                "%(sentence)s (bank: %(code)s %(message)s)",
                sentence=error_words.staff_sentence(
                    self.env, outcome.reason or "other"
                ),
                code=outcome.reason_code or outcome.bank_code,
                message=outcome.bank_message,
            )
        )

    def _gateway_has_not_tried(self, operation):
        return operation.value not in self.gateway_operation_call_ids.mapped(
            "operation"
        )

    def _gateway_try_after_day_end(self, call):
        """A part of a charge of today is given back once the bank has booked the day.

        :return: whether it will be tried
        """
        if call.attempt >= NEXT_DAY_ATTEMPTS:
            return False
        zone = pytz.timezone(BANK_TIME_ZONE)
        now = datetime.now(zone)
        moment = zone.localize(
            datetime.combine(now.date() + timedelta(days=1), AFTER_DAY_END)
        )
        self._gateway_plan_operation(Operation.REFUND, -self.amount, wait=moment - now)
        self.state_message = self.env._(
            "The bank gives back parts of a payment only after its day has ended. It is"
            " asked again on %s.",
            moment.strftime("%Y-%m-%d %H:%M"),
        )
        return True
