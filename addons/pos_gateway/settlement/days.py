"""Days and times in reports and statements: local, of Istanbul, without a zone."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

_SHAPES = (
    re.compile(r"(?P<d>\d{1,2})[./-](?P<m>\d{1,2})[./-](?P<y>\d{4})(?!\d)"),
    re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"),
    re.compile(r"(?P<y>20\d{2})(?P<m>\d{2})(?P<d>\d{2})(?!\d)"),
)
_TIME = re.compile(r"(?<![\d.:])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d.:])")
_SERIAL_ZERO = date(1899, 12, 30)
_SERIALS = range(30_000, 80_000)  # 1982 to 2119


def read_day(value) -> date | None:
    """
    >>> read_day("26/10/2026-14:05:09"), read_day(Decimal(46321))
    (datetime.date(2026, 10, 26), datetime.date(2026, 10, 26))

    :return: None if nothing is there
    :raises ValueError: if it is no day
    """
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, Decimal):
        if int(value) in _SERIALS:
            return _SERIAL_ZERO + timedelta(days=int(value))
        value = str(value)
    text = value.strip()
    if not text:
        return None
    for shape in _SHAPES:
        if found := shape.match(text):
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
    raise ValueError(f"no day: {value}")


def read_time(value) -> time | None:
    """
    >>> read_time("14.05.09"), read_time("2026-10-26 09:07:42"), read_time("26.10.2026")
    (datetime.time(14, 5, 9), datetime.time(9, 7, 42), None)

    :return: None if there is none
    """
    if isinstance(value, datetime):
        return value.time()
    if isinstance(value, time):
        return value
    text = "" if value is None else str(value)
    for shape in _SHAPES[:2]:
        text = shape.sub(" ", text, count=1)
    found = _TIME.search(text)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return time(hour, minute, second)
