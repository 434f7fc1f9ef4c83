"""How much, and in how many installments, may be paid: the tightest limit wins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """``None`` means no limit. Amounts are kuruş of what is charged.

    :param source: whose limit it is, in words for people
    :param is_cap: whether law or contract sets it, not the company
    :param no_surcharge: whether nothing may be added to the debt
    """

    source: str
    max_installments: int | None = None
    minimum_total: int | None = None
    maximum_total: int | None = None
    minimum_installment: int | None = None
    is_cap: bool = False
    no_surcharge: bool = False


def cut(
    limits: Iterable[Limit], total: int, count: int, surcharge: int = 0, extra: int = 0
) -> tuple[str, str] | None:
    """Find the limit that forbids a payment: of each sort the tightest, or the first of
    several as tight.

    >>> limits = Limit("POS A", max_installments=9), Limit("Partner B", 6)
    >>> cut(limits, 100000, 12), cut(limits, 100000, 6)
    (('max_installments', 'Partner B'), None)

    The smallest installment is limited only where there are several.

    :param extra: installments that the bank adds by campaign: the law counts them
    :return: (reason, source), or None if it is allowed
    """
    limits = tuple(limits)
    if not limits:
        return None
    found = _over_ceiling(limits, "max_installments", count)
    if not found and extra:
        caps = tuple(limit for limit in limits if limit.is_cap)
        found = _over_ceiling(caps, "max_installments", count + extra)
    if found:
        return "cap" if found.is_cap else "max_installments", found.source
    found = _under_floor(limits, "minimum_total", total)
    if found:
        return "minimum_total", found.source
    found = _over_ceiling(limits, "maximum_total", total)
    if found:
        return "maximum_total", found.source
    if count > 1:
        found = _under_floor(limits, "minimum_installment", total // count)
        if found:
            return "minimum_installment", found.source
    return _free_of_surcharge(limits, surcharge)


def _over_ceiling(limits: tuple[Limit, ...], name: str, value: int) -> Limit | None:
    """:return: the tightest limit that the value is above"""
    found, lowest = None, value
    for limit in limits:
        ceiling = getattr(limit, name)
        if ceiling is not None and ceiling < lowest:
            found, lowest = limit, ceiling
    return found


def _under_floor(limits: tuple[Limit, ...], name: str, value: int) -> Limit | None:
    """:return: the tightest limit that the value is below"""
    found, highest = None, value
    for limit in limits:
        floor = getattr(limit, name)
        if floor is not None and floor > highest:
            found, highest = limit, floor
    return found


def _free_of_surcharge(limits, surcharge: int) -> tuple[str, str] | None:
    for limit in limits:
        if surcharge and limit.no_surcharge:
            return "surcharge", limit.source
    return None
