"""When the bank pays which part of a payment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from .business_days import TURKISH, Calendar
from .splits import proportional, split_installments

if TYPE_CHECKING:
    from .agreement import Cost

SINGLE, PER_INSTALLMENT = "single", "per_installment"
# Ten years: whoever says more has mistyped.
MOST_DAYS = 3660


@dataclass(frozen=True)
class ValueDate:
    """:param rule: ``single``: all of it after ``days``; ``per_installment``: each
    installment, the first after ``first_days``, the others ``interval_days`` apart

    All are calendar days.
    """

    rule: str = SINGLE
    days: int = 0
    first_days: int = 0
    interval_days: int = 0

    def __post_init__(self):
        if self.rule not in (SINGLE, PER_INSTALLMENT):
            raise ValueError(f"no such value-date rule: {self.rule}")
        for days in (self.days, self.first_days, self.interval_days):
            if not isinstance(days, int) or not 0 <= days <= MOST_DAYS:
                raise ValueError(f"a bank pays after 0 to {MOST_DAYS} days: {days}")


@dataclass(frozen=True)
class Slice:
    """What the bank pays out on one day. Amounts are kuruş."""

    due: date
    gross: int
    commission: int
    fee: int
    bsmv: int
    net: int


def slices(
    total: int,
    count: int,
    cost: Cost,
    value_date: ValueDate,
    captured_on: date,
    calendar: Calendar | None = None,
) -> tuple[Slice, ...]:
    """Split a payment by value dates; each column sums to its whole.

    :param count: number of installments
    :param cost: of the whole
    """
    calendar = calendar or TURKISH
    waits, grosses = _parts(total, count, value_date)
    columns = zip(
        waits,
        grosses,
        proportional(cost.commission, grosses),
        proportional(cost.fee, grosses),
        proportional(cost.bsmv, grosses),
        strict=True,
    )
    return tuple(
        Slice(
            calendar.next_open(captured_on + timedelta(days=wait)),
            gross,
            commission,
            fee,
            bsmv,
            gross - commission - fee - bsmv,
        )
        for wait, gross, commission, fee, bsmv in columns
    )


def _parts(total: int, count: int, rule: ValueDate) -> tuple[Sequence[int], ...]:
    """:return: days to wait, and kuruş, of each part"""
    if rule.rule == SINGLE:
        return (rule.days,), (total,)
    waits = [rule.first_days + index * rule.interval_days for index in range(count)]
    return waits, split_installments(total, count)
