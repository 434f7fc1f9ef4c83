from odoo import api, models

from ..protocols import WALLETS


class AccountPaymentMethod(models.Model):
    _inherit = "account.payment.method"

    @api.model
    def _get_payment_method_information(self):
        """A wallet has a line of its own beside that of its POS, made by the POS: core
        offers an electronic method for providers of its code only, of which none is.
        """
        information = super()._get_payment_method_information()
        wallet = {"mode": "electronic", "type": ("bank",)}
        return information | dict.fromkeys(WALLETS, wallet)
