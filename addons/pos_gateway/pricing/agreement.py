"""What a bank takes of a payment, and which line of its agreement says so."""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product

from .cards import CardFacts, CardKind
from .rates import HUNDRED, rate_text, share
from .value_dates import ValueDate

BSMV = 50_000  # 5 percent
# A bank that keeps more than all but a hundredth leaves no total to be found.
LEAST_PAID = 100


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
        if not 0 <= self.rate <= HUNDRED or not 0 <= self.bsmv <= HUNDRED:
            raise ValueError("a rate is between 0 and 100 percent")
        if self.fee < 0:
            raise ValueError("a fee is not below zero")

    @property
    def conditions(self) -> tuple:
        return self.program, self.kind, self.on_us, self.count

    def is_valid(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


def cost(total: int, line: CostLine) -> Cost:
    """
    >>> cost(1000000, CostLine(1, 20000))
    Cost(commission=20000, fee=0, bsmv=1000, net=979000)
    """
    commission = share(total, line.rate)
    bsmv = share(commission + line.fee, line.bsmv)
    return Cost(commission, line.fee, bsmv, total - commission - line.fee - bsmv)


def smallest_total(base: int, line: CostLine) -> int:
    """Find the smallest total of which the bank pays out at least ``base``.

    >>> line = CostLine(1, 20000)
    >>> total = smallest_total(1000000, line)
    >>> cost(total, line).net, cost(total - 1, line).net
    (1000000, 999999)

    :raises ValueError: if the bank keeps all of it
    """
    # Of each kuruş the bank pays (1 - rate * (1 + bsmv)); the rounding of its two parts
    # moves that by less than two kuruş.
    left = HUNDRED * HUNDRED - line.rate * (HUNDRED + line.bsmv)
    if left * LEAST_PAID < HUNDRED * HUNDRED:
        raise ValueError("the bank keeps next to all of the payment")
    fee = line.fee + share(line.fee, line.bsmv)
    # Net never falls by more than rounding when the total grows, so the smallest total
    # is near this one: it is searched for from safely below.
    total = max(base, ((base + fee - 3) * HUNDRED * HUNDRED) // left - 3)
    while cost(total, line).net < base:
        total += 1
    return total


class Agreement:
    """The lines of one POS in one currency, of all times.

    :param acquirer: the bank as an issuer of cards, to know which are "on us"
    """

    def __init__(self, key, currency, acquirer, lines: Iterable[CostLine]):
        self.key, self.currency, self.acquirer = key, currency, acquirer
        self.lines = tuple(lines)
        self._by_conditions = {}
        oldest = date.min
        for line in sorted(
            self.lines, key=lambda line: line.valid_from or oldest, reverse=True
        ):
            self._by_conditions.setdefault(line.conditions, []).append(line)
        self._found = {}

    def line_for(self, card: CardFacts, count: int, day: date) -> CostLine | None:
        """Find the line that applies; the more specific one wins.

        What is not known of a card matches only lines that do not ask for it.
        """
        on_us = None if card.issuer is None else card.issuer == self.acquirer
        if self.acquirer is None:
            on_us = None
        question = (card.program, card.kind, on_us, count, day)
        try:
            return self._found[question]
        except KeyError:
            line = self._search(*question)
            if len(self._found) < 100_000:
                self._found[question] = line
            return line

    def _search(self, program, kind, on_us, count, day):
        def choices(value):
            return (value,) if value is None else (value, None)

        for conditions in product(
            choices(program), choices(kind), choices(on_us), choices(count)
        ):
            for line in self._by_conditions.get(conditions, ()):
                if line.is_valid(day):
                    return line
        return None

    @property
    def digest(self) -> str:
        """:return: the same text for the same contents, and another for others"""
        return short_digest(repr((self.currency, self.acquirer, self.lines)))


def short_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def conflicts(lines: Iterable[CostLine]) -> tuple:
    """Name the pairs of lines of which nobody could say which one applies.

    :return: tuple of (line, line, reason); ``double``: the same conditions and the same
        first day; ``overlap``: the same conditions, and both valid on some day
    """
    found = []
    by_conditions = {}
    for line in lines:
        by_conditions.setdefault(line.conditions, []).append(line)
    for alike in by_conditions.values():
        for one, other in combinations(alike, 2):
            start = max(one.valid_from or date.min, other.valid_from or date.min)
            end = min(one.valid_to or date.max, other.valid_to or date.max)
            if start <= end:
                is_double = one.valid_from == other.valid_from
                found.append((one, other, "double" if is_double else "overlap"))
    return tuple(found)


def describe(line: CostLine) -> dict:
    """:return: what is kept of a line with a payment, JSON-able"""
    return {"key": line.key, "rate": rate_text(line.rate), "bsmv": rate_text(line.bsmv)}
