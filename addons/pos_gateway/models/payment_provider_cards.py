from odoo import fields, models


class PaymentProvider(models.Model):
    """Which cards a POS takes in installments, and which are its bank's own."""

    _inherit = "payment.provider"

    gateway_program_ids = fields.Many2many(
        "pos.gateway.card.program",
        string="Card Programs",
        help="Cards of these programs can be paid in installments at this POS. Empty:"
        " the cards of any program.",
    )

    def _gateway_acquirer(self):
        """:return: the bank of this POS as an issuer of cards, or no record"""
        self.ensure_one()
        return self.env["pos.gateway.card.issuer"]
