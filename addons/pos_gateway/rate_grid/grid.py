"""What a grid says."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date

from ..pricing.cards import CardKind
from ..pricing.value_dates import ValueDate

FEE, BSMV, VALUE_DATE = "fee", "bsmv", "value_date"


@dataclass(frozen=True)
class Column:
    """Whose cards a column is for, and when. ``None`` means: whatever it is."""

    program: Hashable = None
    kind: CardKind | None = None
    on_us: bool | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class GridLine:
    """One rate.

    :param count: number of installments; 0 for any
    :param rate: as in ``pricing.rates``
    :param fee: kuruş; None: as the agreement says
    :param bsmv: rate of the tax; None: as the agreement says
    :param value_date: None: as the agreement says
    :param said: which of ``fee``, ``bsmv`` and ``value_date`` the file has rows for;
        what it has none for stays as it was
    :param place: e.g. "Bireysel B5"
    """

    column: Column
    count: int
    rate: int
    fee: int | None = None
    bsmv: int | None = None
    value_date: ValueDate | None = None
    said: frozenset = frozenset()
    place: str = ""


@dataclass(frozen=True)
class Problem:
    """Why a file is refused.

    :param place: sheet, row and column, for people; empty: the file as a whole
    :param reason: one word of ``models/rate_grid_problems.py``
    :param text: what stands there
    :param other: another place, or what it should be
    """

    place: str
    reason: str
    text: str = ""
    other: str = ""


@dataclass(frozen=True)
class Grid:
    """:param columns: those that the file has, also if all their cells are empty
    :param remarks: places of rows and sheets that say nothing of rates
    """

    lines: tuple[GridLine, ...] = ()
    columns: frozenset[Column] = frozenset()
    problems: tuple[Problem, ...] = ()
    remarks: tuple[Problem, ...] = ()
