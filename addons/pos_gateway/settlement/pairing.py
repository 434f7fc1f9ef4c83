"""Which row of a report is which of our payments, and what differs between them.

Keys, best first: order number; RRN (one per bank and year); terminal, day,
authorisation code and gross. The code alone comes round again within days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from .books import Expected
from .findings import Event, EventKind, Finding, Kind
from .rows import ReportRow, RowKind, plain_number


@dataclass
class Paired:
    """:param rows: those that count, each with its ``Expected`` or None
    :param doubled: rows that stand in the report once more
    """

    rows: list[tuple[ReportRow, Expected | None]] = field(default_factory=list)
    doubled: list[ReportRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class _Index:
    def __init__(self, books: Iterable[Expected]):
        self.by_order, self.by_rrn, self.by_code = {}, {}, {}
        self.by_key = {}
        for one in books:
            self.by_key[one.key] = one
            # A refund often has its sale's order number: its own keys find it.
            if one.order and one.kind is RowKind.SALE:
                self.by_order.setdefault(one.order, one)
            rrn = plain_number(one.rrn or one.payment)
            if rrn:
                self.by_rrn.setdefault((one.kind, rrn), one)
            if one.auth_code:
                self.by_code.setdefault(self._code(one.kind, one, one.total), one)

    @staticmethod
    def _code(kind, one, total):
        code = plain_number(one.auth_code)
        return kind, plain_number(one.terminal), one.day, code, total

    def find(self, kind: RowKind, first: ReportRow, gross: int) -> Expected | None:
        """:param kind: of what is looked for; a chargeback is about a sale"""
        rrn = plain_number(first.rrn)
        if rrn and (found := self.by_rrn.get((kind, rrn))):
            return found
        if kind is RowKind.SALE and (found := self.by_order.get(first.order)):
            return found
        if first.auth_code:
            return self.by_code.get(self._code(kind, first, gross))
        return None


def pair(books: Iterable[Expected], rows: Iterable[ReportRow]) -> Paired:
    """:param rows: of one or of several reports of the same time"""
    books = list(books)
    index, result = _Index(books), Paired()
    seen, payments = set(), defaultdict(list)
    for row in rows:
        if row.identity in seen:
            result.doubled.append(row)
            continue
        seen.add(row.identity)
        payments[_payment(row)].append(row)
    found_keys = set()
    for own in payments.values():
        found = _find(index, own)
        result.rows += [(row, found) for row in own]
        if found and own[0].kind in (RowKind.SALE, RowKind.REFUND):
            found_keys.add(found.key)
        _compare(own, found, index, result)
    _tell_doubled(result, index)
    _tell_missing(books, found_keys, result)
    return result


def _payment(row: ReportRow) -> tuple:
    code = plain_number(row.rrn) or plain_number(row.auth_code) or row.order
    return row.kind, plain_number(row.terminal), row.day, code


def _find(index, rows) -> Expected | None:
    first, gross = rows[0], sum(row.gross for row in rows)
    if first.kind is not RowKind.CHARGEBACK:
        return index.find(first.kind, first, gross)
    sale = index.find(RowKind.SALE, first, -gross)
    if sale or not first.auth_code:
        return sale
    # Days after the sale, with the sale's code, and no more than it was.
    code, terminal = plain_number(first.auth_code), plain_number(first.terminal)
    fits = [
        one
        for one in index.by_key.values()
        if one.kind is RowKind.SALE
        and plain_number(one.auth_code) == code
        and plain_number(one.terminal) == terminal
        and one.total >= -gross
        and one.day <= first.day
    ]
    return fits[0] if len(fits) == 1 else None


# === WHAT DIFFERS === #


def _compare(rows, found, index, result):
    kind = rows[0].kind
    if kind is RowKind.SALE:
        result.findings += _sale_findings(rows, found)
    elif kind is RowKind.REFUND:
        result.events.append(_event(EventKind.REFUND, rows, found, index))
        result.findings += _refund_findings(rows, found)
    elif kind is RowKind.CHARGEBACK:
        result.events.append(_event(EventKind.CHARGEBACK, rows, found, index))


def _event(kind, rows, found, index) -> Event:
    sale = found
    if found and found.of is not None:
        sale = index.by_key.get(found.of, found)
    return Event(
        kind,
        sum(row.net for row in rows),
        max((row.value_date for row in rows if row.value_date), default=None),
        order=sale.order if sale else rows[0].order,
        terminal=rows[0].terminal,
        auth_code=rows[0].auth_code,
        key=found.key if found else None,
    )


def _about(rows, found) -> dict:
    first = rows[0]
    return {
        "order": (found.order if found else "") or first.order,
        "terminal": first.terminal,
        "auth_code": first.auth_code,
        "rrn": first.rrn,
        "batch_day": first.batch_day,
        "key": found.key if found else None,
    }


def _sale_findings(rows, found):
    about, net = _about(rows, found), sum(row.net for row in rows)
    value_date = min((row.value_date for row in rows if row.value_date), default=None)
    if not found or found.is_voided:
        yield Finding(
            Kind.UNKNOWN_IN_REPORT, -net, value_date=value_date,
            reported_value_date=value_date, **about,
        )  # fmt: skip
        return
    if not found.slices:
        return
    expected = _same_slices(rows, found)
    gross = sum(one.gross for one in expected)
    reported = sum(row.gross for row in rows)
    cost = sum(one.gross - one.net for one in expected)
    taken = sum(row.cost for row in rows)
    rates = {"agreed_rate": found.rate, "reported_rate": rows[0].rate}
    if rows[0].count != found.count:
        yield Finding(
            Kind.INSTALLMENTS, taken - cost, agreed_count=found.count,
            reported_count=rows[0].count, **rates, **about,
        )  # fmt: skip
        return
    if reported != gross:
        yield Finding(Kind.AMOUNT, gross - reported, **about)
    elif taken != cost:
        yield Finding(Kind.COMMISSION, taken - cost, **rates, **about)
    yield from _value_date_findings(rows, expected, about)


def _same_slices(rows, found):
    """:return: the slices that these rows are about: a report has those of its days"""
    parts = {row.part for row in rows}
    if len(found.slices) == 1 or 0 in parts:
        return found.slices
    return [one for number, one in enumerate(found.slices, 1) if number in parts]


def _value_date_findings(rows, expected, about):
    if len(rows) != len(expected):
        return
    ordered = sorted(rows, key=lambda row: row.part)
    moved = [
        (row, one)
        for row, one in zip(ordered, expected, strict=True)
        if row.value_date and row.value_date != one.due
    ]
    if moved:
        row, one = moved[0]
        yield Finding(
            Kind.VALUE_DATE, 0, value_date=one.due, reported_value_date=row.value_date,
            days=(row.value_date - one.due).days,
            net=sum(each.net for each, _slice in moved), **about,
        )  # fmt: skip


def _refund_findings(rows, found):
    about = _about(rows, found)
    if not found:
        yield Finding(Kind.UNKNOWN_IN_REPORT, -sum(row.net for row in rows), **about)
        return
    if not found.slices:
        return
    # Costs of refunds are below zero: what is given back.
    kept = sum(row.cost for row in rows) - found.cost
    if sum(row.gross for row in rows) != found.total:
        yield Finding(
            Kind.AMOUNT, found.total - sum(row.gross for row in rows), **about
        )
    elif kept:
        yield Finding(
            Kind.REFUND_COMMISSION, kept, agreed_rate=found.rate,
            reported_rate=rows[0].rate, **about,
        )  # fmt: skip
    if len(found.slices) == 1:
        yield from _value_date_findings(rows, found.slices, about)


def _tell_doubled(result, index):
    payments = defaultdict(list)
    for row in result.doubled:
        payments[_payment(row)].append(row)
    for rows in payments.values():
        found = _find(index, rows)
        net = sum(row.net for row in rows)
        value_date = rows[0].value_date
        result.findings.append(
            Finding(
                Kind.DUPLICATE_IN_REPORT,
                -net,
                value_date=value_date,
                **_about(rows, found),
            )  # fmt: skip
        )


def _tell_missing(books, found_keys, result):
    """Captured, its batch is closed, and no report has it."""
    closed: dict[str, date] = {}
    for row, _found in result.rows:
        day = row.batch_day or row.day
        terminal = plain_number(row.terminal)
        closed[terminal] = max(day, closed.get(terminal, day))
    first: dict[str, date] = {}
    for row, _found in result.rows:
        terminal, day = plain_number(row.terminal), row.day or row.batch_day
        if row.kind is not RowKind.CHARGEBACK:
            first[terminal] = min(day, first.get(terminal, day))
    for one in books:
        terminal = plain_number(one.terminal)
        last = closed.get(terminal)
        if not one.is_open or one.key in found_keys or not last or one.day > last:
            continue
        if one.day < first.get(terminal, one.day):
            continue  # before the days of the report
        result.findings.append(
            Finding(
                Kind.MISSING_IN_REPORT,
                one.net,
                order=one.order,
                terminal=one.terminal,
                auth_code=one.auth_code,
                rrn=one.rrn,
                batch_day=one.day,
                value_date=one.slices[0].due if one.slices else None,
                agreed_rate=one.rate,
                key=one.key,
            )
        )
