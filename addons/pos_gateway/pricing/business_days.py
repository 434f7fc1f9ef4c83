"""On which days banks pay out: not at weekends, nor on Turkish public holidays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

import holidays

SATURDAY = 5
ONE_DAY = timedelta(days=1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """:return: the whole public holidays of a year; half days count as business days

    Religious holidays of years far ahead are computed, and may be off by a day.
    """
    return frozenset(holidays.country_holidays("TR", years=year))


class Calendar:
    """:param closed: further days on which no bank pays out

    >>> Calendar().next_open(date(2026, 11, 28))  # a Saturday
    datetime.date(2026, 11, 30)
    """

    def __init__(self, closed: Iterable[date] = ()):
        self.closed = frozenset(closed)

    def is_open(self, day: date) -> bool:
        return (
            day.weekday() < SATURDAY
            and day not in self.closed
            and day not in public_holidays(day.year)
        )

    def next_open(self, day: date) -> date:
        """:return: the day itself, or the first business day after it"""
        while not self.is_open(day):
            day += ONE_DAY
        return day


TURKISH = Calendar()
