"""The periods that a dealer can choose, in the bank's days."""

from datetime import datetime, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo.addons.pos_gateway.const import BANK_TIME_ZONE

PERIODS = ("this_month", "last_month", "this_year", "all")
DEFAULT_PERIOD = "this_month"


def bank_today():
    return datetime.now(pytz.timezone(BANK_TIME_ZONE)).date()


def period_dates(period, today=None):
    """:return: first and last day, or two Nones for a period without limits

    >>> from datetime import date
    >>> [str(day) for day in period_dates("last_month", date(2026, 3, 31))]
    ['2026-02-01', '2026-02-28']
    """
    month = (today or bank_today()).replace(day=1)
    if period == "this_month":
        first, length = month, relativedelta(months=1)
    elif period == "last_month":
        first, length = month - relativedelta(months=1), relativedelta(months=1)
    elif period == "this_year":
        first, length = month.replace(month=1), relativedelta(years=1)
    else:
        return None, None
    return first, first + length - timedelta(days=1)
