"""Splitting a whole into parts that sum to it."""

from __future__ import annotations

from collections.abc import Sequence


def split_installments(total: int, count: int) -> tuple[int, ...]:
    """Split ``total`` kuruş into ``count`` parts; the first also takes the remainder.

    >>> split_installments(10000, 3)
    (3334, 3333, 3333)
    """
    part, remainder = divmod(total, count)
    return (part + remainder,) + (part,) * (count - 1)


def proportional(amount: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Split by largest remainder; of equal remainders the earlier part gets more.

    >>> proportional(100, (1, 1, 1)), proportional(5, (3334, 3333, 3333))
    ((34, 33, 33), (2, 2, 1))

    :param weights: none below zero, not all zero
    """
    if len(weights) == 1:
        return (amount,)
    if not amount:
        return (0,) * len(weights)
    whole = sum(weights)
    parts, remainders = [], []
    for weight in weights:
        part, remainder = divmod(amount * weight, whole)
        parts.append(part)
        remainders.append(remainder)
    missing = amount - sum(parts)
    if missing:
        # Sorting is stable: of equal remainders the earlier comes first.
        order = sorted(range(len(parts)), key=remainders.__getitem__, reverse=True)
        for index in order[:missing]:
            parts[index] += 1
    return tuple(parts)
