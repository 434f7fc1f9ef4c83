"""Percentages as whole numbers: ten-thousandths of a percent, so that ``2.5`` is 25000.

Whole numbers make the arithmetic exact and fast; four decimals are what banks agree on.
"""

from decimal import Decimal, InvalidOperation

HUNDRED = 1_000_000  # 100 percent


def rate(percent) -> int:
    """Read a rate of 0 to 100 percent with up to four decimals.

    >>> rate("2.5"), rate(Decimal("0.0001")), rate("100")
    (25000, 1, 1000000)

    :param percent: decimal text or Decimal; never a float
    :raises ValueError: with a sentence, if it is none
    """
    try:
        scaled = Decimal(percent).scaleb(4)
    except (InvalidOperation, TypeError) as error:
        raise ValueError("a rate is a number of percent") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError("a rate has at most four decimals")
    if not 0 <= scaled <= HUNDRED:
        raise ValueError("a rate is between 0 and 100 percent")
    return int(scaled)


def rate_text(value: int) -> str:
    """
    >>> rate_text(25000), rate_text(0), rate_text(123456)
    ('2.5', '0', '12.3456')
    """
    text = f"{Decimal(value).scaleb(-4).normalize():f}"
    return text if text != "-0" else "0"


def share(amount: int, of_rate: int) -> int:
    """:return: that many percent of an amount, rounded half up, away from zero

    >>> share(1000000, 20000), share(1, 500000), share(-1, 500000), share(318, 50000)
    (20000, 1, -1, 16)
    """
    doubled = 2 * abs(amount) * of_rate
    rounded = (doubled + HUNDRED) // (2 * HUNDRED)
    return rounded if amount >= 0 else -rounded
