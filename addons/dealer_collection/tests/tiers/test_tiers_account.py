import pytest
from dealer_collection.tiers.account import Account, Debt, Payment


def account(*amounts):
    made = Account()
    for number, amount in enumerate(amounts):
        made.add_debt(Debt(f"d{number}", amount, (number,)))
    return made


def opened(made):
    return [made.open_of(key) for key in made.debts]


def test_the_oldest_debt_is_closed_first():
    made = account(300, 500)
    made.pay(Payment("p", 400))
    assert opened(made) == [0, 400]


def test_what_was_chosen_is_closed_before_the_oldest():
    made = account(300, 500, 200)
    made.pay(Payment("p", 600), ["d1"])
    assert opened(made) == [200, 0, 200]


def test_what_is_left_is_credit_and_closes_the_next_debt():
    made = account(300)
    made.pay(Payment("p", 1000))
    assert (made.credit, made.balance) == (700, -700)
    made.add_debt(Debt("later", 500, (9,)))
    assert (made.open_of("later"), made.credit) == (0, 200)


def test_a_refund_takes_the_credit_first_and_then_what_was_closed_last():
    made = account(300, 500)
    made.pay(Payment("p", 1000))
    made.refund("p", 150)
    assert (opened(made), made.credit) == ([0, 0], 50)
    made.refund("p", 250)
    assert (opened(made), made.credit) == ([0, 200], 0)
    made.refund("p", 600)
    assert (opened(made), made.balance) == ([300, 500], 800)


def test_a_refund_leaves_what_another_payment_closed():
    made = account(300)
    made.pay(Payment("first", 100, (1,)))
    made.pay(Payment("second", 200, (2,)))
    made.refund("first", 100)
    assert opened(made) == [100]
    assert made.free_of("second") == 0


def test_what_a_refund_opens_is_closed_by_the_credit_of_another_payment():
    made = account(300)
    made.pay(Payment("first", 300, (1,)))
    made.pay(Payment("second", 200, (2,)))
    made.refund("first", 300)
    assert (opened(made), made.credit) == ([100], 0)


def test_a_cancelled_debt_gives_its_money_to_the_others():
    made = account(300, 500)
    made.pay(Payment("p", 300))
    made.change_debt("d0", 0)
    assert opened(made) == [0, 200]


def test_a_disputed_debt_is_closed_only_by_money_that_is_meant_for_it():
    made = Account()
    made.add_debt(Debt("disputed", 300, (1,), is_disputed=True))
    made.add_debt(Debt("clear", 500, (2,)))
    made.pay(Payment("p", 600, (1,)))
    assert (opened(made), made.credit) == ([300, 0], 100)
    made.pay(Payment("meant", 300, (2,)), ["disputed"])
    assert made.open_of("disputed") == 0


@pytest.mark.parametrize(
    "wrong",
    [
        lambda made: made.pay(Payment("x", 0)),
        lambda made: made.pay(Payment("p", 5)),
        lambda made: made.pay(Payment("x", 5), ["unknown"]),
        lambda made: made.add_debt(Debt("d0", 5)),
        lambda made: made.add_debt(Debt("x", -5)),
        lambda made: made.refund("p", 101),
        lambda made: made.refund("p", 0),
        lambda made: made.change_debt("d0", 301),
        lambda made: made.change_debt("d0", -1),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(wrong):
    made = account(300)
    made.pay(Payment("p", 100))
    before = repr(made)
    with pytest.raises(ValueError):
        wrong(made)
    assert repr(made) == before
