"""Puts case folders to the readers and the matching: ``script/settle FOLDER...``.

A folder has ``books.json``, POS reports and bank statements in several formats, and
``expected.json``; every report format is compared with every statement format. What is
wrong with a folder is a failed case, never a crash.
"""

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path

import tests.harness.pure  # noqa: F401

# isort: split
from case_books import read_books
from pos_gateway.settlement import account_list, camt053, iyzico, mt940, vomsis
from pos_gateway.settlement.bank_line import BankLine
from pos_gateway.settlement.pos_report import read_pos_report
from pos_gateway.settlement.refusals import FileRefused
from pos_gateway.settlement.rows import ReportRow
from pos_gateway.settlement.three_way import compare
from pos_gateway.tabular.workbook import UnreadableFile

Reader = Callable[[bytes], list]


def _report(read) -> Reader:
    def rows(content: bytes) -> list[ReportRow]:
        report = read(content)
        if report.problems:
            raise ValueError(f"rows not read: {report.problems[:3]}")
        return list(report.rows)

    return rows


def _statements(read) -> Reader:
    return lambda content: [line for one in read(content) for line in one.lines]


REPORTS = {
    "pos-report*.csv": _report(read_pos_report),
    "pos-report*.xlsx": _report(read_pos_report),
    "vomsis-pos-*.json": _report(vomsis.read_vomsis_pos),
}
STATEMENTS = {
    "statement*.mt940": _statements(mt940.read_mt940),
    "statement*.camt053.xml": _statements(camt053.read_camt053),
    "statement*.csv": lambda content: list(
        account_list.read_account_list(content).lines
    ),
    "vomsis-transactions*.json": _statements(vomsis.read_vomsis_lines),
}
# Payments by way of an institution are in a report of their own, beside every other.
INSTITUTIONS = {"iyzico-*.csv": _report(iyzico.read_iyzico)}


def run_folder(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """:return: the name of each case, and what is wrong with it"""
    try:
        books_file = json.loads((folder / "books.json").read_bytes())
        expected = json.loads((folder / "expected.json").read_bytes())
        books = read_books(books_file)
        as_of = date.fromisoformat(expected.get("as_of") or books_file["as_of"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        yield folder.name, [f"no case folder ({type(error).__name__}: {error})"]
        return
    reports, statements = _files(folder, REPORTS), _files(folder, STATEMENTS)
    if not reports or not statements:
        yield folder.name, ["no report, or no statement"]
    others = [pair for pairs in _files(folder, INSTITUTIONS).values() for pair in pairs]
    for report_name, report in reports.items():
        for statement_name, statement in statements.items():
            name = f"{folder.name}: {report_name} with {statement_name}"
            try:
                rows = [row for pair in (*report, *others) for row in _read(*pair)]
                lines: list[BankLine] = [
                    line for pair in statement for line in _read(*pair)
                ]
                result = compare(books, rows, lines, as_of)
            except (FileRefused, UnreadableFile, ValueError, KeyError) as error:
                yield name, [f"{type(error).__name__}: {error}"]
                continue
            wrong = differences("finding", expected["findings"], result.findings)
            wrong += differences("event", expected.get("events", []), result.events)
            yield name, wrong


def _files(folder: Path, readers: dict) -> dict[str, list[tuple[Path, Reader]]]:
    found = {}
    for pattern, reader in readers.items():
        paths = sorted(folder.glob(pattern))
        if paths:
            found[pattern] = [(path, reader) for path in paths]
    return found


def _read(path: Path, reader: Reader) -> list:
    return reader(path.read_bytes())


def differences(what: str, expected: list[dict], ours: list) -> list[str]:
    """Each expected one is one of ours, and ours are no more.

    Every key that is expected must be there and equal; we may say more.
    """
    left, wrong = [_plain(one) for one in ours], []
    for one in expected:
        found = next((own for own in left if _holds(one, own)), None)
        if found is None:
            wrong.append(f"{what} not found: {one}")
        else:
            left.remove(found)
    return wrong + [f"{what} too many: {_short(own)}" for own in left]


def _plain(record) -> dict:
    values = {}
    for name in record.__dataclass_fields__:
        value = getattr(record, name)
        if isinstance(value, Enum):
            value = value.value
        values[name] = value.isoformat() if isinstance(value, date) else value
    return values


def _holds(expected: dict, own: dict) -> bool:
    return all(_same(value, own.get(name)) for name, value in expected.items())


def _same(expected, own) -> bool:
    if expected == own or (expected in (None, "") and own in (None, "")):
        return True
    try:
        return Decimal(str(expected)) == Decimal(str(own)) and "." in str(expected)
    except InvalidOperation:
        return False


def _short(own: dict) -> dict:
    return {name: value for name, value in own.items() if value not in (None, "")}


def main(arguments: list[str]) -> int:
    passed = failed = 0
    for folder in map(Path, arguments):
        for name, wrong in run_folder(folder):
            passed, failed = passed + (not wrong), failed + bool(wrong)
            for text in wrong:
                print(f"FAILED {name}: {text}")
    print(f"{passed} passed, {failed} failed")
    return int(bool(failed) or not passed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
