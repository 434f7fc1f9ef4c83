"""Books, report and account together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from . import deposits
from .bank_line import BankLine
from .books import Expected
from .findings import Event, Finding
from .pairing import Paired, pair
from .rows import ReportRow, RowKind


@dataclass(frozen=True)
class Result:
    paired: Paired
    deposits: deposits.Deposits

    @property
    def findings(self) -> list[Finding]:
        return [*self.paired.findings, *self.deposits.findings]

    @property
    def events(self) -> list[Event]:
        return [*self.paired.events, *self.deposits.events]


def compare(
    books: Iterable[Expected],
    rows: Iterable[ReportRow],
    lines: Sequence[BankLine],
    as_of: date,
) -> Result:
    """
    :param rows: of all reports of the account's POS
    :param lines: of the account
    :param date as_of: the last day of which the account tells everything
    """
    paired = pair(books, rows)
    told = [row for row, _found in paired.rows if row.kind is not RowKind.CANCEL]
    unknown = [
        row
        for row, found in paired.rows
        if row.kind is RowKind.SALE and (not found or found.is_voided)
    ]
    return Result(paired, deposits.match(told, lines, as_of, paired.doubled, unknown))
