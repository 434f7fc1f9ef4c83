"""Which lines of the account pay which rows of the report.

A deposit is matched to a set of rows: by terminal and batch day, or a reference, found
in its text; then by day and exact net. What only a search for a sum would find is
proposed to a person, never taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from .bank_line import BankLine, Purpose
from .findings import Event, EventKind, Finding, Kind
from .rows import ReportRow, RowKind, plain_number

# Days; a deposit that is later is looked at by a person.
MOST_LATE = 60


@dataclass(frozen=True)
class Group:
    """Rows that the bank pays out with one sum.

    :param due: value date that the report says
    """

    due: date
    terminal: str
    batch_day: date | None
    reference: str
    rows: tuple[ReportRow, ...]

    @property
    def net(self) -> int:
        return sum(row.net for row in self.rows)


@dataclass
class Deposits:
    """:param paid: (group, its lines)
    :param left: lines that look like a POS's and pay nothing that is known
    """

    paid: list[tuple[Group, tuple[BankLine, ...]]] = field(default_factory=list)
    chargebacks: list[tuple[ReportRow, BankLine]] = field(default_factory=list)
    blocks: list[tuple[BankLine, BankLine | None]] = field(default_factory=list)
    left: list[BankLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def group(rows: Iterable[ReportRow]) -> list[Group]:
    """:return: groups by value date, terminal and batch day, or by payout reference;
    oldest first; chargebacks are taken by lines of their own
    """
    found = defaultdict(list)
    for row in rows:
        if row.kind is RowKind.CHARGEBACK or not row.value_date:
            continue
        terminal = plain_number(row.terminal)
        batch_day = None if row.reference else row.batch_day or row.day
        found[row.value_date, terminal, batch_day, row.reference].append(row)
    return [
        Group(due, own[0].terminal, batch_day, reference, tuple(own))
        for (due, _terminal, batch_day, reference), own in sorted(
            found.items(), key=lambda pair: tuple(map(str, pair[0]))
        )
    ]


def match(
    rows: Sequence[ReportRow],
    lines: Iterable[BankLine],
    as_of: date,
    doubled: Sequence[ReportRow] = (),
    unknown: Sequence[ReportRow] = (),
) -> Deposits:
    """
    :param rows: that the bank says it pays, each once
    :param doubled: rows that the report has twice: a bank may pay them twice, or not
    :param unknown: those of ``rows`` that are not ours: a bank may pay them, or not
    :param date as_of: the last day of which the account tells everything
    """
    matcher = _Matcher(rows, lines, as_of, doubled, unknown)
    matcher.run()
    return matcher.result


class _Matcher:
    def __init__(self, rows, lines, as_of, doubled, unknown):
        self.rows, self.as_of = rows, as_of
        self.groups = group(rows)
        self.lines = sorted(lines, key=lambda line: line.day)
        self.more = defaultdict(int)
        for row in doubled:
            self.more[self._key(row)] += row.net
        self.less = defaultdict(int)
        for row in unknown:
            self.less[self._key(row)] -= row.net
        self.open = {id(one): one for one in self.groups}
        self.used: set[int] = set()
        self.result = Deposits()

    @staticmethod
    def _key(row):
        batch_day = None if row.reference else row.batch_day or row.day
        return row.value_date, plain_number(row.terminal), batch_day, row.reference

    def _announced(self, one: Group) -> int:
        """:return: what the report says is paid: rows that it has twice, twice"""
        return one.net + self.more.get(self._key_of(one), 0)

    def _sums(self, one: Group) -> set[int]:
        """:return: what the bank may have paid for a group"""
        announced = self._announced(one)
        less = self.less.get(self._key_of(one), 0)
        return {announced, one.net, announced + less, one.net + less}

    @staticmethod
    def _key_of(one: Group):
        return one.due, plain_number(one.terminal), one.batch_day, one.reference

    def run(self):
        self._blocks()
        self._chargebacks()
        self._by_reference()
        self._by_terminal()
        self._by_sum()
        self._tell_missing()
        self.result.left = [
            line
            for line in self.lines
            if id(line) not in self.used and line.purpose is not Purpose.OTHER
        ]

    # === BLOCKS AND CHARGEBACKS === #

    def _blocks(self):
        """Paired by number and sum, not by which of the two is the debit."""
        waiting = defaultdict(list)
        for line in self.lines:
            if line.purpose not in (Purpose.BLOCK, Purpose.RELEASE):
                continue
            self.used.add(id(line))
            is_block = line.purpose is Purpose.BLOCK
            self.result.events.append(
                Event(
                    EventKind.BLOCKED if is_block else EventKind.RELEASED,
                    line.amount,
                    line.day,
                    terminal=line.terminal,
                    block_number=line.block_number,
                )
            )
            key = plain_number(line.terminal), line.block_number, abs(line.amount)
            if is_block:
                waiting[key].append(line)
            elif waiting[key]:
                self.result.blocks.append((waiting[key].pop(0), line))
        for line in (line for lines in waiting.values() for line in lines):
            self.result.blocks.append((line, None))
            self.result.findings.append(
                Finding(
                    Kind.BLOCKED,
                    abs(line.amount),
                    terminal=line.terminal,
                    value_date=line.day,
                    days=(self.as_of - line.day).days,
                    reference=line.block_number,
                )  # fmt: skip
            )

    def _chargebacks(self):
        rows = [row for row in self.rows if row.kind is RowKind.CHARGEBACK]
        for line in self.lines:
            if line.purpose is not Purpose.CHARGEBACK:
                continue
            fits = [
                row for row in rows if row.net == line.amount and _same_pos(row, line)
            ]
            code = plain_number(line.auth_code)
            named = [
                row for row in fits if code and plain_number(row.auth_code) == code
            ]
            row = next(iter(named or fits), None)
            if row:
                rows.remove(row)
                self.used.add(id(line))
                self.result.chargebacks.append((row, line))

    # === DEPOSITS === #

    def _by_reference(self):
        by_reference = {one.reference: one for one in self.groups if one.reference}
        if not by_reference:
            return
        found = defaultdict(list)
        for line in self._free():
            for reference, one in by_reference.items():
                if line.names(reference):
                    found[id(one)].append(line)
                    break
        for key, lines in found.items():
            self._settle([self.open[key]], lines)

    def _by_terminal(self):
        """Lines that name a terminal and a batch day pay that batch."""
        groups, named = defaultdict(list), defaultdict(list)
        for one in self.groups:
            if not one.reference:
                groups[plain_number(one.terminal), one.batch_day].append(one)
        for line in self._free():
            if line.terminal and line.batch_day:
                named[plain_number(line.terminal), line.batch_day].append(line)
        for key, lines in named.items():
            if groups[key]:
                self._settle(groups[key], lines)

    def _settle(self, groups: Sequence[Group], lines: list[BankLine]):
        """Lines of one batch to its groups, which differ in their value dates."""
        lines = list(lines)
        for one in groups:
            self._take_exact(one, lines)
        for one in groups:
            if id(one) in self.open:
                self._take_parts(one, lines)
        for line in list(lines):
            self._take_again(groups, line, lines)
        # Another sum on the right day, before another sum that is late as well.
        for most_late in (0, MOST_LATE):
            for one in groups:
                if id(one) in self.open and one.due <= self.as_of:
                    self._take_other_sum(one, lines, most_late)

    def _take_exact(self, one, lines):
        sums = self._sums(one)
        fits = [line for line in lines if line.amount in sums and line.day >= one.due]
        if not fits:
            return
        line = min(fits, key=lambda each: each.day)
        lines.remove(line)
        self._pay(one, [line])

    def _take_parts(self, one, lines):
        """Some banks pay each card brand, or gross and cuts, with a line of its own."""
        for day in sorted({line.day for line in lines if line.day >= one.due}):
            parts = [line for line in lines if line.day == day]
            if len(parts) > 1 and sum(p.amount for p in parts) in self._sums(one):
                for line in parts:
                    lines.remove(line)
                self._pay(one, parts)
                return

    def _take_again(self, groups, line, lines):
        """The same sum for a batch that is paid already."""
        for one in groups:
            if id(one) in self.open or line.amount not in self._sums(one):
                continue
            lines.remove(line)
            self.used.add(id(line))
            self.result.findings.append(
                self._finding(Kind.DUPLICATE_DEPOSIT, -line.amount, one)
            )
            return

    def _take_other_sum(self, one, lines, most_late):
        fits = [line for line in lines if 0 <= (line.day - one.due).days <= most_late]
        if not fits:
            return
        day = min(line.day for line in fits)
        parts = [line for line in fits if line.day == day]
        for line in parts:
            lines.remove(line)
        received = sum(line.amount for line in parts)
        # A row that is there twice, or is not ours, was paid or not: what is nearer.
        meant = min(self._sums(one), key=lambda each: abs(each - received))
        self._pay(one, parts)
        self.result.findings.append(self._finding(Kind.DEPOSIT, meant - received, one))

    def _by_sum(self):
        """Lines without a batch in their text: the day, the terminal if it is named,
        and a sum that fits one group alone.
        """
        for line in self._free():
            if line.purpose is not Purpose.DEPOSIT or line.batch_day:
                continue
            fits = [
                one
                for one in self.open.values()
                if one.due == line.day
                and line.amount in self._sums(one)
                and (not line.terminal or _same_pos(one, line))
            ]
            if len(fits) == 1:
                self._pay(fits[0], [line])

    def _pay(self, one: Group, lines: Sequence[BankLine]):
        del self.open[id(one)]
        self.used.update(map(id, lines))
        self.result.paid.append((one, tuple(lines)))
        late = (max(line.day for line in lines) - one.due).days
        if late > 0:
            self.result.findings.append(
                self._finding(
                    Kind.LATE_DEPOSIT,
                    0,
                    one,
                    days=late,
                    net=one.net,
                    reported_value_date=max(line.day for line in lines),
                )  # fmt: skip
            )

    def _tell_missing(self):
        for one in self.open.values():
            announced = self._announced(one)
            if one.due <= self.as_of and announced:
                self.result.findings.append(
                    self._finding(Kind.MISSING_DEPOSIT, announced, one)
                )

    def _free(self) -> list[BankLine]:
        return [line for line in self.lines if id(line) not in self.used]

    @staticmethod
    def _finding(kind, amount, one: Group, **more) -> Finding:
        return Finding(
            kind,
            amount,
            terminal=one.terminal,
            batch_day=one.batch_day,
            value_date=one.due,
            reference=one.reference,
            **more,
        )


def _same_pos(one, line: BankLine) -> bool:
    terminal = plain_number(line.terminal)
    return not terminal or terminal == plain_number(one.terminal)
