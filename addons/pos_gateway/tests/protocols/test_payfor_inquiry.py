"""PayFor: how an order stands, its history and the list of a day."""

import pytest
from cases import payfor as bank
from payfor_talk import answered, talk
from pos_gateway.protocols import payfor
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import mask_text
from pos_gateway.protocols.types import Operation


def inquiry(**changes):
    return answered(Operation.INQUIRY, bank.inquired(**changes))


# --- what answers mean --------------------------------------------------------------


def test_an_inquiry_books_what_the_bank_has_booked():
    outcome = inquiry()
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    assert outcome.host_reference == "632511004477"
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.refunded_kurus == 0


@pytest.mark.parametrize(
    ("changes", "result", "state"),
    [
        ({"TxnType": "PreAuth"}, Result.APPROVED, State.AUTHORISED),
        ({"TxnType": "PostAuth"}, Result.APPROVED, State.CAPTURED),
        ({"TxnStatus": "V"}, Result.CANCELLED, State.VOIDED),
        ({"IsVoided": "true"}, Result.CANCELLED, State.VOIDED),
        (
            {"TxnType": "PreAuth", "TxnStatus": "V"},
            Result.CANCELLED,
            State.VOIDED,
        ),
        ({"RefundedAmount": "50"}, Result.APPROVED, State.PARTIALLY_REFUNDED),
        ({"RefundedAmount": "1250.40"}, Result.APPROVED, State.REFUNDED),
        (
            {"TxnStatus": "N", "ProcReturnCode": "51"},
            Result.DECLINED,
            State.DECLINED,
        ),
        (
            {"TxnStatus": "N", "ProcReturnCode": "V000"},
            Result.UNRESOLVED,
            State.WAITING,
        ),
        ({"TxnStatus": "N"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStatus": "P"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStatus": ""}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnResult": "Failed"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"ProcReturnCode": "51"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"ProcReturnCode": ""}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnType": "Refund"}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": ""}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": "1.250,40"}, Result.UNRESOLVED, State.CAPTURED),
    ],
    ids=str,
)
def test_an_order_stands_as_its_last_charge(changes, result, state):
    outcome = inquiry(**changes)
    assert outcome.result is result
    assert outcome.standing.state is state


def test_another_currency_in_the_books_shows():
    assert differences(bank.order(), inquiry(Currency="840")) == ("currency",)


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert (outcome.result, outcome.standing) == (Result.NOT_FOUND, None)
    assert answered(Operation.HISTORY, bank.leak()).result is Result.NOT_FOUND


def test_wrong_credentials_are_not_an_unknown_order():
    outcome = answered(Operation.INQUIRY, bank.refused()[Operation.INQUIRY])
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, "configuration")


def test_an_answer_about_another_order_or_of_another_kind_is_refused():
    for body in (
        bank.inquired(OrderId="PGBASKASIPARIS"),
        bank.inquired(OrderId=""),
        bank.answer(TransId="PGBASKASIPARIS"),
        bank.answer(TransId=""),
    ):
        with pytest.raises(Refused, match="order"):
            answered(Operation.INQUIRY, body)
    with pytest.raises(Refused, match="merchant"):
        inquiry(MerchantID="1")
    for operation in (Operation.VOID, Operation.HISTORY):
        with pytest.raises(Refused, match="document"):
            answered(operation, b"<CC5Response/>")
    with pytest.raises(Refused, match="document"):
        answered(Operation.VOID, bank.history(bank.row()))
    with pytest.raises(Refused, match="order"):
        answered(Operation.HISTORY, bank.history(bank.row(OrderId="PGBASKA")))


def test_a_history_is_read_newest_first():
    refund = bank.row(
        TxnType="Refund", PurchAmount="50", InsertDatetime="2026-11-22T09:00:00"
    )
    failed = bank.row(
        TxnType="Refund",
        TxnStatus="N",
        ProcReturnCode="V014",
        InsertDatetime="2026-11-21T13:00:00",
    )
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), failed, refund))
    assert [entry.kind for entry in outcome.entries] == ["refund", "refund", "sale"]
    assert outcome.entries[1].state is State.DECLINED
    assert outcome.standing.refunded_kurus == 5000
    assert outcome.standing.state is State.PARTIALLY_REFUNDED


def test_a_voided_sale_in_the_history():
    body = bank.history(bank.row(TxnStatus="V"), bank.row(TxnType="Void"))
    assert answered(Operation.HISTORY, body).standing.state is State.VOIDED


def test_a_captured_reservation_in_the_history():
    reserved = bank.row(TxnType="PreAuth")
    captured = bank.row(TxnType="PostAuth", PurchAmount="1000")
    standing = answered(Operation.HISTORY, bank.history(reserved, captured)).standing
    assert standing.state is State.CAPTURED
    assert (standing.amount_kurus, standing.captured_kurus) == (125040, 100000)


def test_a_day_lists_other_orders_too():
    body = bank.history(bank.row(), bank.row(OrderId="PGBASKASIPARIS"))
    outcome = answered(Operation.DAY_LIST, body)
    assert len(outcome.entries) == 2
    assert outcome.standing is None


# --- what is kept -------------------------------------------------------------------


def test_the_passwords_in_an_error_of_the_history_are_seen_by_nobody():
    body = bank.leak()
    call = talk.call_of(Operation.HISTORY)
    proven = payfor.read(bank.terminal(), bank.order(), call, body)
    texts = [repr(proven.fields), repr(proven.rows), mask_text(body.decode())]
    texts.append(repr(payfor.parse(bank.terminal(), proven)))
    for secret in bank.SECRETS:
        assert secret in body.decode()
        assert not any(secret in text for text in texts)
