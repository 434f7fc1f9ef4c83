"""The sheets of a small file, as people send them: XLSX, or text with separators."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import openpyxl
from openpyxl.utils import get_column_letter

MOST_BYTES = 5_000_000
MOST_UNPACKED = 20_000_000
MOST_SHEETS, MOST_ROWS, MOST_COLUMNS = 50, 2_000, 200
# What a spreadsheet's arithmetic adds at the end of a number is not meant.
CERTAIN_DIGITS = 12


class UnreadableFile(Exception):
    """The file as a whole is refused.

    :param reason: ``empty``, ``too_big``, ``old_format``, ``broken``, ``wide``,
    ``encoding``
    """

    def __init__(self, reason: str):
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Cell:
    """:param number: set if the cell is a number, not a text that looks like one
    :param is_percent: the number is shown as a percentage: 0.0245 is 2.45 %
    """

    text: str = ""
    number: Decimal | None = None
    day: date | None = None
    is_percent: bool = False

    def __bool__(self):
        return bool(self.text)


EMPTY = Cell()


@dataclass(frozen=True)
class Sheet:
    """:param rows: tuple of tuple of :class:`Cell`, all rows of the same length"""

    name: str
    rows: tuple


def column_letter(index: int) -> str:
    """
    >>> column_letter(0), column_letter(27)
    ('A', 'AB')
    """
    return get_column_letter(index + 1)


def read_sheets(content: bytes) -> tuple[Sheet, ...]:
    """Read every visible sheet. What the file is, its first bytes say, not its name.

    :raises UnreadableFile: if it is no such file, or a very big one
    """
    if not content.strip():
        raise UnreadableFile("empty")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_big")
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("old_format")
    return (_read_text(content),)


# === XLSX === #


def _read_xlsx(content):
    _check_archive(content)
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise UnreadableFile("broken") from error
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if len(sheets) > MOST_SHEETS:
        raise UnreadableFile("wide")
    return tuple(_xlsx_sheet(sheet) for sheet in sheets)


def _check_archive(content):
    """A small archive can unpack to a huge one, and XML can refer to itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile("too_big")
            for info in archive.infolist():
                if info.filename.endswith((".xml", ".rels")):
                    with archive.open(info) as part:
                        if b"<!DOCTYPE" in part.read(MOST_UNPACKED):
                            raise UnreadableFile("broken")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableFile("broken") from error


def _xlsx_sheet(sheet):
    if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS:
        raise UnreadableFile("wide")
    rows = [[_xlsx_cell(cell) for cell in row] for row in sheet.iter_rows()]
    for merged in sheet.merged_cells.ranges:
        _spread(rows, merged)
    return Sheet(sheet.title, tuple(map(tuple, rows)))


def _spread(rows, merged):
    """A title over several columns is the title of each."""
    first = rows[merged.min_row - 1][merged.min_col - 1]
    for row in rows[merged.min_row - 1 : merged.max_row]:
        for index in range(merged.min_col - 1, min(merged.max_col, len(row))):
            row[index] = first


def _xlsx_cell(cell):
    value = cell.value
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell(str(value))
    if isinstance(value, datetime | date):
        day = value.date() if isinstance(value, datetime) else value
        return Cell(day.isoformat(), day=day)
    if isinstance(value, int | float):
        is_percent = "%" in (cell.number_format or "")
        number = _meant(Decimal(repr(value)))
        return Cell(f"{number:f}", number, is_percent=is_percent)
    return Cell(str(value).strip())


def _meant(number: Decimal) -> Decimal:
    """
    >>> _meant(Decimal("0.024500000000000001")), _meant(Decimal("3.0"))
    (Decimal('0.0245'), Decimal('3'))
    """
    if not number:
        return Decimal(0)
    digits = CERTAIN_DIGITS - number.adjusted() - 1
    return round(number, max(digits, 0)).normalize()


# === TEXT === #


def _read_text(content):
    text = decode(content)
    if "\x00" in text:
        raise UnreadableFile("broken")
    try:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        rows = list(lines)
    except csv.Error as error:
        raise UnreadableFile("broken") from error
    width = max(map(len, rows), default=0)
    if len(rows) > MOST_ROWS or width > MOST_COLUMNS:
        raise UnreadableFile("wide")
    return Sheet(
        "",
        tuple(
            tuple(Cell(text.strip()) for text in row) + (EMPTY,) * (width - len(row))
            for row in rows
        ),
    )


def decode(content: bytes) -> str:
    """UTF-8 if it is that; else Windows' Turkish, in which every spreadsheet saves
    (ISO-8859-9 is a part of it).

    >>> decode("Taksit;Işık".encode("cp1254")), decode("\\ufeffŞ".encode())
    ('Taksit;Işık', 'Ş')

    :raises UnreadableFile: if it is neither
    """
    for encoding in ("utf-8-sig", "cp1254"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableFile("encoding")


def _delimiter(text):
    """A comma is also the decimal sign: it separates only if nothing else does."""
    return next((sign for sign in ";\t" if sign in text), ",")
