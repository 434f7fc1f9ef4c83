from dataclasses import replace
from datetime import timedelta

from odoo import api, fields, models

from ..const import PROVIDER_CODE
from ..protocols import WALLETS, family, garanti_pay
from ..protocols.types import CardEntry

# Minutes: the app may never send the payer's browser back, so the bank is asked early.
FIRST_QUESTION = 1
# The bank's clock and ours may differ.
GRACE_SECONDS = 60


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
