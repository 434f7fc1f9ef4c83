from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_approval = fields.Boolean(
        "Approve Sub-dealers",
        help="A sub-dealer that a dealer adds waits until your people have approved it."
        " Until then nobody of it can be invited, and it collects nothing.",
    )
