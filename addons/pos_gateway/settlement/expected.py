"""What the bank is to pay for a charge, and what it takes back for a refund."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from ..pricing.agreement import CostLine, cost
from ..pricing.business_days import TURKISH, Calendar
from ..pricing.splits import proportional
from ..pricing.value_dates import SINGLE, Slice, ValueDate, slices


@dataclass(frozen=True)
class Part:
    """One amount with one value date.

    :param index: of the charge's part that it takes back
    :param is_change: the bank pays less of that part; else it has paid it, and this is
        an amount of its own
    """

    slice: Slice
    index: int
    is_change: bool


def charge_parts(
    total: int,
    count: int,
    line: CostLine | None,
    captured_on: date,
    calendar: Calendar = TURKISH,
) -> tuple[Slice, ...]:
    """
    :param line: of the agreement; None if there is none: then the whole is due at once,
        and nothing is known of what it costs
    """
    if line is None:
        return (Slice(captured_on, total, 0, 0, 0, total),)
    return slices(
        total, count, cost(total, line), line.value_date, captured_on, calendar
    )


def refund_parts(
    amount: int,
    charged: Sequence[Slice],
    is_paid: Sequence[bool],
    left: Sequence[int],
    line: CostLine | None,
    refunded_on: date,
    gives_commission_back: bool = True,
    calendar: Calendar = TURKISH,
) -> tuple[Part, ...]:
    """What a refund changes: what is still open becomes less; what the bank has paid is
    taken back with its next payment. Amounts are below zero.

    It is split over the charge's parts in proportion to what is left of each, so that a
    whole refund leaves nothing. Commission and BSMV are worked out on the refund, as
    for a charge, and split in the same way. The bank keeps its fee, unless it has paid
    nothing and nothing of the charge is left: a charge voided or refunded at once.

    :param int amount: kuruş, above zero
    :param charged: parts of the charge, and whether each is paid
    :param left: gross of each part that earlier refunds left
    :raises ValueError: if more is refunded than is left
    """
    if not 0 < amount <= sum(left):
        raise ValueError(f"{amount} of {sum(left)} cannot be refunded")
    is_void = amount == sum(one.gross for one in charged) and not any(is_paid)
    if is_void:
        return tuple(
            Part(
                _back(one.due, one.gross, one.commission, one.fee, one.bsmv),
                index,
                True,
            )
            for index, one in enumerate(charged)
        )
    back = refunded_on + timedelta(days=_first_wait(line))
    given = cost(amount, replace(line, fee=0)) if line and gives_commission_back else 0
    grosses = proportional(amount, left)
    columns = zip(
        grosses,
        proportional(given.commission if given else 0, grosses),
        proportional(given.bsmv if given else 0, grosses),
        strict=True,
    )
    return tuple(
        Part(
            _back(
                calendar.next_open(back) if is_paid[index] else charged[index].due,
                gross,
                commission,
                0,
                bsmv,
            ),
            index,
            not is_paid[index],
        )
        for index, (gross, commission, bsmv) in enumerate(columns)
        if gross
    )


def _back(due: date, gross: int, commission: int, fee: int, bsmv: int) -> Slice:
    net = gross - commission - fee - bsmv
    return Slice(due, -gross, -commission, -fee, -bsmv, -net)


def _first_wait(line: CostLine | None) -> int:
    rule = line.value_date if line else ValueDate()
    return rule.days if rule.rule == SINGLE else rule.first_days
