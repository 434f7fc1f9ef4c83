"""A small world of one merchant for the tests: what was sold, what the bank reports,
what came to the account. Its arithmetic is its own; amounts are kuruş.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

MERCHANT = "000000340011225"
TERMINALS = ("01990011", "01990012")
IBAN = "TR330006100519786457841326"
DAYS = [date(2026, 11, day) for day in (2, 3, 4, 5, 6, 9)]
AS_OF = date(2026, 11, 10)
OPENING = 9_000_000
# installments -> percent, kuruş a payment, days to the first payment, days between
TERMS = {1: ("1.85", 0, 1, 0), 2: ("4.05", 20, 2, 0), 3: ("5.75", 0, 1, 30)}


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def workday(day: date) -> date:
    while day.weekday() > 4 or (day.month, day.day) == (1, 1):
        day += timedelta(1)
    return day


def share(total: int, weights: list[int]) -> list[int]:
    """Largest remainder, the first one first."""
    whole = sum(weights)
    parts = [abs(total) * weight // whole for weight in weights]
    rest = [abs(total) * weight % whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda n: -rest[n])
    for index in order[: abs(total) - sum(parts)]:
        parts[index] += 1
    return [part if total >= 0 else -part for part in parts]


@dataclass(frozen=True)
class Sale:
    order: str
    day: date
    at: time
    terminal: str
    total: int
    count: int
    auth_code: str
    rrn: str

    @property
    def cuts(self) -> tuple[int, int, int]:
        """:return: commission, fee, BSMV"""
        rate, fee, _first, _between = TERMS[self.count]
        commission = half_up(Decimal(self.total) * Decimal(rate) / 100)
        return commission, fee, half_up(Decimal(commission + fee) * 5 / 100)


@dataclass(frozen=True)
class Row:
    """What the bank's report says of one day's part of a payment."""

    kind: str
    sale: Sale
    day: date
    due: date
    part: int
    gross: int
    commission: int
    fee: int
    bsmv: int
    rate: str
    count: int
    auth_code: str
    rrn: str
    shows_order: bool = True

    @property
    def net(self) -> int:
        return self.gross - self.commission - self.fee - self.bsmv


@dataclass(frozen=True)
class Line:
    day: date
    amount: int
    text: str
    hint: str


@dataclass
class World:
    """:param findings: what was planted, as ``expected.json`` says it"""

    sales: list[Sale]
    refunds: list[Row]
    rows: list[Row]
    lines: list[Line] = field(default_factory=list)
    findings: list[dict] = field(default_factory=list)
    events: list[dict] = field(default_factory=list)

    def rows_of(self, sale: Sale) -> list[Row]:
        return [row for row in self.rows if row.sale == sale and row.kind == "Satış"]

    def put(self, row: Row, **changes):
        self.rows[self.rows.index(row)] = replace(row, **changes)


def parts_of(sale: Sale) -> list[dict]:
    _rate, _fee, first, between = TERMS[sale.count]
    if not between:
        grosses, dues = [sale.total], [sale.day + timedelta(first)]
    else:
        each = sale.total // sale.count
        grosses = [sale.total - each * (sale.count - 1)] + [each] * (sale.count - 1)
        dues = [sale.day + timedelta(first + n * between) for n in range(sale.count)]
    columns = [share(cut, grosses) for cut in sale.cuts]
    return [
        {
            "part": n + 1 if between else 0,
            "due": workday(dues[n]),
            "gross": gross,
            "commission": columns[0][n],
            "fee": columns[1][n],
            "bsmv": columns[2][n],
        }
        for n, gross in enumerate(grosses)
    ]


def make(seed: int, per_day: int = 10) -> World:
    dice = random.Random(seed)
    sales = [_sale(dice, day, n) for day in DAYS[:-1] for n in range(per_day)]
    rows = [
        Row(
            "Satış", sale, sale.day, rate=TERMS[sale.count][0], count=sale.count,
            auth_code=sale.auth_code, rrn=sale.rrn, **part,
        )
        for sale in sales
        for part in parts_of(sale)
    ]  # fmt: skip
    single = [sale for sale in sales if sale.count == 1]
    refunded = single[0]
    refund = _refund(dice, refunded)
    back = Row(
        "Ters İbraz", single[1], DAYS[3], DAYS[3], 0, -single[1].total, 0, 0, 0, "0",
        1, single[1].auth_code, single[1].rrn,
    )  # fmt: skip
    world = World(sales, [refund], [*rows, refund, back])
    for row, kind in ((refund, "refund"), (back, "chargeback")):
        event = {"kind": kind, "order": row.sale.order, "amount": row.net}
        world.events.append(event | {"value_date": row.due.isoformat()})
    return world


def _sale(dice, day, n) -> Sale:
    return Sale(
        order=f"B{day:%d}{n:04d}",
        day=day,
        at=time(8 + n % 12, dice.randrange(60), dice.randrange(60)),
        terminal=TERMINALS[n % 2],
        total=dice.randint(1_000, 3_000_000),
        count=dice.choice((1, 1, 2, 3)),
        auth_code=f"{dice.randrange(10**6):06d}",
        rrn=f"{day:%y%j}{dice.randrange(10**7):07d}",
    )


def _refund(dice, sale) -> Row:
    amount = sale.total // 2
    rate = TERMS[sale.count][0]
    commission = half_up(Decimal(amount) * Decimal(rate) / 100)
    return Row(
        "İade", sale, DAYS[2], workday(DAYS[2] + timedelta(1)), 0, -amount,
        -commission, 0, -half_up(Decimal(commission) * 5 / 100), rate, 1,
        f"{dice.randrange(10**6):06d}", f"{DAYS[2]:%y%j}{dice.randrange(10**7):07d}",
    )  # fmt: skip


def pay(world: World):
    """Put on the account what the report says is paid until ``AS_OF``."""
    batches = {}
    for row in world.rows:
        if row.kind != "Ters İbraz" and row.due <= AS_OF:
            key = row.due, row.sale.terminal, row.day
            batches[key] = batches.get(key, 0) + row.net
    for (due, terminal, day), net in sorted(batches.items()):
        text = f"POS NET SATIŞ ÜYE {MERCHANT} TERM {terminal} GS {day:%d.%m.%Y} ADET 7"
        world.lines.append(Line(due, net, text, "POSYAT"))
    for row in world.rows:
        if row.kind == "Ters İbraz":
            text = (
                f"POS TERS İBRAZ ÜYE {MERCHANT} TERM {row.sale.terminal}"
                f" PROV {row.auth_code} İŞL.TAR. {row.sale.day:%d.%m.%Y}"
            )
            world.lines.append(Line(row.due, row.net, text, "POSYATIAD"))
    world.lines += [
        Line(DAYS[0], 120_050, "GELEN FAST ŞAHİN YAPI CARİ ÖDEME", "TRFGEL"),
        Line(DAYS[1], -4_411, "EFT MASRAFI VE BSMV", "MASRKOM"),
    ]


def in_order(lines: list[Line]) -> list[tuple[Line, int]]:
    """:return: lines as the bank has them, each with the balance after it"""
    balance, result = OPENING, []
    for line in sorted(lines, key=lambda one: (one.day, -one.amount)):
        balance += line.amount
        result.append((line, balance))
    return result
