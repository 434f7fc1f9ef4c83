"""Reading a grid, also one that a bank made by hand: titles above it, notes below it,
headings over two rows, rates as numbers, percentages or text.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace

from ..pricing.cards import CardKind
from ..tabular.workbook import Sheet, read_sheets
from . import cells, words
from .cells import Refused
from .grid import BSMV, FEE, VALUE_DATE, Column, Grid, GridLine, Problem
from .table import Table, find_table

AUTO, PERCENT, SHARE = "auto", "percent", "share"
_EXTRAS = (
    (FEE, words.FEE, cells.read_fee),
    (BSMV, words.BSMV, cells.read_tax),
    (VALUE_DATE, words.VALUE_DATE, cells.read_value_date),
)


def read_grid(
    content: bytes,
    programs: Iterable[tuple[Hashable, str, str]],
    currency: str = "TRY",
    plain: str = AUTO,
    kind: CardKind | None = None,
    skip_unknown: bool = False,
) -> Grid:
    """Read every sheet of a file.

    :param programs: tuples of (key, name, code) of the known card programs
    :param plain: what numbers without a percent sign are: ``percent`` (2.45),
        ``share`` (0.0245), or ``auto``: percent, unless all are below one
    :param kind: of sheets that name no card kind
    :param skip_unknown: pass over columns of unknown programs
    :return: with problems, nothing of it may be used
    :raises UnreadableFile: if it is no table at all
    """
    reader = _Reader(words.Vocabulary(programs), currency, kind, skip_unknown)
    for sheet in read_sheets(content):
        reader.take(sheet)
    if not reader.rates and not reader.columns and not reader.problems:
        reader.problems.append(Problem("", "no_table"))
    lines = reader.lines(plain)
    return Grid(
        tuple(lines),
        frozenset(reader.columns),
        tuple(reader.problems),
        tuple(reader.remarks),
    )


class _Reader:
    def __init__(self, vocabulary, currency, kind, skip_unknown):
        self.vocabulary = vocabulary
        self.currency = currency
        self.kind = kind
        self.skip_unknown = skip_unknown
        self.rates: list[tuple[GridLine, cells.Rate]] = []
        self.columns: set[Column] = set()
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def take(self, sheet: Sheet):
        table = find_table(sheet)
        if table is None:
            if any(any(row) for row in sheet.rows):
                self.remarks.append(Problem(sheet.name, "no_table_on_sheet"))
            return
        try:
            general = table.facts(self.vocabulary, self.currency, self.kind)
        except Refused as refusal:
            self.problems.append(refusal.problem)
            return
        columns = self._columns(table, general)
        self.columns.update(columns.values())
        extras = self._extras(table, columns)
        for row in table.rate_rows():
            self._rate_row(table, row, columns, extras)
        for row in table.remark_rows():
            self.remarks.append(Problem(table.place(row, table.first), "remark"))

    def _columns(self, table, general):
        """:return: dict of column index to :class:`Column`"""
        found: dict[int, Column] = {}
        for index, text in table.headings():
            place = table.place(table.header, index)
            try:
                said = self.vocabulary.understand(text)
            except words.UnknownWords as error:
                problem = Problem(place, error.reason, text)
                is_skipped = self.skip_unknown and error.reason == "unknown_column"
                (self.remarks if is_skipped else self.problems).append(problem)
                continue
            try:
                column = cells.merged(general, said)
            except ValueError:
                self.problems.append(Problem(place, "contradiction", text))
                continue
            found[index] = column
        return found

    def _extras(self, table, columns):
        """:return: dict of (what, column index, count or None) to value, and what"""
        extras, said = {}, set()
        for row in table.extra_rows():
            label = table.label(row)
            what, count = table.extra_label(label)
            reader = next(read for name, _words, read in _EXTRAS if name == what)
            said.add(what)
            for index in columns:
                cell = table.cell(row, index)
                if not cell and count is not None:
                    continue
                try:
                    extras[what, index, count] = reader(cell)
                except ValueError as error:
                    self._refuse(table, row, index, error)
        return extras, frozenset(said)

    def _rate_row(self, table, row, columns, extras):
        values, said = extras
        try:
            counts = cells.read_counts(table.cell(row, table.first))
        except ValueError as error:
            self._refuse(table, row, table.first, error)
            return
        for index, column in columns.items():
            try:
                rate = cells.read_rate(table.cell(row, index))
            except ValueError as error:
                self._refuse(table, row, index, error)
                continue
            if rate is None:
                continue
            for count in counts:
                own = {
                    what: values.get(
                        (what, index, count), values.get((what, index, None))
                    )
                    for what in (FEE, BSMV, VALUE_DATE)
                }
                place = table.place(row, index)
                line = GridLine(column, count, 0, said=said, place=place, **own)
                self.rates.append((line, rate))

    def _refuse(self, table: Table, row, index, error):
        text = table.cell(row, index).text
        self.problems.append(Problem(table.place(row, index), str(error), text))

    # === WHAT THE NUMBERS MEAN === #

    def lines(self, plain):
        """:return: the lines, once each; what is wrong is added to the problems"""
        plain_rates = [rate.number for _line, rate in self.rates if rate.is_plain]
        if plain == AUTO and any(plain_rates) and max(plain_rates) < 1:
            first = next(line for line, rate in self.rates if rate.is_plain)
            self.problems.append(Problem(first.place, "percent_or_share"))
            plain = PERCENT
        found: dict[tuple, GridLine] = {}
        for line, rate in self.rates:
            try:
                value = cells.rate_value(rate, is_share=plain == SHARE)
            except ValueError as error:
                self.problems.append(
                    Problem(line.place, str(error), f"{rate.number:f}")
                )
                continue
            line = replace(line, rate=value)
            other = found.setdefault((line.column, line.count), line)
            if replace(other, place="") != replace(line, place=""):
                self.problems.append(
                    Problem(line.place, "twice", f"{rate.number:f}", other.place)
                )
        return found.values()
