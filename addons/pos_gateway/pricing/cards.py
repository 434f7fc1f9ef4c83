"""What is known of a card by its first digits."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

LONGEST, SHORTEST = 8, 6


class CardKind(enum.StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"
    """A consumer's credit card."""
    COMMERCIAL = "commercial"
    """A credit card of a company."""
    PREPAID = "prepaid"


IN_INSTALLMENTS = frozenset({CardKind.CREDIT, CardKind.COMMERCIAL})


@dataclass(frozen=True)
class CardFacts:
    """``None`` means that it is not known.

    :param program: whose rules its installments follow (Bonus, World, ...)
    :param issuer: the bank that gave it out
    """

    program: Hashable = None
    kind: CardKind | None = None
    issuer: Hashable = None
    scheme: str = ""


UNKNOWN_CARD = CardFacts()


class BinTable:
    """Card prefixes of six to eight digits; the longest that fits wins.

    >>> table = BinTable([("454360", CardFacts("A")), ("45436001", CardFacts("B"))])
    >>> table.find("4543600100").program, table.find("45436099").program
    ('B', 'A')
    >>> table.find("99999999") is UNKNOWN_CARD
    True
    """

    def __init__(self, rows: Iterable[tuple[str, CardFacts]]):
        self._cards = dict(rows)

    def find(self, first_digits: str) -> CardFacts:
        """:return: what is known of a card that begins so"""
        cards = self._cards
        for length in range(LONGEST, SHORTEST - 1, -1):
            found = cards.get(first_digits[:length])
            if found is not None:
                return found
        return UNKNOWN_CARD
