"""The tightest limit wins, and is named."""

import random

import pytest
from pos_gateway.pricing.limits import Limit, cut

COMPANY = Limit("Company", 12, 10_000, 5_000_000, 2_000)


def test_within_all_limits_nothing_is_cut():
    assert cut([], 1, 99) is None
    assert cut([COMPANY], 100_000, 12) is None


@pytest.mark.parametrize(
    ("total", "count", "reason"),
    [
        (1_000_000, 13, "max_installments"),
        (1_000_000, 12, None),
        (9_999, 1, "minimum_total"),
        (10_000, 1, None),
        (5_000_001, 1, "maximum_total"),
        (5_000_000, 1, None),
        (23_999, 12, "minimum_installment"),
        (24_000, 12, None),
    ],
)
def test_a_limit_itself_is_still_allowed(total, count, reason):
    assert cut([COMPANY], total, count) == (reason and (reason, "Company"))


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize(
    ("name", "loose", "tight", "payment"),
    [
        ("max_installments", 9, 6, (100_000, 12)),
        ("minimum_total", 20_000, 30_000, (10_000, 1)),
        ("maximum_total", 30_000, 20_000, (50_000, 1)),
        ("minimum_installment", 2_000, 3_000, (3_000, 3)),
    ],
)
def test_of_several_the_tightest_is_named(name, loose, tight, payment, turn):
    limits = [Limit("Loose", **{name: loose}), Limit("Tight", **{name: tight})]
    assert cut(limits[::turn], *payment) == (name, "Tight")


def test_of_several_as_tight_the_first_is_named():
    limits = [Limit("POS A", 6), Limit("Partner B", 6)]
    assert cut(limits, 100_000, 7) == ("max_installments", "POS A")


def test_a_cap_by_law_is_told_from_a_limit_of_the_company():
    cap = Limit("General, 12 months", 12, is_cap=True)
    assert cut([cap], 100_000, 13) == ("cap", "General, 12 months")
    assert cut([cap, Limit("POS A", 9)], 100_000, 13) == ("max_installments", "POS A")


def test_the_law_counts_installments_that_a_campaign_adds_and_a_company_does_not():
    cap, own = Limit("Phones, 6 months", 6, is_cap=True), Limit("POS A", 6)
    assert cut([cap], 100_000, 4, extra=2) is None
    assert cut([cap], 100_000, 5, extra=2) == ("cap", "Phones, 6 months")
    assert cut([own], 100_000, 5, extra=2) is None


def test_a_single_payment_has_no_smallest_installment():
    limit = Limit("POS A", minimum_installment=10_000)
    assert cut([limit], 500, 1) is None
    assert cut([limit], 19_999, 2) == ("minimum_installment", "POS A")


def test_zero_is_a_limit_and_none_is_none():
    assert cut([Limit("Closed", maximum_total=0)], 1, 1) == ("maximum_total", "Closed")
    assert cut([Limit("Nothing")], 10**15, 36) is None


def test_a_surcharge_can_be_forbidden():
    guard = Limit("Consumer cards", no_surcharge=True)
    assert cut([guard], 100_000, 3, 0) is None
    assert cut([guard], 100_000, 3, 1) == ("surcharge", "Consumer cards")


def test_any_limit_that_forbids_it_alone_forbids_it_among_others():
    chance = random.Random(6)

    def some(*values):
        return chance.choice((None, None, *values))

    for _ in range(20_000):
        limits = [
            Limit(
                str(number),
                some(1, 3, 6, 12),
                some(0, 100, 500),
                some(600, 1_000, 2_000),
                some(50, 100, 200),
                no_surcharge=chance.random() < 0.1,
            )
            for number in range(chance.randrange(5))
        ]
        payment = chance.randrange(1, 3_000), chance.choice((1, 2, 3, 6, 12)), 5
        alone = [limit for limit in limits if cut([limit], *payment)]
        found = cut(limits, *payment)
        assert bool(found) == bool(alone)
        if found:
            named = limits[int(found[1])]
            assert cut([named], *payment) == found
