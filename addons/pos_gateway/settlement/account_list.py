"""The lines of a bank account as internet branches export them: CSV or XLSX."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..tabular.folding import fold
from ..tabular.table import read_lines
from .amounts import decimal_mark, read_kurus
from .bank_line import AccountStatement, BankLine
from .days import read_day
from .refusals import FileRefused

TITLE_ROWS = 15
HEADERS = {
    "day": ("valor", "valor tarihi", "islem tarihi", "tarih"),
    "booked": ("tarih", "islem tarihi"),
    "text": ("aciklama", "islem aciklamasi"),
    "amount": ("tutar", "islem tutari"),
    "debit": ("borc", "borc tutari", "cikan"),
    "credit": ("alacak", "alacak tutari", "giren"),
    "side": ("b a", "borc alacak", "borcalacak"),
    "balance": ("bakiye",),
    "reference": (
        "dekont no", "fis no", "fis dekont no", "islem no", "islem referans no",
        "referans",
    ),
}  # fmt: skip
_IBAN = re.compile(r"TR\d{24}")
_ACCOUNT = re.compile(r"\d{6,}")


def read_account_list(content: bytes) -> AccountStatement:
    """Every bank's own order: sorted by the chain of balances, which must close.

    :raises tabular.workbook.UnreadableFile: if it is no table
    :raises FileRefused: if it is no such table, or a balance does not follow
    """
    title, columns, body = _split(read_lines(content))
    texts = [
        values[columns[name]]
        for _number, values in body
        for name in ("amount", "debit", "credit", "balance")
        if name in columns and columns[name] < len(values)
    ]
    mark = decimal_mark(text for text in texts if isinstance(text, str))
    lines = []
    for number, values in body:
        line = _line(number, columns, values, mark)
        if line:
            lines.append(line)
    if not lines:
        raise FileRefused("no_rows")
    lines = _in_order(lines)
    first, last = lines[0], lines[-1]
    has_balances = all(line.balance is not None for line in lines)
    return AccountStatement(
        _account(title),
        tuple(lines),
        currency="",
        opening=first.balance - first.amount if has_balances else None,
        closing=last.balance if has_balances else None,
    )


def _split(rows):
    title, rows = [], iter(rows)
    for tried, (_number, values) in enumerate(rows):
        folded = [fold(one) if isinstance(one, str) else "" for one in values]
        columns = {}
        for name, known in HEADERS.items():
            found = next((folded.index(one) for one in known if one in folded), None)
            if found is not None:
                columns[name] = found
        has_amount = "amount" in columns or {"debit", "credit"} <= set(columns)
        if "day" in columns and "text" in columns and has_amount:
            return title, columns, list(rows)
        title += [str(one) for one in values if one]
        if tried >= TITLE_ROWS:
            break
    raise FileRefused("no_header")


def _account(title: Sequence[str]) -> str:
    plain = [re.sub(r"\s+", "", text) for text in title]
    for shape in (_IBAN, _ACCOUNT):
        for text in plain:
            if found := shape.search(text):
                return found[0]
    return ""


def _line(number, columns, values, mark) -> BankLine | None:
    def cell(name):
        index = columns.get(name)
        value = values[index] if index is not None and index < len(values) else None
        return "" if value is None else value

    try:
        day = read_day(cell("day"))
        if not day:
            return None
        if "amount" in columns:
            amount = read_kurus(cell("amount"), mark)
            if "side" in columns and fold(str(cell("side"))).startswith("b"):
                amount = -abs(amount)
        else:
            amount = abs(read_kurus(cell("credit"), mark))
            amount -= abs(read_kurus(cell("debit"), mark))
        has_balance = cell("balance") != ""
        return BankLine(
            number=number,
            day=day,
            booked=read_day(cell("booked")) if cell("booked") else None,
            amount=amount,
            text=str(cell("text")),
            reference=str(cell("reference")),
            balance=read_kurus(cell("balance"), mark) if has_balance else None,
        )
    except ValueError as error:
        raise FileRefused("format", number, str(error)) from error


def _in_order(lines: list[BankLine]) -> list[BankLine]:
    """:return: oldest first; where there are balances, one follows from the other"""
    if any(line.balance is None for line in lines):
        return sorted(lines, key=lambda line: (line.day, line.number))
    if _broken_at(lines) is None:
        return lines
    lines = lines[::-1]
    broken = _broken_at(lines)
    if broken is not None:
        raise FileRefused("balance", broken.number)
    return lines


def _broken_at(lines) -> BankLine | None:
    for before, after in zip(lines, lines[1:], strict=False):
        if before.balance + after.amount != after.balance:
            return after
    return None
