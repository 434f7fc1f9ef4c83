"""Why a file, or a row of it, is not taken."""

from __future__ import annotations

from dataclasses import dataclass


class FileRefused(Exception):
    """The file as a whole is refused; nothing of it was taken.

    :param reason: one of the closed set in ``REASONS``
    :param row: number of the row as a spreadsheet shows it; 0 for the whole file
    :param detail: what the sentence about it names
    """

    def __init__(self, reason: str, row: int = 0, detail: str = ""):
        super().__init__(f"{reason} (row {row}): {detail}" if row else reason)
        self.reason, self.row, self.detail = reason, row, detail


REASONS = frozenset(
    {
        "balance",  # opening + lines is not closing
        "doctype",  # XML that defines entities
        "format",  # not what the reader reads
        "marks",  # comma and point are both the decimal mark
        "no_account",
        "no_header",
        "no_rows",
        "order",  # count/order or order/count: nobody knows
        "total",  # the file's own total is another
        "two_readings",  # 4.000 is four, or four thousand
    }
)


@dataclass(frozen=True)
class RowProblem:
    """A row that cannot be read; the others can.

    :param column: the field, as in ``layout.FIELDS``
    :param reason: ``amount``, ``date``, ``installments``, ``cuts``, ``cut_off``
    """

    row: int
    column: str
    reason: str
    value: str = ""
