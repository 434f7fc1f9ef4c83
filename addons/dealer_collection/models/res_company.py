from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    dealer_approval = fields.Boolean(
        "Approve Sub-dealers",
        help="A sub-dealer that a dealer adds waits until your people have approved it."
        " Until then nobody of it can be invited, and it collects nothing.",
    )
    dealer_oldest_first = fields.Boolean(
        "Oldest Debt First",
        help="Dealers do not choose what they pay: they name an amount, and it closes"
        " their oldest due terms.",
    )
    dealer_on_account = fields.Boolean(
        "Payments on Account",
        default=True,
        help="Dealers may pay more than they owe: the rest stands as their credit.",
    )
