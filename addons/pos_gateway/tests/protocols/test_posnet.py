"""PosNet XML: what is asked, what is believed, what answers mean."""

from dataclasses import replace
from datetime import datetime

import pytest
from cases import posnet as bank
from pos_gateway.protocols import posnet, wire
from pos_gateway.protocols.answers import Hint, Refused, Result, State
from pos_gateway.protocols.redact import mask_text
from pos_gateway.protocols.types import Call, Operation, Secret
from talk import Talk

KEY = "CAGRIABCDEFGHKLMNPQR"


talk = Talk(posnet, bank, key=KEY)
verified, answered = talk.verified, talk.answered


def asked(operation, order=None, **changes):
    request = talk.request(operation, order=order, **changes)
    message = wire.parse_form(request.body, request.content_type)
    return wire.flatten(wire.parse_xml(message.get("xmldata").encode()))[0]


def order_with(**references):
    return bank.order(references=references)


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


@pytest.mark.parametrize("operation", [Operation.DAY_LIST, Operation.POINTS])
def test_what_needs_a_card_or_lists_only_totals_is_not_offered(operation):
    with pytest.raises(ValueError):
        asked(operation)


@pytest.mark.parametrize("name", ["merchant_id", "terminal_id", "account_id"])
def test_nothing_is_asked_without_the_numbers_of_the_contract(name):
    with pytest.raises(ValueError):
        posnet.ask(
            bank.terminal(**{name: ""}), bank.order(), Call(Operation.INQUIRY, KEY)
        )


# --- the page -----------------------------------------------------------------------


def test_the_sealed_order_goes_to_the_page_through_the_browser():
    outcome = answered(Operation.REGISTER, bank.registered())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.url == bank.terminal().url("page")
    fields = dict(outcome.page.fields)
    assert fields["posnetData"] == "AEFE78BFC852867FF57078B7"
    assert fields["digest"] == "9998F61E1D0C"
    assert fields["merchantReturnURL"] == bank.order().return_url


@pytest.mark.parametrize("name", ["data1", "sign"])
def test_a_page_without_its_seal_is_not_opened(name):
    outcome = answered(Operation.REGISTER, bank.registered(**{name: ""}))
    assert (outcome.result, outcome.page) == (Result.UNRESOLVED, None)


def test_a_return_is_nothing_but_the_question_to_the_bank():
    proven = verified(bank.genuine())
    outcome = posnet.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.RESOLVE
    assert outcome.references["bank_packet"] == bank.BANK_PACKET
    assert outcome.amount_kurus is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Xid": None}, "order"),
        ({"Xid": "A" * 20}, "order"),
        ({"MerchantId": "6709900009"}, "merchant"),
        ({"MerchantId": None}, "merchant"),
        ({"BankPacket": None}, "required"),
        ({"MerchantPacket": ""}, "required"),
        ({"Sign": "with space"}, "required"),
        ({"Sign": "A" * 4001}, "required"),
        ({"bankpacket": "second"}, "repeated"),
    ],
)
def test_a_return_that_is_not_of_our_order_is_refused(changes, reason):
    with pytest.raises(Refused) as refusal:
        verified(bank.genuine(**changes))
    assert refusal.value.reason == reason


def test_the_same_packets_are_the_same_message_whatever_stands_beside_them():
    one, other = verified(bank.genuine()), verified(bank.genuine(CCPrefix="111111"))
    assert one.identity == other.identity
    assert one.identity != verified(bank.declined()).identity


# --- what the bank says of the packets ----------------------------------------------


def test_an_authentication_of_our_order_leads_to_the_charge():
    outcome = answered(Operation.RESOLVE, bank.resolved())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.amount_kurus == 125040
    assert (outcome.currency, outcome.installment_count) == ("TRY", 1)
    assert outcome.references == {
        "proved_bank_packet": bank.BANK_PACKET,
        "proved_merchant_packet": bank.MERCHANT_PACKET,
        "proved_packet_sign": bank.SIGN,
    }


@pytest.mark.parametrize(
    "changes",
    [
        {"mac": "AAAA"},
        {"mac": ""},
        {"mac": None},
        {"amount": "100"},
        {"amount": "125040.00"},
        {"xid": "PGKLMNPRSTUVYZABCDEG"},
        {"xid": None},
        {"currency": "US"},
        {"installment": "03"},
        {"installment": ""},
    ],
)
def test_an_authentication_of_anything_else_is_refused(changes):
    with pytest.raises(Refused):
        answered(Operation.RESOLVE, bank.resolved(**changes))


@pytest.mark.parametrize("status", list("056789"))
def test_a_failed_authentication_of_our_order_is_declined(status):
    outcome = answered(Operation.RESOLVE, bank.resolved(mdStatus=status))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "three_d_failed"
    assert outcome.follow_up is None


@pytest.mark.parametrize("changes", [{"mac": "AAAA"}, {"amount": "1"}, {"xid": "X"}])
def test_a_failure_that_may_be_of_another_order_declines_nothing(changes):
    body = bank.resolved(mdStatus="0", **changes)
    outcome = answered(Operation.RESOLVE, body)
    assert (outcome.result, outcome.follow_up) == (Result.UNRESOLVED, None)


@pytest.mark.parametrize("status", ["", "10", "A", "x"])
def test_a_status_that_we_do_not_know_decides_nothing(status):
    body = bank.resolved(mdStatus=status)
    assert answered(Operation.RESOLVE, body).result is Result.UNRESOLVED


@pytest.mark.parametrize("code", ["0148", "E216", "0400", "X"])
def test_a_call_that_fails_after_rubbish_was_posted_declines_nothing(code):
    outcome = answered(Operation.RESOLVE, bank.not_done(code))
    assert outcome.result is Result.UNRESOLVED


def test_half_secure_is_accepted_only_where_the_merchant_says_so():
    body = bank.resolved(mdStatus="4", txStatus="A")
    assert answered(Operation.RESOLVE, body).result is Result.DECLINED
    terminal = bank.terminal(accepted_md_status=frozenset("1234"))
    outcome = answered(Operation.RESOLVE, body, terminal=terminal)
    assert outcome.result is Result.AUTHENTICATED


def test_no_merchant_can_accept_a_failed_authentication():
    terminal = bank.terminal(accepted_md_status=frozenset("0123456789"))
    outcome = answered(Operation.RESOLVE, bank.resolved(mdStatus="0"), None, terminal)
    assert outcome.result is Result.DECLINED


# --- the charge ---------------------------------------------------------------------


def test_a_charge_with_the_right_mac_is_approved():
    outcome = answered(Operation.SALE, bank.sold())
    assert outcome.result is Result.APPROVED
    assert outcome.authorisation_code == "771204"
    assert outcome.host_reference == bank.HOST_LOG_KEY
    assert outcome.references == {"host_log_key": bank.HOST_LOG_KEY}
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)
    assert not outcome.is_repeat


@pytest.mark.parametrize(
    "changes",
    [
        {"mac": "AAAA"},
        {"mac": None},
        {"mac": bank.mac(bank.HOST_LOG_KEY, amount="100")},
        {"mac": bank.mac(bank.HOST_LOG_KEY, key="1,2,3")},
        {"hostlogkey": None},
        {"approved": "2", "respCode": "0127", "mac": "AAAA"},
    ],
)
def test_a_charge_that_is_not_signed_is_refused(changes):
    with pytest.raises(Refused):
        answered(Operation.SALE, bank.sold(**changes))


def test_nothing_is_signed_for_a_terminal_without_key():
    with pytest.raises(Refused):
        answered(
            Operation.SALE, bank.sold(), terminal=bank.terminal(store_key=Secret(""))
        )


def test_the_first_run_of_the_same_order_comes_back_signed_or_is_asked_for():
    first = {"approved": "2", "respCode": "0127", "respText": "order id used"}
    signed = answered(Operation.SALE, bank.sold(**first))
    assert (signed.result, signed.is_repeat) == (Result.APPROVED, True)
    unsigned = answered(Operation.SALE, bank.sold(**first, mac=None))
    assert (unsigned.result, unsigned.is_repeat) == (Result.UNRESOLVED, True)
    assert unsigned.follow_up is Operation.INQUIRY


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("0051", Result.DECLINED, "limit"),
        ("0012", Result.DECLINED, "not_permitted"),
        ("0148", Result.DECLINED, "configuration"),
        ("0091", Result.UNRESOLVED, "bank_unreachable"),
        ("0302", Result.UNRESOLVED, "bank_unreachable"),
        ("0400", Result.UNRESOLVED, "bank_unreachable"),
        ("E998", Result.UNRESOLVED, "bank_unreachable"),
        ("0127", Result.UNRESOLVED, "duplicate"),
        ("0123", Result.UNRESOLVED, "not_found"),
        ("7777", Result.UNRESOLVED, "other"),
        ("", Result.UNRESOLVED, "other"),
    ],
)
def test_only_a_known_refusal_declines_a_charge(code, result, reason):
    outcome = answered(Operation.SALE, bank.not_done(code))
    assert (outcome.result, outcome.reason) == (result, reason)
    asks = result is Result.UNRESOLVED
    assert (outcome.follow_up is Operation.INQUIRY) == asks


@pytest.mark.parametrize("changes", [{"respCode": "0051"}, {"approved": "3"}])
def test_an_approval_that_contradicts_itself_is_none(changes):
    assert answered(Operation.SALE, bank.sold(**changes)).result is Result.UNRESOLVED


def test_an_answer_that_says_nothing_is_unresolved():
    outcome = answered(Operation.SALE, bank.document({}))
    assert outcome.result is Result.UNRESOLVED


# --- how the order stands -----------------------------------------------------------

RETURN = bank.row("Return", "320,00", hostlogkey="026325771206000191")
REVERSE = bank.row("Sale_Reverse")
AUTH = bank.row("Authorization")
CAPTURE = bank.row("Capture", "1000,00", hostlogkey="026325771207000191")


@pytest.mark.parametrize(
    ("rows", "result", "state", "captured", "refunded"),
    [
        ([bank.row()], "approved", State.CAPTURED, 125040, 0),
        ([bank.row("VFT_Sale")], "approved", State.CAPTURED, 125040, 0),
        ([RETURN, bank.row()], "approved", State.PARTIALLY_REFUNDED, 125040, 32000),
        ([bank.row("Return"), bank.row()], "approved", State.REFUNDED, 125040, 125040),
        (
            [bank.row("Return_Reverse", "320"), RETURN, bank.row()],
            "approved",
            State.CAPTURED,
            125040,
            0,
        ),
        ([REVERSE, bank.row()], "cancelled", State.VOIDED, 0, 0),
        ([REVERSE], "cancelled", State.VOIDED, 0, 0),
        ([bank.row(), REVERSE, bank.row()], "approved", State.CAPTURED, 125040, 0),
        ([AUTH], "approved", State.AUTHORISED, 0, 0),
        ([CAPTURE, AUTH], "approved", State.CAPTURED, 100000, 0),
        ([CAPTURE], "approved", State.CAPTURED, 100000, 0),
        (
            [bank.row("Capture_Reverse", "1000,00"), CAPTURE, AUTH],
            "approved",
            State.AUTHORISED,
            0,
            0,
        ),
        ([bank.row("Authorization_Reverse"), AUTH], "cancelled", State.VOIDED, 0, 0),
        (
            [bank.row(txnStatus="0"), bank.row()],
            "approved",
            State.CAPTURED,
            125040,
            0,
        ),
    ],
)
def test_the_rows_of_an_order_add_up(rows, result, state, captured, refunded):
    outcome = answered(Operation.INQUIRY, bank.agreement(*rows))
    assert outcome.result.value == result
    assert outcome.standing.state is state
    assert outcome.standing.captured_kurus == captured
    assert outcome.standing.refunded_kurus == refunded
    assert len(outcome.entries) == len(rows)


@pytest.mark.parametrize(
    "rows",
    [
        [bank.row(), bank.row()],
        [bank.row(), AUTH],
        [bank.row(txnStatus="0")],
        [bank.row(txnStatus="")],
        [bank.row(state="Bonus_Usage"), bank.row()],
        [bank.row(state="Neuling")],
        [bank.row(state="")],
        [RETURN],
        [RETURN, REVERSE, bank.row()],
        [bank.row("Return", "1250,41"), bank.row()],
        [bank.row(amount="1.250,40")],
        [bank.row(amount="0")],
        [bank.row(amount="")],
        [bank.row(currencyCode="")],
        [bank.row(currencyCode="US"), RETURN],
        [bank.row("Authorization_Reverse"), CAPTURE, AUTH],
    ],
)
def test_what_does_not_add_up_is_unresolved(rows):
    outcome = answered(Operation.INQUIRY, bank.agreement(*rows))
    assert outcome.result is Result.UNRESOLVED


def test_the_inquiry_tells_what_later_calls_need():
    outcome = answered(Operation.INQUIRY, bank.agreement(CAPTURE, AUTH))
    assert outcome.references == {
        "host_log_key": bank.HOST_LOG_KEY,
        "capture_log_key": "026325771207000191",
        "order_prefix": "TDS_",
    }
    assert outcome.amount_kurus == 125040
    assert outcome.currency == "TRY"


def test_rows_come_newest_first_whatever_their_order():
    older = bank.row(tranDate="2026-11-20 08:00:00.0", txnStatus="0")
    outcome = answered(Operation.INQUIRY, bank.agreement(older, RETURN, bank.row()))
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale", "sale"]


def test_the_letter_case_of_the_bank_s_key_does_not_matter():
    row = bank.row(hostlogkey=None, hostLogKey=bank.HOST_LOG_KEY)
    outcome = answered(Operation.INQUIRY, bank.agreement(row))
    assert outcome.host_reference == bank.HOST_LOG_KEY


@pytest.mark.parametrize("number", [f"TDS_{'A' * 20}", "", None, f"XXXX{bank.XID}"])
def test_rows_of_another_order_are_refused(number):
    with pytest.raises(Refused):
        answered(Operation.INQUIRY, bank.agreement(bank.row(orderID=number)))


def test_an_order_is_unknown_when_both_spellings_of_its_number_are():
    first = answered(Operation.INQUIRY, bank.unknown_order())
    assert first.result is Result.NOT_FOUND
    assert first.hint is Hint.OTHER_PREFIX
    assert first.references == {"order_prefix": "TDSC"}
    second = answered(
        Operation.INQUIRY, bank.unknown_order(), order_with(**first.references)
    )
    assert (second.result, second.hint) == (Result.NOT_FOUND, None)
    assert second.references == {"order_prefix": "TDS_"}


@pytest.mark.parametrize("code", ["0148", "E190", "E998", "0123", "", "X"])
def test_an_inquiry_that_failed_is_no_unknown_order(code):
    outcome = answered(Operation.INQUIRY, bank.not_done(code))
    assert outcome.result is Result.UNRESOLVED


def test_rows_of_an_answer_that_is_not_approved_prove_nothing():
    body = bank.agreement(bank.row(), approved="0")
    assert answered(Operation.INQUIRY, body).result is Result.UNRESOLVED


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
        body = posnet.ask(bank.terminal(), bank.order(), Call(operation, KEY)).body
        assert not any(secret.encode() in body for secret in bank.SECRETS)
