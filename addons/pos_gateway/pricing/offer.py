"""What a payer may choose, and what he pays for it."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from .agreement import short_digest
from .cards import CardFacts, CardKind
from .rates import HUNDRED


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


@dataclass(frozen=True)
class OfferLine:
    """One number of installments, for the cards that it is for.

    :param surcharge: rate of the debt, for ``Mode.ADD``
    :param extra: installments that the bank adds by campaign ("+2"): shown, never sent
    :param minimum_total, minimum_installment: kuruş
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
        if not 0 <= self.surcharge <= HUNDRED:
            raise ValueError("a surcharge is between 0 and 100 percent")
        if self.count < 1 or self.extra < 0:
            raise ValueError("installments are counted from one")


SINGLE_PAYMENT = OfferLine(None, 1)


class Offer:
    """The lines of one offer. A single payment is always possible: without a line for
    it, at no surcharge.

    :param minimum_total: kuruş; below it there is only the single payment
    """

    def __init__(
        self,
        key,
        lines: Iterable[OfferLine],
        minimum_total: int = 0,
        minimum_installment: int = 0,
    ):
        self.key = key
        self.lines = tuple(lines)
        self.minimum_total = minimum_total
        self.minimum_installment = minimum_installment
        self._by_conditions = {
            (line.program, line.kind, line.count): line for line in self.lines
        }
        self._all_counts = tuple(sorted({1, *(line.count for line in self.lines)}))

    def line_for(self, card: CardFacts, count: int) -> OfferLine | None:
        """Find the line that applies: the card's program first, then its kind."""
        for program in (card.program, None) if card.program is not None else (None,):
            for kind in (card.kind, None) if card.kind is not None else (None,):
                line = self._by_conditions.get((program, kind, count))
                if line is not None:
                    return line
        return SINGLE_PAYMENT if count == 1 else None

    def counts(self, card: CardFacts) -> tuple[int, ...]:
        """:return: the numbers of installments that the offer has for a card"""
        return tuple(n for n in self._all_counts if self.line_for(card, n))

    def all_counts(self) -> tuple[int, ...]:
        """:return: the numbers of installments that it has for any card"""
        return self._all_counts

    @property
    def digest(self) -> str:
        return short_digest(
            repr((self.minimum_total, self.minimum_installment, self.lines))
        )
