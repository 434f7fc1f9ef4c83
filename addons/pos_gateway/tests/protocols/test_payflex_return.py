"""PayFlex: what the page brings back and what became of it."""

from datetime import datetime

import pytest
from cases import payflex as bank
from payflex_talk import asked, fields_of, refusal, resolved, verified
from pos_gateway.protocols import payflex
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    differences,
)
from pos_gateway.protocols.types import Operation

# --- what the page brings back ------------------------------------------------------


@pytest.mark.parametrize("fields", [bank.genuine(), bank.declined(), bank.genuine()])
def test_what_the_page_brings_only_leads_to_a_question(fields):
    proven = verified(fields)
    assert proven.by == "nothing"
    outcome = payflex.parse(bank.terminal(), proven)
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.RESOLVE
    assert outcome.references == {"page_number": bank.PAGE_NUMBER}


@pytest.mark.parametrize(
    ("fields", "changes", "reason"),
    [
        (bank.genuine(PaymentToken=None), {}, "required"),
        (bank.genuine(PaymentToken=""), {}, "order"),
        (bank.genuine(PaymentToken="x" * 32), {}, "order"),
        (bank.genuine(PaymentToken=bank.TOKEN.upper()), {}, "order"),
        (bank.genuine(TransactionId="a b"), {}, "required"),
        (bank.genuine(TransactionId="1" * 65), {}, "required"),
        ([*bank.genuine(), ("RC", "0051")], {}, "repeated"),
        (bank.genuine(), {"references": {}}, "order"),
        (bank.genuine(PaymentToken=""), {"references": {"token": ""}}, "order"),
    ],
    ids=str,
)
def test_a_message_of_another_page_is_refused(fields, changes, reason):
    assert refusal(fields, **changes) == reason


def test_messages_that_differ_are_not_taken_for_the_same():
    one, other = verified(bank.genuine()), verified(bank.genuine(TransactionId="x"))
    assert one.identity != other.identity
    assert one.identity == verified(bank.genuine()).identity


def test_the_bank_is_asked_for_the_token_of_our_registration():
    fields = fields_of(asked(Operation.RESOLVE))
    assert fields == {
        "HostMerchantId": bank.MERCHANT,
        "Password": bank.PASSWORD,
        "TransactionId": bank.PAGE_NUMBER,
        "PaymentToken": bank.TOKEN,
    }
    with pytest.raises(ValueError, match="registered"):
        asked(Operation.RESOLVE, order=bank.order(references={}))


# --- what became of the page --------------------------------------------------------


def test_a_paid_page_is_a_payment():
    outcome = resolved()
    assert outcome.operation is Operation.RESOLVE
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    assert outcome.references == {"transaction_id": bank.CHARGE}
    assert outcome.authorisation_code == "735879"
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)
    assert outcome.follow_up is None


def test_what_was_paid_differently_shows():
    outcome = resolved(Amount="1,00", AmountCode="840", InstallmentCount="3")
    named = differences(bank.order(), outcome)
    assert named == ("amount", "currency", "installment_count")


def test_a_refusal_of_our_page_declines():
    outcome = resolved(**bank.RESOLVED_REFUSAL)
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "not_permitted"
    assert outcome.authorisation_code == ""
    assert not outcome.references


@pytest.mark.parametrize(
    "changes",
    [
        {"Rc": ""},
        {"Rc": None},
        {"Rc": "00"},
        {"Rc": "0091", "ErrorCode": "0091"},
        {"Rc": "4711", "ErrorCode": "4711"},
        {"Rc": "0051", "ErrorCode": "0000"},
        {"Rc": "0051", "ErrorCode": "4711"},
        {"Rc": "0051", "ErrorCode": "0051", "PaymentToken": None},
        {"Rc": "1061"},
        {"ErrorCode": "0051"},
        {"Amount": None},
        {"Amount": "1.250,40"},
        {"Amount": "1,250.40"},
        {"TransactionType": None},
        {"TransactionType": "Refund"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = resolved(**changes)
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderID": "PGBASKASIPARIS"}, "order"),
        ({"PaymentToken": "x" * 32}, "order"),
        ({"HostMerchantId": "1"}, "merchant"),
        ({"OrderID": None}, "required"),
        ({"OrderID": ""}, "required"),
        ({"PaymentToken": None}, "required"),
    ],
    ids=str,
)
def test_an_answer_about_something_else_is_refused(changes, reason):
    with pytest.raises(Refused) as caught:
        resolved(**changes)
    assert caught.value.reason == reason
