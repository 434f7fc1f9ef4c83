"""The day's rate: at it a debt in a foreign currency is paid in the company's own."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import models
from odoo.tools import formatLang

# Long holidays; whatever is older is not the day's rate any more.
MAX_AGE = timedelta(days=10)
# Currencies of which one unit is worth little need more than the usual four.
RATE_DECIMALS = Decimal("1e-8")


@dataclass(frozen=True)
class DayRate:
    """
    :param rate: units of the company's currency for one of ``currency``
    :param day: of which the rate is
    """

    currency: models.Model
    rate: Decimal
    day: date
    decimals: int

    def to_own(self, minor):
        """:return: minor units of the company's currency; halves are rounded up"""
        exact = Decimal(minor).scaleb(-self.currency.decimal_places) * self.rate
        return int(exact.scaleb(self.decimals).to_integral_value(ROUND_HALF_UP))


def day_rate(currency, rate, day, own):
    """
    :param float rate: as the ORM has it
    :return: a :class:`DayRate`
    """
    exact = Decimal(repr(rate)).quantize(RATE_DECIMALS, ROUND_HALF_UP)
    return DayRate(currency, exact, day, own.decimal_places)


def rate_text(env, currency, rate, own):
    """
    :param float rate: units of ``own`` for one of ``currency``
    :return: such as "1 EUR = 40.1234 TRY", in the language of ``env``: four decimals,
        or as many as it has
    """
    decimals = f"{rate:.8f}".rstrip("0").partition(".")[2]
    shown = formatLang(env, rate, digits=max(len(decimals), 4))
    return f"1 {currency.name} = {shown} {own.name}"


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    def _day_rate(self, currency):
        """
        :return: a :class:`DayRate`, or None: of the company's own currency, and where
            nobody keeps the rates; Odoo itself would take 1 for a missing rate
        """
        self.ensure_one()
        company, today = self.company_id, self.env["payment.provider"]._gateway_today()
        own = company.currency_id
        if currency == own:
            return None
        # Rates are kept against a third currency, or one of these two stands at 1.
        days = [self._rate_day(one, company, today) for one in (currency, own)]
        day = max((day for day in days if day), default=None)
        if not day or today - day > MAX_AGE:
            return None
        rate = currency._get_conversion_rate(currency, own, company, today)
        found = day_rate(currency, rate, day, own)
        return found if found.rate else None

    def _rate_day(self, currency, company, today):
        """:return: the day of the rate that core takes, or None"""
        rates = self.env["res.currency.rate"].sudo()
        latest = rates.search(
            [
                ("currency_id", "=", currency.id),
                ("company_id", "in", (False, company.root_id.id)),
                ("name", "<=", today),
            ],
            order="company_id, name desc",
            limit=1,
        )
        return latest.name
