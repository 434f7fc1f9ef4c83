"""Which lines of an account are there already, whichever way they came."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from .bank_line import BankLine, capitals


@dataclass(frozen=True)
class Stored:
    """A line that is there.

    :param amount: kuruş
    """

    day: date
    amount: int
    text: str
    reference: str = ""


def plain(text: str) -> str:
    """Banks and importers break words and add blanks.

    >>> plain("Pos net\\nsatış")
    'POSNETSATIS'
    """
    return re.sub(r"\s+", "", capitals(text))


def sort_out(
    lines: Sequence[BankLine], stored: Iterable[Stored]
) -> tuple[list[BankLine], list[BankLine], list[BankLine]]:
    """Each stored line stands for one of the file: twice there is twice known.

    A line is known by day, amount, and its reference or its text. Other importers take
    the day of entry for the day.

    :return: the new ones; of these such as differ from one that is there in reference
        and text alone; the known ones
    """
    left: dict[tuple[date, int], list[Stored]] = defaultdict(list)
    for one in stored:
        left[one.day, one.amount].append(one)
    new, known = [], []
    for line in lines:
        found = _found(line, left)
        if found is None:
            new.append(line)
        else:
            known.append(line)
            left[found.day, found.amount].remove(found)
    alike = [line for line in new if any(left.get(key) for key in _keys(line))]
    return new, alike, known


def _keys(line):
    return {(line.day, line.amount), (line.booked or line.day, line.amount)}


def _found(line, left) -> Stored | None:
    text, reference = plain(line.text), plain(line.reference)
    for key in _keys(line):
        for one in left.get(key, ()):
            if reference and plain(one.reference) == reference:
                return one
            if plain(one.text) == text:
                return one
    return None
