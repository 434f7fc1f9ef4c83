"""How much, and in how many installments, may be paid: the tightest limit wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """``None`` means no limit. Amounts are kuruş of what is charged.

    :param source: whose limit it is, in words for people
    :param is_cap: whether law or contract sets it, not the company
    """

    source: str
    max_installments: int | None = None
    minimum_total: int | None = None
    maximum_total: int | None = None
    minimum_installment: int | None = None
    is_cap: bool = False


def cut(limits: Iterable[Limit], total: int, count: int, installment: int):
    """Find the limit that forbids a payment; of several the tightest.

    :param int installment: the smallest part that the card is charged
    :return: (reason, source), or None if it is allowed
    """
    limits = tuple(limits)
    checks = (
        ("max_installments", count, False),
        ("minimum_total", total, True),
        ("maximum_total", total, False),
        ("minimum_installment", installment, True),
    )
    for name, value, is_floor in checks:
        if name == "minimum_installment" and count == 1:
            continue
        bounds = [
            (getattr(limit, name), limit)
            for limit in limits
            if getattr(limit, name) is not None
        ]
        if not bounds:
            continue
        pick = max if is_floor else min
        bound, limit = pick(bounds, key=lambda pair: pair[0])
        if value < bound if is_floor else value > bound:
            is_cap = limit.is_cap and name == "max_installments"
            return "cap" if is_cap else name, limit.source
    return None
