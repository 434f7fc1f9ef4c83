"""PayFlex: what is asked, what is believed, what answers mean."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import parse_qsl

import pytest
from cases import payflex as bank
from cases.common import RETURN_URL
from pos_gateway.protocols import payflex
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Form, Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

KEY = "DENEMECAGRIABCDEFGHJ"


talk = Talk(payflex, bank, key=KEY)
asked, verified, refusal = talk.request, talk.verified, talk.refusal


def fields_of(request):
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def xml_of(request):
    (only,) = fields_of(request).items()
    assert only[0] == "prmstr"
    return flatten(parse_xml(only[1].encode()))[0]


def answered(operation, body, **changes):
    return talk.answered(operation, body, bank.order(**changes))


def resolved(**changes):
    return answered(Operation.RESOLVE, bank.resolved(**changes))


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.found(*rows, **changes))


# --- opening the page ---------------------------------------------------------------


def test_an_order_is_registered_with_the_hash_of_the_bank():
    request = asked(Operation.REGISTER)
    assert request.url == bank.terminal().url("register")
    assert fields_of(request) == {
        "HostMerchantId": bank.MERCHANT,
        "HostTerminalId": bank.TERMINAL,
        "TransactionType": "Sale",
        "AmountCode": "949",
        "Amount": "1250.40",
        "OrderID": bank.ORDER_ID,
        "IsSecure": "true",
        "AllowNotEnrolledCard": "false",
        "SuccessUrl": RETURN_URL,
        "FailUrl": RETURN_URL,
        "RequestLanguage": "tr-TR",
        "MerchantPassword": bank.PASSWORD,
        "HashedData": bank.page_hash(),
    }
    assert "InstallmentCount" not in fields_of(request)


def test_installments_reservations_and_languages_are_told():
    order = bank.order(installment_count=6, preauth=True, language="en")
    fields = fields_of(asked(Operation.REGISTER, order=order))
    assert fields["InstallmentCount"] == "6"
    assert fields["TransactionType"] == "Auth"
    assert fields["RequestLanguage"] == "en-US"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 41},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(Operation.REGISTER, order=bank.order(**changes))


def test_the_card_is_typed_on_the_banks_page_only():
    assert payflex.TRAITS.card_entries == (CardEntry.HOSTED,)
    assert payflex.TRAITS.start is Operation.REGISTER


def test_the_token_opens_the_page():
    outcome = answered(Operation.REGISTER, bank.registered(), references={})
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.references == {"token": bank.TOKEN}
    address = f"{bank.terminal().url('page')}?Ptkn={bank.TOKEN}"
    assert outcome.page == Form(address, method="get")


@pytest.mark.parametrize(
    ("changes", "result", "reason"),
    [
        (bank.REGISTRATION_REFUSED, "declined", "configuration"),
        (bank.REGISTRATION_REFUSED | {"ErrorCode": "4711"}, "declined", "other"),
        (bank.REGISTRATION_REFUSED | {"ErrorCode": ""}, "unresolved", "other"),
        ({"ErrorCode": "5002"}, "unresolved", "configuration"),
        ({"PaymentToken": "javascript:alert(1)"}, "unresolved", "other"),
        ({"PaymentToken": "a=bcdefghijklmnop"}, "unresolved", "other"),
        ({"PaymentToken": None}, "unresolved", "other"),
    ],
    ids=str,
)
def test_without_a_token_no_page_is_opened(changes, result, reason):
    outcome = answered(Operation.REGISTER, bank.registered(**changes))
    assert outcome.result is Result(result)
    assert outcome.reason == reason
    assert outcome.page is None
    assert not outcome.references


def test_nothing_is_asked_without_a_password():
    with pytest.raises(ValueError, match="missing"):
        asked(Operation.INQUIRY, bank.terminal(api_password=Secret("")))


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


# --- how an order stands ------------------------------------------------------------


def test_the_search_is_by_the_number_of_the_order():
    request = asked(Operation.INQUIRY)
    assert request.url == bank.terminal().url("search")
    assert xml_of(request) == {
        "MerchantCriteria.HostMerchantId": bank.MERCHANT,
        "MerchantCriteria.MerchantPassword": bank.PASSWORD,
        "TransactionCriteria.TransactionId": "",
        "TransactionCriteria.OrderId": bank.ORDER_ID,
        "TransactionCriteria.AuthCode": "",
    }


AUTH = {"TransactionType": "Auth"}


@pytest.mark.parametrize(
    ("changes", "result", "state", "amounts"),
    [
        ({}, "approved", "captured", (125040, 0, None)),
        (AUTH, "approved", "authorized", (None, 0, None)),
        (AUTH | {"IsCaptured": "true"}, "approved", "captured", (125040, 0, None)),
        ({"IsCanceled": "true"}, "cancelled", "voided", (125040, 0, 125040)),
        ({"IsReversed": "true"}, "cancelled", "voided", (125040, 0, 125040)),
        (AUTH | {"IsCanceled": "true"}, "cancelled", "voided", (None, 0, 125040)),
        (
            {"IsRefunded": "true", "TotalRefundAmount": "50.00"},
            "approved",
            "partially_refunded",
            (125040, 5000, None),
        ),
        (
            {"IsRefunded": "true", "TotalRefundAmount": "1250.40"},
            "approved",
            "refunded",
            (125040, 125040, None),
        ),
        ({"IsReversed": None}, "approved", "captured", (125040, 0, None)),
        (
            {"Amount": None, "CurrencyAmount": "1250.40"},
            "approved",
            "captured",
            (125040, 0, None),
        ),
    ],
)
def test_an_inquiry_reads_the_flags_of_the_charge(changes, result, state, amounts):
    outcome = inquiry(bank.row(**changes))
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert standing.amount_kurus == outcome.amount_kurus == 125040
    assert amounts == (
        standing.captured_kurus,
        standing.refunded_kurus,
        standing.voided_kurus,
    )
    assert outcome.references == {"transaction_id": bank.CHARGE}


def test_an_inquiry_that_differs_from_the_order_shows():
    row = bank.row(Amount="1.00", AmountCode="978", NumberOfInstallments="2")
    named = differences(bank.order(), inquiry(row))
    assert named == ("amount", "currency", "installment_count")


def test_refusals_beside_the_charge_count_for_nothing():
    refused = bank.row(ResultCode="0051", TransactionId="x")
    outcome = inquiry(refused, bank.row(), bank.row(TransactionType="Refund"))
    assert outcome.result is Result.APPROVED


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(bank.row(ResultCode="0051"))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"


@pytest.mark.parametrize(
    "rows",
    [
        [bank.row(), bank.row()],
        [bank.row(ResultCode="0091")],
        [bank.row(ResultCode=None)],
        [bank.row(ResultCode="0051"), bank.row(ResultCode="1006")],
        [bank.row(TransactionType="Refund")],
        [bank.row(TransactionType=None)],
        [bank.row(Amount=None)],
        [bank.row(Amount="1.250,40")],
        [bank.row(IsCanceled=None)],
        [bank.row(IsRefunded=None)],
        [bank.row(IsCanceled="belki")],
        [bank.row(**AUTH | {"IsCaptured": None})],
    ],
    ids=lambda rows: str(len(rows)),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    assert inquiry(*rows).result is Result.UNRESOLVED


def test_an_order_without_a_row_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    assert inquiry(total="1").result is Result.UNRESOLVED
    assert inquiry(ResponseCode="9065").result is Result.UNRESOLVED
    assert inquiry(ResponseCode="").result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"OrderId": None}, "order"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_rows_of_something_else_are_refused(changes, reason):
    with pytest.raises(Refused) as caught:
        inquiry(bank.row(**changes))
    assert caught.value.reason == reason


# --- captures, voids, refunds -------------------------------------------------------


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
