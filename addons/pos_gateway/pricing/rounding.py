"""The one rounding rule, and the one place where the ORM's floats become integers.

Kuruş are hundredths of any currency with two decimals.
"""

from decimal import ROUND_HALF_UP, Decimal

from .rates import rate


def round_kurus(value: Decimal) -> int:
    """Round to whole kuruş, half away from zero.

    >>> round_kurus(Decimal("0.5")), round_kurus(Decimal("1.4999"))
    (1, 1)
    """
    return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def to_kurus(amount) -> int:
    """Convert an ORM amount (major units, float or Decimal) to kuruş.

    The float is read by its shortest text, which is what the database stores.

    >>> to_kurus(19.99), to_kurus(1250.4)
    (1999, 125040)
    """
    return round_kurus(Decimal(str(amount)) * 100)


def to_rate(percent) -> int:
    """Convert an ORM rate (percent, float) to a rate as in ``rates``.

    Four decimals are stored; the float's noise beyond them is not a rate.

    >>> to_rate(2.85), to_rate(99.9999), to_rate(0.1 + 0.2)
    (28500, 999999, 3000)
    """
    return rate(str(round(percent, 4)))


def to_percent(value: int) -> Decimal:
    """Convert a rate as in ``rates`` to percent, exactly.

    >>> to_percent(28500)
    Decimal('2.8500')
    """
    return Decimal(value).scaleb(-4)


def to_major(kurus: int) -> Decimal:
    """Convert kuruş to major units, exactly.

    >>> to_major(125040)
    Decimal('1250.40')
    """
    return Decimal(kurus).scaleb(-2)
