"""Numbers as people type them: with comma or point, with or without a percent sign."""

from __future__ import annotations

import re
from decimal import Decimal

_PLAIN = re.compile(r"\d+(?:[.,]\d+)?")
_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:(?!\1)[.,]\d+)?")
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


class NotANumber(ValueError):
    """:param reason: ``not_a_number`` or ``two_readings``"""

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


def read_percent(text: str) -> tuple[Decimal, bool]:
    """Read a rate. It is below a thousand: a sign in it is the decimal sign.

    >>> read_percent("%2,45"), read_percent("2.4500 %")
    ((Decimal('2.45'), True), (Decimal('2.4500'), True))
    >>> read_percent("2,450")
    (Decimal('2.450'), False)

    :return: the number, and whether a percent sign was with it
    :raises NotANumber: if it is none
    """
    text = _SPACES.sub("", text)
    has_sign = text.startswith("%") != text.endswith("%")
    if has_sign:
        text = text.removeprefix("%").removesuffix("%")
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-")
    if not _PLAIN.fullmatch(text):
        raise NotANumber("not_a_number")
    return Decimal(sign + text.replace(",", ".")), has_sign


def read_amount(text: str) -> Decimal:
    """Read an amount of money, with or without thousands separators.

    >>> read_amount("1.250,50"), read_amount("1,250.50"), read_amount("12,5 TL")
    (Decimal('1250.50'), Decimal('1250.50'), Decimal('12.5'))

    :raises NotANumber: also for "1.250", of which nobody knows whether it is 1 or 1250
    """
    text = _SPACES.sub("", text).removesuffix("TL").removesuffix("₺").removeprefix("₺")
    sign = "-" if text.startswith("-") else ""
    text = text.removeprefix("-")
    signs = [character for character in text if character in ".,"]
    if _PLAIN.fullmatch(text):
        if signs and len(text) - text.index(signs[0]) == 4:
            raise NotANumber("two_readings")
        return Decimal(sign + text.replace(",", "."))
    if not _GROUPED.fullmatch(text):
        raise NotANumber("not_a_number")
    text = text.replace(signs[0], "")
    return Decimal(sign + text.replace(",", "."))
