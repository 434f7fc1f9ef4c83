from odoo import models

from ..const import PROVIDER_CODE


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        """What was charged to a card is paid, also while it is not yet booked."""
        charged = self.transaction_ids.filtered(
            lambda transaction: (
                transaction.provider_code == PROVIDER_CODE
                and transaction.state == "done"
                and not transaction.is_post_processed
            )
        )
        return super()._has_to_be_paid() and not charged

    def _get_invoice_next_payment_values(self, custom_amount=None):
        """Of a payment of ours the transaction says whether a discount was taken."""
        values = super()._get_invoice_next_payment_values(custom_amount)
        if self.env.context.get("gateway_decides_discount"):
            values["installment_state"] = None
        return values

    def _gateway_terms(self):
        """:return: the journal items that say what is due"""
        return self.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def _gateway_put_on(self, account):
        """Move what is due to this receivable account; the document is a draft."""
        if account:
            self._gateway_terms().account_id = account
