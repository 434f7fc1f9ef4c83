from odoo import fields, models

GUARDS = [("warn", "Warn whoever sets it up"), ("deny", "Do not offer it")]


class ResCompany(models.Model):
    """What a company decides once for all its POS."""

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
    gateway_cost_policy = fields.Selection(
        [
            ("capture", "When the card is charged"),
            ("settlement", "When the bank pays"),
        ],
        "Book the Bank's Cost",
        default="capture",
        required=True,
        help="When the card is charged: what stands on the POS slips account is then"
        " what the bank is to pay.",
    )
    gateway_sector_id = fields.Many2one(
        "pos.gateway.sector",
        "Sector",
        default=lambda self: self.env.ref(
            "pos_gateway.sector_general", raise_if_not_found=False
        ),
        help="Decides how many installments the law allows on a card.",
    )
    gateway_cap_guard = fields.Selection(
        GUARDS,
        "More Installments Than the Law Allows",
        required=True,
        default="deny",
    )
    gateway_surcharge_guard = fields.Selection(
        GUARDS,
        "Surcharge on Consumer Cards",
        required=True,
        default="warn",
        help="Law 5464 is understood to forbid a surcharge for paying by card towards"
        " consumers; between companies it is customary. Ask your lawyer.",
    )
    gateway_match_tolerance = fields.Monetary(
        "Tolerance of Deposits",
        currency_field="currency_id",
        help="A deposit that differs by no more is matched by itself, and the"
        " difference is booked as a cost. 0: only to the kuruş.",
    )
    gateway_delay_rate = fields.Float(
        "Yearly Rate for Delays",
        digits=(5, 2),
        help="Percent: what money that comes late costs your company in a year.",
    )

    _gateway_match_tolerance_positive = models.Constraint(
        "CHECK(gateway_match_tolerance IS NULL OR gateway_match_tolerance >= 0)",
        "The tolerance of deposits is not below zero.",
    )
