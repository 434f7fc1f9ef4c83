"""What is known of a card by its first digits."""

from __future__ import annotations

import enum
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

LONGEST, SHORTEST = 8, 6


def check_keys(*keys: Hashable) -> None:
    """:raises ValueError: for ``False``, which would count as a program or an issuer"""
    if any(key is False for key in keys):
        raise ValueError("what is not known is None, not False")


class CardKind(enum.StrEnum):
    DEBIT = "debit"
    CREDIT = "credit"
    """A consumer's credit card."""
    COMMERCIAL = "commercial"
    """A credit card of a company."""
    PREPAID = "prepaid"


def check_kind(kind: str | None) -> None:
    """:raises ValueError: unless it is a kind of card, or None for any"""
    if kind is not None:
        CardKind(kind)


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

    def __post_init__(self):
        check_keys(self.program, self.kind, self.issuer)


UNKNOWN_CARD = CardFacts()


class BinTable:
    """Card prefixes of six to eight digits; the longest that fits wins.

    >>> table = BinTable([("454360", CardFacts("A")), ("45436001", CardFacts("B"))])
    >>> table.find("4543600100").program, table.find("45436099").program
    ('B', 'A')
    >>> table.find("99999999") is UNKNOWN_CARD
    True

    :raises ValueError: if a prefix is none, or comes twice
    """

    def __init__(self, rows: Iterable[tuple[str, CardFacts]]):
        self._cards: dict[str, CardFacts] = {}
        for prefix, facts in rows:
            if not _is_prefix(prefix):
                raise ValueError(f"a card prefix is six to eight digits: {prefix!r}")
            if prefix in self._cards:
                raise ValueError(f"the card prefix {prefix} comes twice")
            self._cards[prefix] = facts
        # Most tables have no seven-digit rows at all: do not look for them.
        self._lengths = sorted({len(prefix) for prefix in self._cards}, reverse=True)

    def __len__(self) -> int:
        return len(self._cards)

    def find(self, first_digits: str) -> CardFacts:
        """:return: what is known of a card that begins so"""
        cards = self._cards
        for length in self._lengths:
            found = cards.get(first_digits[:length])
            if found is not None:
                return found
        return UNKNOWN_CARD


def _is_prefix(text: str) -> bool:
    return text.isascii() and text.isdigit() and SHORTEST <= len(text) <= LONGEST
