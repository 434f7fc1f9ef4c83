"""Kuveyt Türk: voids and refunds."""

import pytest
from cases import boa
from cases import kuveyt as bank
from kuveyt_talk import CARD, answered, asked, texts_of
from pos_gateway.protocols import kuveyt
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Operation


@pytest.mark.parametrize(
    ("operation", "amount", "method", "sent"),
    [
        (Operation.VOID, None, "SaleReversal", "125040"),
        (Operation.REFUND, None, "DrawBack", "125040"),
        (Operation.REFUND, 125040, "DrawBack", "125040"),
        (Operation.REFUND, 5000, "PartialDrawback", "5000"),
    ],
)
def test_what_comes_after_a_charge_names_its_four_numbers(
    operation, amount, method, sent
):
    request = asked(operation, amount_kurus=amount)
    start = f"Body.{method}.request."
    fields = texts_of(request)
    told = {
        "OrderId": boa.BANK_ORDER,
        "RRN": boa.RRN,
        "Stan": boa.STAN,
        "ProvisionNumber": boa.PROVISION,
        "Amount": sent,
        "VPosMessage.CancelAmount": sent,
        "VPosMessage.TransactionSecurity": "1",
    }
    assert {name: fields[start + name] for name in told} == told
    assert request.headers[0][1].endswith(f"/{method}")
    assert request.url == bank.terminal().url("service")


@pytest.mark.parametrize("name", ["bank_order_id", "rrn", "stan", "provision_number"])
def test_without_its_numbers_nothing_is_undone(name):
    order = bank.order(references=boa.REFERENCES | {name: ""})
    for operation in (Operation.VOID, Operation.REFUND):
        with pytest.raises(ValueError, match="numbers"):
            asked(operation, order=order)


@pytest.mark.parametrize(
    ("operation", "method"),
    [
        (Operation.VOID, "SaleReversal"),
        (Operation.REFUND, "DrawBack"),
        (Operation.REFUND, "PartialDrawback"),
    ],
)
def test_what_was_done_is_approved(operation, method):
    outcome = answered(operation, bank.done(method))
    assert outcome.result is Result.APPROVED
    assert not outcome.references


@pytest.mark.parametrize(
    ("operation", "code", "amount", "hint"),
    [
        ("void", "DbLayerError", None, Hint.REFUND_INSTEAD),
        ("void", "21", None, Hint.DONE_BEFORE),
        ("refund", "DbLayerError", None, Hint.VOID_INSTEAD),
        ("refund", "DbLayerError", 125040, Hint.VOID_INSTEAD),
        ("refund", "DbLayerError", 5000, None),
        ("refund", "28", None, Hint.DONE_BEFORE),
        ("refund", "57", None, None),
    ],
)
def test_what_was_refused_is_declined(operation, code, amount, hint):
    method = "SaleReversal" if operation == "void" else "DrawBack"
    outcome = answered(
        Operation(operation), bank.not_done(method, code), amount_kurus=amount
    )
    assert outcome.result is Result.DECLINED
    assert outcome.hint is hint
    assert outcome.bank_message == "İşlem yapılamadı"


@pytest.mark.parametrize(
    "body",
    [
        bank.soap("SaleReversal", {"Results": "", "Success": "true", "Value": ""}),
        bank.soap("SaleReversal", {"Results": "", "Success": "", "Value": ""}),
        bank.done("SaleReversal", success="false"),
        bank.done("SaleReversal", results=bank.error("SomethingNew")),
        bank.done("SaleReversal", ResponseCode="", MerchantOrderId=None),
        bank.not_done("SaleReversal", "SomethingNew"),
        bank.not_done("SaleReversal", "96"),
    ],
)
def test_success_alone_proves_nothing(body):
    assert answered(Operation.VOID, body).result is Result.UNRESOLVED


def test_of_several_errors_the_first_is_told():
    results = {"Result": [bank.error("A1")["Result"], bank.error("B2")["Result"]]}
    outcome = answered(Operation.VOID, bank.not_done("SaleReversal", "", results))
    assert outcome.reason_code == "A1"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (bank.done("DrawBack"), "document"),
        (boa.sold(), "document"),
        (bank.done("SaleReversal", MerchantOrderId="BASKA"), "order"),
        (bank.done("SaleReversal", MerchantOrderId=None), "order"),
        (bank.done("SaleReversal", MerchantId="1"), "merchant"),
        (b"<html>", "malformed"),
    ],
)
def test_an_answer_of_something_else_is_refused(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.VOID, body)
    assert caught.value.reason == reason


@pytest.mark.parametrize("operation", ["history", "day_list", "capture", "bin"])
def test_what_the_bank_does_not_offer_is_not_asked(operation):
    with pytest.raises(ValueError, match="offer"):
        asked(Operation(operation))


def test_nothing_secret_is_kept():
    requests = [asked(operation) for operation in kuveyt.TRAITS.operations]
    leaked = {"HashPassword": boa.HASH_PASSWORD, "CardNumber": CARD.number}
    kept = [
        *(mask_text(request.body.decode()) for request in requests),
        mask_text(boa.sold(VPosMessage=leaked).decode()),
        mask_text(bank.pack(leaked.items())[0][1]),
        describe(leaked),
        repr((bank.terminal(), requests, answered(Operation.SALE, boa.sold()))),
    ]
    text = "\n".join(kept)
    assert CARD.number not in text
    assert "<CardCVV2>***<" in text
    assert not [secret for secret in bank.SECRETS if secret in text]
