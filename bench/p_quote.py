"""Prices: quotes of the compiled tables, against a plain loop over the same lines.

One quote: the card by its first eight digits among 100,000 prefixes, the line of an
offer, the line of an agreement of 200, the total, what the bank takes, and whether the
limits of a POS, a partner and the offer allow it. The slices are not computed: they are
when somebody asks for them. Of 20,000 different questions four in five get a price, a
fifth of them a net total; the others are refused for their card or by a limit.

The reference gets the same answers from the rules by filtering and sorting the lines
with Decimal arithmetic, once for each question; its prefixes are in a dictionary as
well, since a loop over them would only measure patience. It answers a tenth of the
questions. Median of five alternating repetitions; fails if an answer differs.
"""

import gc
import random
import statistics
import sys
import time
from datetime import date, timedelta
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "addons" / "pos_gateway" / "tests" / "protocols"))

import standin  # noqa: E402, F401
from pos_gateway.pricing.agreement import Agreement, CostLine  # noqa: E402
from pos_gateway.pricing.cards import BinTable, CardFacts, CardKind  # noqa: E402
from pos_gateway.pricing.limits import Limit  # noqa: E402
from pos_gateway.pricing.offer import Mode, Offer, OfferLine  # noqa: E402
from pos_gateway.pricing.quote import NotOffered, price  # noqa: E402

LINES, PREFIXES, QUESTIONS, REPETITIONS = 200, 100_000, 20_000, 5
GOAL = 50_000
REFERENCE_SHARE = 10
DAY = date(2026, 11, 24)
PROGRAMS = ("axess", "bonus", "maximum", "paraf", "world")
COUNTS = range(1, 13)
KINDS = (CardKind.CREDIT, CardKind.COMMERCIAL, CardKind.DEBIT, None)
LIMITS = (
    Limit("POS A", max_installments=12, maximum_total=50_000_000),
    Limit("Partner B", max_installments=9, minimum_total=1_000),
)


def tables(chance):
    lines = [CostLine(0, 20_000)]
    for key in range(1, LINES):
        first = DAY - timedelta(chance.randrange(400))
        lines.append(
            CostLine(
                key,
                chance.randrange(10_000, 300_000),
                fee=chance.choice((0, 0, 250)),
                program=chance.choice((None, *PROGRAMS)),
                kind=chance.choice((None, CardKind.CREDIT, CardKind.COMMERCIAL)),
                on_us=chance.choice((None, None, True, False)),
                count=chance.choice((None, *COUNTS)),
                valid_from=first,
                valid_to=chance.choice((None, first + timedelta(300))),
            )
        )
    offer = Offer(
        "offer",
        [
            OfferLine(
                (program, count),
                count,
                10_000 * count,
                program=program,
                mode=Mode.NET if count % 4 == 0 else Mode.ADD,
            )
            for program in (None, *PROGRAMS)
            for count in COUNTS
        ],
        minimum_installment=500,
    )
    rows = {}
    while len(rows) < PREFIXES:
        length = chance.choice((6, 8, 8, 8))
        rows[f"{chance.randrange(10**length):0{length}}"] = CardFacts(
            chance.choice((None, *PROGRAMS)),
            chance.choices(KINDS, (9, 9, 1, 1))[0],
            chance.choice(("0046", "0062")),
        )
    return Agreement("pos", "TRY", "0062", lines), offer, rows


def questions(chance, rows):
    prefixes = list(rows)
    for _ in range(QUESTIONS):
        digits = f"{chance.choice(prefixes)}99"[:8]
        base = chance.randrange(10 ** chance.randrange(4, 8))
        yield digits, base + 1, chance.choice((*COUNTS[:9], *COUNTS[:9], 10, 12))


def ours(asked, table, offer, agreement):
    """:return: total and net of each question, or the reason for none"""
    answers = []
    for digits, base, count in asked:
        card = table.find(digits)
        said = price(base, DAY, card, count, offer, agreement, LIMITS)
        if isinstance(said, NotOffered):
            answers.append(said.reason)
        else:
            answers.append((said.total, said.cost.net))
    return answers


def theirs(asked, rows, offer, agreement):
    return [_plainly(*one, rows, offer, agreement) for one in asked]


def _plainly(digits, base, count, rows, offer, agreement):
    card = next(
        (rows[digits[:n]] for n in (8, 7, 6) if digits[:n] in rows), CardFacts()
    )
    if count > 1 and card.kind not in (CardKind.CREDIT, CardKind.COMMERCIAL):
        return "unknown_card" if card.kind is None else "debit"
    chosen = _first(
        offer.lines,
        lambda one: one.program in (None, card.program) and one.count == count,
        lambda one: (one.program is None,),
    )
    line = _first(
        agreement.lines,
        lambda one: _fits(one, card, count),
        lambda one: (
            one.program is None,
            one.kind is None,
            one.on_us is None,
            one.count is None,
            DAY - (one.valid_from or date.min),
        ),
    )
    if chosen.mode is Mode.NET:
        total = _netted(base, line)
    else:
        total = base + _rounded(base * _fraction(chosen.surcharge))
    return _limited(total, count) or (total, total - _taken(total, line))


def _first(lines, fits, order):
    return sorted(filter(fits, lines), key=order)[0]


def _fits(line, card, count):
    is_on_us = None if card.issuer is None else card.issuer == "0062"
    return (
        line.program in (None, card.program)
        and line.kind in (None, card.kind)
        and line.on_us in (None, is_on_us)
        and line.count in (None, count)
        and (line.valid_from or date.min) <= DAY <= (line.valid_to or date.max)
    )


def _fraction(rate):
    return Decimal(rate) / 1_000_000


def _rounded(value):
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def _taken(total, line):
    commission = _rounded(total * _fraction(line.rate))
    taxed = commission + line.fee
    return taxed + _rounded(taxed * _fraction(line.bsmv))


def _netted(base, line):
    """Count up from a total that is too small by far more than rounding may move."""
    with_tax = 1 + _fraction(line.bsmv)
    exact = (base + line.fee * with_tax) / (1 - _fraction(line.rate) * with_tax)
    total = max(1, int(exact.quantize(Decimal(1), ROUND_FLOOR)) - 5)
    while total - _taken(total, line) < base:
        total += 1
    return total


def _limited(total, count):
    if count > min(limit.max_installments or count for limit in LIMITS):
        return "max_installments"
    if total < max(limit.minimum_total or 0 for limit in LIMITS):
        return "minimum_total"
    if total > min(limit.maximum_total or total for limit in LIMITS):
        return "maximum_total"
    return "minimum_installment" if count > 1 and total // count < 500 else None


def timed(function, *args):
    """:return: seconds of processor time, and what the function gave"""
    gc.collect()
    gc.disable()
    started = time.process_time()
    answers = function(*args)
    taken = time.process_time() - started
    gc.enable()
    return taken, answers


def main() -> int:
    chance = random.Random(20261124)
    agreement, offer, rows = tables(chance)
    table = BinTable(rows.items())
    asked = list(questions(chance, rows))
    few = asked[::REFERENCE_SHARE]
    fast, slow = [], []
    for _ in range(REPETITIONS):
        taken, answers = timed(ours, asked, table, offer, agreement)
        fast.append(QUESTIONS / taken)
        taken, plain = timed(theirs, few, rows, offer, agreement)
        slow.append(len(few) / taken)
        if answers[::REFERENCE_SHARE] != plain:
            print("P   prices: the reference comes to other answers")
            return 1
    offered = sum(isinstance(answer, tuple) for answer in answers)
    mine, reference = statistics.median(fast), statistics.median(slow)
    print(
        f"P   prices, {LINES} lines, {PREFIXES:,} prefixes; goal {GOAL:,}/s\n"
        f"    {mine:>9,.0f}/s  plain loop {reference:>7,.0f}/s"
        f"  ratio {mine / reference:.1f}x  ({offered:,} of {QUESTIONS:,} offered)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
