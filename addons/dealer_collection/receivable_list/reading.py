"""Rows of a list of receivables, checked one by one, without a database.

A row is an :class:`OwedRow`, or a :class:`Problem` with its number, column and reason.
Who the debtor is, is looked up by the caller.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from odoo.addons.pos_gateway.tabular.numbers import NotANumber, read_amount

FIELDS = ("creditor", "debtor", "amount", "date_due", "reference")
NEEDED = ("debtor", "amount", "date_due")

# Headers as people write them, folded.
HEADERS = {
    "creditor": {"bayi", "bayi kodu", "alacakli", "dealer", "dealer code", "creditor"},
    "debtor": {
        "borclu", "borclu vkn", "vkn", "vergi no", "vkn tckn", "tckn", "musteri",
        "cari", "cari kodu", "unvan", "debtor", "customer", "tax number", "vat",
    },
    "amount": {"tutar", "bakiye", "borc", "amount", "total", "toplam"},
    "date_due": {"vade", "vade tarihi", "due", "due date", "son odeme tarihi"},
    "reference": {
        "belge no", "fatura no", "referans", "aciklama", "evrak no", "reference",
        "document", "invoice", "number",
    },
}  # fmt: skip

LONGEST_REFERENCE = 64
HIGHEST = Decimal("999999999.99")

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T].*)?")
_TURKISH = re.compile(r"(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})(?: .*)?")


@dataclass(frozen=True)
class OwedRow:
    """``creditor`` and ``debtor`` are texts as they were written."""

    number: int
    creditor: str
    debtor: str
    amount: Decimal
    date_due: date
    reference: str = ""


@dataclass(frozen=True)
class Problem:
    """:param reason: ``debtor``, ``not_a_number``, ``two_readings``, ``amount``,
    ``date_due``, ``reference``; and of the caller: ``unknown``, ``ambiguous``,
    ``creditor``, ``twice`` (with ``other``, a row), ``known`` (with ``text``)
    """

    number: int
    column: str
    reason: str
    text: str = ""
    other: int = 0


def read_date(text: str) -> date | None:
    """
    >>> read_date("15.01.2026"), read_date("2026-01-15 00:00:00"), read_date("5/1/2026")
    (datetime.date(2026, 1, 15), datetime.date(2026, 1, 15), datetime.date(2026, 1, 5))
    >>> read_date("31.02.2026"), read_date("2026"), read_date("")
    (None, None, None)
    """
    text = text.strip()
    if match := _ISO.fullmatch(text):
        year, month, day = match.groups()
    elif match := _TURKISH.fullmatch(text):
        day, month, year = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_rows(rows, columns: dict[str, int]) -> Iterator[OwedRow | Problem]:
    """:param rows: (number, texts) as in ``tabular.table``"""
    for number, texts in rows:

        def text(field, texts=texts):
            index = columns.get(field)
            return (
                texts[index].strip() if index is not None and index < len(texts) else ""
            )

        yield _read(number, {field: text(field) for field in FIELDS})


def _read(number: int, texts: dict) -> OwedRow | Problem:
    if not texts["debtor"]:
        return Problem(number, "debtor", "debtor")
    try:
        amount = read_amount(texts["amount"])
    except NotANumber as error:
        return Problem(number, "amount", error.reason, texts["amount"][:30])
    if not 0 < amount <= HIGHEST or amount != round(amount, 2):
        return Problem(number, "amount", "amount", texts["amount"][:30])
    due = read_date(texts["date_due"])
    if due is None or not 2000 <= due.year <= 2100:
        return Problem(number, "date_due", "date_due", texts["date_due"][:30])
    reference = " ".join(texts["reference"].split())
    if len(reference) > LONGEST_REFERENCE:
        return Problem(number, "reference", "reference", reference[:30])
    return OwedRow(number, texts["creditor"], texts["debtor"], amount, due, reference)
