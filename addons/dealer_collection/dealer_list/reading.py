"""Rows of a list of dealers.

A row is a :class:`DealerRow`, or a :class:`Problem` with its number, column and reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .. import identity

# Headers in lists that were seen, folded.
HEADERS = {
    "code": {
        "code", "kod", "bayi kodu", "dealer code", "cari kodu", "cari kod",
        "hesap kodu",
    },
    "name": {
        "name", "ad", "adi", "unvan", "unvani", "bayi", "bayi adi", "dealer",
        "cari adi", "dealer name", "firma", "company",
    },
    "parent": {
        "parent", "parent code", "ust bayi", "ust bayi kodu", "ana bayi",
        "ana bayi kodu", "dealer above", "bagli oldugu bayi",
    },
    "tax_number": {
        "vkn", "tckn", "vkn tckn", "vergi no", "vergi numarasi", "vergi kimlik no",
        "tax number", "tax id", "vat", "tax no",
    },
    "email": {"email", "e mail", "eposta", "e posta", "mail"},
    "phone": {"phone", "telefon", "tel", "gsm", "cep", "cep telefonu", "mobile"},
    "iban": {"iban", "iban no", "banka hesabi"},
}  # fmt: skip
FIELDS = tuple(HEADERS)
REQUIRED = ("code", "name")

CHECKS: dict[str, Callable[[str], str]] = {
    "tax_number": identity.tax_number,
    "email": identity.email,
    "phone": identity.phone,
    "iban": identity.iban,
}


@dataclass(frozen=True)
class DealerRow:
    """``parent`` is the code of the dealer above, "" for none."""

    number: int
    code: str
    name: str
    parent: str = ""
    tax_number: str = ""
    email: str = ""
    phone: str = ""
    iban: str = ""


@dataclass(frozen=True)
class Problem:
    """:param column: the field it is about
    :param reason: ``missing``, a reason of ``identity.NotValid``, ``twice`` (with
        ``other``, the number of the other row), ``own_parent``, ``cycle``,
        ``unknown_parent``, ``known`` or ``too_deep``
    """

    number: int
    column: str
    reason: str
    text: str = ""
    other: int = 0


def read_rows(rows, columns: dict[str, int]) -> Iterator[DealerRow | Problem]:
    """:param rows: (number, texts) as in ``tabular.table``"""
    for number, texts in rows:
        values, problems = {}, []
        for field in FIELDS:
            index = columns.get(field)
            text = texts[index] if index is not None and index < len(texts) else ""
            values[field] = " ".join(text.split())
            problem = _check(number, field, values)
            if problem:
                problems.append(problem)
        if problems:
            yield from problems
        if values["code"]:
            # Rows with a problem too: others may stand below them.
            yield DealerRow(number, **values)


def _check(number, field, values) -> Problem | None:
    text = values[field]
    if not text:
        return Problem(number, field, "missing") if field in REQUIRED else None
    if field in CHECKS:
        try:
            values[field] = CHECKS[field](text)
        except identity.NotValid as error:
            return Problem(number, field, error.reason, text)
    return None
