"""Rates, cards and business days."""

import random
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from pos_gateway.pricing.business_days import Calendar
from pos_gateway.pricing.cards import UNKNOWN_CARD, BinTable, CardFacts
from pos_gateway.pricing.rates import rate, rate_text, share, unrounded
from pos_gateway.pricing.value_dates import ValueDate
from pos_gateway.tests.pricing import reference


@pytest.mark.parametrize(
    ("percent", "value"),
    [
        ("0", 0),
        ("0.0001", 1),
        ("2.5", 25_000),
        ("2.50", 25_000),
        ("02.5000", 25_000),
        ("2.50000000", 25_000),
        (Decimal("99.9999"), 999_999),
        (Decimal("1E+2"), 1_000_000),
    ],
)
def test_a_rate_is_read_exactly(percent, value):
    assert rate(percent) == value
    assert rate(rate_text(value)) == value


@pytest.mark.parametrize(
    ("percent", "sentence"),
    [
        ("-0.0001", "between 0 and 100"),
        ("100.0001", "between 0 and 100"),
        ("NaN", "between 0 and 100"),
        ("sNaN", "between 0 and 100"),
        ("Infinity", "between 0 and 100"),
        ("1e999999", "between 0 and 100"),
        ("0.00001", "at most four decimals"),
        ("1e-999999", "at most four decimals"),
        ("2,5", "a number of percent: '2,5'"),
        ("", "a number of percent"),
        ("two", "a number of percent"),
        (2.5, "not float"),
        (None, "not NoneType"),
    ],
)
def test_what_is_no_rate_is_refused_with_a_sentence(percent, sentence):
    with pytest.raises(ValueError, match=sentence):
        rate(percent)


def test_a_share_is_rounded_half_up_once():
    chance = random.Random(11)
    for _ in range(20_000):
        amount = chance.randrange(10 ** chance.randrange(1, 40))
        value = chance.randrange(1_000_001)
        exact = Fraction(amount * value, 1_000_000)
        assert share(amount, value) == reference.half_up(exact)
        assert Fraction(unrounded(amount, value)) == exact


def test_the_longest_prefix_wins():
    chance = random.Random(12)
    digits = [f"{chance.randrange(10**8):08}" for _ in range(300)]
    rows = {d[: chance.choice((6, 7, 8))]: CardFacts(issuer=d) for d in digits}
    rows |= {d[:6]: CardFacts(issuer=f"{d} of six") for d in digits[:100]}
    table = BinTable(rows.items())
    assert len(table) == len(rows)
    for first in [*digits, *(d[:7] for d in digits), *(d[:6] + "99" for d in digits)]:
        fitting = [prefix for prefix in rows if first.startswith(prefix)]
        expected = rows[max(fitting, key=len)] if fitting else UNKNOWN_CARD
        assert table.find(first) is expected


def test_fewer_digits_than_a_prefix_say_nothing():
    table = BinTable([("45436001", CardFacts("bonus"))])
    for first in ("", "4543", "454360", "4543600", "45436002", "x4543600"):
        assert table.find(first) is UNKNOWN_CARD
    assert BinTable([]).find("45436001") is UNKNOWN_CARD


@pytest.mark.parametrize(
    "prefix", ["", "45436", "454360011", "45436x", "٤٥٤٣٦٠", " 454360"]
)
def test_what_is_no_prefix_is_refused(prefix):
    with pytest.raises(ValueError, match="six to eight digits"):
        BinTable([(prefix, CardFacts())])


def test_a_prefix_that_comes_twice_is_refused():
    with pytest.raises(ValueError, match="454360 comes twice"):
        BinTable([("454360", UNKNOWN_CARD), ("454360", UNKNOWN_CARD)])


def test_every_day_of_four_years_is_open_or_not_as_was_announced():
    calendar = Calendar()
    day = date(2025, 1, 1)
    while day.year < 2029:
        is_open = day.isoweekday() < 6 and day not in reference.HOLIDAYS
        assert calendar.is_open(day) is is_open, day
        assert calendar.next_open(day) == reference.business_day(day)
        day += timedelta(1)


@pytest.mark.parametrize("day", ["2026-03-19", "2026-05-26", "2026-10-28"])
def test_half_days_before_holidays_are_business_days(day):
    assert Calendar().is_open(date.fromisoformat(day))


def test_a_company_may_close_further_days():
    monday, tuesday = date(2026, 11, 30), date(2026, 12, 1)
    calendar = Calendar([monday])
    assert calendar.next_open(date(2026, 11, 28)) == tuesday
    assert Calendar().is_open(monday)


@pytest.mark.parametrize(
    "values",
    [
        {"rule": "weekly"},
        {"days": -1},
        {"days": 3661},
        {"days": 1.5},
        {"rule": "per_installment", "first_days": -1},
        {"rule": "per_installment", "interval_days": 10**9},
    ],
    ids=str,
)
def test_a_value_date_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValueError):
        ValueDate(**values)
