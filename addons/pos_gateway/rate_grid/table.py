"""Finding the table on a sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..tabular.workbook import EMPTY, Cell, Sheet, column_letter
from . import cells, words
from .cells import Refused
from .grid import BSMV, FEE, VALUE_DATE, Column, Problem
from .words import UnknownWords, is_one_of

_EXTRA_WORDS = ((FEE, words.FEE), (BSMV, words.BSMV), (VALUE_DATE, words.VALUE_DATE))
_DASHES = (" – ", " - ", " — ")


def find_table(sheet: Sheet) -> Table | None:
    """:return: the first row with a cell "Taksit", and what belongs to it"""
    for number, row in enumerate(sheet.rows):
        for index, cell in enumerate(row):
            if is_one_of(cell.text, words.INSTALLMENTS):
                return Table(sheet, number, index)
    return None


@dataclass(frozen=True)
class Table:
    """:param header: index of the (first) row of headings
    :param first: index of the column of installment counts
    """

    sheet: Sheet
    header: int
    first: int

    def cell(self, row: int, index: int) -> Cell:
        return self.sheet.rows[row][index]

    def label(self, row: int) -> str:
        return self.cell(row, self.first).text

    def place(self, row: int, index: int) -> str:
        """:return: e.g. "Bireysel B5", as spreadsheets call it"""
        return f"{self.sheet.name} {column_letter(index)}{row + 1}".strip()

    # === HEADINGS === #

    def _heading_rows(self) -> list[int]:
        rows = [self.header]
        above, below = self.header - 1, self.header + 1
        if above >= 0 and not self.label(above) and self._has_cells(above):
            rows.insert(0, above)
        while below < len(self.sheet.rows) and self._continues(below):
            rows.append(below)
            below += 1
        return rows

    def _continues(self, row) -> bool:
        """Whether a row is a second row of headings: words beside no new label."""
        label = self.label(row)
        if label and not is_one_of(label, words.INSTALLMENTS):
            return False
        texts = [cell for cell in self.sheet.rows[row][self.first + 1 :] if cell]
        return (
            bool(texts)
            and all(cell.number is None for cell in texts)
            and any(
                word.isalpha()
                for cell in texts
                for word in words.fold(cell.text).split()
            )
        )

    def _has_cells(self, row) -> bool:
        return any(self.sheet.rows[row][self.first + 1 :])

    def headings(self) -> Iterator[tuple[int, str]]:
        """:return: column index and the text over it; columns without one are left"""
        rows = self._heading_rows()
        for index in range(self.first + 1, len(self.sheet.rows[self.header])):
            texts = [self.cell(row, index).text for row in rows]
            text = " ".join(dict.fromkeys(filter(None, texts)))
            if text:
                yield index, text

    # === ROWS === #

    def _body(self) -> range:
        return range(self._heading_rows()[-1] + 1, len(self.sheet.rows))

    def _values(self, row) -> list[Cell]:
        """:return: cells beside the label; a note over all columns is not one"""
        label = self.label(row)
        return [
            cell
            for cell in self.sheet.rows[row][self.first + 1 :]
            if cell and not (label and cell.text == label and cell.number is None)
        ]

    def extra_rows(self) -> Iterator[int]:
        return (row for row in self._body() if self.extra_label(self.label(row)))

    def rate_rows(self) -> Iterator[int]:
        return (
            row
            for row in self._body()
            if not self.extra_label(self.label(row)) and self._is_rate_row(row)
        )

    def _is_rate_row(self, row) -> bool:
        if self._values(row):
            return True
        # A row of a count whose cells are all empty still has to be a count.
        label = self.label(row)
        return bool(label) and label[0].isdigit() and len(words.fold(label)) < 12

    def remark_rows(self) -> Iterator[int]:
        return (
            row
            for row in self._body()
            if self.label(row)
            and not self.extra_label(self.label(row))
            and not self._is_rate_row(row)
        )

    def extra_label(self, label: str) -> tuple[str, int | None] | None:
        """:return: what the row is about, of which count (None: of the whole column)"""
        for dash in _DASHES:
            text, found, count = label.rpartition(dash)
            if found:
                what = self._extra_of(text)
                if what:
                    try:
                        counts = cells.read_counts(Cell(count))
                    except ValueError:
                        return None
                    return what, counts[0]
        what = self._extra_of(label)
        return (what, None) if what else None

    @staticmethod
    def _extra_of(text):
        for what, phrases in _EXTRA_WORDS:
            if is_one_of(text, phrases):
                return what
        return None

    # === WHAT STANDS ABOVE === #

    def facts(self, vocabulary, currency, kind) -> Column:
        """:return: what holds for every column of the sheet

        :raises Refused: with the place
        """
        said: dict = {}
        if self.sheet.name:
            try:
                said = vocabulary.understand(self.sheet.name, is_strict=False)
            except UnknownWords as error:
                problem = Problem(self.sheet.name, error.reason, self.sheet.name)
                raise Refused(problem) from error
            said.pop("program", None)
        said.setdefault("kind", kind)
        for row in range(self.header):
            said.update(self._facts_of(row, vocabulary, currency))
        first, last = said.get("valid_from"), said.get("valid_to")
        if first and last and first > last:
            raise Refused(Problem(self.sheet.name, "period", f"{first} – {last}"))
        return Column(**said)

    def _facts_of(self, row, vocabulary, currency) -> dict:
        label, index, cell = self._label_and_value(row)
        try:
            if is_one_of(label, words.VALID_FROM):
                return {"valid_from": cells.read_day(cell)}
            if is_one_of(label, words.VALID_TO):
                return {"valid_to": cells.read_day(cell)}
            if is_one_of(label, words.KIND):
                return {"kind": vocabulary.understand(cell.text).get("kind")}
            if is_one_of(label, words.BANK):
                return {"on_us": vocabulary.understand(cell.text).get("on_us")}
            if is_one_of(label, words.CURRENCY) and cell:
                if not _is_currency(cell.text, currency):
                    raise ValueError("currency")
        except UnknownWords as error:
            raise Refused(
                Problem(self.place(row, index), error.reason, cell.text)
            ) from error
        except ValueError as error:
            raise Refused(
                Problem(self.place(row, index), str(error), cell.text, currency)
            ) from error
        return {}

    def _label_and_value(self, row) -> tuple[str, int, Cell]:
        filled = [
            (index, cell) for index, cell in enumerate(self.sheet.rows[row]) if cell
        ]
        if not filled:
            return "", 0, EMPTY
        label = filled[0][1].text.rstrip(": ")
        for index, cell in filled[1:]:
            if cell.text != filled[0][1].text:
                return label, index, cell
        return label, filled[0][0], EMPTY


def _is_currency(text: str, currency: str) -> bool:
    folded = text.strip().upper()
    return folded == currency or (currency == "TRY" and folded in ("TL", "₺"))
