from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..pricing.agreement import conflicts
from ..pricing.value_dates import MOST_DAYS
from .pos_gateway_agreement import RATE_DIGITS, VALUE_DATE_RULES

MOST_INSTALLMENTS = 36
ON_US, NOT_ON_US = "on_us", "not_on_us"


class PosGatewayAgreementLine(models.Model):
    """The terms for some cards and one number of installments.

    What is left empty means: whatever it is. The more specific line wins.
    """

    _name = "pos.gateway.agreement.line"
    _description = "Bank Agreement Rate"
    _order = (
        "agreement_id, kind NULLS FIRST, on_us NULLS FIRST, program_id NULLS FIRST,"
        " installment_count, valid_from NULLS FIRST, id"
    )

    agreement_id = fields.Many2one(
        "pos.gateway.agreement", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(
        related="agreement_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="agreement_id.currency_id")
    program_id = fields.Many2one(
        "pos.gateway.card.program",
        "Card Program",
        ondelete="restrict",
        index="btree_not_null",
        help="Empty: every program, and cards of unknown program.",
    )
    kind = fields.Selection(
        lambda self: self.env["pos.gateway.bin"]._kinds(),
        "Card Kind",
        help="Empty: every kind.",
    )
    on_us = fields.Selection(
        [(ON_US, "The bank's own"), (NOT_ON_US, "Other banks'")],
        "Cards Of",
        help='Whether the bank of the POS issued the card ("on us"). Empty: any bank.',
    )
    installment_count = fields.Integer(
        "Installments",
        default=1,
        help="1 is a single payment. 0: any number that has no line of its own.",
    )
    rate = fields.Float(
        "Rate %",
        digits=RATE_DIGITS,
        help="What the bank keeps, in percent of the amount that was charged.",
    )
    has_own_terms = fields.Boolean(
        "Own Fee and BSMV",
        help="Tick it if fee and BSMV of this line are not those of the agreement.",
    )
    fee = fields.Monetary(
        "Fixed Fee", compute="_compute_terms", store=True, readonly=False
    )
    bsmv = fields.Float(
        "BSMV %",
        digits=RATE_DIGITS,
        compute="_compute_terms",
        store=True,
        readonly=False,
    )
    value_date_rule = fields.Selection(
        VALUE_DATE_RULES, "Bank Pays", help="Empty: as the agreement says."
    )
    days = fields.Integer("After Days")
    first_days = fields.Integer("First After Days")
    interval_days = fields.Integer("Then Every Days")
    value_date_words = fields.Char("Value Date", compute="_compute_value_date_words")
    valid_from = fields.Date("From", help="Empty: from the agreement's first day.")
    valid_to = fields.Date("Until", help="Empty: to the agreement's last day.")

    _count_range = models.Constraint(
        f"CHECK (installment_count BETWEEN 0 AND {MOST_INSTALLMENTS})",
        f"Installments go from 1 (a single payment) to {MOST_INSTALLMENTS}; 0 is any"
        " number.",
    )
    _rate_range = models.Constraint(
        "CHECK (rate >= 0 AND rate <= 100)",
        "A rate is between 0 and 100 percent.",
    )
    _bsmv_range = models.Constraint(
        "CHECK (bsmv IS NULL OR bsmv >= 0 AND bsmv <= 100)",
        "BSMV is between 0 and 100 percent.",
    )
    _fee_range = models.Constraint(
        "CHECK (fee IS NULL OR fee >= 0)", "A fee is not below zero."
    )
    _period_order = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A rate does not end before it begins.",
    )
    _days_range = models.Constraint(
        f"CHECK (COALESCE(days, 0) BETWEEN 0 AND {MOST_DAYS}"
        f" AND COALESCE(first_days, 0) BETWEEN 0 AND {MOST_DAYS}"
        f" AND COALESCE(interval_days, 0) BETWEEN 0 AND {MOST_DAYS})",
        f"A bank pays after 0 to {MOST_DAYS} days.",
    )

    # === COMPUTED === #

    @api.depends("has_own_terms", "agreement_id.fee", "agreement_id.bsmv")
    def _compute_terms(self):
        for line in self:
            if not line.has_own_terms:
                line.fee = line.agreement_id.fee
                line.bsmv = line.agreement_id.bsmv

    @api.depends(
        "value_date_rule",
        "days",
        "first_days",
        "interval_days",
        "agreement_id.value_date_rule",
        "agreement_id.days",
        "agreement_id.first_days",
        "agreement_id.interval_days",
    )
    @api.depends_context("lang")
    def _compute_value_date_words(self):
        for line in self:
            line.value_date_words = line._value_date_words()

    @api.depends(
        "program_id", "kind", "on_us", "installment_count", "valid_from", "valid_to"
    )
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line._conditions_words()

    # === WHAT IS NOT ALLOWED === #

    @api.constrains(
        "agreement_id",
        "program_id",
        "kind",
        "on_us",
        "installment_count",
        "rate",
        "bsmv",
        "valid_from",
        "valid_to",
        "value_date_rule",
        "days",
        "first_days",
        "interval_days",
    )
    def _check_terms(self):
        # So that what the database refuses is refused before it is calculated with.
        self.env.flush_all()
        for agreement in self.agreement_id:
            for line in agreement.line_ids & self:
                line._check_period()
                line._check_installments()
                line._check_rate()
        self.agreement_id.line_ids._check_conflicts()

    def _check_period(self):
        agreement = self.agreement_id
        first, last = self.valid_from, self.valid_to
        is_outside = (
            first
            and (first < agreement.date_from)
            or last
            and (last < agreement.date_from)
            or agreement.date_to
            and (first and first > agreement.date_to)
            or agreement.date_to
            and (last and last > agreement.date_to)
        )
        if is_outside:
            raise ValidationError(
                self.env._(
                    "%(line)s: its dates are not inside those of the agreement"
                    " (%(period)s).",
                    line=self._conditions_words(),
                    period=agreement._period_words(),
                )
            )

    def _check_installments(self):
        if self.installment_count > 1 and self.currency_id.name != "TRY":
            raise ValidationError(
                self.env._("Banks offer installments in Turkish lira only.")
            )

    def _check_rate(self):
        rate, is_exact = self._rate()
        if not is_exact:
            raise ValidationError(
                self.env._(
                    "%(line)s: %(rate)s %% includes BSMV. Without it that is more than"
                    " %(low)s %% and less than %(high)s %%, which four decimals cannot"
                    " say. Ask the bank for its rates without BSMV, and enter those.",
                    line=self._conditions_words(),
                    rate=self._number_words(self.rate),
                    low=self._number_words(rate / 10_000),
                    high=self._number_words((rate + 1) / 10_000),
                )
            )

    def _check_conflicts(self):
        """:raise ValidationError: naming both, if two lines are for the same cards"""
        for one, other, _reason in conflicts(self._cost_lines()):
            one, other = self.browse((one.key, other.key))
            raise ValidationError(
                self.env._(
                    "Two rates are for the same cards and days: %(one)s and"
                    " %(other)s. Take one of them out, or let it end before the other"
                    " begins.",
                    one=f"{one._conditions_words()} → {one._terms_words()}",
                    other=f"{other._conditions_words()} → {other._terms_words()}",
                )
            )
