"""Which of the readers a file with the lines of an account is for."""

from __future__ import annotations

from .account_list import read_account_list
from .bank_line import AccountStatement
from .camt053 import read_camt053
from .mt940 import read_mt940
from .vomsis import read_vomsis_lines


def read_statement(content: bytes) -> tuple[AccountStatement, ...]:
    """Read MT940, CAMT.053, Vomsis' JSON, or the table of an internet branch.

    :return: a statement of each account
    :raises tabular.workbook.UnreadableFile: if it is none of them
    :raises FileRefused: with a reason of ``refusals.REASONS``
    """
    beginning = content[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning[:1] == b"<":
        return read_camt053(content)
    if beginning[:1] in (b"{", b"["):
        # One is an envelope of MT940 too.
        if b":20:" in beginning and b":25:" in beginning:
            return read_mt940(content)
        return read_vomsis_lines(content)
    if b":20:" in beginning and b":25:" in beginning:
        return read_mt940(content)
    return (read_account_list(content),)
