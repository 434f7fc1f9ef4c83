import logging

from odoo import models

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..protocols.answers import (
    Hint,
    Message,
    Outcome,
    Refused,
    Result,
    differences,
)
from ..protocols.types import Operation
from ..protocols.wire import parse_form
from .transitions import next_state

_logger = logging.getLogger(__name__)


class PaymentTransaction(models.Model):
    """Bank message -> state. Only the inbox worker comes here, the row locked."""

    _inherit = "payment.transaction"

    def _gateway_apply_message(self, message):
        """Prove a stored message again, and let it change the transaction.

        :param pos.gateway.message message: of kind page_return or call_answer
        :raise Refused: if it does not prove itself any more (e.g. the key was changed)
        """
        self.ensure_one()
        if message.is_masked and message.kind == "page_return":
            # Masking took away what the signature covers: let the bank say it again.
            self._gateway_ask_bank_soon()
            return
        if message.kind == "page_return":
            self._gateway_apply(self._gateway_read_return(message))
        elif message.kind == "call_answer":
            call = self.env["pos.gateway.call"].browse(message.call_id)
            self._gateway_apply_answer(call, self._gateway_read_answer(call, message))
        else:
            raise Refused("kind", message.kind)

    def _gateway_read_return(self, message):
        parsed: Message = parse_form(message.body.encode(), message.content_type)
        return self._gateway_prove_return(parsed)[1]

    def _gateway_prove_return(self, message: Message):
        """Believe a page's message, under the keys that counted when we made the order.

        :return: the proven message, and what it means
        :raise Refused: if no key fits, for the reason that the current one gives
        """
        family, order = self._gateway_family(), self._gateway_order()
        refusal = None
        for terminal in self._gateway_terminals():
            try:
                proven = family.verify(terminal, order, message)
            except Refused as refused:
                refusal = refusal or refused
                continue
            return proven, family.parse(terminal, proven)
        raise refusal

    def _gateway_read_answer(self, call, message):
        family, terminal = self._gateway_family(), self._gateway_terminal()
        body = message.body.encode(family.ENCODING, "replace")
        proven = family.read(terminal, call._as_order(), call._as_call(), body)
        return family.parse(terminal, proven)

    def _gateway_apply_answer(self, call, outcome: Outcome):
        """Note what the bank said to a call; apply it to what the call was about."""
        call._note_answer(outcome)
        if outcome.operation in (Operation.CAPTURE, Operation.VOID, Operation.REFUND):
            self._gateway_apply_operation(call, outcome)
            return
        if outcome.standing:
            self._gateway_apply_standing(outcome.standing, call.sent_at)
        if outcome.operation is Operation.HISTORY:
            return
        if outcome.operation in (Operation.REGISTER, Operation.CARD_PAGE):
            self._gateway_apply_opening(outcome)
            return
        self._gateway_apply(outcome)

    def _gateway_apply_opening(self, outcome):
        """The bank opened its page, or refused to: nothing can have been charged."""
        self._gateway_remember(outcome)
        if outcome.result is Result.DECLINED:
            self._gateway_apply(outcome)

    def _gateway_remember(self, outcome):
        """Keep what the bank wants to hear again."""
        if outcome.references:
            told = {**(self.gateway_references or {}), **outcome.references}
            # What comes back empty is over and done with.
            self.gateway_references = {
                name: text for name, text in told.items() if text
            }

    def _gateway_apply(self, outcome: Outcome):
        """Move along the transitions, unless the bank contradicts our order."""
        self._gateway_remember(outcome)
        if outcome.hint is Hint.OTHER_PREFIX:
            self._gateway_ask_bank_soon()  # under the order's other name
            return
        if self._gateway_contradiction(outcome):
            return
        if outcome.follow_up:
            self._gateway_follow_up(outcome)
        if self.state == "done" and outcome.result is Result.APPROVED:
            return  # the same news again
        target = self._gateway_target_state(outcome)
        changes = target != self.state
        if changes or self.state in ("draft", "pending"):
            self._gateway_note(outcome)
        if changes:
            self._process(PROVIDER_CODE, {"outcome": outcome, "state": target})
        if self._gateway_is_settled_by(outcome):
            self.gateway_next_inquiry_at = self._gateway_last_inquiry_at(
                outcome, changes
            )

    def _gateway_is_settled_by(self, outcome):
        """:return: whether nothing is left to ask the bank: else the asking goes on"""
        is_open = outcome.follow_up or outcome.result in (
            Result.UNRESOLVED,
            Result.AUTHENTICATED,
        )
        return not (
            is_open or self._gateway_is_open() or self._gateway_unsettled_calls()
        )

    def _gateway_follow_up(self, outcome):
        """Ask at once what this answer leaves open: worked on by the same worker."""
        if self.state == "done" or self.gateway_review_reason:
            return
        if outcome.follow_up is Operation.INQUIRY:
            self._gateway_ask_bank_soon()
            return
        calls = self.env["pos.gateway.call"]
        if outcome.follow_up is Operation.SALE and not self._gateway_may_charge():
            return
        if not calls._is_planned(self, outcome.follow_up):
            calls._plan(self, outcome.follow_up)

    def _gateway_may_charge(self):
        """One authentication, one charge, however often it is told; and none for a
        payment that we have told its payer to be over.
        """
        is_charged = self.gateway_call_ids.filtered(
            lambda call: call.operation == Operation.SALE.value
        )
        if is_charged:
            return False
        if not self._gateway_is_open():
            self._gateway_alert(
                self.env._(
                    "The payer confirmed this payment at the bank after it was closed."
                    " Nothing was charged."
                )
            )
        return self._gateway_is_open()

    def _gateway_contradiction(self, outcome):
        """Hold back what does not fit the order we sent, for a person to look at.

        :return: whether the outcome must not be applied
        """
        order = self._gateway_order()
        if outcome.result in (Result.APPROVED, Result.AUTHENTICATED):
            differing = differences(order, outcome)
            if self.gateway_is_preauth and self.state in ("done", "authorized"):
                # Of a reservation less may have been captured.
                differing = tuple(name for name in differing if name != "amount")
            if differing:
                self._gateway_hold(
                    self.env._(
                        "The bank confirms a payment that differs from what was asked:"
                        " %s",
                        self._gateway_describe(differing, order, outcome),
                    )
                )
                return True
            if self._gateway_is_second_charge(outcome):
                self._gateway_hold(
                    self.env._("The bank confirms a second charge on this order.")
                )
                return True
        return bool(self.gateway_review_reason)

    @staticmethod
    def _gateway_describe(differing, order, outcome):
        """:return: e.g. ``amount 1100.00 -> 1.00``, in the order's own words"""
        parts = []
        for name in differing:
            field = {"order": "order_id", "amount": "amount_kurus"}.get(name, name)
            ours, theirs = getattr(order, field), getattr(outcome, field)
            if name == "amount":
                ours, theirs = rounding.to_major(ours), rounding.to_major(theirs)
            parts.append(f"{name} {ours} -> {theirs}")
        return ", ".join(parts)

    def _gateway_is_second_charge(self, outcome):
        """Two different authorisation codes mean that two charges were made."""
        ours, theirs = self.gateway_authorisation_code, outcome.authorisation_code
        is_known = self.state in ("done", "authorized")
        return bool(is_known and ours and theirs and ours != theirs)

    def _gateway_hold(self, reason):
        if self.gateway_review_reason:
            return
        _logger.warning("transaction %s is held for review: %s", self.reference, reason)
        self.gateway_review_reason = reason
        if self.state == "draft":
            # The payer reads this one; the reason is for staff.
            self._set_pending(
                state_message=self._gateway_for_payer()._gateway_pending_sentence()
            )
        self._gateway_alert(reason)

    def _gateway_target_state(self, outcome):
        if outcome.result is Result.NOT_FOUND:
            given_up = self._gateway_is_open() and self._gateway_is_given_up()
            return "cancel" if given_up and self._gateway_is_void() else self.state
        return next_state(self.state, outcome.result, self.gateway_is_preauth)

    def _gateway_note(self, outcome):
        """Keep the facts of the bank's answer; what it does not say stays as it was."""
        facts = {
            "gateway_result": outcome.result.value,
            "gateway_card_masked": outcome.card_masked,
            "gateway_card_brand": outcome.card_brand,
            "gateway_authorisation_code": outcome.authorisation_code,
            "gateway_host_reference": outcome.host_reference,
            "gateway_md_status": outcome.md_status,
            "gateway_eci": outcome.eci,
            "provider_reference": outcome.bank_transaction_id,
        }
        values = {name: value for name, value in facts.items() if value}
        values["gateway_bank_code"] = outcome.bank_code
        values["gateway_bank_reason_code"] = outcome.reason_code
        values["gateway_bank_message"] = outcome.bank_message
        values["gateway_reason"] = self._gateway_reason_for(outcome)
        self.write(values)

    @staticmethod
    def _gateway_reason_for(outcome):
        if outcome.result in (Result.APPROVED, Result.AUTHENTICATED):
            return False
        if outcome.result in (Result.CANCELLED, Result.NOT_FOUND):
            return "cancelled"
        return outcome.reason or "other"

    # === CORE HOOKS === #

    def _extract_amount_data(self, payment_data):
        if self.provider_code != PROVIDER_CODE:
            return super()._extract_amount_data(payment_data)
        kurus = payment_data["outcome"].amount_kurus
        is_money = payment_data["state"] in ("done", "authorized")
        # Not stated: our stored order stands, as the family declares. And the amount of
        # what was not paid is no reason for core to call the payment failed.
        if kurus is None or not is_money:
            return None
        return {
            "amount": float(rounding.to_major(kurus)),
            "currency_code": payment_data["outcome"].currency or self.currency_id.name,
        }

    def _apply_updates(self, payment_data):
        if self.provider_code != PROVIDER_CODE:
            return super()._apply_updates(payment_data)
        localized = self._gateway_for_payer()
        match payment_data["state"]:
            case "done":
                self._set_done(extra_allowed_states=("cancel",))
            case "authorized":
                self._set_authorized(extra_allowed_states=("cancel", "error"))
            case "error":
                self._set_error(localized._gateway_payer_sentence())
            case "cancel":
                self._set_canceled(state_message=localized._gateway_payer_sentence())
            case "pending":
                self._set_pending(state_message=localized._gateway_pending_sentence())

    def _gateway_for_payer(self):
        return self.with_context(lang=self.partner_lang or self.env.lang)

    def _gateway_pending_sentence(self):
        return self.env._(
            "The bank has not yet said how this payment stands. It is asked until it is"
            " known; do not pay again."
        )
