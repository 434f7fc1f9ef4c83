"""A long table in a file, read row by row: XLSX, or text with separators.

For lists of up to some hundred thousand rows; ``workbook`` reads small files whole,
with merged cells and number formats.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import openpyxl

from .workbook import UnreadableFile, decode

MOST_BYTES = 40_000_000
MOST_UNPACKED = 400_000_000
MOST_ROWS, MOST_COLUMNS = 500_000, 60
SEPARATORS = ";\t,|"


@dataclass(frozen=True)
class Table:
    """:param headers: texts of the first row that is not empty
    :param rows: (number of the row as a spreadsheet shows it, texts); read once
    """

    headers: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]


def read_table(content: bytes) -> Table:
    """:raises UnreadableFile: if it is no such file, or too big"""
    if not content.strip():
        raise UnreadableFile("empty")
    if len(content) > MOST_BYTES:
        raise UnreadableFile("too_big")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableFile("old_format")
    lines = _xlsx_lines(content) if content.startswith(b"PK") else _text_lines(content)
    numbered = _not_empty(lines)
    _number, headers = next(numbered, (0, ()))
    if not headers:
        raise UnreadableFile("empty")
    return Table(tuple(headers), numbered)


def _not_empty(lines) -> Iterator[tuple[int, list[str]]]:
    for number, texts in enumerate(lines, start=1):
        if number > MOST_ROWS or len(texts) > MOST_COLUMNS:
            raise UnreadableFile("wide")
        if any(texts):
            yield number, texts


def _text_lines(content: bytes) -> Iterator[list[str]]:
    text = decode(content)
    if "\x00" in text:
        raise UnreadableFile("broken")
    first = next((line for line in text.splitlines() if line.strip()), "")
    separator = max(SEPARATORS, key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [cell.strip() for cell in row]
    except csv.Error as error:
        raise UnreadableFile("broken") from error


def _xlsx_lines(content: bytes) -> Iterator[list[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise UnreadableFile("too_big")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    except UnreadableFile:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise UnreadableFile("broken") from error
    try:
        for row in book.worksheets[0].iter_rows(values_only=True):
            yield [_cell_text(value) for value in row]
    except UnreadableFile:
        raise
    except Exception as error:
        raise UnreadableFile("broken") from error
    finally:
        book.close()


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
