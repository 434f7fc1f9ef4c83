"""Percentages as whole numbers: ten-thousandths of a percent, so that ``2.5`` is 25000.

Whole numbers make the arithmetic exact and fast; four decimals are what banks agree on.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

HUNDRED = 1_000_000  # 100 percent
_HALF = HUNDRED // 2


def rate(percent: str | Decimal) -> int:
    """Read a rate of 0 to 100 percent with up to four decimals.

    >>> rate("2.5"), rate(Decimal("0.0001")), rate("100")
    (25000, 1, 1000000)

    :param percent: decimal text or Decimal; never a float
    :raises ValueError: with a sentence, if it is none
    """
    if not isinstance(percent, str | Decimal):
        raise ValueError(f"a rate is a decimal text, not {type(percent).__name__}")
    try:
        value = Decimal(percent)
    except InvalidOperation as error:
        raise ValueError(f"a rate is a number of percent: {percent!r}") from error
    if not value.is_finite() or not 0 <= value <= 100:
        raise ValueError(f"a rate is between 0 and 100 percent: {percent}")
    if value != round(value, 4):
        raise ValueError(f"a rate has at most four decimals: {percent}")
    return int(value.scaleb(4))


def rate_text(value: int) -> str:
    """
    >>> rate_text(25000), rate_text(0), rate_text(123456), rate_text(1000000)
    ('2.5', '0', '12.3456', '100')
    """
    return f"{Decimal(value).scaleb(-4).normalize():f}"


def share(amount: int, of_rate: int) -> int:
    """:return: that many percent of an amount of at least zero, rounded half up

    >>> share(1000000, 20000), share(1, 500000), share(318, 50000)
    (20000, 1, 16)
    """
    return (amount * of_rate + _HALF) // HUNDRED


def unrounded(amount: int, of_rate: int) -> str:
    """:return: the same share before it is rounded, as decimal text

    >>> unrounded(318, 50000), unrounded(1000000, 20000)
    ('15.9', '20000')
    """
    whole, rest = divmod(amount * of_rate, HUNDRED)
    return f"{whole}.{rest:06}".rstrip("0").rstrip(".")


def check_rate(value: int, name: str) -> None:
    """:raises ValueError: unless it is a whole number for 0 to 100 percent"""
    if not isinstance(value, int) or not 0 <= value <= HUNDRED:
        raise ValueError(f"a {name} is between 0 and 100 percent: {value}")


def check_amount(value: int, name: str) -> None:
    """:raises ValueError: unless it is whole kuruş of at least zero"""
    if not isinstance(value, int) or value < 0:
        raise ValueError(f"a {name} is whole kuruş, not below zero: {value}")
