"""Tosla: what is asked, captures, voids, refunds, and a card's bank."""

import json
from datetime import date, datetime

import pytest
from cases import tosla as bank
from pos_gateway.protocols import tosla, wire
from pos_gateway.protocols.answers import Refused, Result
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Operation, Secret
from tosla_talk import answered, asked, talk

# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "service", "content"),
    [
        (Operation.INQUIRY, "inquiry", {}),
        (Operation.VOID, "void", {}),
        (Operation.CAPTURE, "postAuth", {"amount": 125040}),
        (Operation.REFUND, "refund", {"amount": 125040}),
        (
            Operation.HISTORY,
            "history",
            {"transactionDate": 20261122, "page": 1, "pageSize": 100},
        ),
    ],
)
def test_later_calls_name_the_order(operation, service, content):
    name, tree = asked(operation)
    assert name == service
    assert tree["orderId"] == bank.ORDER_ID
    assert content.items() <= tree.items()


def test_a_part_of_the_amount_is_refunded():
    assert asked(Operation.REFUND, amount_kurus=5000)[1]["amount"] == 5000


def test_the_history_of_another_day_can_be_asked_for():
    tree = asked(Operation.HISTORY, first_day=date(2026, 11, 1))[1]
    assert tree["transactionDate"] == 20261101


def test_a_card_s_bank_is_asked_for_by_six_digits():
    service, tree = asked(Operation.BIN, card_prefix="41595600")
    assert (service, tree["bin"]) == ("GetCommissionAndInstallmentInfo", 415956)
    with pytest.raises(ValueError):
        asked(Operation.BIN, card_prefix="4159")


@pytest.mark.parametrize(
    "changes",
    [{"nonce": ""}, {"at": None}, {"at": datetime(2026, 11, 21)}],
)
def test_a_call_needs_a_time_and_a_random_text(changes):
    with pytest.raises(ValueError):
        asked(Operation.INQUIRY, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"merchant_id": ""},
        {"merchant_id": "ABC"},
        {"api_user": ""},
        {"api_password": Secret("")},
    ],
)
def test_nothing_is_asked_without_the_contract_s_credentials(changes):
    with pytest.raises(ValueError):
        talk.request(Operation.INQUIRY, bank.terminal(**changes))


def test_what_is_not_offered_is_not_asked():
    for operation in (Operation.SALE, Operation.DAY_LIST, Operation.POINTS):
        with pytest.raises(ValueError):
            asked(operation)


# --- capture, void, refund, card ----------------------------------------------------


@pytest.mark.parametrize(
    "operation", [Operation.CAPTURE, Operation.VOID, Operation.REFUND]
)
def test_what_was_done_is_approved(operation):
    outcome = answered(operation, bank.done())
    assert outcome.result is Result.APPROVED
    assert outcome.bank_transaction_id == bank.TRANSACTION
    for name in ("Code", "BankResponseCode", "OrderId"):
        tree = json.loads(bank.done())
        del tree[name]
        try:
            less = answered(operation, bank.document(**tree))
        except Refused:
            continue
        assert less.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("code", "bank_code", "result", "reason"),
    [
        (101, None, Result.DECLINED, "not_found"),
        (1, None, Result.DECLINED, "not_possible"),
        (104, None, Result.DECLINED, "amount_not_allowed"),
        (997, None, Result.DECLINED, "configuration"),
        (0, "51", Result.DECLINED, "limit"),
        (0, "96", Result.UNRESOLVED, "bank_unreachable"),
        (0, "", Result.UNRESOLVED, "other"),
        (100, None, Result.UNRESOLVED, "other"),
        (999, None, Result.UNRESOLVED, "bank_unreachable"),
        (777, "00", Result.UNRESOLVED, "other"),
    ],
)
def test_what_was_not_done_says_why(code, bank_code, result, reason):
    body = bank.not_done(code, BankResponseCode=bank_code)
    outcome = answered(Operation.REFUND, body)
    assert (outcome.result, outcome.reason) == (result, reason)
    assert outcome.hint is None


def test_the_card_s_bank_and_rates_are_told():
    data = answered(Operation.BIN, bank.card()).data
    assert data["prefix"] == "415956"
    assert (data["bank"], data["program"]) == ("Akbank", "Axess")
    assert (data["rate_2"], data["rate_12"]) == ("2.99", "12.99")
    unknown = answered(Operation.BIN, bank.card(CardPrefix=None))
    assert (unknown.result, unknown.data) == (Result.UNRESOLVED, {})


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"<html>bakim</html>",
        b'{"Code": 0, "code": 0}',
        b'{"Code": NaN}',
        b'{"Code": 0}' + b" " * wire.LIMIT,
    ],
)
def test_bytes_that_are_no_answer_are_refused(body):
    with pytest.raises(Refused):
        answered(Operation.REFUND, body)


def test_card_fields_and_the_password_of_this_protocol_are_masked():
    form = [("CardNo", "4159560047417732"), ("ExpireDate", "12/30"), ("Cvv", "123")]
    assert describe(form) == "CardNo: ***\nExpireDate: ***\nCvv: ***"
    assert mask_text('{"apiPass":"Kanarya*Parola.55"}') == '{"apiPass":"***"}'


def test_no_secret_is_in_a_request():
    for operation in tosla.TRAITS.operations:
        call = talk.call_of(operation, card_prefix="415956")
        body = tosla.ask(bank.terminal(), bank.order(), call).body.decode()
        assert not any(secret in body for secret in bank.SECRETS)
