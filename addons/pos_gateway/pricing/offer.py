"""What a payer may choose, and what he pays for it."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

from .agreement import CostLine, check_count, smallest_total
from .cards import CardFacts, CardKind, check_keys, check_kind
from .digest import short_digest
from .limits import Limit
from .rates import check_amount, check_rate, share


class Bearer(enum.StrEnum):
    """Who bears the bank's cost."""

    COMPANY = "company"
    PAYER = "payer"
    SHARED = "shared"
    """The payer the surcharge, the company the rest."""
    DEALER = "dealer"
    """The dealer, who is invoiced afterwards; the payer pays the debt."""


class Mode(enum.StrEnum):
    """How a surcharge comes about."""

    ADD = "add"
    """A rate of the debt is added."""
    NET = "net"
    """So much that the bank pays out the whole debt."""


SURCHARGED = frozenset({Bearer.PAYER, Bearer.SHARED})


@dataclass(frozen=True)
class OfferLine:
    """One number of installments, for the cards that it is for.

    :param surcharge: rate of the debt, for ``Mode.ADD``
    :param program, kind: of the card; None for every card
    :param extra: installments that the bank adds by campaign ("+2"): shown, never sent
    :param minimum_total, minimum_installment: kuruş, for more than one installment
    """

    key: Hashable
    count: int
    surcharge: int = 0
    program: Hashable = None
    kind: CardKind | None = None
    bearer: Bearer = Bearer.PAYER
    mode: Mode = Mode.ADD
    extra: int = 0
    minimum_total: int = 0
    minimum_installment: int = 0

    def __post_init__(self):
        if self.count is None:
            raise ValueError("an offer says how many installments")
        check_count(self.count)
        check_keys(self.program)
        check_kind(self.kind)
        Bearer(self.bearer), Mode(self.mode)
        check_rate(self.surcharge, "surcharge")
        check_amount(self.minimum_total, "minimum")
        check_amount(self.minimum_installment, "minimum installment")
        if not isinstance(self.extra, int) or self.extra < 0:
            raise ValueError(f"a campaign adds installments: {self.extra}")
        if self.bearer == Bearer.SHARED and self.mode == Mode.NET:
            raise ValueError("what is netted in full is not shared")

    @property
    def is_net(self) -> bool:
        """Whether the total depends on what the bank takes."""
        return self.mode == Mode.NET and self.bearer == Bearer.PAYER


SINGLE_PAYMENT = OfferLine(None, 1)


def charged(base: int, line: OfferLine, cost_line: CostLine | None) -> int:
    """What the card is charged for a debt of ``base`` kuruş.

    :param cost_line: is needed by a line that :attr:`~OfferLine.is_net`
    :raises ValueError: if of no total the bank pays out the debt
    """
    if line.bearer not in SURCHARGED:
        return base
    if not line.is_net:
        return base + share(base, line.surcharge)
    return smallest_total(base, cost_line)


class Offer:
    """The lines of one offer. Not to be altered.

    A single payment is always possible: without a line for it, at no surcharge. The
    minimums hold for more than one installment.

    :param minimum_total, minimum_installment: kuruş
    :raises ValueError: if two lines are for the same cards and installments
    """

    def __init__(
        self,
        key: Hashable,
        lines: Iterable[OfferLine],
        minimum_total: int = 0,
        minimum_installment: int = 0,
    ):
        check_amount(minimum_total, "minimum")
        check_amount(minimum_installment, "minimum installment")
        self.key, self.lines = key, tuple(lines)
        self.minimum_total = minimum_total
        self.minimum_installment = minimum_installment
        self._by_conditions: dict[tuple, OfferLine] = {}
        for line in self.lines:
            conditions = line.program, line.kind, line.count
            if conditions in self._by_conditions:
                raise ValueError(f"two lines for {line.count} installments of one card")
            self._by_conditions[conditions] = line
        self._all_counts = tuple(sorted({1, *(line.count for line in self.lines)}))
        self._limits = {id(line): self._limits_of(line) for line in self.lines}

    def __repr__(self):
        return f"Offer({self.key!r}, {len(self.lines)} lines)"

    def line_for(self, card: CardFacts, count: int) -> OfferLine | None:
        """Find the line that applies: a card's program weighs more than its kind."""
        find, program, kind = self._by_conditions.get, card.program, card.kind
        return (
            find((program, kind, count))
            or find((program, None, count))
            or find((None, kind, count))
            or find((None, None, count))
            or (SINGLE_PAYMENT if count == 1 else None)
        )

    def counts(self, card: CardFacts) -> tuple[int, ...]:
        """:return: the numbers of installments that the offer has for a card"""
        return tuple(n for n in self._all_counts if self.line_for(card, n))

    def all_counts(self) -> tuple[int, ...]:
        """:return: the numbers of installments that it has for any card"""
        return self._all_counts

    def limits_of(self, line: OfferLine) -> tuple[Limit, ...]:
        """:return: what the offer and its line limit"""
        return self._limits.get(id(line), ())

    def _limits_of(self, line: OfferLine) -> tuple[Limit, ...]:
        if line.count == 1:
            return ()
        return tuple(
            Limit(
                source,
                minimum_total=owner.minimum_total or None,
                minimum_installment=owner.minimum_installment or None,
            )
            for source, owner in (("offer", self), ("offer_line", line))
            if owner.minimum_total or owner.minimum_installment
        )

    @cached_property
    def digest(self) -> str:
        """The same text for the same contents, and another for others."""
        minimums = self.minimum_total, self.minimum_installment
        return short_digest(minimums, self.lines)
