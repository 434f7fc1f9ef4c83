"""Amounts on the wire: read exactly, or not at all."""

import pytest
from pos_gateway.protocols import money

NOT_DECIMAL = [
    "",
    " ",
    ".",
    "1.",
    ".5",
    "1,5",
    "1.234",
    "1.234,50",
    "1,234.50",
    "1 234",
    "1e3",
    "1E2",
    "+1",
    "-1",
    "01",
    "00.10",
    " 1",
    "1 ",
    "1\n",
    "\u0661",
    "\uff11.\uff10\uff10",
    "1_000",
    "0x1",
    "NaN",
    "inf",
]


@pytest.mark.parametrize("text", [*NOT_DECIMAL, "1" * 11])
def test_what_is_not_exactly_a_decimal_amount_is_not_read(text):
    with pytest.raises(ValueError):
        money.from_decimal_text(text)


@pytest.mark.parametrize("text", [*NOT_DECIMAL, "1.0", "0125", "1" * 13])
def test_what_is_not_exactly_a_kurus_amount_is_not_read(text):
    with pytest.raises(ValueError):
        money.from_kurus_text(text)


def test_every_amount_comes_back_as_it_went():
    for amount in (*range(0, 12000), 10**11 + 1, 99999999, 10**12 - 1):
        assert money.from_decimal_text(money.to_decimal_text(amount)) == amount
        assert money.from_kurus_text(money.to_kurus_text(amount)) == amount


def test_a_shortened_decimal_is_the_same_amount():
    assert {money.from_decimal_text(text) for text in ("100", "100.0", "100.00")} == {
        10000
    }


def test_the_amount_that_binary_fractions_get_wrong_is_right():
    assert money.from_decimal_text("19.99") == 1999


@pytest.mark.parametrize("write", [money.to_decimal_text, money.to_kurus_text])
def test_a_negative_amount_is_not_written(write):
    with pytest.raises(ValueError):
        write(-1)


def test_currencies_are_known_by_letters_and_number_both_ways():
    for letters, number in (
        ("TRY", "949"),
        ("USD", "840"),
        ("EUR", "978"),
        ("GBP", "826"),
    ):
        assert money.currency_number(letters) == number
        assert money.currency_letters(number) == letters


@pytest.mark.parametrize("text", ["", "TL", "try", "949 ", "0949", "792"])
def test_an_unknown_currency_is_not_guessed(text):
    with pytest.raises(ValueError):
        money.currency_number(text)
    with pytest.raises(ValueError):
        money.currency_letters(text)


@pytest.mark.parametrize(
    "text", ["1250.4", "1.250,40", "1,250.40", "1,2,3", "1250,405", ",5", "1,", ""]
)
def test_what_is_not_exactly_an_amount_with_a_comma_is_not_read(text):
    with pytest.raises(ValueError):
        money.from_comma_text(text)
