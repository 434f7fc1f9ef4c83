from odoo import api, fields, models
from odoo.fields import Domain

from ..pricing import rounding
from ..pricing.limits import Limit

SCOPES = ("provider_id", "offer_id", "partner_category_id", "partner_id")


class PosGatewayLimit(models.Model):
    """How much, and in how many installments, may be paid; the tightest limit wins.

    A limit holds where all scopes that are set fit. Other addons add scopes.
    """

    _name = "pos.gateway.limit"
    _description = "Payment Limit"
    _inherit = ["mail.thread"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        check_company=True,
        domain="[('code', '=', 'pos_gateway')]",
        tracking=True,
    )
    offer_id = fields.Many2one("pos.gateway.offer", check_company=True, tracking=True)
    partner_category_id = fields.Many2one(
        "res.partner.category",
        tracking=True,
        help="Partners with this tag, or with a tag below it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        tracking=True,
        help="The company counts: its contacts and addresses are meant with it.",
    )
    max_installments = fields.Integer(help="0: no limit.", tracking=True)
    minimum_total = fields.Monetary(help="Of what is charged. 0: no limit.")
    maximum_total = fields.Monetary(help="Of what is charged. 0: no limit.")
    minimum_installment = fields.Monetary(help="0: no limit.")
    date_from = fields.Date(tracking=True)
    date_to = fields.Date(tracking=True)

    _not_negative = models.Constraint(
        "CHECK (LEAST(max_installments, minimum_total, maximum_total,"
        " minimum_installment) >= 0)",
        "A limit cannot be below zero.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A limit does not end before it begins."
    )

    @api.model
    def _limits_by_provider(self, company, providers, offer, partner, currency, day):
        """:return: dict of provider -> tuple of ``pricing.limits.Limit``"""
        found = self.sudo().search(
            self._scope_domain(company, offer, partner, currency, day)
        )
        return {
            provider: tuple(
                limit._as_limit()
                for limit in found
                if limit.provider_id in (provider.browse(), provider)
            )
            for provider in providers
        }

    @api.model
    def _scope_domain(self, company, offer, partner, currency, day):
        """:return: domain of the limits that hold for such a payment, at any POS"""
        # As with offers: a company is meant with its people, a tag with those below it.
        company_partner = partner.commercial_partner_id

        def fits(name, records, path="", operator="in"):
            return Domain(name, "=", False) | Domain(
                f"{name}{path}", operator, records.ids
            )

        return (
            Domain("company_id", "parent_of", company.ids)
            & Domain("currency_id", "=", currency.id)
            & fits("offer_id", offer)
            & fits(
                "partner_category_id",
                (partner | company_partner).category_id,
                operator="parent_of",
            )
            & fits("partner_id", company_partner, path=".commercial_partner_id")
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", day))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", day))
        )

    def _as_limit(self):
        def kurus(amount):
            return rounding.to_kurus(amount) or None

        return Limit(
            source=self.name,
            max_installments=self.max_installments or None,
            minimum_total=kurus(self.minimum_total),
            maximum_total=kurus(self.maximum_total),
            minimum_installment=kurus(self.minimum_installment),
        )
