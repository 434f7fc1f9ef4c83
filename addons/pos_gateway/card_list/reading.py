"""Rows of a list of card prefixes, checked one by one.

A row is a :class:`CardRow`, or a :class:`Problem` with its number, column and reason.
Rows that say the same of a prefix count once; rows that contradict each other are a
problem of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..pricing.cards import LONGEST, SHORTEST, CardKind
from ..tabular.folding import fold

FIELDS = ("prefix", "issuer", "program", "kind", "commercial", "scheme")

# Headers in lists that were seen, folded: see `tabular.folding`.
HEADERS = {
    "prefix": {"bin", "bin no", "bin kodu", "prefix", "kart on eki", "bin number"},
    "issuer": {
        "banka", "banka adi", "banka kodu", "bank", "bank code", "issuer", "eft kodu",
    },
    "program": {
        "program", "kart programi", "card program", "card family", "kart ailesi",
    },
    "kind": {"kind", "tur", "kart turu", "kart tipi", "card type", "type", "tip"},
    "commercial": {"commercial", "ticari", "kurumsal", "ticari kart", "is commercial"},
    "scheme": {"scheme", "sema", "marka", "brand", "card brand", "kart markasi"},
}  # fmt: skip

KINDS = {
    "credit": CardKind.CREDIT,
    "kredi": CardKind.CREDIT,
    "kredi karti": CardKind.CREDIT,
    "credit card": CardKind.CREDIT,
    "bireysel": CardKind.CREDIT,
    "commercial": CardKind.COMMERCIAL,
    "ticari": CardKind.COMMERCIAL,
    "kurumsal": CardKind.COMMERCIAL,
    "debit": CardKind.DEBIT,
    "banka karti": CardKind.DEBIT,
    "debit card": CardKind.DEBIT,
    "prepaid": CardKind.PREPAID,
    "on odemeli": CardKind.PREPAID,
    "on odemeli kart": CardKind.PREPAID,
}

SCHEMES = {
    "troy": "troy",
    "visa": "visa",
    "mastercard": "mastercard",
    "master card": "mastercard",
    "mc": "mastercard",
    "amex": "amex",
    "american express": "amex",
    "unionpay": "unionpay",
    "union pay": "unionpay",
    "jcb": "jcb",
    "discover": "discover",
}

YES = {"1", "evet", "e", "yes", "y", "true", "ticari", "kurumsal"}
NO = {"", "0", "hayir", "h", "no", "n", "false", "bireysel"}
NOTHING = {"", "yok", "none", "diger", "other"}

_DIGITS = re.compile(rf"[0-9]{{{SHORTEST},{LONGEST}}}")


@dataclass(frozen=True)
class CardRow:
    """``issuer`` and ``program`` are texts as they were written; "" is not known."""

    number: int
    prefix: str
    issuer: str = ""
    program: str = ""
    kind: CardKind | None = None
    scheme: str = ""

    @property
    def facts(self) -> tuple:
        return self.issuer, self.program, self.kind, self.scheme


@dataclass(frozen=True)
class Problem:
    """:param reason: ``prefix``, ``kind``, ``commercial``, ``scheme``, ``unknown`` or
    ``contradiction`` (with ``other``, the number of the other row)
    """

    number: int
    column: str
    reason: str
    text: str = ""
    other: int = 0


def find_columns(headers: Iterable[str]) -> dict[str, int]:
    """:return: field -> index of the column that seems to hold it"""
    found = {}
    for index, header in enumerate(headers):
        word = fold(header)
        for field in FIELDS:
            if field not in found and word in HEADERS[field]:
                found[field] = index
                break
    return found


def read_rows(rows, columns: dict[str, int]) -> Iterator[CardRow | Problem]:
    """:param rows: (number, texts) as in ``tabular.table``"""
    seen: dict[str, CardRow] = {}
    for number, texts in rows:

        def text(field, texts=texts):
            index = columns.get(field)
            return (
                texts[index].strip() if index is not None and index < len(texts) else ""
            )

        row = _read(number, {field: text(field) for field in FIELDS})
        if isinstance(row, Problem):
            yield row
            continue
        known = seen.setdefault(row.prefix, row)
        if known is row:
            yield row
        elif known.facts != row.facts:
            yield Problem(number, "prefix", "contradiction", row.prefix, known.number)


def _read(number: int, texts: dict) -> CardRow | Problem:
    prefix = re.sub(r"[\s.\-*xX]+$|\s", "", texts["prefix"])
    if not _DIGITS.fullmatch(prefix):
        return Problem(number, "prefix", "prefix", texts["prefix"][:LONGEST])
    word = fold(texts["kind"])
    kind = KINDS.get(word)
    if kind is None and word not in NOTHING:
        return Problem(number, "kind", "kind", texts["kind"])
    commercial = fold(texts["commercial"])
    if commercial in YES and kind in (None, CardKind.CREDIT):
        kind = CardKind.COMMERCIAL
    elif commercial not in YES | NO:
        return Problem(number, "commercial", "commercial", texts["commercial"])
    scheme = SCHEMES.get(fold(texts["scheme"]), "")
    if not scheme and fold(texts["scheme"]) not in NOTHING:
        return Problem(number, "scheme", "scheme", texts["scheme"])
    names = {
        field: "" if fold(texts[field]) in NOTHING else texts[field]
        for field in ("issuer", "program")
    }
    return CardRow(number, prefix, kind=kind, scheme=scheme, **names)
