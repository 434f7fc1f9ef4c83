"""PayFlex: captures, voids and refunds."""

from dataclasses import replace

import pytest
from cases import payflex as bank
from payflex_talk import (
    KEY,
    answered,
    asked,
    resolved,
    xml_of,
)
from pos_gateway.protocols import payflex
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Operation


@pytest.mark.parametrize(
    ("operation", "kind", "amount", "currency"),
    [
        (Operation.CAPTURE, "Capture", "1250.40", "949"),
        (Operation.VOID, "Cancel", None, None),
        (Operation.REFUND, "Refund", "1250.40", None),
    ],
)
def test_what_comes_after_a_charge_names_the_charge(operation, kind, amount, currency):
    fields = xml_of(asked(operation))
    assert fields["TransactionType"] == kind
    assert fields["ReferenceTransactionId"] == bank.CHARGE
    assert fields["TransactionId"] == KEY
    assert fields.get("CurrencyAmount") == amount
    assert fields.get("CurrencyCode") == currency
    assert fields["ClientIp"] == "203.0.113.7"
    assert (fields["MerchantId"], fields["TerminalNo"]) == (
        bank.MERCHANT,
        bank.TERMINAL,
    )


def test_a_part_is_refunded_but_not_captured():
    fields = xml_of(asked(Operation.REFUND, amount_kurus=5000))
    assert fields["CurrencyAmount"] == "50.00"
    asked(Operation.CAPTURE, amount_kurus=125040)
    with pytest.raises(ValueError, match="whole"):
        asked(Operation.CAPTURE, amount_kurus=5000)


def test_without_the_number_of_the_charge_nothing_is_done():
    order = bank.order(references={"token": bank.TOKEN})
    for operation in (Operation.CAPTURE, Operation.VOID, Operation.REFUND):
        with pytest.raises(ValueError, match="number"):
            asked(operation, order=order)


@pytest.mark.parametrize("operation", ["capture", "void", "refund"])
def test_what_was_done_is_approved(operation):
    outcome = answered(Operation(operation), bank.answers()[Operation(operation)])
    assert outcome.result is Result.APPROVED
    assert outcome.amount_kurus == 125040
    assert outcome.host_reference == "632506971363"


@pytest.mark.parametrize(
    ("operation", "code", "reason", "hint"),
    [
        ("void", "2202", "not_possible", Hint.REFUND_INSTEAD),
        ("void", "1083", "not_possible", Hint.DONE_BEFORE),
        ("refund", "1059", "not_possible", Hint.DONE_BEFORE),
        ("refund", "1046", "not_possible", None),
        ("refund", "0961", "not_permitted", None),
        ("capture", "1065", "not_possible", Hint.DONE_BEFORE),
        ("capture", "1105", "configuration", None),
    ],
)
def test_what_was_refused_is_declined(operation, code, reason, hint):
    outcome = answered(Operation(operation), bank.refusal(code))
    assert outcome.result is Result.DECLINED
    assert (outcome.reason, outcome.hint) == (reason, hint)


@pytest.mark.parametrize("code", ["", "00", "0091", "0096", "1001", "1074", "4711"])
def test_a_code_that_says_nothing_certain_is_unresolved(code):
    outcome = answered(Operation.REFUND, bank.refusal(code))
    assert outcome.result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bank.answer("Refund"), "required"),
        (bank.answer(None), "required"),
        (bank.answer(MerchantId="1"), "merchant"),
        (bank.answer(ReferenceTransactionId="x"), "order"),
        (bank.answer(OrderId="BASKA"), "order"),
        (bank.found(bank.row()), "document"),
    ],
)
def test_an_answer_of_something_else_is_no_answer(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.CAPTURE, body)
    assert caught.value.reason == reason


def test_a_time_without_a_year_is_no_time():
    body = bank.answer(HostDate="1121124556")
    outcome = answered(Operation.CAPTURE, body)
    assert outcome.result is Result.APPROVED
    assert outcome.at is None


@pytest.mark.parametrize("operation", ["history", "day_list", "sale", "bin", "points"])
def test_what_the_bank_does_not_offer_is_not_asked(operation):
    with pytest.raises(ValueError, match="offer"):
        asked(Operation(operation))


def test_nothing_secret_is_kept():
    card = "4543600100000002"
    outcome = resolved(MaskedPan=card, Message=f"KART {card}")
    requests = [asked(operation) for operation in payflex.TRAITS.operations]
    page = [*bank.genuine(), ("Pan", card), ("Expiry", "3011"), ("Cvv", "123")]
    kept = [
        *(mask_text(request.body.decode()) for request in requests),
        describe(page),
        repr((bank.terminal(), requests, replace(outcome, references={}))),
    ]
    text = "\n".join(kept)
    assert card not in text
    assert bank.PASSWORD not in text
    assert "CanaryParola" not in text
    assert "Pan: ***" in text
