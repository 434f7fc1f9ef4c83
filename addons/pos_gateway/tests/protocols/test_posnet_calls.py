"""PosNet XML: what is asked, captures, voids, refunds, and bytes."""

from dataclasses import replace

import pytest
from cases import posnet as bank
from pos_gateway.protocols import posnet, wire
from pos_gateway.protocols.answers import Hint, Refused, Result
from pos_gateway.protocols.redact import mask_text
from pos_gateway.protocols.types import Call, Operation
from posnet_talk import KEY, answered, order_with, talk


def asked(operation, order=None, **changes):
    request = talk.request(operation, order=order, **changes)
    message = wire.parse_form(request.body, request.content_type)
    return wire.flatten(wire.parse_xml(message.get("xmldata").encode()))[0]


# --- what is asked ------------------------------------------------------------------


def test_the_page_is_opened_without_a_card():
    assert asked(Operation.REGISTER) == {
        "mid": bank.MERCHANT,
        "tid": bank.TERMINAL,
        "oosRequestData.posnetid": bank.POSNET_ID,
        "oosRequestData.XID": bank.XID,
        "oosRequestData.amount": "125040",
        "oosRequestData.currencyCode": "TL",
        "oosRequestData.installment": "00",
        "oosRequestData.tranType": "Sale",
    }


def test_a_reservation_with_installments_says_so():
    order = bank.order(preauth=True, installment_count=3)
    texts = asked(Operation.REGISTER, order)
    assert texts["oosRequestData.tranType"] == "Auth"
    assert texts["oosRequestData.installment"] == "03"


def test_the_headers_name_us_and_the_call():
    call = Call(Operation.INQUIRY, KEY)
    headers = dict(posnet.ask(bank.terminal(), bank.order(), call).headers)
    assert headers == {
        "X-MERCHANT-ID": bank.MERCHANT,
        "X-TERMINAL-ID": bank.TERMINAL,
        "X-POSNET-ID": bank.POSNET_ID,
        "X-CORRELATION-ID": KEY,
    }


def test_the_charge_carries_the_packets_that_the_bank_proved():
    order = bank.order()
    stale = {"bank_packet": "POSTED", "merchant_packet": "BY", "packet_sign": "ANYBODY"}
    order = replace(order, references={**order.references, **stale})
    texts = asked(Operation.SALE, order)
    assert texts["oosTranData.bankData"] == bank.BANK_PACKET
    assert texts["oosTranData.merchantData"] == bank.MERCHANT_PACKET
    assert texts["oosTranData.sign"] == bank.SIGN
    assert texts["oosTranData.wpAmount"] == "0"
    assert texts["oosTranData.mac"] == bank.mac()
    assert asked(Operation.RESOLVE, order)["oosResolveMerchantData.sign"] == "ANYBODY"


def test_nothing_is_charged_that_the_bank_did_not_prove():
    page_only = {"bank_packet": "A", "merchant_packet": "B", "packet_sign": "C"}
    with pytest.raises(ValueError):
        asked(Operation.SALE, order_with(**page_only))


@pytest.mark.parametrize("order_id", ["", "SHORT", "A" * 21, "A" * 19 + ";", "Ş" * 20])
def test_an_order_number_has_exactly_20_characters(order_id):
    with pytest.raises(ValueError):
        asked(Operation.REGISTER, bank.order(order_id=order_id))


def test_an_amount_above_the_bank_s_limit_is_not_sent():
    assert asked(Operation.REGISTER, bank.order(amount_kurus=9_999_999))
    with pytest.raises(ValueError):
        asked(Operation.REGISTER, bank.order(amount_kurus=10_000_000))


def test_later_calls_name_the_number_with_its_prefix_or_the_bank_s_key():
    number = order_with()
    assert asked(Operation.INQUIRY, number)["agreement.orderID"] == f"TDS_{bank.XID}"
    assert asked(Operation.VOID, number)["reverse.orderID"] == f"TDS_{bank.XID}"
    other = order_with(order_prefix="TDSC")
    assert asked(Operation.INQUIRY, other)["agreement.orderID"] == f"TDSC{bank.XID}"
    known = order_with(host_log_key=bank.HOST_LOG_KEY)
    texts = asked(Operation.VOID, known)
    assert texts["reverse.hostLogKey"] == bank.HOST_LOG_KEY
    assert texts["reverse.transaction"] == "sale"
    assert texts["tranDateRequired"] == "1"
    assert "hostLogKey" not in str(asked(Operation.INQUIRY, known))


def test_a_part_of_the_amount_is_refunded():
    order = order_with(host_log_key=bank.HOST_LOG_KEY)
    texts = asked(Operation.REFUND, order, amount_kurus=5000)
    assert texts["return.amount"] == "5000"
    assert texts["return.currencyCode"] == "TL"
    assert asked(Operation.REFUND, order)["return.amount"] == "125040"


def test_a_captured_reservation_is_voided_and_refunded_by_its_capture():
    keys = {"host_log_key": "0" * 18, "capture_log_key": bank.HOST_LOG_KEY}
    order = bank.order(preauth=True, references=keys)
    assert asked(Operation.VOID, order)["reverse.transaction"] == "capt"
    assert asked(Operation.VOID, order)["reverse.hostLogKey"] == bank.HOST_LOG_KEY
    assert asked(Operation.REFUND, order)["return.hostLogKey"] == bank.HOST_LOG_KEY
    reserved = bank.order(preauth=True, references={"host_log_key": "0" * 18})
    assert asked(Operation.VOID, reserved)["reverse.transaction"] == "auth"
    assert asked(Operation.CAPTURE, reserved)["capt.hostLogKey"] == "0" * 18


@pytest.mark.parametrize("operation", [Operation.DAY_LIST, Operation.RECURRING])
def test_what_needs_a_card_or_lists_only_totals_is_not_offered(operation):
    with pytest.raises(ValueError):
        asked(operation)


@pytest.mark.parametrize("name", ["merchant_id", "terminal_id", "account_id"])
def test_nothing_is_asked_without_the_numbers_of_the_contract(name):
    with pytest.raises(ValueError):
        posnet.ask(
            bank.terminal(**{name: ""}), bank.order(), Call(Operation.INQUIRY, KEY)
        )


# --- capture, void, refund ----------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "result", "hint"),
    [
        ("0411", Result.DECLINED, Hint.VOID_INSTEAD),
        ("0211", Result.DECLINED, Hint.REFUND_INSTEAD),
        ("0218", Result.DECLINED, Hint.DONE_BEFORE),
        ("0220", Result.DECLINED, Hint.DONE_BEFORE),
        ("0370", Result.DECLINED, Hint.DONE_BEFORE),
        ("0450", Result.DECLINED, None),
        ("0001", Result.DECLINED, None),
        ("0091", Result.UNRESOLVED, None),
        ("0400", Result.UNRESOLVED, None),
        ("7777", Result.UNRESOLVED, None),
    ],
)
def test_what_a_refused_refund_says(code, result, hint):
    outcome = answered(Operation.REFUND, bank.not_done(code))
    assert (outcome.result, outcome.hint) == (result, hint)


@pytest.mark.parametrize("code", ["E219", "0123"])
def test_a_number_that_the_bank_does_not_know_may_have_another_spelling(code):
    by_number = answered(Operation.VOID, bank.not_done(code), order_with())
    assert by_number.result is Result.DECLINED
    assert by_number.hint is Hint.OTHER_PREFIX
    by_key = answered(
        Operation.VOID, bank.not_done(code), order_with(host_log_key="0" * 18)
    )
    assert by_key.hint is None


def test_a_capture_is_remembered_until_it_is_voided():
    captured = answered(Operation.CAPTURE, bank.done())
    assert captured.references == {"capture_log_key": "026325771205000191"}
    order = order_with(**captured.references)
    voided = answered(Operation.VOID, bank.done(), order)
    assert voided.result is Result.APPROVED
    assert voided.references == {"capture_log_key": ""}


# --- bytes --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["Şifre hatalı", "OK"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-9"])
def test_a_declaration_that_says_utf_16_is_not_taken_at_its_word(text, charset):
    head = '<?xml version="1.0" encoding="utf-16"?>'
    body = f"{head}<posnetResponse><approved>0</approved><respCode>0051</respCode>"
    body += f"<respText>{text}</respText></posnetResponse>"
    outcome = answered(Operation.SALE, body.encode(charset))
    assert outcome.result is Result.DECLINED
    assert outcome.bank_message == text


@pytest.mark.parametrize(
    "body",
    [
        "<posnetResponse/>".encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x []><posnetResponse/>',
        b'<?xml version="1.0" encoding="utf-16"?>' + b"x" * wire.LIMIT,
        b"<html>bakim</html>",
        b"",
        b"<posnetResponse><approved>1</approved><APPROVED>1</APPROVED></posnetResponse>",
    ],
)
def test_bytes_that_are_no_answer_are_refused(body):
    with pytest.raises(Refused):
        answered(Operation.SALE, body)


def test_card_fields_of_this_protocol_are_masked():
    text = "<ccno>4506340000000001</ccno><cvc>123</cvc><expDate>3012</expDate>"
    assert mask_text(text) == "<ccno>***</ccno><cvc>***</cvc><expDate>***</expDate>"


def test_no_secret_is_in_a_request():
    for operation in posnet.TRAITS.operations:
        body = talk.request(operation).body
        assert not any(secret.encode() in body for secret in bank.SECRETS)
