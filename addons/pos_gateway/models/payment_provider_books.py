from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PROVIDER_CODE

# Other liquid assets of the Turkish chart: credit card slips are kept below it.
TURKISH_SLIPS_ACCOUNT = "tr108"
OTHER_SLIPS_CODE = "108000"
# Interest income: what a payer gives for time, after the sale.
TURKISH_SURCHARGE_ACCOUNT = "tr642"
# Commission expenses; of banks elsewhere the first expense account serves.
TURKISH_COST_ACCOUNT = "tr653"


class PaymentProvider(models.Model):
    """The accounts that a POS needs: made when it is first switched on."""

    _inherit = "payment.provider"

    gateway_slips_account_id = fields.Many2one(
        "account.account",
        "POS Slips Account",
        copy=False,
        check_company=True,
        domain="[('account_type', '=', 'asset_current'), ('reconcile', '=', True)]",
        help="Payments stand here from the day of the charge until the bank pays them"
        " out. One account for each POS, made when the POS is switched on.",
    )
    gateway_surcharge_product_id = fields.Many2one(
        "product.product",
        "Surcharge Product",
        check_company=True,
        default=lambda self: self.env.ref(
            "pos_gateway.product_surcharge", raise_if_not_found=False
        ),
        help="The surcharge (vade farkı) for installments is invoiced with this"
        " product.",
    )
    gateway_surcharge_account_id = fields.Many2one(
        "account.account",
        "Surcharge Account",
        copy=False,
        check_company=True,
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="The income account of the surcharge. Empty: the account of the product.",
    )
    gateway_surcharge_tax_id = fields.Many2one(
        "account.tax",
        "Surcharge Tax",
        copy=False,
        check_company=True,
        domain="[('type_tax_use', '=', 'sale'),"
        " ('price_include_override', '=', 'tax_included')]",
        help="The payer is shown the surcharge with tax, so this tax must be one that"
        " is included in the price.",
    )

    gateway_cost_account_id = fields.Many2one(
        "account.account",
        "Commission Account",
        copy=False,
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost',"
        " 'expense_other'))]",
        help="The bank's commission and fee. Empty: what the bank takes is not booked.",
    )
    gateway_bsmv_account_id = fields.Many2one(
        "account.account",
        "BSMV Account",
        copy=False,
        check_company=True,
        domain="[('account_type', 'in', ('expense', 'expense_direct_cost',"
        " 'expense_other'))]",
        help="The tax on commission and fee; it is not deductible. Empty: the account"
        " of the commission.",
    )
    gateway_commission_back = fields.Boolean(
        "Commission Comes Back",
        default=True,
        help="Whether the bank gives its commission back when a payment is refunded. It"
        " keeps its fee in any case.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        providers = super().create(vals_list)
        providers._gateway_set_up_books()
        return providers

    def write(self, vals):
        result = super().write(vals)
        if {"state", "code", "journal_id", "gateway_slips_account_id"} & vals.keys():
            self._gateway_set_up_books()
        return result

    @api.constrains("gateway_surcharge_tax_id")
    def _check_gateway_surcharge_tax(self):
        for provider in self:
            tax = provider.gateway_surcharge_tax_id
            if tax and (tax.amount_type != "percent" or not tax.price_include):
                raise ValidationError(
                    self.env._(
                        "The surcharge tax must be a percentage that is included in"
                        " the price."
                    )
                )

    def _gateway_set_up_books(self):
        """Give each active POS its slips account and its tax. Changes nothing twice."""
        for provider in self:
            if provider.code != PROVIDER_CODE or provider.state == "disabled":
                continue
            company = provider.company_id
            provider = provider.with_company(company)
            if not company.root_id.sudo().chart_template:
                continue  # no chart of accounts: nothing to set up yet
            if not provider.gateway_slips_account_id:
                provider.gateway_slips_account_id = (
                    provider._gateway_make_slips_account()
                )
            if not provider.gateway_surcharge_account_id:
                provider.gateway_surcharge_account_id = provider._gateway_chart_account(
                    TURKISH_SURCHARGE_ACCOUNT
                )
            if not provider.gateway_cost_account_id:
                provider.gateway_cost_account_id = provider._gateway_chart_account(
                    TURKISH_COST_ACCOUNT
                )
            if not provider.gateway_surcharge_tax_id:
                provider.gateway_surcharge_tax_id = (
                    provider._gateway_find_surcharge_tax()
                )
            # Read first: core makes the line on reading, and would make it twice else.
            if provider.journal_id:
                provider._ensure_payment_method_line()

    def _ensure_payment_method_line(self, allow_create=True):
        """Let payments of this POS be posted to its own slips account.

        Core makes the line when it is first needed, with an account that all POS share.
        """
        result = super()._ensure_payment_method_line(allow_create=allow_create)
        account = self.gateway_slips_account_id
        if self.code == PROVIDER_CODE and account:
            self.env["account.payment.method.line"].search(
                [
                    ("payment_provider_id", "=", self.id),
                    ("payment_account_id", "!=", account.id),
                ]
            ).payment_account_id = account
        return result

    def _gateway_cost_accounts(self):
        """:return: dict of the accounts ``cost`` and ``bsmv`` and the ``journal`` of
        what the bank takes; None if it is not booked
        """
        self.ensure_one()
        cost = self.gateway_cost_account_id
        journals = self.env["account.journal"].sudo()
        journal = journals.search(
            [
                *journals._check_company_domain(self.company_id),
                ("type", "=", "general"),
                ("code", "not in", ("EXCH", "CABA")),
            ],
            limit=1,
        )
        if not cost or not journal:
            return None
        bsmv = self.gateway_bsmv_account_id or cost
        return {"cost": cost, "bsmv": bsmv, "journal": journal}

    def _gateway_make_slips_account(self, name=None):
        """:param str name: of what is posted there, if not of the POS itself"""
        accounts = self.env["account.account"].sudo()  # staff without accounting rights
        parent = self._gateway_chart_account(TURKISH_SLIPS_ACCOUNT)
        start = parent and parent.with_company(self.company_id).code or OTHER_SLIPS_CODE
        account = accounts.create(
            {
                "name": self.env._("POS slips %s", name or self.name),
                "code": accounts._search_new_account_code(start),
                "account_type": "asset_current",
                "reconcile": True,
                "company_ids": [fields.Command.set(self.company_id.root_id.ids)],
            }
        )
        for code, _name in self.env["res.lang"].get_installed():
            provider = self.with_context(lang=code)
            account.with_context(lang=code).name = provider.env._(
                "POS slips %s", name or provider.name
            )
        return account

    def _gateway_chart_account(self, name):
        """:return: an account of the Turkish chart, or none on another chart"""
        chart = self.env["account.chart.template"].with_company(self.company_id)
        return chart.ref(name, raise_if_not_found=False) or self.env["account.account"]

    def _gateway_find_surcharge_tax(self):
        """The company's usual sales tax, in a variant that is included in the price."""
        usual = self.company_id.account_sale_tax_id
        if not usual or usual.amount_type != "percent":
            return self.env["account.tax"]
        if usual.price_include:
            return usual
        twin = self.env["account.tax"].search(
            [
                *self.env["account.tax"]._check_company_domain(self.company_id),
                ("type_tax_use", "=", "sale"),
                ("amount_type", "=", "percent"),
                ("amount", "=", usual.amount),
                ("price_include_override", "=", "tax_included"),
                ("tax_group_id", "=", usual.tax_group_id.id),
            ],
            limit=1,
        )
        return twin or usual.sudo().copy(
            {
                "name": self.env._("%s (included)", usual.name),
                "price_include_override": "tax_included",
            }
        )
