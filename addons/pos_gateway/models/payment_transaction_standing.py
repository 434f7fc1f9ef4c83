from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from ..const import MINUTES_TO_BELIEVE_NOTHING
from ..pricing import rounding
from ..protocols.answers import Entry, Result, State
from ..protocols.types import Operation
from . import locks
from .payment_transaction_operations import OPEN_STATES


class PaymentTransaction(models.Model):
    """Captures, voids and refunds without an answer: what the bank's books say of them,
    or a person who has looked.
    """

    _inherit = "payment.transaction"

    # === WHAT THE BANK'S BOOKS SAY === #

    def _gateway_unsettled_calls(self):
        """:return: calls for captures, voids and refunds of which we know no answer"""
        return self.gateway_call_ids.filtered(
            lambda call: (
                call._moves_money()
                and call.child_id.state in OPEN_STATES
                and not call.settled
                and call.state in ("unanswered", "answered")
            )
        )

    def _gateway_apply_standing(self, standing: Entry, asked_at):
        """Settle the operations without an answer by what stands in the bank's books.

        :param datetime asked_at: when the bank was asked for its books
        """
        for call in self._gateway_unsettled_calls():
            verdict = self._gateway_judge(call, standing, asked_at)
            if verdict is True:
                call.child_id._gateway_operation_done(call)
            elif verdict is False:
                call.child_id._gateway_operation_not_done(call)

    def _gateway_operation_not_done(self, call):
        call.write({"settled": True, "result": Result.NOT_FOUND.value})
        self._set_error(
            self.env._(
                "The bank did not answer, and its books say that nothing was done. It"
                " can be tried again."
            )
        )

    def _gateway_judge(self, call, standing, asked_at):
        """:return: True if the bank did it, False if not, None if that is not clear

        That it did not is believed only of books that are younger by a while than the
        call: it may still have been at work.
        """
        verdict = self._gateway_compare(call, standing)
        age = (asked_at or call.create_date) - (call.sent_at or call.create_date)
        if verdict is False and age < timedelta(minutes=MINUTES_TO_BELIEVE_NOTHING):
            return None
        return verdict

    def _gateway_compare(self, call, standing):
        if call.operation == Operation.VOID.value:
            undone = (State.VOIDED,)
            if self.gateway_is_preauth and call.child_id.operation == "refund":
                undone = (State.VOIDED, State.AUTHORISED)  # of a capture
            if standing.state in undone:
                return True
            known = (State.CAPTURED, State.AUTHORISED)
            return False if standing.state in known else None
        if call.operation == Operation.CAPTURE.value:
            # Some banks call a captured sale authorised until their day has ended.
            if standing.captured_kurus:
                is_ours = standing.captured_kurus == rounding.to_kurus(call.amount)
                return True if is_ours else None
            return False if standing.state is State.AUTHORISED else None
        if standing.refunded_kurus is None:
            return None
        before = rounding.to_kurus(self._gateway_refunded("done"))
        if standing.refunded_kurus == before:
            return False
        after = before + rounding.to_kurus(call.amount)
        return True if standing.refunded_kurus == after else None

    # === WHAT A PERSON FOUND OUT === #

    def action_gateway_bank_did_it(self):
        """A person has seen at the bank that this capture, void or refund was done."""
        self._gateway_settle_by_hand(True)
        return True

    def action_gateway_bank_did_not(self):
        """A person has seen at the bank that nothing was done."""
        self._gateway_settle_by_hand(False)
        return True

    def _gateway_settle_by_hand(self, is_done):
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group("pos_gateway.group_pos_gateway_manager"):
            raise UserError(self.env._("Only POS managers may settle this."))
        child = self.sudo()
        charge = child._gateway_charged_transaction()
        locks.lock_transaction(charge)
        call = charge._gateway_unsettled_calls().filtered(
            lambda call: call.child_id == child
        )[:1]
        if not call:
            raise UserError(self.env._("There is nothing open to settle."))
        if is_done:
            child._gateway_operation_done(call)
        else:
            child._gateway_operation_not_done(call)
        child._log_message_on_linked_documents(
            self.env._(
                "%(user)s settled %(reference)s by hand: %(verdict)s.",
                user=self.env.user.name,
                reference=child.reference,
                verdict=self.env._("the bank did it")
                if is_done
                else self.env._("the bank did not do it"),
            )
        )
        self.env["pos.gateway.inbox"].sudo()._wake_worker()
