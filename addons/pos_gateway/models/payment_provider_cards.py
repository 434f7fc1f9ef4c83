from odoo import api, fields, models

from .bank_cards import EFT_CODES, PROGRAMS


class PaymentProvider(models.Model):
    """Which cards a POS takes in installments, and which are its bank's own."""

    _inherit = "payment.provider"

    gateway_program_ids = fields.Many2many(
        "pos.gateway.card.program",
        string="Card Programs",
        compute="_compute_gateway_program_ids",
        store=True,
        readonly=False,
        precompute=True,
        help="Cards of these programs can be paid in installments at this POS. Empty:"
        " the cards of any program.",
    )

    @api.depends("gateway_bank")
    def _compute_gateway_program_ids(self):
        programs = self.env["pos.gateway.card.program"].search([("code", "!=", False)])
        for provider in self:
            codes = PROGRAMS.get(provider.gateway_bank, ())
            provider.gateway_program_ids = programs.filtered(
                lambda program, codes=codes: program.code in codes
            )

    def _gateway_acquirer(self):
        """:return: the bank of this POS as an issuer of cards, or no record"""
        self.ensure_one()
        code = EFT_CODES.get(self.gateway_bank)
        issuers = self.env["pos.gateway.card.issuer"]
        return issuers.search([("code", "=", code)], limit=1) if code else issuers
