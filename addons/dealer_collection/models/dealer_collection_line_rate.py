from odoo import api, fields, models
from odoo.tools import format_date

from ..money import to_major, to_minor
from .dealer_day_rate import day_rate, rate_text


class DealerCollectionLine(models.Model):
    """What a line closes of its debt: as much as is paid, or that at the day's rate."""

    _inherit = "dealer.collection.line"

    debt_currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_debt_currency_id",
        store=True,
        precompute=True,
        readonly=False,
        help="The currency of the invoice or receivable.",
    )
    debt_amount = fields.Monetary(
        "Debt Paid",
        currency_field="debt_currency_id",
        compute="_compute_debt_amount",
        store=True,
        precompute=True,
        readonly=False,
        help="How much of the debt is closed, in its own currency.",
    )
    rate = fields.Float(
        digits=(16, 8),
        readonly=True,
        help="Units of the currency of the payment for one of the debt's; as the payer"
        " was told, and as the books close the debt. Empty: one currency.",
    )
    rate_date = fields.Date("Rate Of", readonly=True)

    @api.depends("collection_id.currency_id")
    def _compute_debt_currency_id(self):
        for line in self:
            line.debt_currency_id = (
                line.debt_currency_id if line.rate else line.collection_id.currency_id
            )

    @api.depends("amount", "rate")
    def _compute_debt_amount(self):
        for line in self:
            line.debt_amount = line.debt_amount if line.rate else line.amount

    def _in_currency_paid(self, debt):
        """:return: what was paid to close so much of the debt"""
        self.ensure_one()
        if not self.rate:
            return self.currency_id.round(debt)
        rate = day_rate(
            self.debt_currency_id, self.rate, self.rate_date, self.currency_id
        )
        minor = to_minor(
            self.debt_currency_id.round(debt), self.debt_currency_id.decimal_places
        )
        return float(to_major(rate.to_own(minor), rate.decimals))

    def _rate_note(self):
        """:return: sentence that states debt and rate as the payer was told; "" where
        the debt is paid in its own currency
        """
        self.ensure_one()
        if not self.rate:
            return ""
        return self.env._(
            "%(debt)s at %(rate)s (rate of %(day)s)",
            debt=self.debt_currency_id.format(self.debt_amount),
            rate=rate_text(
                self.env, self.debt_currency_id, self.rate, self.currency_id
            ),
            day=format_date(self.env, self.rate_date),
        )
