import re
from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..pricing.agreement import cost
from ..pricing.quote import Quote
from ..protocols import WALLETS, family, garanti_pay
from ..protocols.answers import Result
from ..protocols.types import CardEntry

# Minutes: the app may never send the payer's browser back, so the bank is asked early.
FIRST_QUESTION = 1
# The bank's clock and ours may differ.
GRACE_SECONDS = 60
# What a masked number still tells of a card's bank and program.
FIRST_DIGITS = re.compile(r"[0-9]{6,8}")
# Of a stored quote, what the bank takes; the rest is what the payer was shown.
BANKS_PART = ("cost", "cost_line", "company_cost", "slices")


class PaymentTransaction(models.Model):
    """A payment by the bank's wallet: what protocol it speaks, and its journal path."""

    _inherit = "payment.transaction"

    def _gateway_wallet(self):
        """:return: the code of the wallet that the payer chose, or nothing"""
        self.ensure_one()
        code = self.payment_method_id.code
        return code if code in WALLETS else ""

    def _gateway_family(self):
        """:return: the protocol module that this payment is made, asked about and given
        back by
        """
        wallet = self._gateway_wallet()
        return family(wallet) if wallet else self.provider_id._gateway_family()

    @api.model
    def _get_specific_create_values(self, provider_code, values):
        result = super()._get_specific_create_values(provider_code, values)
        method = self.env["payment.method"].browse(values.get("payment_method_id"))
        if provider_code != PROVIDER_CODE or method.sudo().code not in WALLETS:
            return result
        if values.get("source_transaction_id"):
            return result
        # The payer is at the bank, and never on a page of ours that takes cards.
        return result | {
            "gateway_card_entry": CardEntry.HOSTED.value,
            "gateway_is_preauth": False,
        }

    def _gateway_order(self):
        order = super()._gateway_order()
        if not self._gateway_wallet():
            return order
        return replace(
            order,
            merchant_name=self.company_id.name or "",
            email=self.partner_email or "",
        )

    def _gateway_first_question_at(self):
        if self._gateway_wallet():
            return fields.Datetime.now() + timedelta(minutes=FIRST_QUESTION)
        return super()._gateway_first_question_at()

    def _gateway_is_given_up(self):
        """Whatever the payer said: while his app may still confirm, nothing is over."""
        if self._gateway_wallet():
            age = fields.Datetime.now() - self.create_date
            if age < timedelta(seconds=garanti_pay.SECONDS + GRACE_SECONDS):
                return False
        return super()._gateway_is_given_up()

    def _gateway_pending_sentence(self):
        if not self._gateway_wallet():
            return super()._gateway_pending_sentence()
        return self.env._(
            "If the app on your phone still asks, confirm there. The bank is asked"
            " until it is known how this payment stands; do not pay again."
        )

    # === THE CARD === #

    def _gateway_note(self, outcome):
        result = super()._gateway_note(outcome)
        if self._gateway_wallet() and outcome.result is Result.APPROVED:
            self._gateway_know_wallet_card()
        return result

    def _gateway_know_wallet_card(self):
        """Which card the payer took is known only now. What the bank takes for that one
        counts, not for the one that was taken for granted; the payer's total stays.
        """
        digits = FIRST_DIGITS.match(self.gateway_card_masked or "")
        card = digits and self.provider_id._gateway_card_facts(digits[0])
        if not card or card.kind is None:
            return  # not in the table of prefixes: nothing better is known
        self.write(
            {
                "gateway_card_program_id": card.program or False,
                "gateway_card_kind": card.kind.value,
                "gateway_card_issuer_id": card.issuer or False,
            }
        )
        if self.gateway_quote:
            self._gateway_cost_again(card)

    def _gateway_cost_again(self, card):
        quote = Quote.from_dict(self.gateway_quote)
        agreements = self.env["pos.gateway.agreement"]
        agreement = agreements._compiled(self.provider_id, self.currency_id)
        count = quote.installment_count
        line = agreement and agreement.line_for(card, count, quote.day)
        if not line or line == quote.cost_line:
            return  # no rate was agreed for it: the bank's report will tell
        known = replace(
            quote,
            cost_line=line,
            cost=cost(quote.total, line),
            calendar=self._gateway_calendar(),
        )
        stored = known.as_dict()
        self.gateway_quote |= {name: stored[name] for name in BANKS_PART}
        self.gateway_cost_amount = float(rounding.to_major(known.cost.total))

    # === THE BOOKS === #

    def _gateway_payment_values(self):
        values = super()._gateway_payment_values()
        if not self._gateway_wallet():
            return values
        provider = self.provider_id.with_company(self.company_id)
        line = provider._gateway_wallet_books()
        if not line:
            return values
        return values | {
            "journal_id": line.journal_id.id,
            "payment_method_line_id": line.id,
        }
