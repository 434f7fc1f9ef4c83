"""When the bank pays which part of a payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .business_days import Calendar
from .installments import split_installments


@dataclass(frozen=True)
class ValueDate:
    """:param rule: ``single``: all of it after ``days``; ``per_installment``: each
    installment, the first after ``first_days``, the others ``interval_days`` apart
    """

    rule: str = "single"
    days: int = 0
    first_days: int = 0
    interval_days: int = 0

    def __post_init__(self):
        if self.rule not in ("single", "per_installment"):
            raise ValueError(f"no such value-date rule: {self.rule}")
        if min(self.days, self.first_days, self.interval_days) < 0:
            raise ValueError("a bank does not pay before the payment")


@dataclass(frozen=True)
class Slice:
    """What the bank pays out on one day. Amounts are kuruş."""

    due: date
    gross: int
    commission: int
    fee: int
    bsmv: int
    net: int


def slices(total, count, cost, value_date, captured_on, calendar=None):
    """Split a payment by value dates; each column sums to its whole.

    :param int count: number of installments
    :param cost: an ``agreement.Cost`` of the whole
    :return: tuple of :class:`Slice`
    """
    calendar = calendar or Calendar()
    if value_date.rule == "single":
        grosses, waits = (total,), (value_date.days,)
    else:
        grosses = split_installments(total, count)
        waits = [
            value_date.first_days + number * value_date.interval_days
            for number in range(count)
        ]
    columns = [
        proportional(part, grosses) for part in (cost.commission, cost.fee, cost.bsmv)
    ]
    return tuple(
        Slice(
            calendar.next_open(captured_on + timedelta(days=wait)),
            gross,
            commission,
            fee,
            bsmv,
            gross - commission - fee - bsmv,
        )
        for wait, gross, commission, fee, bsmv in zip(
            waits, grosses, *columns, strict=True
        )
    )


def proportional(amount: int, weights) -> tuple[int, ...]:
    """Split by largest remainder; of equal remainders the earlier part gets more.

    >>> proportional(100, (1, 1, 1)), proportional(5, (3334, 3333, 3333))
    ((34, 33, 33), (2, 2, 1))
    """
    whole = sum(weights)
    parts = [amount * weight // whole for weight in weights]
    rests = [amount * weight % whole for weight in weights]
    missing = amount - sum(parts)
    for index in sorted(range(len(parts)), key=lambda i: -rests[i])[:missing]:
        parts[index] += 1
    return tuple(parts)
