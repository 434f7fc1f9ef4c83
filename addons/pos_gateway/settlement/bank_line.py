"""One line of a bank account, and what its text tells of a POS."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from .days import read_day


class Purpose(StrEnum):
    DEPOSIT = "deposit"
    CHARGEBACK = "chargeback"
    BLOCK = "block"
    RELEASE = "release"
    OTHER = "other"


# Words in a line's text, in plain capitals without blanks: banks break words in two.
_PURPOSES = (
    (Purpose.CHARGEBACK, ("TERSIBRAZ", "CHARGEBACK", "HARCAMAITIRAZ")),
    (Purpose.BLOCK, ("BLOKEGIRIS", "BLOKEKONUL")),
    (Purpose.RELEASE, ("BLOKECIKIS", "BLOKECOZ", "BLOKEKALD")),
    (Purpose.DEPOSIT, ("POSNET", "POSSATIS", "POSODEME", "POSHAKEDIS", "POSYATAN")),
)
# Guesses of an interface; the text goes before them.
_HINTS = {
    "POSYAT": Purpose.DEPOSIT,
    "POSYATIAD": Purpose.CHARGEBACK,
    "POSBLG": Purpose.BLOCK,
    "POSBLC": Purpose.RELEASE,
}
_DAY = r"(\d{2}[./-]\d{2}[./-]\d{4}|20\d{2}-\d{2}-\d{2})"
_TERMINAL = re.compile(r"TERM(?:INAL)?(?:\s*NO)?[\s:.]*(\d{4,})")
_BATCH_DAY = re.compile(r"(?:GS|G\.S\.|GUN\s*SONU|BATCH)[\s:]*" + _DAY)
_AUTH = re.compile(r"(?:PROV(?:IZYON)?|ONAY)(?:\s*(?:NO|KODU))?[\s:.]*([A-Z0-9]{6})\b")
_BLOCK = re.compile(r"(?:BLK|BLOKE\s*NO)[\s:.]*(\d+)")
_POS_REFERENCE = re.compile(r"POS(\d{4,})")


def capitals(text: str) -> str:
    """
    >>> capitals("Ters İbraz, şube")
    'TERS IBRAZ, SUBE'
    """
    plain = unicodedata.normalize("NFKD", text.replace("ı", "i"))
    return "".join(c for c in plain if not unicodedata.combining(c)).upper()


@dataclass(frozen=True)
class BankLine:
    """
    :param day: on which the money is there (value date)
    :param amount: kuruş; above zero it came in
    :param hint: what an interface takes the line for
    :param booked: the day of entry, where it is another
    """

    number: int
    day: date
    amount: int
    text: str
    reference: str = ""
    hint: str = ""
    balance: int | None = None
    booked: date | None = None
    currency: str = "TRY"
    opening: int | None = None
    closing: int | None = None
    customer_reference: str = ""

    @cached_property
    def _words(self) -> str:
        return capitals(self.text)

    @cached_property
    def purpose(self) -> Purpose:
        words = re.sub(r"\s+", "", self._words)
        for purpose, parts in _PURPOSES:
            if any(part in words for part in parts):
                return purpose
        return _HINTS.get(self.hint, Purpose.OTHER)

    @cached_property
    def terminal(self) -> str:
        """:return: as the text has it; "" if it names none"""
        found = _TERMINAL.search(self._words)
        found = found or _POS_REFERENCE.fullmatch(self.customer_reference)
        return found[1] if found else ""

    @cached_property
    def batch_day(self) -> date | None:
        found = _BATCH_DAY.search(self._words)
        try:
            return read_day(found[1]) if found else None
        except ValueError:
            return None

    @cached_property
    def auth_code(self) -> str:
        found = _AUTH.search(self._words)
        return found[1] if found else ""

    @cached_property
    def block_number(self) -> str:
        found = _BLOCK.search(self._words)
        return found[1] if found else ""

    def names(self, reference: str) -> bool:
        """Whether the text has a reference of somebody else's in it."""
        return capitals(reference) in self._words


@dataclass(frozen=True)
class AccountStatement:
    """:param account: IBAN or account number as the file has it
    :param lines: oldest first
    :param last_day: until which the statement tells everything; None if unknown
    :param currency: "" if the file tells none
    :param opening, closing: kuruş, where the file tells balances
    """

    account: str
    lines: tuple[BankLine, ...]
    last_day: date | None = None
    currency: str = "TRY"
    opening: int | None = None
    closing: int | None = None
