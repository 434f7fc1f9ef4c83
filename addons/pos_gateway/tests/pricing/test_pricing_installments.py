import random
from decimal import Decimal

import pytest
from pos_gateway.pricing.installments import (
    OfferLine,
    quote,
    quotes,
    split_installments,
)


def line(count, percent="0"):
    return OfferLine(count, Decimal(percent))


def test_parts_always_sum_to_the_whole():
    chance = random.Random(20261124)
    for _ in range(20_000):
        total, count = chance.randrange(1, 10**12), chance.randrange(1, 13)
        parts = split_installments(total, count)
        assert len(parts) == count
        assert sum(parts) == total
        # Only the first part differs, and by less than a kuruş for each part.
        assert len(set(parts[1:])) <= 1
        assert 0 <= parts[0] - parts[-1] < count


def test_a_quote_adds_up_for_any_amount_and_rate():
    chance = random.Random(7)
    for _ in range(5_000):
        base = chance.randrange(1, 10**10)
        rate = Decimal(chance.randrange(0, 990_000)).scaleb(-4)
        offered = quote(base, OfferLine(chance.randrange(1, 13), rate))
        assert offered.base == base
        assert offered.base + offered.surcharge == offered.total
        assert sum(offered.installments) == offered.total
        assert abs(offered.surcharge - base * rate / 100) <= Decimal("0.5")


@pytest.mark.parametrize(
    ("base", "percent", "surcharge"),
    [
        (50, "1", 1),  # exactly half a kuruş
        (49, "1", 0),
        (10_000, "2.85", 285),
        (333, "1.5015", 5),
        (1, "0", 0),
    ],
)
def test_the_surcharge_is_rounded_once_half_up(base, percent, surcharge):
    assert quote(base, line(3, percent)).surcharge == surcharge


def test_quotes_come_with_the_fewest_installments_first():
    counts = [q.installment_count for q in quotes(100, [line(6), line(1), line(3)])]
    assert counts == [1, 3, 6]


def test_without_an_offer_there_is_a_single_payment_at_no_surcharge():
    (only,) = quotes(12345, [])
    assert (only.installment_count, only.total, only.surcharge) == (1, 12345, 0)


def test_a_quote_is_plain_data_when_it_is_stored():
    stored = quote(10_000, line(3, "2.50")).as_dict()
    assert stored == {
        "installment_count": 3,
        "surcharge_percent": "2.5",
        "base": 10_000,
        "surcharge": 250,
        "total": 10_250,
        "installments": [3418, 3416, 3416],
    }


def test_a_whole_rate_is_stored_in_plain_digits():
    assert quote(10_000, line(3, "10")).as_dict()["surcharge_percent"] == "10"


@pytest.mark.parametrize(
    ("base", "offered"),
    [(0, line(1)), (-1, line(1)), (100, line(0)), (100, line(1, "-0.01"))],
)
def test_nonsense_is_refused(base, offered):
    with pytest.raises(ValueError):
        quote(base, offered)
