"""Writing a grid: what is read back from it is what was written."""

from __future__ import annotations

import io
import re
from collections.abc import Hashable, Iterable
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from . import words
from .cells import value_date_text
from .grid import BSMV, FEE, VALUE_DATE, GridLine

_BOLD = Font(bold=True)
_SHADE = PatternFill("solid", start_color="E9ECEF")
_RATE_FORMAT = "0.00##%"
_ORDER = (None, *(kind for kind in words.KINDS if kind != words.EVERY))
_EXTRAS = ((FEE, words.FEE), (BSMV, words.BSMV), (VALUE_DATE, words.VALUE_DATE))
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\']")


def write_grid(
    lines: Iterable[GridLine],
    programs: dict[Hashable, str],
    title: str,
    currency: str,
    language: int = words.ENGLISH,
) -> bytes:
    """Write a workbook with a sheet for each kind of cards and period.

    :param programs: names by key
    """
    book = Workbook()
    book.remove(book.active)
    tables: dict[tuple, list] = {}
    for line in sorted(lines, key=_table_order):
        tables.setdefault(_table_order(line), []).append(line)
    for table in tables.values() or [[]]:
        _Sheet(book, table, programs, language).fill(title, currency)
    octets = io.BytesIO()
    book.save(octets)
    return octets.getvalue()


def _table_order(line):
    column = line.column
    return (
        _ORDER.index(column.kind),
        (None, True, False).index(column.on_us),
        str(column.valid_from or ""),
        str(column.valid_to or ""),
    )


class _Sheet:
    def __init__(self, book, lines, programs, language):
        self.lines = lines
        self.language = language
        self.column = lines[0].column if lines else None
        self.names = programs
        keys = {line.column.program for line in lines} or {None}
        self.programs = sorted(keys, key=lambda key: (key is not None, self._name(key)))
        self.sheet = book.create_sheet(self._title(book))
        self.row = 0

    def word(self, phrases):
        return phrases[self.language]

    def _name(self, program):
        if program is None:
            return self.word(words.EVERY_PROGRAM)
        return self.names[program]

    def _title(self, book):
        column = self.column
        kind = (column and column.kind) or words.EVERY
        parts = [self.word(words.KINDS[kind])]
        if column and column.on_us is not None:
            parts.append(self.word(words.BANKS[column.on_us]))
        # Excel makes names of sheets unique without looking at case.
        taken = {sheet.title.lower() for sheet in book.worksheets}
        name = wanted = _FORBIDDEN_IN_NAMES.sub(" ", ", ".join(parts))[:31]
        number = 2
        while name.lower() in taken:
            name = f"{wanted[:27]} {number}"
            number += 1
        return name

    def fill(self, title, currency):
        self._put(title, font=_BOLD)
        self._facts(currency)
        self.row += 1
        headings = [self.word(words.INSTALLMENTS), *map(self._name, self.programs)]
        self._put(*headings, font=_BOLD, fill=_SHADE)
        self.sheet.freeze_panes = self.sheet.cell(self.row + 1, 2)
        by_place = {(line.count, line.column.program): line for line in self.lines}
        for count in sorted({line.count for line in self.lines}):
            self._put(self._count(count))
            for index, program in enumerate(self.programs, 2):
                line = by_place.get((count, program))
                if line:
                    cell = self.sheet.cell(self.row, index)
                    cell.value = Decimal(line.rate).scaleb(-6)
                    cell.number_format = _RATE_FORMAT
        for what, phrases in _EXTRAS:
            self._extras(what, self.word(phrases))
        self._widen()

    def _facts(self, currency):
        column = self.column
        self._put(self.word(words.CURRENCY), currency)
        kind = (column and column.kind) or words.EVERY
        self._put(self.word(words.KIND), self.word(words.KINDS[kind]))
        bank = words.EVERY if column is None or column.on_us is None else column.on_us
        self._put(self.word(words.BANK), self.word(words.BANKS[bank]))
        if column and column.valid_from:
            self._put(self.word(words.VALID_FROM), column.valid_from)
        if column and column.valid_to:
            self._put(self.word(words.VALID_TO), column.valid_to)

    def _count(self, count):
        if count == 0:
            return self.word(words.ANY_COUNT)
        return self.word(words.SINGLE_PAYMENT) if count == 1 else count

    def _extras(self, what, label):
        """A row for each column as a whole; where its lines differ, a row a count."""
        if all(getattr(line, what) is None for line in self.lines):
            return
        whole, single = {}, {}
        for program in self.programs:
            lines = [line for line in self.lines if line.column.program == program]
            values = {getattr(line, what) for line in lines}
            if len(values) == 1:
                whole[program] = values.pop()
            else:
                for line in lines:
                    single.setdefault(line.count, {})[program] = getattr(line, what)
        self._extra_row(label, what, whole)
        for count, values in sorted(single.items()):
            self._extra_row(f"{label} – {self._count(count)}", what, values)

    def _extra_row(self, label, what, values):
        self._put(label)
        for index, program in enumerate(self.programs, 2):
            value = values.get(program)
            if value is None:
                continue
            cell = self.sheet.cell(self.row, index)
            if what == VALUE_DATE:
                text = value_date_text(value)
                cell.value = int(text) if text.isdigit() else text
            elif what == FEE:
                cell.value = Decimal(value).scaleb(-2)
                cell.number_format = "0.00"
            else:
                cell.value = Decimal(value).scaleb(-6)
                cell.number_format = _RATE_FORMAT

    def _put(self, *values, **style):
        """Write the next row."""
        self.row += 1
        for index, value in enumerate(values, 1):
            cell = self.sheet.cell(self.row, index)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # also a name that begins like a formula
            for name, setting in style.items():
                setattr(cell, name, setting)

    def _widen(self):
        self.sheet.column_dimensions["A"].width = 24
        for index, program in enumerate(self.programs, 2):
            width = max(12, len(self._name(program)) + 2)
            self.sheet.column_dimensions[get_column_letter(index)].width = width
