"""Amounts in reports and statements, to integer kuruş. Never by way of a float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from .refusals import FileRefused

COMMA, POINT = ",", "."
_SPACES = re.compile(r"[\s\u00a0\u202f']+")
_CURRENCY = re.compile(r"^(?:₺|TL|TRY)|(?:₺|TL|TRY)$")
_LAST_MARK = re.compile(r"([.,])(\d+)$")
_SHAPES = {
    COMMA: re.compile(r"(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d{0,2})?"),
    POINT: re.compile(r"(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d{0,2})?"),
}
# What a spreadsheet's arithmetic leaves behind the second digit is not meant.
_DUST = Decimal("0.000001")


def bare(text: str) -> tuple[str, int]:
    """:return: digits and marks alone, and the sign

    >>> bare("(1.234,56 TL)"), bare("12,00-"), bare("+005038.80")
    (('1.234,56', -1), ('12,00', -1), ('005038.80', 1))
    """
    text = _SPACES.sub("", text).replace("−", "-")
    sign = 1
    if text.startswith("(") and text.endswith(")"):
        text, sign = text[1:-1], -1
    text = _CURRENCY.sub("", text)
    if text.startswith("-") or text.endswith("-"):
        text, sign = text.strip("-"), -sign
    return _CURRENCY.sub("", text.removeprefix("+")), sign


def decimal_mark(texts: Iterable[str]) -> str:
    """Find the mark that a whole file uses: no amount is read by itself.

    >>> decimal_mark(["1.234,56", "4.000"]), decimal_mark(["12", "-3.5"])
    (',', '.')

    :raises FileRefused: if both are used, or if nothing tells which one is
    """
    marks, is_open = set(), False
    for text in texts:
        digits, _sign = bare(text)
        last = _LAST_MARK.search(digits)
        if not last:
            continue
        other = COMMA if last[1] == POINT else POINT
        is_single = digits.count(last[1]) == 1
        if (len(last[2]) != 3 or other in digits) and is_single:
            marks.add(last[1])
        elif is_single:
            is_open = True
        else:
            marks.add(other)
    if len(marks) > 1:
        raise FileRefused("marks")
    if is_open and not marks:
        raise FileRefused("two_readings")
    return marks.pop() if marks else COMMA


def read_kurus(value, mark: str) -> int:
    """
    >>> read_kurus("1.234,56", ","), read_kurus(Decimal("12.5"), ",")
    (123456, 1250)

    :param value: text, or a number as a spreadsheet holds it; empty is nothing, 0
    :raises ValueError: if it is no amount, or has parts of a kuruş
    """
    if isinstance(value, (int, Decimal)):
        return _whole(Decimal(value) * 100)
    digits, sign = bare(value)
    if not digits:
        return 0
    if not _SHAPES[mark].fullmatch(digits):
        raise ValueError(f"no amount: {value}")
    other = POINT if mark == COMMA else COMMA
    plain = digits.replace(other, "").replace(mark, ".")
    return sign * _whole(Decimal(plain) * 100)


def read_point(value) -> int:
    """An amount of an interface: a point, no thousands, or nothing at all."""
    try:
        return _whole(Decimal(str(value or 0)) * 100)
    except InvalidOperation as error:
        raise ValueError(f"no amount: {value}") from error


def _whole(kurus: Decimal) -> int:
    whole = kurus.to_integral_value()
    if abs(kurus - whole) > _DUST:
        raise ValueError(f"parts of a kuruş: {kurus}")
    return int(whole)
