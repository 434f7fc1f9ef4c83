from odoo import models


class PaymentProvider(models.Model):
    """A POS that does not answer, or that staff have paused: others take its place."""

    _inherit = "payment.provider"

    def _gateway_down(self):
        """:return: those of these POS that are out of service"""
        return self.browse()

    def _gateway_guarded(self, company, card, day, offer):
        """:return: limits by law for such a card, and the offer as far as allowed"""
        return (), offer
