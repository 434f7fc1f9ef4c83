"""The rules of prices once more, slowly and plainly, to check the engine by.

Written from the rules alone: fractions in the place of whole numbers, counting in the
place of a search, a list of holidays in the place of a library. It shares no line with
the engine. To make ``cases/own.json`` anew: ``python reference.py``.
"""

import json
import random
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from pathlib import Path

FILE = Path(__file__).with_name("cases") / "own.json"
SEED = 20261124

# Whole holidays as they were announced; the half days before them are no holidays.
HOLIDAYS = frozenset(
    date.fromisoformat(text)
    for text in """
    2025-01-01 2025-03-30 2025-03-31 2025-04-01 2025-04-23 2025-05-01 2025-05-19
    2025-06-06 2025-06-07 2025-06-08 2025-06-09 2025-07-15 2025-08-30 2025-10-29
    2026-01-01 2026-03-20 2026-03-21 2026-03-22 2026-04-23 2026-05-01 2026-05-19
    2026-05-27 2026-05-28 2026-05-29 2026-05-30 2026-07-15 2026-08-30 2026-10-29
    2027-01-01 2027-03-09 2027-03-10 2027-03-11 2027-04-23 2027-05-01 2027-05-16
    2027-05-17 2027-05-18 2027-05-19 2027-07-15 2027-08-30 2027-10-29
    2028-01-01 2028-02-26 2028-02-27 2028-02-28 2028-04-23 2028-05-01 2028-05-05
    2028-05-06 2028-05-07 2028-05-08 2028-05-19 2028-07-15 2028-08-30 2028-10-29
    2029-01-01
    """.split()
)
VALUE_DATES = (
    {"rule": "single", "days": 1},
    {"rule": "single", "days": 40},
    {"rule": "per_installment", "first_days": 30, "interval_days": 30},
    {"rule": "per_installment", "first_days": 31, "interval_days": 31},
    {"rule": "per_installment", "first_days": 1, "interval_days": 7},
)


def half_up(value) -> int:
    return floor(Fraction(value) + Fraction(1, 2))


def percent(text) -> Fraction:
    return Fraction(text) / 100


def costs(total, agreement):
    """:return: commission, fee, bsmv, net"""
    commission = half_up(total * percent(agreement["rate"]))
    fee = agreement["fee"]
    bsmv = half_up((commission + fee) * percent(agreement["bsmv"]))
    return commission, fee, bsmv, total - commission - fee - bsmv


def counted_total(base, agreement, most=10**6):
    """:return: the first total, counted up from one, of which the debt is paid out"""
    for total in range(1, most):
        if costs(total, agreement)[-1] >= base:
            return total
    return None


def total_of(base, agreement, offer):
    if offer["bearer"] in ("company", "dealer"):
        return base
    if offer["mode"] == "net":
        return counted_total(base, agreement)
    return base + half_up(base * percent(offer["surcharge"]))


def installments_of(total, count):
    part = total // count
    return [total - part * (count - 1)] + [part] * (count - 1)


def by_largest_remainder(amount, weights):
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    parts = [floor(value) for value in exact]
    while sum(parts) < amount:
        rests = [value - part for value, part in zip(exact, parts, strict=True)]
        parts[rests.index(max(rests))] += 1
    return parts


def business_day(day):
    while day.isoweekday() > 5 or day in HOLIDAYS:
        day += timedelta(days=1)
    return day


def slices_of(total, count, agreement, captured_on):
    rule = agreement["value_date"]
    if rule["rule"] == "single":
        waits, grosses = [rule["days"]], [total]
    else:
        first, interval = rule["first_days"], rule["interval_days"]
        waits = [first + (k - 1) * interval for k in range(1, count + 1)]
        grosses = installments_of(total, count)
    columns = [
        by_largest_remainder(part, grosses) for part in costs(total, agreement)[:3]
    ]
    return [
        {
            "due": business_day(captured_on + timedelta(days=wait)).isoformat(),
            "gross": gross,
            "commission": commission,
            "fee": fee,
            "bsmv": bsmv,
            "net": gross - commission - fee - bsmv,
        }
        for wait, gross, commission, fee, bsmv in zip(
            waits, grosses, *columns, strict=True
        )
    ]


def expected(case):
    agreement, offer = case["agreement"], case["offer"]
    total = total_of(case["base"], agreement, offer)
    commission, fee, bsmv, net = costs(total, agreement)
    count = offer["installments"]
    captured_on = date.fromisoformat(case["captured_on"])
    return {
        "total": total,
        "surcharge": total - case["base"],
        "commission": commission,
        "fee": fee,
        "bsmv": bsmv,
        "net": net,
        "company_cost": commission + fee + bsmv - (total - case["base"]),
        "installments": installments_of(total, count),
        "slices": slices_of(total, count, agreement, captured_on),
    }


def case_of(name, base, captured_on, agreement, offer):
    """:param agreement: rate, fee, bsmv, value date; ``offer``: installments, bearer,
    mode, surcharge
    """
    case = {
        "id": name,
        "base": base,
        "captured_on": captured_on,
        "agreement": dict(
            zip(("rate", "fee", "bsmv", "value_date"), agreement, strict=True)
        ),
        "offer": dict(
            zip(("installments", "bearer", "mode", "surcharge"), offer, strict=True)
        ),
    }
    return case | {"expect": expected(case)}


def chosen_cases():
    """The borders that somebody thought of."""
    next_day, later, monthly, *_ = VALUE_DATES
    at_once = {"rule": "single", "days": 0}
    company, dealer = ("company", "add", "0"), ("dealer", "add", "0")
    plain = ("2", 0, "5")
    days = {
        "half-day-before-ramadan": "2026-03-19",  # a Thursday: banks work till noon
        "ramadan-then-weekend": "2026-03-20",
        "half-day-before-sacrifice": "2026-05-26",
        "sacrifice-then-weekend": "2026-05-27",
        "half-day-before-republic": "2026-10-28",
        "republic-day": "2026-10-29",
        "saturday": "2026-11-28",
        "sunday": "2026-11-29",
        "new-year": "2027-01-01",  # a Friday
        "two-holidays-on-one-day": "2027-05-19",
        "leap-day": "2028-02-29",
    }
    for name, day in days.items():
        yield case_of(f"due-{name}", 10_000, day, (*plain, at_once), (1, *company))
    yield case_of(
        "over-the-year", 1_000_003, "2026-12-31", (*plain, next_day), (1, *company)
    )
    yield case_of(
        "monthly-over-the-year", 999_999, "2026-12-31", (*plain, monthly), (9, *dealer)
    )
    yield case_of("a-kurus", 1, "2026-06-01", ("0", 0, "5", next_day), (1, *company))
    yield case_of("half", 50, "2026-06-01", ("1", 0, "5", next_day), (1, *company))
    yield case_of(
        "just-below-half", 49, "2026-06-01", ("1", 0, "5", next_day), (1, *company)
    )
    yield case_of(
        "half-of-tax", 1_000, "2026-06-01", ("1", 0, "5", next_day), (1, *company)
    )
    yield case_of(
        "all-is-taken", 777, "2026-06-01", ("100", 0, "0", later), (1, *company)
    )
    yield case_of(
        "more-than-all", 777, "2026-06-01", ("100", 250, "5", monthly), (3, *company)
    )
    yield case_of(
        "fewer-kurus-than-parts", 2, "2026-06-01", ("40", 7, "5", monthly), (5, *dealer)
    )
    yield case_of(
        "finest-rate", 5_000_000, "2026-06-01", ("0.0001", 0, "5", later), (2, *company)
    )
    yield case_of(
        "surcharge-above-cost",
        123_457,
        "2026-06-01",
        ("1.5", 0, "5", monthly),
        (7, "shared", "add", "9.9999"),
    )
    yield case_of(
        "surcharge-below-cost",
        123_457,
        "2026-06-01",
        ("19.75", 99, "5", monthly),
        (11, "shared", "add", "0.0001"),
    )
    yield case_of(
        "net-that-falls-between",
        # Commission and tax rise at once here: more is charged, less is paid out.
        200,
        "2026-06-01",
        ("50", 0, "50", later),
        (1, "payer", "net", "0"),
    )
    yield case_of(
        "net-of-a-kurus",
        1,
        "2026-06-01",
        ("3", 99, "5", later),
        (1, "payer", "net", "0"),
    )
    yield case_of(
        "net-of-nearly-all",
        100,
        "2026-06-01",
        ("95", 0, "5", monthly),
        (4, "payer", "net", "0"),
    )


def random_cases():
    chance = random.Random(SEED)
    for bearer, mode in (
        ("company", "add"),
        ("dealer", "add"),
        ("payer", "add"),
        ("shared", "add"),
        ("payer", "net"),
    ):
        for number in range(16):
            # Counted totals are few, since they are counted.
            digits = (
                chance.randrange(1, 5) if mode == "net" else chance.randrange(1, 12)
            )
            day = date(2025, 1, 1) + timedelta(days=chance.randrange(1000))
            has_surcharge = bearer in ("payer", "shared") and mode == "add"
            yield case_of(
                f"{bearer}-{mode}-{number}",
                chance.randrange(1, 10**digits),
                day.isoformat(),
                (
                    _rate(chance, 400_000),
                    chance.choice((0, 0, 25, 99, 250)),
                    chance.choice(("5", "5", "0", "10", "1.25")),
                    chance.choice(VALUE_DATES),
                ),
                (
                    chance.randrange(1, 19),
                    bearer,
                    mode,
                    _rate(chance, 200_000) if has_surcharge else "0",
                ),
            )


def _rate(chance, below) -> str:
    ten_thousandths = chance.randrange(below)
    return f"{ten_thousandths // 10_000}.{ten_thousandths % 10_000:04}"


def document() -> dict:
    return {"format": "pricing/1", "cases": [*chosen_cases(), *random_cases()]}


def text() -> str:
    """:return: the file: a case is a line, so that a change shows as one"""
    made = document()
    lines = ",\n".join(json.dumps(case) for case in made["cases"])
    return f'{{"format": "{made["format"]}", "cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(text())
