"""Rates that a contract quotes with the tax on commission already in them."""

from __future__ import annotations

from .rates import HUNDRED


def before_tax(inclusive: int, bsmv: int) -> tuple[int, bool]:
    """Take the tax out of a rate.

    >>> before_tax(21000, 50000)  # 2.1 percent with 5 percent tax in it
    (20000, True)
    >>> before_tax(30000, 50000)  # 2.857142...
    (28571, False)

    :return: the rate rounded down to four decimals, and whether it is exact. One that
        is not must not be used: of a million lira, half of the last decimal is half a
        lira.
    """
    before, rest = divmod(inclusive * HUNDRED, HUNDRED + bsmv)
    return before, not rest
