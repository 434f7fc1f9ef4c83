from odoo import fields, models


class ResCompany(models.Model):
    """How the bank's cost is charged on, where the dealer bears it."""

    _inherit = "res.company"

    gateway_cost_rule = fields.Selection(
        [
            ("per_payment", "One invoice for each payment"),
            ("per_day", "One invoice for each day"),
        ],
        "Invoice the Bank's Cost",
        default="per_day",
        required=True,
    )
    gateway_cost_product_id = fields.Many2one(
        "product.product",
        "Product of the Bank's Cost",
        check_company=True,
        default=lambda self: self.env.ref(
            "pos_gateway.product_cost", raise_if_not_found=False
        ),
        help="Its income account and sales taxes are used for what the dealer is"
        " charged.",
    )
