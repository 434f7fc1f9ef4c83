"""What a bank takes of a payment, and which line of its agreement says so."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import product

from .cards import CardFacts, CardKind, check_keys, check_kind
from .digest import short_digest
from .rates import HUNDRED, check_amount, check_rate, rate_text, share
from .value_dates import ValueDate

BSMV = 50_000  # 5 percent
MOST_INSTALLMENTS = 99
# Steps of the search. A few are enough, unless the bank keeps nearly all.
MOST_STEPS = 40_000


@dataclass(frozen=True)
class Cost:
    """What the bank keeps, and pays. Amounts are kuruş; ``net`` may be below zero."""

    commission: int
    fee: int
    bsmv: int
    net: int

    @property
    def total(self) -> int:
        return self.commission + self.fee + self.bsmv


@dataclass(frozen=True)
class CostLine:
    """One line of an agreement. ``None`` means: whatever it is.

    :param rate: of the charged total, see ``rates``
    :param fee: kuruş for each payment
    :param bsmv: rate of the tax on commission and fee
    :param on_us: whether the card's issuer is the acquirer
    :param count: number of installments
    :param valid_from, valid_to: first and last day
    """

    key: Hashable
    rate: int
    fee: int = 0
    bsmv: int = BSMV
    value_date: ValueDate = field(default_factory=ValueDate)
    program: Hashable = None
    kind: CardKind | None = None
    on_us: bool | None = None
    count: int | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    def __post_init__(self):
        check_rate(self.rate, "rate")
        check_rate(self.bsmv, "tax rate")
        check_amount(self.fee, "fee")
        check_count(self.count)
        check_keys(self.program, self.valid_from, self.valid_to)
        check_kind(self.kind)
        if self.first_day > self.last_day:
            raise ValueError(f"{self.valid_to} comes before {self.valid_from}")

    @property
    def conditions(self) -> tuple:
        return self.program, self.kind, self.on_us, self.count

    @property
    def first_day(self) -> date:
        return self.valid_from or date.min

    @property
    def last_day(self) -> date:
        return self.valid_to or date.max


def check_count(count: int | None) -> None:
    """:raises ValueError: unless it is a number of installments, or None for any"""
    if count is None:
        return
    if not isinstance(count, int) or not 1 <= count <= MOST_INSTALLMENTS:
        raise ValueError(f"installments are 1 to {MOST_INSTALLMENTS}: {count}")


def cost(total: int, line: CostLine) -> Cost:
    """
    >>> cost(1000000, CostLine(1, 20000))
    Cost(commission=20000, fee=0, bsmv=1000, net=979000)
    """
    commission = share(total, line.rate)
    bsmv = share(commission + line.fee, line.bsmv)
    return Cost(commission, line.fee, bsmv, total - commission - line.fee - bsmv)


def smallest_total(base: int, line: CostLine) -> int:
    """Find the smallest total of which the bank pays out at least ``base`` kuruş.

    What it pays out grows by at most one kuruş with each kuruş of the total, but it may
    also fall by one, where commission and tax are rounded up at once. So:

    1. Start at a total that certainly is not above the answer. With ``r`` and ``b`` as
       fractions ``net(T) < T - r T - f - b (r T - 1/2 + f) + 1``, hence ``net(T) >=
       base`` needs ``T (1 - r (1 + b)) > base - 1 + f (1 + b) - b / 2``.
    2. While ``k`` kuruş are missing, none of the next ``k - 1`` totals can be enough:
       go on by ``k``.

    >>> line = CostLine(1, 20000)
    >>> total = smallest_total(1000000, line)
    >>> total, cost(total, line).net, cost(total - 1, line).net
    (1021450, 1000000, 999999)

    :raises ValueError: if the bank keeps all of any total, or all but a ten-thousandth
    """
    total = _not_above(base, line)
    for _step in range(MOST_STEPS):
        missing = base - cost(total, line).net
        if missing <= 0:
            return total
        total += missing
    raise ValueError(_keeps_all(line))


def _not_above(base: int, line: CostLine) -> int:
    """Everything is multiplied by ``HUNDRED`` twice, to stay in whole numbers."""
    with_tax = HUNDRED + line.bsmv
    left = HUNDRED * HUNDRED - line.rate * with_tax
    needed = (
        (base - 1) * HUNDRED * HUNDRED
        + line.fee * with_tax * HUNDRED
        - line.bsmv * HUNDRED // 2
    )
    if left > 0:
        return max(base, needed // left + 1)
    if needed >= 0:
        raise ValueError(_keeps_all(line))
    # By rounding the smallest debts may be paid out even so.
    return base


def _keeps_all(line: CostLine) -> str:
    taken, tax = rate_text(line.rate), rate_text(line.bsmv)
    return f"of no total the bank pays out the debt: it takes {taken} % and {tax} % tax"


class Agreement:
    """The lines of one POS in one currency, of all times. Not to be altered.

    :param acquirer: the bank as an issuer of cards, to know which are "on us"
    """

    def __init__(
        self,
        key: Hashable,
        currency: Hashable,
        acquirer: Hashable,
        lines: Iterable[CostLine],
    ):
        check_keys(acquirer)
        self.key, self.currency, self.acquirer = key, currency, acquirer
        self.lines = tuple(lines)
        self._by_conditions: dict[tuple, list] = {}
        # Later ones first: of lines that are equally specific they win.
        for line in sorted(self.lines, key=lambda line: line.first_day, reverse=True):
            dated = line.first_day, line.last_day, line
            self._by_conditions.setdefault(line.conditions, []).append(dated)
        self._programs = {line.program for line in self.lines}
        self._kinds = {line.kind for line in self.lines}
        self._counts = {line.count for line in self.lines}
        self._in_order: dict[tuple, tuple] = {}

    def __repr__(self):
        return f"Agreement({self.key!r}, {len(self.lines)} lines)"

    def line_for(self, card: CardFacts, count: int, day: date) -> CostLine | None:
        """Find the line that applies; the more specific one wins, then the later one.

        Program weighs more than kind, kind more than on us, on us more than the number
        of installments. What is not known of a card matches only lines that do not ask
        for it.
        """
        issuer, acquirer = card.issuer, self.acquirer
        on_us = None if issuer is None or acquirer is None else issuer == acquirer
        question = card.program, card.kind, on_us, count
        lines = self._in_order.get(question)
        if lines is None:
            lines = self._ordered(*question)
        for first_day, last_day, line in lines:
            if first_day <= day <= last_day:
                return line
        return None

    def _ordered(self, program, kind, on_us, count) -> tuple:
        """:return: the lines of all times for such cards; the first valid one applies

        What no line asks for counts as unknown: so few questions remain that all their
        answers are kept.
        """
        question = (
            program if program in self._programs else None,
            kind if kind in self._kinds else None,
            on_us,
            count if count in self._counts else None,
        )
        if question not in self._in_order:
            choices = [(part,) if part is None else (part, None) for part in question]
            self._in_order[question] = tuple(
                line
                for conditions in product(*choices)
                for line in self._by_conditions.get(conditions, ())
            )
        return self._in_order[question]

    @cached_property
    def digest(self) -> str:
        """The same text for the same contents, and another for others."""
        return short_digest((self.currency, self.acquirer), self.lines)


def conflicts(
    lines: Iterable[CostLine],
) -> tuple[tuple[CostLine, CostLine, str], ...]:
    """Name the pairs of lines with the same conditions that are valid on the same day.

    :return: of each pair the reason: ``same_start``, nothing says which one applies;
        ``overlap``, the later one applies while both are valid
    """
    by_conditions: dict[tuple, list[CostLine]] = {}
    for line in lines:
        by_conditions.setdefault(line.conditions, []).append(line)
    return tuple(
        pair for alike in by_conditions.values() for pair in _overlapping(alike)
    )


def _overlapping(alike: list[CostLine]) -> Iterator[tuple[CostLine, CostLine, str]]:
    earlier: list[CostLine] = []
    for line in sorted(alike, key=lambda line: line.first_day):
        earlier = [other for other in earlier if other.last_day >= line.first_day]
        for other in earlier:
            is_same = other.first_day == line.first_day
            yield other, line, "same_start" if is_same else "overlap"
        earlier.append(line)
