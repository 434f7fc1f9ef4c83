"""Kuveyt Türk: what is asked, what is believed, what answers mean."""

from datetime import UTC, datetime
from urllib.parse import quote_plus, unquote_plus

import pytest
from cases import boa
from cases import kuveyt as bank
from cases.common import RETURN_URL
from pos_gateway.protocols import boa as product
from pos_gateway.protocols import kuveyt
from pos_gateway.protocols.answers import (
    Hint,
    Message,
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Card, CardEntry, Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

CARD = Card("4543600100000002", "11", "30", "123", "DENEME KART")
AT = datetime(2026, 11, 21, 9, 1, tzinfo=UTC)


talk = Talk(kuveyt, bank, key="DENEMECAGRIABCDEFGHJ", at=AT)
verified, refusal, meaning = talk.verified, talk.refusal, talk.meaning


def asked(operation, terminal=None, order=None, **changes):
    card = CARD if operation is Operation.CARD_PAGE else None
    return talk.request(operation, terminal, order, **{"card": card} | changes)


def texts_of(request):
    return flatten(parse_xml(request.body))[0]


def answered(operation, body, terminal=None, amount_kurus=None, **changes):
    order = bank.order(**changes)
    return talk.answered(operation, body, order, terminal, amount_kurus=amount_kurus)


def inquiry(*rows, **changes):
    return answered(Operation.INQUIRY, bank.found(*rows, **changes))


# --- the card's page ----------------------------------------------------------------


def test_the_card_goes_through_our_server_or_nowhere():
    assert kuveyt.TRAITS.start is Operation.CARD_PAGE
    assert kuveyt.TRAITS.card_entries == (CardEntry.SERVER,)
    assert not kuveyt.TRAITS.preauth


def test_the_card_is_handed_over_in_a_signed_message():
    request = asked(Operation.CARD_PAGE)
    fields = texts_of(request)
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + RETURN_URL * 2 + boa.USER
    assert fields.pop("HashData") == boa.sha(glued + boa.HASH_PASSWORD)
    assert fields == {
        "APIVersion": "TDV2.0.0",
        "MerchantId": boa.MERCHANT,
        "CustomerId": boa.CUSTOMER,
        "UserName": boa.USER,
        "TransactionType": "Sale",
        "InstallmentCount": "0",
        "Amount": "125040",
        "DisplayAmount": "125040",
        "CurrencyCode": "0949",
        "MerchantOrderId": boa.ORDER_ID,
        "TransactionSecurity": "3",
        "OkUrl": RETURN_URL,
        "FailUrl": RETURN_URL,
        "CardHolderName": "DENEME KART",
        "CardType": "Visa",
        "CardNumber": "4543600100000002",
        "CardExpireDateYear": "30",
        "CardExpireDateMonth": "11",
        "CardCVV2": "123",
        "DeviceData.DeviceChannel": "02",
        "DeviceData.ClientIP": "203.0.113.7",
        "CardHolderData.Email": "bayi@ornek.example",
    }
    assert parse_xml(request.body).tag == "KuveytTurkVPosMessage"
    assert request.url.endswith("/Home/ThreeDModelPayGate")


@pytest.mark.parametrize(
    ("number", "brand"),
    [("5", "MasterCard"), ("2", "MasterCard"), ("9792", "Troy"), ("3", "")],
)
def test_the_brand_is_told_by_the_number(number, brand):
    card = Card(number.ljust(16, "0"), "11", "30", "123")
    assert texts_of(asked(Operation.CARD_PAGE, card=card))["CardType"] == brand


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "GBP"},
        {"preauth": True},
        {"currency": "USD", "installment_count": 2},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(Operation.CARD_PAGE, order=bank.order(**changes))
    with pytest.raises(ValueError, match="card"):
        asked(Operation.CARD_PAGE, card=None)


@pytest.mark.parametrize("name", ["api_password", "api_user", "account_id"])
def test_nothing_is_asked_without_credentials(name):
    empty = Secret("") if name == "api_password" else ""
    with pytest.raises(ValueError, match="missing"):
        asked(Operation.INQUIRY, bank.terminal(**{name: empty}))


def test_of_the_banks_page_only_its_form_is_taken():
    fields = (("PaReq", "ZGVuZW1l&<"), ("TermUrl", "https://b.example/x?a=1&b=2"))
    outcome = answered(Operation.CARD_PAGE, boa.page(fields=fields))
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.url == "https://acs.example/pareq"
    assert outcome.page.fields == fields
    assert outcome.page.method == "post"


@pytest.mark.parametrize(
    ("action", "is_live", "is_taken"),
    [
        ("https://acs.example/a", True, True),
        ("http://127.0.0.1:8080/a", False, True),
        ("http://localhost/a", False, True),
        ("http://127.0.0.1:8080/a", True, False),
        ("http://acs.example/a", False, False),
        ("http://127.0.0.1.evil.example/a", False, False),
        ("http://user@127.0.0.1@evil.example/", False, False),
        ("javascript:alert(1)", False, False),
        ("//acs.example/a", False, False),
        ("/a", False, False),
        ("", False, False),
        ("https://", True, False),
        ("https://[x/", True, False),
    ],
)
def test_the_browser_is_sent_to_safe_addresses_only(action, is_live, is_taken):
    terminal = bank.terminal(is_live=is_live)
    body = boa.page(action)
    if is_taken:
        outcome = answered(Operation.CARD_PAGE, body, terminal)
        assert outcome.page.url == action
    else:
        with pytest.raises(Refused, match="address"):
            answered(Operation.CARD_PAGE, body, terminal)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (boa.page() + boa.page(), "document"),
        (boa.page().replace(b"POST", b"GET"), "document"),
        (boa.page().replace(b"</form>", b""), "document"),
        (boa.page(fields=[("a", "1"), ("a", "2")]), "document"),
        (boa.page(fields=[(f"f{n}", "") for n in range(300)]), "document"),
        (boa.page() + b"<!-- \xff -->", "charset"),
        (boa.page() + b" " * 70_000, "size"),
        (b"<html><body>Maintenance</body></html>", "document"),
        (b"", "malformed"),
    ],
)
def test_a_page_that_is_not_one_form_is_refused(body, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.CARD_PAGE, body)
    assert caught.value.reason == reason


def test_a_refused_card_declines():
    body = bank.refused()[Operation.CARD_PAGE]
    outcome = answered(Operation.CARD_PAGE, body)
    assert outcome.result is Result.DECLINED
    assert (outcome.bank_code, outcome.reason) == ("HashDataError", "configuration")
    assert outcome.page is None


# --- what is believed ---------------------------------------------------------------


def test_a_recognised_payer_leads_to_the_charge():
    proven = verified(bank.genuine())
    outcome = kuveyt.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.references == {"md": boa.MD, "bank_order_id": boa.BANK_ORDER}


def test_a_document_that_is_not_encoded_again_is_read_too():
    ((name, text),) = bank.pack(bank.genuine())
    plain = Message(((name, unquote_plus(text)),))
    assert kuveyt.verify(bank.terminal(), bank.order(), plain).by == "signature"


def test_what_stands_deeper_is_not_read():
    pairs = dict(bank.genuine())
    inner = "".join(f"<{n}>x</{n}>" for n in pairs)
    outer = "".join(f"<{n}>{t}</{n}>" for n, t in pairs.items())
    text = f"<{boa.CONTRACT}><VPosMessage>{inner}</VPosMessage>{outer}</{boa.CONTRACT}>"
    message = Message((("AuthenticationResponse", quote_plus(text)),))
    proven = kuveyt.verify(bank.terminal(), bank.order(), message)
    assert proven.fields["MD"] == boa.MD


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ResponseCode": "00", "HashData": ""}, "hash"),
        ({"ResponseCode": "51"}, "hash"),
        ({"OrderId": "200000124"}, "hash"),
        ({"RRN": "1"}, "hash"),
        ({"HashData": None}, "hash"),
        ({"HashData": boa.sha("x")}, "hash"),
        ({"MerchantOrderId": None}, "required"),
        ({"ResponseCode": None}, "required"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_a_changed_return_is_refused(changes, reason):
    fields = dict(bank.genuine()) | changes
    assert refusal([(n, t) for n, t in fields.items() if t is not None]) == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"MerchantOrderId": "PGBASKASIPARIS"}, "order"),
        ({"RRN": "12345"}, "shape"),
        ({"ResponseCode": "000"}, "shape"),
        ({"OrderId": "1" * 13}, "shape"),
    ],
    ids=str,
)
def test_a_signed_return_of_something_else_is_refused(changes, reason):
    assert refusal(boa.returned(**changes)) == reason


def test_a_refusal_is_not_made_a_payment_by_moving_digits():
    """The values are glued: a number may not give digits to its neighbour."""
    refused = dict(boa.returned(RRN=boa.RRN, ResponseCode="51"))
    glued = boa.RRN + "51" + boa.BANK_ORDER
    at = glued.index("00")
    moved = refused | {
        "RRN": glued[:at],
        "ResponseCode": "00",
        "OrderId": glued[at + 2 :],
    }
    assert product.is_signed(bank.terminal(), moved)
    assert refusal(moved.items()) == "shape"


@pytest.mark.parametrize(
    "pairs",
    [
        [("AuthenticationResponse", "%ff%fe")],
        [("AuthenticationResponse", "")],
        [("authenticationresponse", "x")],
        [],
        [("AuthenticationResponse", quote_plus("<a/>"))],
        [("AuthenticationResponse", "\ud800")],
    ],
)
def test_a_return_without_a_document_is_refused(pairs):
    with pytest.raises(Refused):
        kuveyt.verify(bank.terminal(), bank.order(), Message(tuple(pairs)))


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("MD", "x")]) == "repeated"
    assert refusal([*bank.genuine(), ("md", "x")]) == "repeated"


def test_a_technical_error_without_a_hash_only_leads_to_an_inquiry():
    said = {"ResponseCode": "CommonThreedControlsReturnedFail", "OrderId": "0"}
    pairs = [(n, t) for n, t in (boa.RETURNED | said).items() if n != "HashData"]
    proven = verified(pairs)
    outcome = kuveyt.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert not outcome.references


@pytest.mark.parametrize(
    ("code", "result", "reason"),
    [
        ("MPIAuthenticationStatusN", "declined", "three_d_failed"),
        ("HashDataError", "declined", "configuration"),
        ("InvalidTransactionSecurity", "declined", "configuration"),
        ("51", "declined", "limit"),
        ("91", "unresolved", "bank_unreachable"),
        ("MetaDataNotFound", "unresolved", "duplicate"),
        ("SomethingNew", "unresolved", "other"),
        ("77", "unresolved", "other"),
    ],
)
def test_a_signed_code_means_what_the_table_says(code, result, reason):
    outcome = meaning(bank.declined(ResponseCode=code))
    assert outcome.result is Result(result)
    assert outcome.reason == reason
    is_open = result == "unresolved"
    assert outcome.follow_up is (Operation.INQUIRY if is_open else None)


@pytest.mark.parametrize("changes", [{"MD": None}, {"MD": ""}, {"RRN": boa.RRN}])
def test_a_recognition_that_cannot_be_charged_is_inquired(changes):
    outcome = meaning(boa.returned(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


# --- the charge ---------------------------------------------------------------------


def test_the_charge_is_of_our_own_amount_and_without_addresses():
    request = asked(Operation.SALE)
    fields = texts_of(request)
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + boa.USER
    assert fields["HashData"] == boa.sha(glued + boa.HASH_PASSWORD)
    inside = "KuveytTurkVPosAdditionalData.AdditionalData"
    assert (fields[f"{inside}.Key"], fields[f"{inside}.Data"]) == ("MD", boa.MD)
    assert fields["Amount"] == "125040"
    assert fields["TransactionSecurity"] == "3"
    assert not {"OkUrl", "CardNumber"} & fields.keys()
    assert request.url.endswith("/Home/ThreeDModelProvisionGate")
    with pytest.raises(ValueError, match="numbers"):
        asked(Operation.SALE, order=bank.order(references={}))


def test_a_charge_is_a_payment_and_tells_what_later_calls_need():
    outcome = answered(Operation.SALE, boa.sold())
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    told = {n: v for n, v in boa.REFERENCES.items() if n != "md"}
    assert outcome.references == told
    assert outcome.authorisation_code == boa.PROVISION
    assert outcome.at == datetime(2026, 11, 21, 12, 1, 28)


def test_another_amount_in_the_echo_shows():
    echo = {"VPosMessage": {"Amount": "100"}}
    outcome = answered(Operation.SALE, boa.sold(**echo))
    assert differences(bank.order(), outcome) == ("amount",)


def test_a_refused_charge_declines():
    outcome = answered(Operation.SALE, boa.sold(**boa.NOT_SOLD))
    assert outcome.result is Result.DECLINED
    assert outcome.reason == "limit"
    assert outcome.at is None
    assert outcome.follow_up is None


@pytest.mark.parametrize(
    "changes",
    [
        {"ResponseCode": "96"},
        {"ResponseCode": "MetaDataNotFound"},
        {"ResponseCode": "SomethingNew"},
        {"ResponseCode": ""},
        {"ProvisionNumber": ""},
        {"Stan": None},
        {"OrderId": "0"},
        {"RRN": ""},
    ],
    ids=str,
)
def test_a_charge_that_may_have_happened_is_inquired(changes):
    outcome = answered(Operation.SALE, boa.sold(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert not outcome.references


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"HashData": None}, "hash"),
        ({"HashData": ""}, "hash"),
        ({"HashData": boa.sha("x")}, "hash"),
        ({"MerchantOrderId": "PGBASKASIPARIS"}, "order"),
        ({"MerchantId": "1"}, "merchant"),
    ],
    ids=str,
)
def test_a_charge_without_a_right_signature_is_not_believed(changes, reason):
    with pytest.raises(Refused) as caught:
        answered(Operation.SALE, boa.sold(**changes))
    assert caught.value.reason == reason
    with pytest.raises(Refused, match="hash"):
        answered(Operation.SALE, boa.sold("another password"))


# --- how an order stands ------------------------------------------------------------


def test_an_inquiry_is_about_the_days_around_the_order():
    request = asked(Operation.INQUIRY)
    fields = {n.removeprefix("Body."): t for n, t in texts_of(request).items()}
    start = "GetMerchantOrderDetail.request."
    assert fields[f"{start}MerchantOrderId"] == boa.ORDER_ID
    assert fields[f"{start}OrderId"] == "0"
    assert fields[f"{start}StartDate"] == "2026-11-20T11:59:00"
    assert fields[f"{start}EndDate"] == "2026-11-22T12:01:00"
    assert fields[f"{start}VPosMessage.Amount"] == "0"
    glued = boa.MERCHANT + boa.ORDER_ID + "0" + boa.USER
    signature = boa.sha(glued + boa.HASH_PASSWORD)
    assert fields[f"{start}VPosMessage.HashData"] == signature
    ((name, action),) = request.headers
    assert name == "SOAPAction"
    assert action.endswith("/IVirtualPosService/GetMerchantOrderDetail")
    with pytest.raises(ValueError, match="time"):
        asked(Operation.INQUIRY, at=None)


@pytest.mark.parametrize(
    ("changes", "result", "state", "refunded", "voided"),
    [
        ({}, "approved", "captured", 0, 0),
        (
            {"LastOrderStatus": "4", "DrawbackAmount": "1250.40"},
            "approved",
            "refunded",
            125040,
            0,
        ),
        (
            {"LastOrderStatus": "5", "DrawbackAmount": "50.00"},
            "approved",
            "partially_refunded",
            5000,
            0,
        ),
        (
            {"LastOrderStatus": "6", "CancelAmount": "1250.40"},
            "cancelled",
            "voided",
            0,
            125040,
        ),
    ],
)
def test_an_inquiry_reads_the_last_state(changes, result, state, refunded, voided):
    outcome = inquiry(boa.row(**changes))
    assert outcome.result is Result(result)
    standing = outcome.standing
    assert standing.state is State(state)
    assert standing.captured_kurus == standing.amount_kurus == 125040
    assert (standing.refunded_kurus, standing.voided_kurus) == (refunded, voided)
    assert outcome.references["bank_order_id"] == boa.BANK_ORDER
    assert outcome.references["provision_number"] == boa.PROVISION


def test_an_inquiry_that_differs_from_the_order_shows():
    row = boa.row(FirstAmount="1.00", FEC="0840", InstallmentCount="3")
    named = differences(bank.order(), inquiry(row))
    assert named == ("amount", "currency", "installment_count")


def test_refusals_beside_the_charge_count_for_nothing():
    outcome = inquiry(boa.row(ResponseCode="51"), boa.row())
    assert outcome.result is Result.APPROVED


def test_an_order_of_refusals_is_declined():
    outcome = inquiry(boa.row(ResponseCode="51", ResponseExplain="Limit"))
    assert outcome.result is Result.DECLINED
    assert (outcome.reason, outcome.bank_message) == ("limit", "Limit")


@pytest.mark.parametrize(
    "rows",
    [
        [boa.row(), boa.row()],
        [boa.row(ResponseCode="91")],
        [boa.row(ResponseCode=None)],
        [boa.row(ResponseCode="")],
        [boa.row(LastOrderStatus=None)],
        [boa.row(LastOrderStatus="9")],
        [boa.row(FirstAmount=None)],
        [boa.row(FirstAmount="1.250,40")],
        [boa.row(FirstAmount="125040.000")],
    ],
    ids=lambda rows: str(len(rows)),
)
def test_an_inquiry_that_tells_of_no_single_charge_is_unresolved(rows):
    assert inquiry(*rows).result is Result.UNRESOLVED


def test_success_without_a_value_means_that_there_is_no_order():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    for changes in ({"success": "false"}, {"success": ""}, {"results": bank.error()}):
        assert inquiry(**changes).result is Result.UNRESOLVED


def test_rows_of_another_order_are_refused():
    for changes in ({"MerchantOrderId": "BASKA"}, {"MerchantOrderId": None}):
        with pytest.raises(Refused, match="order"):
            inquiry(boa.row(**changes))
    with pytest.raises(Refused, match="merchant"):
        inquiry(boa.row(MerchantId="1"))


# --- voids and refunds --------------------------------------------------------------


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
