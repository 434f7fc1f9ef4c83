from odoo import api, fields, models


class PosGatewayVolumePromise(models.Model):
    """So much was promised to a bank to be taken at its POS."""

    _name = "pos.gateway.volume.promise"
    _description = "Volume Promise to a Bank"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        ondelete="cascade",
        domain="[('code', '=', 'pos_gateway')]",
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date_from = fields.Date(required=True, tracking=True)
    date_to = fields.Date(required=True, tracking=True)
    amount = fields.Monetary("Promised", required=True, tracking=True)
    extra_percent = fields.Float(
        "Allowed Extra Cost %",
        digits=(7, 4),
        help="A payment goes to this bank, though another one is cheaper, if it is not"
        " dearer than so much of the amount.",
    )

    @api.model
    def _open_promises(self, providers, currency, day):
        """:return: dict of provider -> (kuruş to come, allowed extra as a rate)"""
        return {}
