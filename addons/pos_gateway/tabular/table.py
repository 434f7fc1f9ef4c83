"""A long table in a file, read row by row: XLSX, or text with separators.

For lists of up to some hundred thousand rows; ``workbook`` reads small files whole,
with merged cells and number formats.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from .workbook import UnreadableFile, decode

MOST_BYTES = 40_000_000
MOST_UNPACKED = 200_000_000
MOST_ROWS, MOST_COLUMNS = 500_000, 60
LAST_LINE = 1_048_576  # of any spreadsheet
SEPARATORS = ";\t,|"

_SPOKEN_SEPARATOR = re.compile(r"sep=(.)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """:param headers: texts of the first row that is not empty
    :param rows: (number of the row as a spreadsheet shows it, texts); read once
    """

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """What the file is, its first bytes say, not its name.

    :raises UnreadableFile: if it is no such file, or too big; also while rows are read
    """
    _check_size(content)
    numbered = _not_empty(_lines(content, _cell_text))
    _number, headers = next(numbered, (0, ()))
    if not headers:
        raise UnreadableFile("empty")
    return Table(tuple(headers), numbered)


def read_lines(content: bytes) -> Iterator[tuple[int, list]]:
    """The rows that are not empty, from the first one, values as the file has them.

    :return: (number of the row as a spreadsheet shows it, values); a value is a text,
        a ``Decimal``, a ``date``, ``datetime`` or ``time``, or None
    :raises UnreadableFile: as :func:`read_table`
    """
    _check_size(content)
    return _not_empty(_lines(content, _cell_value))


def _check_size(content: bytes):
    if not content.strip():
        raise UnreadableFile("empty")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_big")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("old_format")


def _lines(content: bytes, cell) -> Iterator[list]:
    is_xlsx = content.startswith(b"PK")
    return _xlsx_lines(content, cell) if is_xlsx else _text_lines(content)


def _not_empty(lines) -> Iterator[tuple[int, list]]:
    kept = 0
    for number, texts in enumerate(lines, start=1):
        # Spreadsheets keep cells that are formatted only, far to the right and below.
        while texts and texts[-1] in (None, ""):
            texts.pop()
        kept += bool(texts)
        if number > LAST_LINE or kept > MOST_ROWS or len(texts) > MOST_COLUMNS:
            raise UnreadableFile("wide")
        if texts:
            yield number, texts


def _text_lines(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    if "\x00" in text:
        raise UnreadableFile("broken")
    first = next((line for line in text.splitlines() if line.strip()), "")
    # Spreadsheets write, and leave out again, a first line that names the separator.
    spoken = _SPOKEN_SEPARATOR.fullmatch(first)
    separator = spoken[1] if spoken else max(SEPARATORS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            is_separator = spoken and ["".join(row).lower()] == ["sep="]
            yield [] if is_separator else [cell.strip() for cell in row]
    except csv.Error as error:
        raise UnreadableFile("broken") from error


def _xlsx_lines(content: bytes, cell) -> Iterator[list]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile("too_big")
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True
        )
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise UnreadableFile("broken") from error
    try:
        sheet = next(s for s in book.worksheets if s.sheet_state == "visible")
        # Some programs write a wrong size into the sheet; then rows would be missing.
        sheet.reset_dimensions()
        for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
            yield [cell(value) for value in row]
    except Exception as error:
        raise UnreadableFile("broken") from error
    finally:
        book.close()


def _cell_value(value):
    """
    >>> _cell_value(31774.88), _cell_value(" 0,25 "), _cell_value(True)
    (Decimal('31774.88'), '0,25', 'True')
    """
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, (int, float)):
        return Decimal(repr(value))
    return value.strip() if isinstance(value, str) else value


def _cell_text(value) -> str:
    """
    >>> _cell_text(454360.0), _cell_text(None), _cell_text("  a ")
    ('454360', '', 'a')
    """
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(repr(value)).normalize():f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
