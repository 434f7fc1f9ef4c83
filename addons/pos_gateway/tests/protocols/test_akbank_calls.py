"""Akbank: what is asked, and captures, voids and refunds."""

import json
from datetime import date

import pytest
from akbank_talk import answered, meaning, talk
from cases import akbank as bank
from pos_gateway.protocols import akbank
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Operation


def asked(operation, order=None, **changes):
    return talk.request(operation, order=order, **changes)


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize("operation", sorted(akbank.TRAITS.operations))
def test_a_call_is_signed_over_its_very_bytes(operation):
    request = asked(operation)
    assert request.headers == (("auth-hash", bank.mac(request.body)),)
    tree = json.loads(request.body)
    assert tree["terminal"] == {
        "merchantSafeId": bank.MERCHANT,
        "terminalSafeId": bank.TERMINAL,
    }
    assert tree["requestDateTime"] == "2026-11-21T12:01:00.500"
    assert tree["version"] == "1.00"
    questions = ("inquiry", "history", "day_list", "recurring_status")
    is_question = operation in questions
    assert request.url == bank.terminal().url("report" if is_question else "api")


@pytest.mark.parametrize(
    ("operation", "code", "subject"),
    [
        (Operation.INQUIRY, "1010", {"order": {"orderId": bank.ORDER_ID}}),
        (Operation.HISTORY, "1010", {"order": {"orderId": bank.ORDER_ID}}),
        (Operation.VOID, "1003", {"order": {"orderId": bank.ORDER_ID}}),
        (
            Operation.DAY_LIST,
            "1009",
            {
                "report": {
                    "startDateTime": "2026-11-21T00:00:00.000",
                    "endDateTime": "2026-11-21T23:59:59.999",
                }
            },
        ),
    ],
)
def test_a_call_says_what_it_is_about(operation, code, subject):
    tree = json.loads(asked(operation).body)
    assert tree["txnCode"] == code
    common = {"version", "txnCode", "requestDateTime", "randomNumber", "terminal"}
    assert {n: v for n, v in tree.items() if n not in common} == subject


@pytest.mark.parametrize(
    ("operation", "code"), [(Operation.CAPTURE, "1005"), (Operation.REFUND, "1002")]
)
def test_a_part_or_the_whole_is_captured_or_refunded(operation, code):
    tree = json.loads(asked(operation, amount_kurus=5000).body)
    assert tree["txnCode"] == code
    assert tree["transaction"] == {"amount": "50.00", "currencyCode": 949}
    assert json.loads(asked(operation).body)["transaction"]["amount"] == "1250.40"


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": Operation.DAY_LIST, "last_day": date(2026, 11, 22)},
        {"operation": Operation.DAY_LIST, "first_day": None},
        {"operation": Operation.SALE},
        {"operation": Operation.BIN},
        {"operation": Operation.INQUIRY, "at": None},
    ],
    ids=str,
)
def test_what_the_bank_does_not_offer_is_not_asked(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(**changes)


# --- what answers mean --------------------------------------------------------------


@pytest.mark.parametrize("operation", ["capture", "void", "refund"])
def test_what_was_done_is_approved(operation):
    operation = Operation(operation)
    outcome = answered(operation, bank.answers()[operation])
    assert outcome.result is Result.APPROVED
    assert outcome.operation is operation
    assert outcome.host_reference == "632525059601"


@pytest.mark.parametrize(
    ("operation", "body", "reason", "hint"),
    [
        ("capture", bank.refusal("1005"), "not_found", None),
        ("void", bank.refusal("1003", "VPS-1008"), "not_possible", Hint.DONE_BEFORE),
        ("refund", bank.refusal("1002", "VPS-1008"), "not_possible", Hint.DONE_BEFORE),
        (
            "refund",
            bank.answer("1002", responseCode="VPS-1005", hostResponseCode="57"),
            "not_permitted",
            None,
        ),
    ],
)
def test_what_was_refused_is_declined(operation, body, reason, hint):
    outcome = answered(Operation(operation), body)
    assert outcome.result is Result.DECLINED
    assert (outcome.reason, outcome.hint) == (reason, hint)


@pytest.mark.parametrize(
    "changes",
    [
        {"hostResponseCode": "91"},
        {"hostResponseCode": None},
        {"responseCode": "VPS-1005", "hostResponseCode": "96"},
        {"responseCode": "VPS-1005", "hostResponseCode": None},
        {"responseCode": "VPS-4711"},
    ],
    ids=str,
)
def test_an_answer_that_says_nothing_known_is_unresolved(changes):
    outcome = answered(Operation.CAPTURE, bank.answer("1005", **changes))
    assert outcome.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bank.answer("1002"), "document"),
        (bank.answer(None), "document"),
        (bank.answer("1005", responseCode=None), "document"),
        (bank.answer("1005", order={"orderId": "BASKA"}), "order"),
        (bank.answer("1005", order=None), "order"),
        (bank.answer("1005", terminal={"merchantSafeId": "X"}), "merchant"),
        (b"<html>", "malformed"),
    ],
)
def test_an_answer_of_something_else_is_refused(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.CAPTURE, body)
    assert caught.value.reason == reason


def test_cancelling_planned_payments_is_understood():
    done = bank.answer("1013", order={"orderTrackId": bank.ORDER_ID})
    assert answered(Operation.RECURRING_CANCEL, done).result is Result.APPROVED


def test_nothing_secret_is_kept():
    card = "4543600100000002"
    fields = bank.genuine(hostMessage=f"KART {card}", rrn=None)
    outcome = meaning(fields)
    request = asked(Operation.REFUND)
    kept = [
        describe(fields),
        mask_text(request.body.decode()),
        mask_text(f'{{"cardNumber":"{card}","cvv2":"123","expireDate":"1130"}}'),
        repr((bank.terminal(), request, outcome)),
    ]
    text = "\n".join(kept)
    assert card not in text
    assert bank.SECRET_KEY not in text
    assert '"cvv2":"***","expireDate":"***"' in text
