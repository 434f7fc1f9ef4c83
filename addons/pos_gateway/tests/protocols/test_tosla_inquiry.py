"""Tosla: how an order stands and its history."""

from datetime import datetime

import pytest
from cases import tosla as bank
from pos_gateway.protocols.answers import Refused, Result, State
from pos_gateway.protocols.types import Operation
from tosla_talk import answered


def test_the_inquiry_books_the_payment():
    outcome = answered(Operation.INQUIRY, bank.stands())
    assert outcome.result is Result.APPROVED
    told = outcome.amount_kurus, outcome.currency, outcome.installment_count
    assert told == (125040, "TRY", 1)
    assert outcome.bank_transaction_id == bank.TRANSACTION
    assert outcome.at == datetime(2026, 11, 22, 1, 59, 59)
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.net_kurus == 121289
    assert outcome.data == {"commission_kurus": "3751"}


@pytest.mark.parametrize(
    ("changes", "result", "state", "captured", "refunded"),
    [
        (
            {"RequestStatus": 3, "RefundedAmount": 5900},
            "approved",
            State.PARTIALLY_REFUNDED,
            125040,
            5900,
        ),
        (
            {"RequestStatus": 4, "RefundedAmount": 125040},
            "approved",
            State.REFUNDED,
            125040,
            125040,
        ),
        ({"RequestStatus": 2}, "cancelled", State.VOIDED, 0, 0),
        ({"TransactionType": 2}, "approved", State.AUTHORISED, 0, 0),
        (
            {"TransactionType": 2, "RequestStatus": 5, "PostAuthedAmount": 100000},
            "approved",
            State.CAPTURED,
            100000,
            0,
        ),
        (
            {"RequestStatus": 0, "BankResponseCode": "51"},
            "declined",
            State.ERROR,
            0,
            0,
        ),
        (
            {"RequestStatus": 0, "BankResponseCode": "MD:0"},
            "declined",
            State.ERROR,
            0,
            0,
        ),
    ],
)
def test_how_an_order_stands(changes, result, state, captured, refunded):
    outcome = answered(Operation.INQUIRY, bank.stands(**changes))
    assert outcome.result.value == result
    assert outcome.standing.state is state
    assert outcome.standing.captured_kurus == captured
    assert outcome.standing.refunded_kurus == refunded


@pytest.mark.parametrize(
    "changes",
    [
        {"BankResponseCode": "51"},
        {"BankResponseCode": None},
        {"RequestStatus": 0},
        {"RequestStatus": 0, "BankResponseCode": "96"},
        {"RequestStatus": 2, "BankResponseCode": "51"},
        {"RequestStatus": 10},
        {"RequestStatus": 7},
        {"RequestStatus": None},
        {"TransactionType": 5},
        {"TransactionType": None},
        {"Amount": None},
        {"Amount": "1.250,40"},
        {"Amount": 1250.4},
        {"Amount": -1},
        {"Currency": 0},
        {"InstallmentCount": "x"},
        {"Code": 999},
        {"Code": 101},
        {"OrderId": None},
    ],
)
def test_what_is_not_told_plainly_is_unresolved(changes):
    outcome = answered(Operation.INQUIRY, bank.stands(**changes))
    assert outcome.result is Result.UNRESOLVED


def test_an_unknown_order_is_code_0_with_an_empty_number():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    bare = answered(Operation.INQUIRY, bank.document(Code=0))
    assert bare.result is Result.UNRESOLVED


def test_an_inquiry_may_answer_with_a_list():
    refund = bank.book(TransactionType=5, Amount=100)
    outcome = answered(Operation.INQUIRY, bank.history(refund, bank.book()))
    assert outcome.result is Result.APPROVED
    twice = answered(Operation.INQUIRY, bank.history(bank.book(), bank.book()))
    assert twice.result is Result.UNRESOLVED


@pytest.mark.parametrize("operation", [Operation.INQUIRY, Operation.HISTORY])
@pytest.mark.parametrize(
    "changes", [{"OrderId": "A" * 20}, {"OrderId": 0}, {"ClientId": 1000077322}]
)
def test_what_is_of_another_order_or_merchant_is_refused(operation, changes):
    for body in (bank.stands(**changes), bank.history(bank.book(**changes))):
        with pytest.raises(Refused):
            answered(operation, body)


def test_a_history_has_its_rows_newest_first():
    refund = {"TransactionType": 5, "Amount": 5900, "CreateDate": "20261122030000"}
    body = bank.history(bank.book(), bank.book(**refund))
    outcome = answered(Operation.HISTORY, body)
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale"]


@pytest.mark.parametrize(
    "body",
    [
        bank.history(),
        bank.history(bank.book(), Count=2),
        bank.history(bank.book(), Code=101),
        bank.history(bank.book(OrderId=None)),
        bank.document(Code=0),
    ],
)
def test_a_history_that_is_not_whole_tells_nothing(body):
    outcome = answered(Operation.HISTORY, body)
    assert (outcome.result, outcome.entries) == (Result.UNRESOLVED, ())
