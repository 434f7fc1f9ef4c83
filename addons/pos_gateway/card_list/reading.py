"""Rows of a list of card prefixes, checked one by one.

A row is a :class:`CardRow`, or a :class:`Problem` with its number, column and reason.
What can be read in one way only is taken (a number as spreadsheets write it, a bank's
code without its zeros); the rest is refused.
Rows that say the same of a prefix count once; rows that contradict each other are a
problem of both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ..pricing.cards import LONGEST, SHORTEST, CardKind
from ..tabular import folding

FIELDS = ("prefix", "issuer", "program", "kind", "commercial", "scheme")

CODE_DIGITS = 4

# Headers in lists that were seen, and of our own lists, folded: see `tabular.folding`.
HEADERS = {
    "prefix": {
        "bin", "bin no", "bin kodu", "bin numarasi", "bin number", "prefix", "on ek",
        "card prefix", "kart on eki", "kart on eki bin",
    },
    "issuer": {
        "banka", "banka adi", "banka kodu", "bank", "bank name", "bank code", "issuer",
        "karti veren", "eft kodu", "eft code",
    },
    "program": {
        "program", "kart programi", "card program", "card family", "kart ailesi",
    },
    "kind": {
        "kind", "kind of card", "tur", "kart turu", "kart tipi", "card type", "type",
        "tip",
    },
    "commercial": {
        "commercial", "ticari", "kurumsal", "ticari kart", "is commercial", "ticari mi",
    },
    "scheme": {
        "scheme", "sema", "marka", "brand", "card brand", "card scheme",
        "kart markasi",
    },
}  # fmt: skip

CREDIT, CONSUMER = CardKind.CREDIT, "consumer"
KINDS = {
    "credit": CREDIT,
    "credit card": CREDIT,
    "kredi": CREDIT,
    "kredi karti": CREDIT,
    "consumer": CONSUMER,
    "consumer credit": CONSUMER,
    "consumer credit card": CONSUMER,
    "bireysel": CONSUMER,
    "bireysel kredi karti": CONSUMER,
    "commercial": CardKind.COMMERCIAL,
    "commercial credit": CardKind.COMMERCIAL,
    "commercial credit card": CardKind.COMMERCIAL,
    "ticari": CardKind.COMMERCIAL,
    "ticari kredi karti": CardKind.COMMERCIAL,
    "kurumsal": CardKind.COMMERCIAL,
    "kurumsal kredi karti": CardKind.COMMERCIAL,
    "debit": CardKind.DEBIT,
    "debit card": CardKind.DEBIT,
    "banka karti": CardKind.DEBIT,
    "prepaid": CardKind.PREPAID,
    "prepaid card": CardKind.PREPAID,
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

YES = ("1", "evet", "e", "yes", "y", "true", "dogru", "ticari", "kurumsal")
NO = ("0", "hayir", "h", "no", "n", "false", "yanlis", "bireysel")
IS_COMMERCIAL = dict.fromkeys(YES, True) | dict.fromkeys(NO, False)
NOTHING = {"", "yok", "none", "diger", "other"}

_DIGITS = re.compile(r"[0-9]+")
# As spreadsheets write a whole number, and as lists write what is not told.
_TAIL = re.compile(r"[.,]0+|[.\-*xX]+")

# Lists repeat few words very often.
fold = lru_cache(maxsize=10_000)(folding.fold)


@dataclass(frozen=True, slots=True)
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
        return fold(self.issuer), fold(self.program), self.kind, self.scheme


@dataclass(frozen=True, slots=True)
class Problem:
    """:param column: one of ``FIELDS``
    :param reason: of a prefix ``missing``, ``digits``, ``short``, ``long`` or
        ``contradiction`` (with ``other``, the number of the other row); of a word
        ``unknown``; of whether a card is commercial also ``otherwise``: the kind says
        otherwise
    """

    number: int
    column: str
    reason: str
    text: str = ""
    other: int = 0


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


class _Refused(Exception):
    def __init__(self, column, reason, text=""):
        super().__init__(column, reason)
        self.column, self.reason, self.text = column, reason, text


def _read(number: int, texts: dict) -> CardRow | Problem:
    try:
        return CardRow(
            number,
            _prefix(texts["prefix"]),
            issuer=_issuer(texts["issuer"]),
            program=_name(texts["program"]),
            kind=_kind(texts["kind"], texts["commercial"]),
            scheme=_word("scheme", texts["scheme"], SCHEMES) or "",
        )
    except _Refused as refusal:
        return Problem(number, refusal.column, refusal.reason, refusal.text)


def _prefix(text: str) -> str:
    digits = "".join(text.split()).removeprefix("'")
    found = _DIGITS.match(digits)
    # Whoever puts whole card numbers into a list does not find them in our answer.
    shown = text if len(text) <= LONGEST else text[:LONGEST] + "…"
    if not digits:
        raise _Refused("prefix", "missing")
    if not found or (digits != found[0] and not _TAIL.fullmatch(digits[found.end() :])):
        raise _Refused("prefix", "digits", shown)
    if not SHORTEST <= len(found[0]) <= LONGEST:
        reason = "short" if len(found[0]) < SHORTEST else "long"
        raise _Refused("prefix", reason, shown)
    return found[0]


def _name(text: str) -> str:
    return "" if fold(text) in NOTHING else text


def _issuer(text: str) -> str:
    """A name, or a code: spreadsheets take the zeros before it away."""
    is_code = text.isascii() and text.isdigit() and len(text) < CODE_DIGITS
    return text.zfill(CODE_DIGITS) if is_code else _name(text)


def _word(column: str, text: str, words: dict):
    """:return: what the word means, None if there is none"""
    word = fold(text)
    if word in words:
        return words[word]
    if word not in NOTHING:
        raise _Refused(column, "unknown", text)
    return None


def _kind(text: str, commercial: str) -> CardKind | None:
    kind = _word("kind", text, KINDS)
    is_commercial = _word("commercial", commercial, IS_COMMERCIAL)
    if (is_commercial is True and kind == CONSUMER) or (
        is_commercial is False and kind is CardKind.COMMERCIAL
    ):
        raise _Refused("commercial", "otherwise", commercial)
    if kind == CONSUMER:
        return CREDIT
    # A company's debit card is a debit card, and may be meant where no kind is told.
    return CardKind.COMMERCIAL if is_commercial and kind is CREDIT else kind
