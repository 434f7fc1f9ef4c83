"""What our own side expects of a bank."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from ..pricing.value_dates import Slice
from .rows import RowKind


@dataclass(frozen=True)
class Expected:
    """A sale, or a refund of one, as we know it. Amounts are kuruş; a refund's are
    below zero.

    :param key: of the caller: an id, or whatever
    :param is_open: whether a report of now is to have it; not if it was voided, or
        settled long ago
    :param slices: what the bank is to pay, or to take, on which day
    :param rate: percent of the agreement as text
    :param keeps_commission: whether the bank keeps its commission of a refund
    :param of: key of the sale that is refunded
    """

    key: Hashable
    kind: RowKind
    order: str
    day: date
    total: int
    terminal: str = ""
    count: int = 1
    auth_code: str = ""
    rrn: str = ""
    slices: tuple[Slice, ...] = ()
    rate: str = ""
    is_open: bool = True
    is_voided: bool = False
    of: Hashable | None = None
    currency: str = "TRY"
    payment: str = ""

    @property
    def net(self) -> int:
        return sum(one.net for one in self.slices)

    @property
    def cost(self) -> int:
        return sum(one.gross - one.net for one in self.slices)
