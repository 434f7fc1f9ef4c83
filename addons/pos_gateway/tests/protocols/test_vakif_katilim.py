"""Vakıf Katılım: what is built and asked, what is believed, what answers mean."""

from datetime import UTC, date, datetime

import pytest
from cases import boa
from cases import vakif_katilim as bank
from cases.common import RETURN_URL
from pos_gateway.protocols import vakif_katilim
from pos_gateway.protocols.answers import Hint, Refused, Result, State
from pos_gateway.protocols.types import Card, CardEntry, Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

CARD = Card("4543600100000002", "11", "30", "123", "DENEME KART")
AT = datetime(2026, 11, 21, 9, 1, tzinfo=UTC)
HASH_PASSWORD = boa.sha(bank.PASSWORD)


talk = Talk(
    vakif_katilim,
    bank,
    at=AT,
    first_day=date(2026, 11, 21),
    last_day=date(2026, 11, 21),
    card=CARD,
)
asked, verified, meaning = talk.request, talk.verified, talk.meaning


def server(**changes):
    return bank.terminal(card_entry=CardEntry.SERVER, **changes)


def texts_of(request):
    root = parse_xml(request.body)
    assert root.tag == "VPosMessageContract"
    return flatten(root)[0]


def answered(operation, body, **changes):
    return talk.answered(operation, body, bank.order(**changes))


# --- the form -----------------------------------------------------------------------


def test_the_form_of_the_banks_page_holds_the_order():
    form = vakif_katilim.build(bank.terminal(), bank.order(installment_count=6))
    assert dict(form.fields) == {
        "UserName": boa.USER,
        "HashPassword": HASH_PASSWORD,
        "MerchantId": boa.MERCHANT,
        "MerchantOrderId": boa.ORDER_ID,
        "Amount": "125040",
        "FECCurrencyCode": "0949",
        "InstallmentCount": "6",
        "OkUrl": RETURN_URL,
        "FailUrl": RETURN_URL,
        "PaymentType": "1",
    }
    assert form.url == bank.terminal().url("page")
    assert bank.PASSWORD not in repr(form)


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"preauth": True},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    for make in (
        lambda order: vakif_katilim.build(bank.terminal(), order),
        lambda order: asked(Operation.CARD_PAGE, server(), order),
    ):
        with pytest.raises(ValueError, match=r"\w+ .*\."):
            make(bank.order(**changes))


def test_without_a_password_nothing_is_built_or_asked():
    terminal = bank.terminal(api_password=Secret(""))
    with pytest.raises(ValueError, match="missing"):
        vakif_katilim.build(terminal, bank.order())
    with pytest.raises(ValueError, match="missing"):
        asked(Operation.INQUIRY, terminal)


# --- what comes back ----------------------------------------------------------------


@pytest.mark.parametrize(
    "pairs",
    [
        bank.genuine(),
        bank.declined(),
        bank.genuine(ResponseCode="51"),
        boa.returned(),
        boa.sign(boa.RETURNED, bank.PASSWORD),
        boa.sign(dict(bank.genuine()), bank.PASSWORD),
    ],
)
def test_the_payer_knows_the_key_so_the_banks_page_proves_nothing(pairs):
    proven = verified(pairs)
    outcome = vakif_katilim.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert not outcome.references


@pytest.mark.parametrize(
    ("pairs", "reason"),
    [
        (bank.genuine(MerchantOrderId="PGBASKASIPARIS"), "order"),
        (bank.genuine(MerchantOrderId=None), "required"),
        (bank.genuine(ResponseCode=None), "required"),
        (bank.genuine(ResponseCode="<b>"), "shape"),
        (bank.genuine(MerchantId="1"), "merchant"),
        ([*bank.genuine(), ("MD", "x")], "repeated"),
        ([*bank.genuine(), ("md", "x")], "repeated"),
    ],
)
def test_a_return_of_something_else_is_refused(pairs, reason):
    with pytest.raises(Refused) as caught:
        verified(pairs)
    assert caught.value.reason == reason


def test_where_the_key_stays_with_us_the_return_is_believed():
    signed = boa.sign(boa.RETURNED, bank.PASSWORD)
    outcome = meaning(signed, server())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.follow_up is Operation.SALE
    assert outcome.references["md"] == boa.MD
    refused = boa.sign(boa.RETURNED | boa.NOT_AUTHENTICATED, bank.PASSWORD)
    assert meaning(refused, server()).result is Result.DECLINED
    with pytest.raises(Refused, match="hash"):
        verified(boa.returned(), server())


# --- what is asked ------------------------------------------------------------------


def test_a_card_is_handed_over_and_charged_as_the_bank_names_it():
    request = asked(Operation.CARD_PAGE, server())
    fields = texts_of(request)
    assert request.url.endswith("/Home/ThreeDModelPayGate")
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + RETURN_URL * 2 + boa.USER
    assert fields["HashData"] == boa.sha(glued + HASH_PASSWORD)
    assert fields["HashPassword"] == HASH_PASSWORD
    assert fields["FECCurrencyCode"] == fields["CurrencyCode"] == "0949"
    assert fields["CardNumber"] == CARD.number
    sale = texts_of(asked(Operation.SALE, server()))
    inside = "AdditionalData.AdditionalDataList.VPosAdditionalData"
    assert (sale[f"{inside}.Key"], sale[f"{inside}.Data"]) == ("MD", boa.MD)
    glued = boa.MERCHANT + boa.ORDER_ID + "125040" + boa.USER
    assert sale["HashData"] == boa.sha(glued + HASH_PASSWORD)
    with pytest.raises(ValueError, match="card"):
        asked(Operation.CARD_PAGE, server(), card=None)


@pytest.mark.parametrize(
    ("operation", "amount", "method", "sent"),
    [
        (Operation.VOID, None, "SaleReversal", "125040"),
        (Operation.REFUND, None, "DrawBack", "125040"),
        (Operation.REFUND, 5000, "PartialDrawBack", "5000"),
    ],
)
def test_what_comes_after_a_charge_names_the_banks_number(
    operation, amount, method, sent
):
    request = asked(operation, amount_kurus=amount)
    fields = texts_of(request)
    assert request.url.endswith(f"/Home/{method}")
    assert fields["OrderId"] == boa.BANK_ORDER
    assert fields["Amount"] == sent
    glued = boa.MERCHANT + boa.ORDER_ID + sent + boa.USER
    assert fields["HashData"] == boa.sha(glued + HASH_PASSWORD)
    with pytest.raises(ValueError, match="numbers"):
        asked(operation, order=bank.order(references={}))


def test_questions_go_without_the_hashed_password():
    fields = texts_of(asked(Operation.INQUIRY))
    assert fields["MerchantOrderId"] == boa.ORDER_ID
    assert "HashPassword" not in fields
    listed = texts_of(asked(Operation.DAY_LIST, last_day=date(2026, 11, 22)))
    assert (listed["StartDate"], listed["EndDate"]) == ("2026-11-21", "2026-11-22")
    assert "HashPassword" not in listed


@pytest.mark.parametrize(
    "changes",
    [
        {"operation": Operation.DAY_LIST, "first_day": None},
        {"operation": Operation.DAY_LIST, "last_day": date(2026, 11, 20)},
        {"operation": Operation.DAY_LIST, "last_day": date(2027, 11, 20)},
        {"operation": Operation.CAPTURE},
        {"operation": Operation.HISTORY},
    ],
    ids=str,
)
def test_what_the_bank_does_not_offer_is_not_asked(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        asked(**changes)


# --- what answers mean --------------------------------------------------------------


def test_an_inquiry_books_what_the_page_could_not_prove():
    outcome = answered(Operation.INQUIRY, bank.found(boa.row()))
    assert outcome.result is Result.APPROVED
    assert outcome.amount_kurus == 125040
    assert outcome.standing.state is State.CAPTURED
    assert outcome.references["bank_order_id"] == boa.BANK_ORDER


@pytest.mark.parametrize(
    ("body", "result"),
    [
        (bank.unknown_order(), "not_found"),
        (bank.found(), "not_found"),
        (bank.found(ResponseCode="OrderDataNotFound"), "not_found"),
        (bank.found(ResponseCode="MerchantNotDefined"), "unresolved"),
        (bank.found(ResponseCode=""), "unresolved"),
        (bank.found(ResponseCode=None), "unresolved"),
        (bank.found(boa.row(), ResponseCode="NonResult"), "unresolved"),
        (bank.found(boa.row(ResponseCode="51")), "declined"),
        (bank.found(boa.row(LastOrderStatus="6")), "cancelled"),
        (bank.found(boa.row(), boa.row()), "unresolved"),
    ],
)
def test_an_inquiry_says_no_more_than_it_knows(body, result):
    assert answered(Operation.INQUIRY, body).result is Result(result)


def test_an_inquiry_of_something_else_is_refused():
    for body in (
        bank.found(boa.row(MerchantOrderId="BASKA")),
        bank.found(MerchantOrderId="BASKA"),
        bank.found(boa.row(MerchantId="1")),
        boa.sold(bank.PASSWORD),
    ):
        with pytest.raises(Refused):
            answered(Operation.INQUIRY, body)


def test_a_list_names_each_order_newest_first():
    older = {"MerchantOrderId": "PGBASKASIPARIS", "OrderDate": "2026-11-20T12:00:00"}
    rows = [boa.row(**older | {"ResponseCode": "05"}), boa.row()]
    outcome = answered(Operation.DAY_LIST, bank.listed(*rows))
    assert outcome.result is Result.APPROVED
    named = [(entry.order_id, entry.state) for entry in outcome.entries]
    assert named == [
        (boa.ORDER_ID, State.CAPTURED),
        ("PGBASKASIPARIS", State.DECLINED),
    ]
    long = answered(Operation.DAY_LIST, bank.listed(*[boa.row()] * 1000))
    assert long.result is Result.UNRESOLVED
    nothing = answered(Operation.DAY_LIST, bank.listed())
    assert nothing.result is Result.NOT_FOUND


def test_a_charge_must_be_signed_and_a_refund_not_wrongly():
    sold = answered(Operation.SALE, boa.sold(bank.PASSWORD))
    assert sold.result is Result.APPROVED
    for operation in (Operation.VOID, Operation.REFUND):
        assert answered(operation, bank.done()).result is Result.APPROVED
        signed = answered(operation, boa.sold(bank.PASSWORD))
        assert signed.result is Result.APPROVED
        with pytest.raises(Refused, match="hash"):
            answered(operation, bank.done(HashData=boa.sha("x")))
    with pytest.raises(Refused, match="hash"):
        answered(Operation.SALE, bank.done())


@pytest.mark.parametrize(
    ("operation", "code", "result", "hint"),
    [
        ("void", "OrderDataNotFound", "declined", None),
        ("void", "DbLayerError", "declined", Hint.REFUND_INSTEAD),
        ("refund", "28", "declined", Hint.DONE_BEFORE),
        ("refund", "96", "unresolved", None),
        ("refund", "SomethingNew", "unresolved", None),
        ("refund", "", "unresolved", None),
    ],
)
def test_what_was_refused_is_declined(operation, code, result, hint):
    outcome = answered(Operation(operation), bank.not_done(code))
    assert outcome.result is Result(result)
    assert outcome.hint is hint


def test_of_the_banks_page_only_its_form_is_taken():
    outcome = answered(Operation.CARD_PAGE, boa.page())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.url == "https://acs.example/pareq"
