from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..const import PROVIDER_CODE
from ..pricing.value_dates import MOST_DAYS, PER_INSTALLMENT, SINGLE

RATE_DIGITS = (7, 4)
VALUE_DATE_RULES = [
    (SINGLE, "All of it, some days after the payment"),
    (PER_INSTALLMENT, "Each installment as it falls due"),
]


class PosGatewayAgreement(models.Model):
    """What a bank takes of card payments on one POS, and when it pays the rest.

    One record is one period of the contract with the bank. The files beside this one:
    the lines, what is told of changes, the form for computing prices, and the grid.
    """

    _name = "pos.gateway.agreement"
    _description = "Bank Agreement"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        index=True,
        ondelete="cascade",
        tracking=True,
        domain=[("code", "=", PROVIDER_CODE)],
    )
    company_id = fields.Many2one(
        related="provider_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        tracking=True,
        default=lambda self: self.env.company.currency_id,
    )
    date_from = fields.Date(
        "From",
        required=True,
        tracking=True,
        default=fields.Date.context_today,
        help="The first day on which payments are taken on these terms.",
    )
    date_to = fields.Date(
        "Until",
        tracking=True,
        help="The last day, including it. Empty: until there is a later agreement.",
    )
    period_state = fields.Selection(
        [("future", "Future"), ("in_force", "In Force"), ("past", "Past")],
        "State",
        compute="_compute_period_state",
        search="_search_period_state",
    )
    bsmv = fields.Float(
        "BSMV %",
        digits=RATE_DIGITS,
        default=5.0,
        tracking=True,
        help="Banking transaction tax, in percent of the commission and the fee.",
    )
    rates_include_bsmv = fields.Boolean(
        "Rates Include BSMV",
        tracking=True,
        help="Tick it if the contract quotes its rates with the tax already in them."
        " The fixed fee is without tax in any case.",
    )
    fee = fields.Monetary(
        "Fixed Fee",
        tracking=True,
        help="Taken of each payment beside the commission, before BSMV.",
    )
    value_date_rule = fields.Selection(
        VALUE_DATE_RULES, "Bank Pays", required=True, default=SINGLE, tracking=True
    )
    days = fields.Integer(
        "After Days",
        default=1,
        tracking=True,
        help="Calendar days from the payment to the value date. A value date at a"
        " weekend or on a public holiday moves to the next business day.",
    )
    first_days = fields.Integer(
        "First After Days",
        default=30,
        tracking=True,
        help="Calendar days from the payment to the value date of the first"
        " installment.",
    )
    interval_days = fields.Integer(
        "Then Every Days",
        default=30,
        tracking=True,
        help="Calendar days between the value dates of two installments.",
    )
    line_ids = fields.One2many(
        "pos.gateway.agreement.line", "agreement_id", "Rates", copy=True
    )
    line_count = fields.Integer("Number of Rates", compute="_compute_line_count")
    program_ids = fields.Many2many(
        "pos.gateway.card.program",
        compute="_compute_program_ids",
        search="_search_program_ids",
        string="Card Programs",
    )
    note = fields.Html("Notes")

    _period_order = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreement does not end before it begins.",
    )
    _bsmv_range = models.Constraint(
        "CHECK (bsmv >= 0 AND bsmv <= 100)",
        "BSMV is between 0 and 100 percent.",
    )
    _fee_range = models.Constraint(
        "CHECK (fee IS NULL OR fee >= 0)", "A fee is not below zero."
    )
    _days_range = models.Constraint(
        f"CHECK (days BETWEEN 0 AND {MOST_DAYS}"
        f" AND first_days BETWEEN 0 AND {MOST_DAYS}"
        f" AND interval_days BETWEEN 0 AND {MOST_DAYS})",
        f"A bank pays after 0 to {MOST_DAYS} days.",
    )

    # === COMPUTED === #

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_period_state(self):
        today = fields.Date.context_today(self)
        for agreement in self:
            if agreement.date_from and agreement.date_from > today:
                agreement.period_state = "future"
            elif agreement.date_to and agreement.date_to < today:
                agreement.period_state = "past"
            else:
                agreement.period_state = "in_force"

    def _search_period_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "future": fields.Domain("date_from", ">", today),
            "past": fields.Domain("date_to", "<", today)
            & fields.Domain("date_from", "<=", today),
            "in_force": self._in_force_domain(today),
        }
        domain = fields.Domain.OR(domains[state] for state in value if state in domains)
        return domain if operator == "in" else ~domain

    @api.model
    def _in_force_domain(self, day):
        return fields.Domain("date_from", "<=", day) & (
            fields.Domain("date_to", "=", False) | fields.Domain("date_to", ">=", day)
        )

    @api.depends("line_ids")
    def _compute_line_count(self):
        for agreement in self:
            agreement.line_count = len(agreement.line_ids)

    @api.depends("line_ids.program_id")
    def _compute_program_ids(self):
        for agreement in self:
            agreement.program_ids = agreement.line_ids.program_id

    def _search_program_ids(self, operator, value):
        if operator in fields.Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        return [("line_ids.program_id", operator, value)]

    # === WHAT IS NOT ALLOWED === #

    @api.constrains("provider_id")
    def _check_provider(self):
        for agreement in self:
            if agreement.provider_id.code != PROVIDER_CODE:
                raise ValidationError(
                    self.env._(
                        "%s is not a virtual POS.", agreement.provider_id.display_name
                    )
                )

    @api.constrains("provider_id", "currency_id", "date_from", "date_to", "active")
    def _check_overlap(self):
        for agreement in self.filtered("active"):
            other = self.search(agreement._overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(one)s (%(one_period)s) and %(other)s (%(other_period)s) are"
                        " agreements of the same POS and currency, and overlap. Let one"
                        " end before the other begins.",
                        one=agreement.name,
                        one_period=agreement._period_words(),
                        other=other.name,
                        other_period=other._period_words(),
                    )
                )

    def _overlap_domain(self):
        domain = (
            fields.Domain("id", "!=", self.id)
            & fields.Domain("provider_id", "=", self.provider_id.id)
            & fields.Domain("currency_id", "=", self.currency_id.id)
            & (
                fields.Domain("date_to", "=", False)
                | fields.Domain("date_to", ">=", self.date_from)
            )
        )
        if self.date_to:
            domain &= fields.Domain("date_from", "<=", self.date_to)
        return domain

    @api.constrains("line_ids", "date_from", "date_to", "currency_id")
    def _check_dates_of_lines(self):
        self.line_ids._check_terms()

    @api.constrains("bsmv", "rates_include_bsmv")
    def _check_rates(self):
        self.env.flush_all()
        for line in self.line_ids:
            line._check_rate()

    # === ACTIONS === #

    def copy_data(self, default=None):
        """A plain duplicate is a draft of its own: archived, as its period is taken."""
        default = dict(default or {})
        default.setdefault("active", False)
        values = super().copy_data(default)
        for agreement, vals in zip(self, values, strict=True):
            if "name" not in default:
                vals["name"] = self.env._("%s (copy)", agreement.name)
        return values

    def action_copy_to_period(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Copy to a New Period"),
            "res_model": "pos.gateway.agreement.copy",
            "view_mode": "form",
            "target": "new",
            "context": {"default_agreement_id": self.id},
        }
