"""A bank's POS report as a table: CSV or XLSX, with titles above and totals below."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ..tabular.folding import fold
from ..tabular.table import read_lines
from .amounts import decimal_mark, read_kurus
from .days import read_day, read_time
from .layout import AMOUNTS, NEEDED, Layout, find_columns
from .refusals import FileRefused, RowProblem
from .rows import Report, ReportRow, RowKind, row_kind

PLAIN = Layout()
TITLE_ROWS = 15
LEAST_COLUMNS = 4
TOTAL_WORDS = ("toplam", "genel toplam", "ara toplam", "total", "grand total")
LIRA = ("", "TL", "TRL", "YTL", "TRY", "949")
# BSMV where a report has no column of its own for it.
BSMV_OF_COST = Decimal("0.05")


def read_pos_report(content: bytes, layout: Layout = PLAIN) -> Report:
    """
    :raises tabular.workbook.UnreadableFile: if it is no table at all
    :raises FileRefused: if no header is found, or its own total is another
    """
    header, columns, body = _split(read_lines(content), layout)
    reader = _Reader(columns, layout, body, len(header))
    return reader.report()


def _split(lines, layout):
    """:return: the header, its columns, and the rows below it"""
    rows = iter(lines)
    for tried, (_number, values) in enumerate(rows):
        columns = find_columns(values, layout)
        if len(columns) >= LEAST_COLUMNS and all(name in columns for name in NEEDED):
            return values, columns, list(rows)
        if tried >= TITLE_ROWS:
            break
    raise FileRefused("no_header")


class _Reader:
    def __init__(self, columns, layout, body, width):
        self.columns, self.body, self.width = columns, body, width
        self.mark = layout.mark or decimal_mark(self._texts_of(AMOUNTS))
        self.count_first = layout.count_first
        if self.count_first is None:
            self.count_first = _count_first(self._texts_of(("count",)))
        self.problems = []

    def _texts_of(self, names) -> Iterator[str]:
        for name in names:
            index = self.columns.get(name)
            if index is None:
                continue
            for _number, values in self.body:
                value = values[index] if index < len(values) else None
                if isinstance(value, str):
                    yield value

    def report(self) -> Report:
        rows, sums = [], dict.fromkeys(AMOUNTS, 0)
        for number, values in self.body:
            if _is_total(values):
                self._check_total(number, values, sums)
                continue
            row = self._row(number, values)
            if row:
                rows.append(row)
                for name in AMOUNTS:
                    sums[name] += self._amount(values, name)
        if not rows and not self.problems:
            raise FileRefused("no_rows")
        return Report(tuple(rows), tuple(self.problems))

    # === ONE ROW === #

    def _row(self, number, values) -> ReportRow | None:
        if not self._text(values, "auth_code") and not self._value(values, "day"):
            return None  # a note below the table
        column = reason = ""
        try:
            days, amounts, reason = {}, {}, "date"
            for column in ("day", "batch_day", "value_date"):
                days[column] = read_day(self._value(values, column))
            reason = "amount"
            for column in AMOUNTS:
                amounts[column] = self._amount(values, column)
            column = reason = "installments"
            count, part = self._installments(values)
        except ValueError as error:
            text = self._text(values, column) or str(error)
            self.problems.append(RowProblem(number, column, reason, text))
            return None
        if not days["day"] or not amounts["gross"]:
            self.problems.append(RowProblem(number, "gross", "cut_off"))
            return None
        kind = row_kind(self._text(values, "kind"))
        if kind in (RowKind.REFUND, RowKind.CHARGEBACK) and amounts["gross"] > 0:
            amounts = {name: -amount for name, amount in amounts.items()}
        amounts = self._complete(number, amounts)
        if not amounts:
            return None
        return ReportRow(
            number=number,
            kind=kind,
            terminal=self._text(values, "terminal"),
            merchant=self._text(values, "merchant"),
            batch_number=self._text(values, "batch_number"),
            time=read_time(self._value(values, "time") or self._value(values, "day")),
            card_mask=self._text(values, "card"),
            auth_code=self._text(values, "auth_code"),
            rrn=self._text(values, "rrn"),
            order=self._text(values, "order"),
            count=count,
            part=part,
            rate=self._rate(values),
            currency=_currency(self._text(values, "currency")),
            **days,
            **amounts,
        )

    def _complete(self, number, amounts):
        """Work out what the report leaves to the reader, and check what it says."""
        cuts = sum(amounts[name] for name in ("commission", "bsmv", "fee", "other"))
        if "net" not in self.columns:
            return amounts | {"net": amounts["gross"] - cuts}
        left = amounts["gross"] - amounts["net"] - cuts
        if not left:
            return amounts
        taxed = amounts["commission"] + amounts["fee"]
        if "bsmv" not in self.columns and abs(left - taxed * BSMV_OF_COST) <= 1:
            return amounts | {"bsmv": left}
        self.problems.append(RowProblem(number, "net", "cuts", str(left)))
        return None

    def _installments(self, values):
        text = self._text(values, "count")
        digits = [part.strip() for part in text.split("/")]
        if len(digits) == 2:
            first, second = map(int, digits)
            count, part = (first, second) if self.count_first else (second, first)
        else:
            count = int(text) if text.isdigit() else 1
            part = int(self._text(values, "part") or 0)
        if not 0 <= part <= max(count, 1):
            raise ValueError(f"{text} {part}")
        return max(count, 1), part

    def _rate(self, values):
        text = self._text(values, "rate").strip("% ").replace(",", ".")
        return text if text.replace(".", "", 1).isdigit() else ""

    # === CELLS === #

    def _value(self, values, name):
        index = self.columns.get(name)
        if index is None or index >= len(values):
            return None
        return values[index]

    def _text(self, values, name) -> str:
        value = self._value(values, name)
        if value is None:
            return ""
        if isinstance(value, Decimal):
            return f"{value.normalize():f}"
        return str(value).strip()

    def _amount(self, values, name) -> int:
        value = self._value(values, name)
        return read_kurus("" if value is None else value, self.mark)

    def _check_total(self, number, values, sums):
        """A total below the table is of all its rows; one of a day is not looked at."""
        if any(fold(str(value)).startswith("ara toplam") for value in values if value):
            return
        for name in ("gross", "net"):
            value = self._value(values, name)
            if value in (None, "") or self.problems:
                continue
            if read_kurus(value, self.mark) != sums[name]:
                raise FileRefused("total", number, name)


def _is_total(values) -> bool:
    texts = [fold(value) for value in values if isinstance(value, str)]
    return any(text.startswith(TOTAL_WORDS) for text in texts)


def _count_first(texts) -> bool:
    pairs = []
    for text in texts:
        first, slash, second = text.partition("/")
        if slash and first.strip().isdigit() and second.strip().isdigit():
            pairs.append((int(first), int(second)))
    above = any(first > second for first, second in pairs)
    below = any(first < second for first, second in pairs)
    if above and below:
        raise FileRefused("order")
    return not below


def _currency(text: str) -> str:
    return "TRY" if text.upper() in LIRA else text.upper()
