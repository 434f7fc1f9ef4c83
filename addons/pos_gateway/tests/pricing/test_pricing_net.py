"""Totals of which the bank pays out a debt in full: the smallest, by counting."""

import random
import time

import pytest
from pos_gateway.pricing.agreement import CostLine, cost, smallest_total
from pos_gateway.pricing.rates import HUNDRED, rate


def net(total, line):
    return cost(total, line).net


def counted(line, most):
    """:return: by debt the first total of 1 to ``most`` that pays it out"""
    found, paid = {}, 0
    for total in range(1, most + 1):
        for base in range(paid + 1, net(total, line) + 1):
            found[base] = total
        paid = max(paid, net(total, line))
    return found


def lines():
    chance = random.Random(4)
    for _ in range(150):
        yield CostLine(
            1,
            chance.randrange(0, 950_000),
            fee=chance.choice((0, 0, 1, 99)),
            bsmv=chance.choice((0, 12_500, 50_000, 50_000, 333_333, HUNDRED)),
        )
    for percent in ("0", "0.0001", "49.9999", "50", "94", "95.2379", "95.2380", "99"):
        yield CostLine(1, rate(percent))


def test_no_smaller_total_pays_out_the_debt():
    tried = 0
    for line in lines():
        for base, total in counted(line, 3_000).items():
            assert smallest_total(base, line) == total, (base, line)
            tried += 1
    assert tried > 100_000


def test_where_more_is_charged_less_may_be_paid_out():
    # The search would go wrong here, if it took net for growing with the total.
    line = CostLine(1, rate("50"), bsmv=rate("50"))
    falls = [
        total for total in range(1, 100) if net(total + 1, line) < net(total, line)
    ]
    assert falls


def test_large_debts_are_netted_to_the_kurus():
    chance = random.Random(5)
    for _ in range(3_000):
        line = CostLine(1, chance.randrange(600_000), fee=chance.choice((0, 250)))
        base = chance.randrange(1, 10**14)
        total = smallest_total(base, line)
        assert net(total, line) == base
        # Rounding moves what is paid out by less than two kuruş: nothing that is
        # smaller by more than this can be enough.
        left = 1 - line.rate * 105 / 100 / HUNDRED
        window = range(max(1, total - int(4 / left) - 4), total)
        assert all(net(smaller, line) < base for smaller in window)


@pytest.mark.parametrize("percent", ["95.2381", "96", "99.9999", "100"])
def test_a_bank_that_keeps_all_is_refused_with_a_sentence(percent):
    with pytest.raises(ValueError, match=f"the bank .* {percent} %"):
        smallest_total(10_000, CostLine(1, rate(percent)))


def test_the_hopeless_is_given_up_soon():
    started = time.process_time()
    for percent in ("95.2380", "95.2381", "100"):
        line = CostLine(1, rate(percent))
        try:
            smallest_total(10**12, line)
        except ValueError:
            continue
    assert time.process_time() - started < 5


def test_a_fee_alone_is_added_with_its_tax():
    assert smallest_total(1_000, CostLine(1, 0, fee=100)) == 1_105
