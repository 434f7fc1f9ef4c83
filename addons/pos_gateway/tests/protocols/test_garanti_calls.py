"""Garanti: what is asked, captures, voids and refunds, and a card's kind."""

from datetime import date

import pytest
from cases import garanti as bank
from garanti_talk import KEY, answered, asked
from pos_gateway.protocols.answers import (
    Hint,
    Result,
)
from pos_gateway.protocols.types import Operation, Secret

# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "kind", "amount"),
    [
        (Operation.INQUIRY, "orderinq", "100"),
        (Operation.HISTORY, "orderhistoryinq", "100"),
        (Operation.CAPTURE, "postauth", "125040"),
        (Operation.VOID, "void", "100"),
        (Operation.REFUND, "refund", "125040"),
    ],
)
def test_a_call_about_an_order_is_signed_as_its_user(operation, kind, amount):
    is_refund = operation in (Operation.VOID, Operation.REFUND)
    password = bank.PROVRFN if is_refund else bank.PROVAUT
    fields = asked(operation)
    assert fields["Transaction.Type"] == kind
    assert fields["Transaction.Amount"] == amount
    assert fields["Terminal.ProvUserID"] == ("PROVRFN" if is_refund else "PROVAUT")
    text = bank.ORDER_ID + bank.TERMINAL_ID + amount + "949"
    expected = bank.sha("sha512", text + bank.security_data(password))
    assert fields["Terminal.HashData"] == expected
    assert (fields["Version"], fields["Customer.IPAddress"]) == ("512", "203.0.113.7")
    number = fields.get("Transaction.OriginalRetrefNum")
    moves_money = operation not in (Operation.INQUIRY, Operation.HISTORY)
    assert number == ("632500310011" if moves_money else None)


def test_a_part_is_captured_or_refunded():
    for operation in (Operation.CAPTURE, Operation.REFUND):
        fields = asked(operation, amount_kurus=5000)
        assert fields["Transaction.Amount"] == "5000"


def test_the_days_of_a_list_are_told_the_banks_way():
    fields = asked(Operation.DAY_LIST)
    assert fields["Order.StartDate"] == "01/11/2026 00:00"
    assert fields["Order.EndDate"] == "21/11/2026 23:59"
    assert (fields["Order.OrderID"], fields["Transaction.ListPageNum"]) == ("", "1")


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": None},
        {"last_day": date(2026, 10, 31)},
        {"last_day": date(2026, 12, 1)},
    ],
    ids=str,
)
def test_more_than_thirty_days_are_not_asked(changes):
    with pytest.raises(ValueError, match="30 days"):
        asked(Operation.DAY_LIST, **changes)


def test_card_numbers_are_asked_without_a_currency_in_the_hash():
    fields = asked(Operation.BIN)
    text = KEY + bank.TERMINAL_ID + "1" + bank.security_data(bank.PROVAUT)
    assert fields["Terminal.HashData"] == bank.sha("sha512", text)
    assert "Transaction.CurrencyCode" not in fields


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in (Operation.SALE, Operation.REGISTER, Operation.RESOLVE):
        with pytest.raises(ValueError, match="does not offer"):
            asked(operation)


@pytest.mark.parametrize(
    ("operation", "name"),
    [(Operation.INQUIRY, "api_password"), (Operation.VOID, "refund_password")],
)
def test_nothing_is_asked_without_a_password(operation, name):
    with pytest.raises(ValueError, match="password of PROV... is missing"):
        asked(operation, bank.terminal(**{name: Secret("")}))


def test_a_strange_address_of_the_payer_is_left_out():
    order = bank.order(email="şaşkın@ornek.example")
    assert asked(Operation.INQUIRY, order=order)["Customer.EmailAddress"] == ""


# --- what answers mean --------------------------------------------------------------


def test_a_refusal_needs_no_signature():
    body = bank.answer(Code="05", ReasonCode="05", HashData="")
    assert answered(Operation.VOID, body).result is Result.DECLINED


@pytest.mark.parametrize("password", [bank.PROVRFN, bank.PROVAUT])
def test_either_password_may_sign_a_refund_and_it_is_told_which(password):
    outcome = answered(Operation.REFUND, bank.answer(password=password))
    assert outcome.result is Result.APPROVED
    user = "PROVRFN" if password == bank.PROVRFN else "PROVAUT"
    assert outcome.data == {"signed_by": user}


def test_a_capture_gives_the_number_that_later_calls_refer_to():
    outcome = answered(Operation.CAPTURE, bank.answer())
    assert outcome.result is Result.APPROVED
    assert outcome.references == {"retref_num": "632500310099"}


@pytest.mark.parametrize(
    ("code", "reason_code", "result"),
    [
        ("92", "0208", Result.DECLINED),
        ("92", "0110", Result.DECLINED),
        ("92", "0002", Result.DECLINED),
        ("92", "0699", Result.DECLINED),
        ("92", "0999", Result.UNRESOLVED),
        ("92", "", Result.UNRESOLVED),
        ("13", "13", Result.DECLINED),
        ("96", "96", Result.UNRESOLVED),
        ("77", "77", Result.UNRESOLVED),
        ("", "", Result.UNRESOLVED),
    ],
)
def test_a_refund_is_refused_only_by_known_codes(code, reason_code, result):
    body = bank.answer(Code=code, ReasonCode=reason_code, password=bank.PROVRFN)
    outcome = answered(Operation.REFUND, body)
    assert outcome.result is result
    assert outcome.hint is None or outcome.hint in Hint


def test_the_longest_number_of_the_list_tells_of_a_card():
    body = bank.bins("454360", "45436001", "45436002", "530596", "4543")
    data = answered(Operation.BIN, body).data
    assert (data["prefix"], data["kind"]) == ("45436001", "credit")
    none = answered(Operation.BIN, body, card_prefix="520000")
    assert none.result is Result.NOT_FOUND
