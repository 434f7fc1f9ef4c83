import random
from datetime import date

import pytest
from pos_gateway.pricing.agreement import CostLine
from pos_gateway.pricing.splits import proportional
from pos_gateway.pricing.value_dates import ValueDate
from pos_gateway.settlement.expected import charge_parts, refund_parts

MONTHLY = ValueDate("per_installment", first_days=1, interval_days=30)
LINE = CostLine("a", 59_000, fee=25, value_date=MONTHLY)
DAY, FRIDAY = date(2026, 11, 25), date(2026, 11, 27)


def charge(total=100_000, count=3, line=LINE):
    return charge_parts(total, count, line, DAY)


def grosses(parts):
    return [one.gross for one in parts]


def test_a_charge_without_an_agreement_is_due_at_once():
    (whole,) = charge_parts(5_000, 3, None, DAY)
    assert (whole.due, whole.gross, whole.net) == (DAY, 5_000, 5_000)


def test_a_charge_given_back_before_it_was_paid_leaves_nothing():
    charged = charge()
    parts = refund_parts(
        100_000, charged, [False] * 3, grosses(charged), LINE, DAY
    )  # fmt: skip
    for index, (one, part) in enumerate(zip(charged, parts, strict=True)):
        assert (part.index, part.is_change) == (index, True)
        assert part.slice.due == one.due
        assert part.slice.net == -one.net
        assert part.slice.fee == -one.fee


def test_what_the_bank_has_paid_is_taken_back_with_its_next_payment():
    charged = charge()
    parts = refund_parts(
        30_000, charged, [True, False, False], grosses(charged), LINE, FRIDAY
    )  # fmt: skip
    first, second, third = parts
    # Friday and one day is Saturday: the bank pays on Monday.
    assert (first.is_change, first.slice.due) == (False, date(2026, 11, 30))
    assert (second.is_change, second.slice.due) == (True, charged[1].due)
    assert (third.is_change, third.slice.due) == (True, charged[2].due)
    # 5.9 % of 300.00 and 5 % of that; the bank keeps its fee.
    assert sum(part.slice.gross for part in parts) == -30_000
    assert sum(part.slice.commission for part in parts) == -1_770
    assert sum(part.slice.bsmv for part in parts) == -89
    assert sum(part.slice.fee for part in parts) == 0


def test_a_bank_may_keep_its_commission():
    charged = charge(count=1)
    (part,) = refund_parts(
        30_000, charged, [True], grosses(charged), LINE, DAY, False
    )  # fmt: skip
    assert (part.slice.gross, part.slice.net) == (-30_000, -30_000)


def test_more_than_is_left_cannot_be_refunded():
    charged = charge()
    for amount in (0, -1, 100_001):
        with pytest.raises(ValueError, match="refunded"):
            refund_parts(amount, charged, [True] * 3, grosses(charged), LINE, DAY)


def test_many_refunds_take_back_all_of_the_charge_and_no_part_below_zero():
    dice = random.Random(61)
    for _turn in range(300):
        total, count = dice.randint(50, 10**7), dice.randint(1, 12)
        charged = charge(total, count)
        left, is_paid = grosses(charged), [dice.random() < 0.3 for _one in charged]
        while sum(left):
            amount = dice.randint(1, sum(left))
            if dice.random() < 0.2:
                amount = sum(left)
            parts = refund_parts(amount, charged, is_paid, left, LINE, DAY)
            assert sum(part.slice.gross for part in parts) == -amount
            for one in parts:
                assert -one.slice.gross <= left[one.index]
            taken = proportional(amount, left)
            left = [gross - part for gross, part in zip(left, taken, strict=True)]
            assert min(left) >= 0
