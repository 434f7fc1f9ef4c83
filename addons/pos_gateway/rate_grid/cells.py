"""What one cell says. A ``ValueError`` carries the reason as one word."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ..pricing.value_dates import MOST_DAYS, PER_INSTALLMENT, SINGLE, ValueDate
from ..tabular.numbers import NotANumber, read_amount, read_percent
from ..tabular.workbook import Cell
from . import words
from .grid import Column, Problem

MOST_INSTALLMENTS = 36
_COUNTS = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+))?\s*(?:taksit(?:li)?|installments?)?")
_DAYS = re.compile(r"(\d+)(?:\s*[+/]\s*(\d+))?\s*(?:gün|gun|days?)?", re.IGNORECASE)
_DASHES = set("-–—\u00a0 ")
_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


class Refused(Exception):
    def __init__(self, problem: Problem):
        super().__init__(problem.reason)
        self.problem = problem


@dataclass(frozen=True)
class Rate:
    """:param is_plain: without a percent sign"""

    number: Decimal
    is_plain: bool


def is_empty(cell: Cell) -> bool:
    """:return: whether it says "not offered": nothing, a dash, or such a word"""
    if cell.number is not None:
        return False
    return not set(cell.text) - _DASHES or words.fold(cell.text) in words.NOT_OFFERED


def read_counts(cell: Cell) -> tuple[int, ...]:
    """
    >>> read_counts(Cell("2 - 4 Taksit")), read_counts(Cell("Tek Çekim"))
    ((2, 3, 4), (1,))
    """
    if cell.day:
        raise ValueError("date_for_count")
    if words.is_one_of(cell.text, words.SINGLE_PAYMENT):
        return (1,)
    if words.is_one_of(cell.text, words.ANY_COUNT):
        return (0,)
    match = _COUNTS.fullmatch(cell.text.strip().lower())
    if not match:
        raise ValueError("count")
    first = int(match[1])
    last = int(match[2] or first)
    if not 1 <= first <= last <= MOST_INSTALLMENTS:
        raise ValueError("count_range")
    return tuple(range(first, last + 1))


def read_rate(cell: Cell) -> Rate | None:
    """:return: None if it is not offered"""
    if is_empty(cell):
        return None
    if cell.day:
        raise ValueError("date_for_rate")
    if cell.number is not None:
        if cell.is_percent:
            return Rate(cell.number * 100, False)
        return Rate(cell.number, True)
    try:
        number, has_sign = read_percent(cell.text)
    except NotANumber as error:
        raise ValueError("rate") from error
    return Rate(number, not has_sign)


def rate_value(rate: Rate, is_share: bool = False) -> int:
    """:return: as in ``pricing.rates``"""
    number = rate.number * 100 if is_share and rate.is_plain else rate.number
    if not 0 <= number <= 100:
        raise ValueError("rate_range")
    scaled = number * 10_000
    if scaled != scaled.to_integral_value():
        raise ValueError("rate_decimals")
    return int(scaled)


def read_tax(cell: Cell) -> int | None:
    """:return: as in ``pricing.rates``; None if it says nothing"""
    rate = read_rate(cell)
    if rate and rate.is_plain and 0 < rate.number < 1:
        raise ValueError("percent_or_share")
    return None if rate is None else rate_value(rate)


def read_fee(cell: Cell) -> int | None:
    """:return: kuruş; None if it says nothing"""
    if is_empty(cell):
        return None
    try:
        amount = cell.number if cell.number is not None else read_amount(cell.text)
    except NotANumber as error:
        two = error.reason == "two_readings"
        raise ValueError("two_readings" if two else "fee") from error
    if cell.is_percent:
        raise ValueError("fee")
    kurus = amount * 100
    if kurus < 0 or kurus != kurus.to_integral_value():
        raise ValueError("fee_range")
    return int(kurus)


def read_value_date(cell: Cell) -> ValueDate | None:
    """Read days: "1", or "30+30" for each installment as it falls due.

    >>> read_value_date(Cell("30+30")).interval_days
    30
    """
    if is_empty(cell):
        return None
    if words.is_one_of(cell.text, words.NEXT_DAY):
        return ValueDate(SINGLE, days=1)
    match = _DAYS.fullmatch(cell.text)
    if cell.day or cell.is_percent or not match:
        raise ValueError("value_date")
    first, interval = int(match[1]), match[2] and int(match[2])
    if max(first, interval or 0) > MOST_DAYS:
        raise ValueError("value_date_range")
    if interval is None:
        return ValueDate(SINGLE, days=first)
    return ValueDate(PER_INSTALLMENT, first_days=first, interval_days=interval)


def value_date_text(value_date: ValueDate) -> str:
    """
    >>> value_date_text(ValueDate(PER_INSTALLMENT, first_days=30, interval_days=31))
    '30+31'
    """
    if value_date.rule == SINGLE:
        return str(value_date.days)
    return f"{value_date.first_days}+{value_date.interval_days}"


def read_day(cell: Cell) -> date | None:
    """
    >>> read_day(Cell("1.12.2026")), read_day(Cell("2026-12-01"))
    (datetime.date(2026, 12, 1), datetime.date(2026, 12, 1))
    """
    if is_empty(cell):
        return None
    if cell.day:
        return cell.day
    match = _DAY.fullmatch(cell.text)
    try:
        if match:
            return date(int(match[3]), int(match[2]), int(match[1]))
        return date.fromisoformat(cell.text)
    except ValueError as error:
        raise ValueError("day") from error


def merged(column: Column, said: dict) -> Column:
    """:raises ValueError: if a heading says something else than its sheet"""
    for name, value in said.items():
        general = getattr(column, name)
        if general is not None and value is not None and general != value:
            raise ValueError("contradiction")
    return replace(
        column, **{name: value for name, value in said.items() if value is not None}
    )
