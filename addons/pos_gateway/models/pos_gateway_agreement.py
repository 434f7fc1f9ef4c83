from odoo import api, fields, models, tools

from ..pricing import rounding
from ..pricing.agreement import Agreement, CostLine
from ..pricing.cards import CardKind
from ..pricing.rates import rate
from ..pricing.value_dates import ValueDate
from .pos_gateway_offer import RATE_DIGITS

VALUE_DATE_RULES = [
    ("single", "All at once"),
    ("per_installment", "Each installment as it falls due"),
]


def exact_rate(percent):
    """:return: the ORM's float as a rate; its noise beyond four decimals is no rate"""
    return rate(f"{percent:.{RATE_DIGITS[1]}f}")


class PosGatewayAgreement(models.Model):
    """What a bank takes of a payment at one POS, and when it pays: one version."""

    _name = "pos.gateway.agreement"
    _description = "Bank Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "provider_id, date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('code', '=', 'pos_gateway')]",
        tracking=True,
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        tracking=True,
    )
    date_from = fields.Date(
        "Valid From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date("Valid To", tracking=True, help="Empty: until the next one.")
    bsmv = fields.Float(
        "BSMV %", digits=RATE_DIGITS, default=5.0, tracking=True,
        help="Tax on commission and fee.",
    )  # fmt: skip
    value_date_rule = fields.Selection(
        VALUE_DATE_RULES, required=True, default="single", tracking=True
    )
    days = fields.Integer(default=1, tracking=True)
    first_days = fields.Integer("First After (days)", default=30, tracking=True)
    interval_days = fields.Integer("Then Every (days)", default=30, tracking=True)
    line_ids = fields.One2many("pos.gateway.agreement.line", "agreement_id", copy=True)

    @api.model
    def _compiled(self, provider, currency):
        """:return: the ``pricing.agreement.Agreement`` of a POS in a currency, holding
        the lines of all its versions; None if there is none
        """
        return self._compiled_for(provider.id, currency.id)

    @api.model
    @tools.ormcache("provider_id", "currency_id")
    def _compiled_for(self, provider_id, currency_id):
        agreements = self.sudo().search(
            [("provider_id", "=", provider_id), ("currency_id", "=", currency_id)]
        )
        if not agreements:
            return None
        return Agreement(
            provider_id,
            currency_id,
            agreements.provider_id._gateway_acquirer().id or None,
            [line._as_cost_line() for line in agreements.line_ids],
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()


class PosGatewayAgreementLine(models.Model):
    _name = "pos.gateway.agreement.line"
    _description = "Bank Agreement Line"
    _order = "agreement_id, program_id, kind, installment_count, id"

    agreement_id = fields.Many2one(
        "pos.gateway.agreement", required=True, ondelete="cascade", index=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    program_id = fields.Many2one(
        "pos.gateway.card.program", help="Empty: cards of every program."
    )
    kind = fields.Selection(
        selection=lambda self: self.env["pos.gateway.bin"]._fields["kind"].selection,
        help="Empty: cards of every kind.",
    )
    on_us = fields.Selection(
        [("on_us", "The bank's own cards"), ("not_on_us", "Other banks' cards")],
        "Issuer",
        help="Empty: whoever gave out the card.",
    )
    installment_count = fields.Integer(
        "Installments", help="0: any number of installments."
    )
    rate = fields.Float("Rate %", digits=RATE_DIGITS, required=True)
    fee = fields.Monetary("Fixed Fee")
    value_date_rule = fields.Selection(
        VALUE_DATE_RULES, help="Empty: as the agreement says."
    )
    days = fields.Integer()
    first_days = fields.Integer("First After (days)")
    interval_days = fields.Integer("Then Every (days)")
    valid_from = fields.Date()
    valid_to = fields.Date()

    def _as_cost_line(self):
        """:return: a ``pricing.agreement.CostLine``"""
        agreement = self.agreement_id
        dates = self if self.value_date_rule else agreement
        starts = [day for day in (self.valid_from, agreement.date_from) if day]
        ends = [day for day in (self.valid_to, agreement.date_to) if day]
        return CostLine(
            key=self.id,
            rate=exact_rate(self.rate),
            fee=rounding.to_kurus(self.fee),
            bsmv=exact_rate(agreement.bsmv),
            value_date=ValueDate(
                rule=dates.value_date_rule,
                days=dates.days,
                first_days=dates.first_days,
                interval_days=dates.interval_days,
            ),
            program=self.program_id.id or None,
            kind=CardKind(self.kind) if self.kind else None,
            on_us=self.on_us == "on_us" if self.on_us else None,
            count=self.installment_count or None,
            valid_from=max(starts) if starts else None,
            valid_to=min(ends) if ends else None,
        )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()
