from decimal import Decimal

import pytest
from pos_gateway.pricing.rounding import round_kurus, to_kurus, to_major


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0.4999", 0),
        ("0.5", 1),
        ("1.5", 2),
        ("2.5", 3),
        ("2.49999999", 2),
        ("-0.5", -1),
        ("-2.5", -3),
    ],
)
def test_halves_go_away_from_zero(value, expected):
    assert round_kurus(Decimal(value)) == expected


def test_every_amount_with_two_decimals_survives_the_way_through_a_float():
    for kurus in (*range(0, 30_000), 99_999_999_999, 123_456_789_01):
        assert to_kurus(float(to_major(kurus))) == kurus


@pytest.mark.parametrize(
    ("amount", "kurus"), [(0.07, 7), (19.99, 1999), (1.005, 101), (1e15, 10**17)]
)
def test_a_float_is_read_as_it_is_written(amount, kurus):
    assert to_kurus(amount) == kurus


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_no_amount(amount):
    with pytest.raises((ValueError, ArithmeticError)):
        to_kurus(amount)
