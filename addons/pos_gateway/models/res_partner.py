from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    gateway_provider_id = fields.Many2one(
        "payment.provider",
        "Always This POS",
        company_dependent=True,
        domain="[('code', '=', 'pos_gateway')]",
        groups="base.group_user",
        help="This partner's card payments always go to this POS.",
    )
