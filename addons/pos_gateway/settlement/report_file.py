"""Which of the readers a report file is for."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from .iyzico import read_iyzico
from .layout import Layout
from .pos_report import read_pos_report
from .rows import Report, ReportRow
from .vomsis import read_vomsis_pos

BEGINNING = 4096


def read_report(content: bytes, layout: Layout) -> Report:
    """Read a bank's table, Vomsis' JSON or iyzico's CSV.

    :raises tabular.workbook.UnreadableFile: if it is none of them
    :raises FileRefused: with a reason of ``refusals.REASONS``
    """
    beginning = content[:BEGINNING].lstrip(b"\xef\xbb\xbf \r\n\t")
    if beginning[:1] in (b"{", b"["):
        return read_vomsis_pos(content)
    if b"transactionType" in beginning and b"merchantPayoutAmount" in beginning:
        return read_iyzico(content)
    return read_pos_report(content, layout)


def with_digests(rows: Iterable[ReportRow]) -> Iterator[tuple[ReportRow, str, int]]:
    """Name each row by what it says, so that it is known again in another file.

    :return: (row, digest as 40 hex digits, how often the file had the same before)
    """
    seen: Counter[tuple] = Counter()
    for row in rows:
        before = seen[row.identity]
        seen[row.identity] += 1
        text = "|".join(map(str, (*row.identity, before)))
        yield row, hashlib.sha256(text.encode()).hexdigest()[:40], before
