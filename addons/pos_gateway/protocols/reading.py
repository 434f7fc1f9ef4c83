"""Texts of an answer -> values; ``None`` where they say nothing that can be read.

For what an answer tells beside its verdict. Where an approval hangs on a value, the
family must treat ``None`` as unresolved.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from . import money
from .answers import Refused

_COUNT = re.compile(r"[1-9]|[1-9][0-9]")


def amount(text: str | None, reader: Callable[[str], int]) -> int | None:
    """:param reader: one of ``money``

    >>> amount("1,5", money.from_comma_text), amount("1,5", money.from_kurus_text)
    (150, None)
    """
    try:
        return reader(text or "")
    except ValueError:
        return None


def kurus(text: str | None) -> int | None:
    return amount(text, money.from_kurus_text)


def currency(number: str | None) -> str | None:
    """
    >>> currency("949"), currency("0")
    ('TRY', None)
    """
    try:
        return money.currency_letters(number or "")
    except ValueError:
        return None


def count(text: str | None, single: tuple[str, ...] = ("", "0")) -> int | None:
    """:param single: what stands for a payment without installments

    >>> count("0"), count("12"), count("x"), count(None)
    (1, 12, None, None)
    """
    if text in single:
        return 1
    return int(text) if text and _COUNT.fullmatch(text) else None


def moment(text: str | None, *forms: str) -> datetime | None:
    """Read a time of the bank; fractions of a second are left out.

    >>> moment("2026-11-21 12:00:44.253", "%Y%m%d", "%Y-%m-%d %H:%M:%S")
    datetime.datetime(2026, 11, 21, 12, 0, 44)
    """
    whole = text or ""
    for candidate in (whole, whole.rpartition(".")[0]):
        for form in forms:
            try:
                return datetime.strptime(candidate, form)
            except ValueError:
                continue
    return None


def in_small_letters(tree: Mapping) -> dict:
    """For a bank that writes the same name in different letter cases.

    :raise Refused: with ``repeated``
    """
    small = {name.lower(): node for name, node in tree.items()}
    if len(small) < len(tree):
        raise Refused("repeated")
    return small


def listed(hash_params: str) -> list[str]:
    """:return: the names of a list that ends with a colon or does not

    >>> listed("oid:rnd:")
    ['oid', 'rnd']
    """
    return hash_params.removesuffix(":").split(":")


def part(fields: Mapping[str, str], path: str) -> dict[str, str]:
    """:return: the texts at a dotted path, by their last names

    >>> part({"a.b": "1", "a.c.d": "2", "b": "3"}, "a")
    {'b': '1'}
    """
    start = f"{path}."
    inside = ((name, name.removeprefix(start)) for name in fields)
    return {
        last: fields[name]
        for name, last in inside
        if name.startswith(start) and "." not in last
    }
