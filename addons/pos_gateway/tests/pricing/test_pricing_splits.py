"""Parts always sum to their whole."""

import random
from datetime import date
from fractions import Fraction

from pos_gateway.pricing.agreement import CostLine, cost
from pos_gateway.pricing.splits import proportional, split_installments
from pos_gateway.pricing.value_dates import ValueDate, slices
from pos_gateway.tests.pricing import reference

SPLITS = 1_000_000
COLUMNS = ("gross", "commission", "fee", "bsmv", "net")


def test_a_million_splits_lose_no_kurus():
    chance = random.Random(20261124).random
    for _ in range(SPLITS):
        total = int(10 ** (12 * chance())) or 1
        count = 1 + int(36 * chance() ** 2)
        parts = split_installments(total, count)
        assert len(parts) == count
        assert sum(parts) == total
        amount = int(total * chance())
        shares = proportional(amount, parts)
        assert len(shares) == count
        assert sum(shares) == amount


def test_only_the_first_installment_differs_and_by_less_than_a_kurus_each():
    chance = random.Random(1)
    for _ in range(20_000):
        total, count = chance.randrange(1, 10**12), chance.randrange(1, 37)
        first, *others = split_installments(total, count)
        assert len(set(others)) <= 1
        assert 0 <= first - (others or [first])[0] < count


def test_each_share_is_less_than_a_kurus_from_the_exact_one():
    chance = random.Random(2)
    for _ in range(20_000):
        weights = [chance.randrange(1000) for _ in range(chance.randrange(1, 13))]
        weights[0] += 1
        amount = chance.randrange(10**6)
        shares = proportional(amount, weights)
        assert list(shares) == reference.by_largest_remainder(amount, weights)
        for part, weight in zip(shares, weights, strict=True):
            assert abs(part - Fraction(amount * weight, sum(weights))) < 1


def test_slices_sum_to_their_whole_in_every_column():
    chance = random.Random(3)
    for _ in range(20_000):
        total = chance.randrange(1, 10 ** chance.randrange(1, 13))
        count = chance.randrange(1, 19)
        line = CostLine(
            1,
            chance.randrange(400_000),
            fee=chance.choice((0, 7, 250)),
            value_date=ValueDate(
                chance.choice(("single", "per_installment")),
                days=chance.randrange(60),
                first_days=chance.randrange(60),
                interval_days=chance.randrange(40),
            ),
        )
        whole = cost(total, line)
        parts = slices(total, count, whole, line.value_date, date(2026, 5, 20))
        sums = {name: sum(getattr(part, name) for part in parts) for name in COLUMNS}
        assert sums == {
            "gross": total,
            "commission": whole.commission,
            "fee": whole.fee,
            "bsmv": whole.bsmv,
            "net": whole.net,
        }
        assert [part.due for part in parts] == sorted(part.due for part in parts)
