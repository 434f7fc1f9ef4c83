"""Tosla: what is asked, what is believed, what answers mean."""

import json
from datetime import UTC, date, datetime

import pytest
from cases import tosla as bank
from pos_gateway.protocols import tosla, wire
from pos_gateway.protocols.answers import Refused, Result, State
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Operation, Secret
from talk import Talk

KEY = "CAGRIABCDEFGHKLMNPQR"
AT = datetime(2026, 11, 21, 22, 59, 30, tzinfo=UTC)


talk = Talk(tosla, bank, key=KEY, at=AT, nonce=bank.NONCE)


def asked(operation, order=None, **changes):
    request = talk.request(operation, order=order, **changes)
    return request.url.rpartition("/")[2], json.loads(request.body)


def answered(operation, body, **changes):
    return talk.answered(operation, body, terminal=bank.terminal(**changes))


def verified(fields, **changes):
    return talk.verified(fields, bank.terminal(**changes))


def meaning(fields):
    return tosla.parse(bank.terminal(), verified(fields))


# --- what is asked ------------------------------------------------------------------


def test_a_session_is_opened_for_the_order():
    service, tree = asked(Operation.REGISTER)
    assert service == "threeDPayment"
    nonce = bank.NONCE[:24]
    at = "20261122015930"  # Turkish time
    signature = bank.sha(bank.CLIENT_ID, bank.API_USER, nonce, at)
    assert tree == {
        "clientId": 1000077321,
        "apiUser": bank.API_USER,
        "rnd": nonce,
        "timeSpan": at,
        "hash": signature,
        "callbackUrl": bank.order().return_url,
        "orderId": bank.ORDER_ID,
        "amount": 125040,
        "currency": 949,
        "installmentCount": 0,
    }


def test_a_reservation_with_installments_says_so():
    order = bank.order(preauth=True, installment_count=3)
    service, tree = asked(Operation.REGISTER, order)
    assert (service, tree["installmentCount"]) == ("threeDPreAuth", 3)


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


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "USD"},
        {"amount_kurus": 0},
        {"order_id": "A" * 21},
        {"return_url": "/pos"},
    ],
)
def test_an_order_that_tosla_does_not_take_opens_no_session(changes):
    with pytest.raises(ValueError):
        asked(Operation.REGISTER, bank.order(**changes))


def test_what_is_not_offered_is_not_asked():
    for operation in (Operation.SALE, Operation.DAY_LIST, Operation.POINTS):
        with pytest.raises(ValueError):
            asked(operation)


# --- the session --------------------------------------------------------------------


def test_the_browser_goes_to_the_card_page_of_the_session():
    outcome = answered(Operation.REGISTER, bank.opened())
    assert outcome.result is Result.AUTHENTICATED
    assert outcome.page.method == "get"
    assert outcome.page.url == (
        f"https://banka.example/api/Payment/threeDSecure/{bank.SESSION}"
    )
    assert outcome.page.fields == outcome.page.card == ()


def test_the_card_can_be_typed_on_a_page_of_ours_that_posts_past_us():
    outcome = answered(Operation.REGISTER, bank.opened(), card_entry=CardEntry.BROWSER)
    page = outcome.page
    assert page.url == "https://banka.example/api/Payment/ProcessCardForm"
    assert page.fields == (("ThreeDSessionId", bank.SESSION),)
    assert {one.kind: one.wire for one in page.card} == {
        "holder": "CardHolderName",
        "number": "CardNo",
        "expiry_slash": "ExpireDate",
        "code": "Cvv",
    }


def test_the_letter_case_of_names_does_not_matter():
    body = bank.document(code=0, message="", threeDSessionId=bank.SESSION)
    assert answered(Operation.REGISTER, body).result is Result.AUTHENTICATED


@pytest.mark.parametrize("session", [None, "", "a/../b", "a b", "A" * 1025, "?x"])
def test_a_session_that_is_none_opens_no_page(session):
    outcome = answered(Operation.REGISTER, bank.opened(ThreeDSessionId=session))
    assert (outcome.result, outcome.page) == (Result.UNRESOLVED, None)


@pytest.mark.parametrize(
    ("code", "result"),
    [
        (997, Result.DECLINED),
        (998, Result.DECLINED),
        (202, Result.DECLINED),
        (999, Result.UNRESOLVED),
        (1, Result.UNRESOLVED),
        (777, Result.UNRESOLVED),
    ],
)
def test_a_refused_session_says_so(code, result):
    outcome = answered(Operation.REGISTER, bank.opened(Code=code))
    assert (outcome.result, outcome.page) == (result, None)


# --- the return ---------------------------------------------------------------------


def test_a_claim_of_payment_is_asked_for():
    outcome = meaning(bank.genuine())
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert (outcome.bank_code, outcome.reason) == ("00", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderId": None}, "order"),
        ({"OrderId": "A" * 20}, "order"),
        ({"ClientId": "1"}, "merchant"),
        ({"ApiUser": "X"}, "merchant"),
        ({"hash": "x"}, "repeated"),
    ],
)
def test_a_signed_return_that_is_not_as_it_should_be_is_refused(changes, reason):
    with pytest.raises(Refused) as refusal:
        verified(bank.genuine(**changes))
    assert refusal.value.reason == reason


def test_the_account_of_the_contract_is_signed_not_what_is_posted():
    assert verified(bank.genuine(ClientId=None)).order_id == bank.ORDER_ID


@pytest.mark.parametrize("names", [[], ["OrderId"], bank.LIST[::-1], bank.LIST[2:]])
def test_the_list_of_signed_fields_is_ours(names):
    fields = dict(bank.genuine())
    told = fields | {"ApiUser": bank.API_USER}
    signature = bank.sha(*(told[name] for name in names))
    forged = fields | {"HashParameters": ",".join(names), "Hash": signature}
    with pytest.raises(Refused) as refusal:
        verified(forged.items())
    assert refusal.value.reason == "hash"


@pytest.mark.parametrize("name", bank.LIST[2:])
def test_every_signed_field_counts(name):
    fields = dict(bank.genuine())
    for text in ("", fields[name] + "1"):
        with pytest.raises(Refused):
            verified((fields | {name: text}).items())


def test_a_return_that_tosla_did_not_sign_is_refused():
    fields = dict(bank.genuine())
    for text in ("", fields["Hash"].lower(), fields["Hash"][:-1]):
        with pytest.raises(Refused):
            verified((fields | {"Hash": text}).items())
    with pytest.raises(Refused):
        verified(bank.sign(bank.fields(), key="other"))
    with pytest.raises(Refused):
        verified(bank.genuine(), api_password=Secret(""))
    with pytest.raises(Refused):
        verified(bank.genuine(), api_user="")


@pytest.mark.parametrize(
    ("status", "code", "told", "result", "reason"),
    [
        ("1", "51", "0", Result.DECLINED, "limit"),
        ("0", "MD:0", "0", Result.DECLINED, "three_d_failed"),
        ("7", "MD:7", "0", Result.DECLINED, "three_d_failed"),
        ("1", "51", "1", Result.UNRESOLVED, "limit"),
        ("1", "51", "", Result.UNRESOLVED, "limit"),
        ("1", "96", "0", Result.UNRESOLVED, "bank_unreachable"),
        ("1", "77", "0", Result.UNRESOLVED, "other"),
        ("1", "", "0", Result.UNRESOLVED, "other"),
        ("1", "00", "0", Result.UNRESOLVED, "other"),
        ("0", "00", "1", Result.UNRESOLVED, "other"),
        ("", "51", "0", Result.UNRESOLVED, "limit"),
        ("10", "51", "0", Result.UNRESOLVED, "limit"),
        ("1", "MD:1", "0", Result.UNRESOLVED, "other"),
    ],
)
def test_only_a_known_refusal_declines(status, code, told, result, reason):
    fields = {"MdStatus": status, "BankResponseCode": code, "RequestStatus": told}
    outcome = meaning(bank.genuine(**fields))
    assert (outcome.result, outcome.reason) == (result, reason)
    asks = result is Result.UNRESOLVED
    assert (outcome.follow_up is Operation.INQUIRY) == asks


def test_no_return_ever_books_a_payment():
    for status in "0123456789":
        for code in ("00", "51", "", "MD:0"):
            for told in ("0", "1", "2", ""):
                fields = {"MdStatus": status, "RequestStatus": told}
                outcome = meaning(bank.genuine(**fields, BankResponseCode=code))
                assert outcome.result is not Result.APPROVED


# --- how the order stands -----------------------------------------------------------


def test_the_inquiry_books_the_payment():
    outcome = answered(Operation.INQUIRY, bank.stands())
    assert outcome.result is Result.APPROVED
    told = outcome.amount_kurus, outcome.currency, outcome.installment_count
    assert told == (125040, "TRY", 1)
    assert outcome.bank_transaction_id == bank.TRANSACTION
    assert outcome.at == datetime(2026, 11, 22, 1, 59, 59)
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.net_kurus == 121289
    assert outcome.data == {"commission_kurus": "3751"}


@pytest.mark.parametrize(
    ("changes", "result", "state", "captured", "refunded"),
    [
        (
            {"RequestStatus": 3, "RefundedAmount": 5900},
            "approved",
            State.PARTIALLY_REFUNDED,
            125040,
            5900,
        ),
        (
            {"RequestStatus": 4, "RefundedAmount": 125040},
            "approved",
            State.REFUNDED,
            125040,
            125040,
        ),
        ({"RequestStatus": 2}, "cancelled", State.VOIDED, 0, 0),
        ({"TransactionType": 2}, "approved", State.AUTHORISED, 0, 0),
        (
            {"TransactionType": 2, "RequestStatus": 5, "PostAuthedAmount": 100000},
            "approved",
            State.CAPTURED,
            100000,
            0,
        ),
        (
            {"RequestStatus": 0, "BankResponseCode": "51"},
            "declined",
            State.ERROR,
            0,
            0,
        ),
        (
            {"RequestStatus": 0, "BankResponseCode": "MD:0"},
            "declined",
            State.ERROR,
            0,
            0,
        ),
    ],
)
def test_how_an_order_stands(changes, result, state, captured, refunded):
    outcome = answered(Operation.INQUIRY, bank.stands(**changes))
    assert outcome.result.value == result
    assert outcome.standing.state is state
    assert outcome.standing.captured_kurus == captured
    assert outcome.standing.refunded_kurus == refunded


@pytest.mark.parametrize(
    "changes",
    [
        {"BankResponseCode": "51"},
        {"BankResponseCode": None},
        {"RequestStatus": 0},
        {"RequestStatus": 0, "BankResponseCode": "96"},
        {"RequestStatus": 2, "BankResponseCode": "51"},
        {"RequestStatus": 10},
        {"RequestStatus": 7},
        {"RequestStatus": None},
        {"TransactionType": 5},
        {"TransactionType": None},
        {"Amount": None},
        {"Amount": "1.250,40"},
        {"Amount": 1250.4},
        {"Amount": -1},
        {"Currency": 0},
        {"InstallmentCount": "x"},
        {"Code": 999},
        {"Code": 101},
        {"OrderId": None},
    ],
)
def test_what_is_not_told_plainly_is_unresolved(changes):
    outcome = answered(Operation.INQUIRY, bank.stands(**changes))
    assert outcome.result is Result.UNRESOLVED


def test_an_unknown_order_is_code_0_with_an_empty_number():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    bare = answered(Operation.INQUIRY, bank.document(Code=0))
    assert bare.result is Result.UNRESOLVED


def test_an_inquiry_may_answer_with_a_list():
    refund = bank.book(TransactionType=5, Amount=100)
    outcome = answered(Operation.INQUIRY, bank.history(refund, bank.book()))
    assert outcome.result is Result.APPROVED
    twice = answered(Operation.INQUIRY, bank.history(bank.book(), bank.book()))
    assert twice.result is Result.UNRESOLVED


@pytest.mark.parametrize("operation", [Operation.INQUIRY, Operation.HISTORY])
@pytest.mark.parametrize(
    "changes", [{"OrderId": "A" * 20}, {"OrderId": 0}, {"ClientId": 1000077322}]
)
def test_what_is_of_another_order_or_merchant_is_refused(operation, changes):
    for body in (bank.stands(**changes), bank.history(bank.book(**changes))):
        with pytest.raises(Refused):
            answered(operation, body)


def test_a_history_has_its_rows_newest_first():
    refund = {"TransactionType": 5, "Amount": 5900, "CreateDate": "20261122030000"}
    body = bank.history(bank.book(), bank.book(**refund))
    outcome = answered(Operation.HISTORY, body)
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale"]


@pytest.mark.parametrize(
    "body",
    [
        bank.history(),
        bank.history(bank.book(), Count=2),
        bank.history(bank.book(), Code=101),
        bank.history(bank.book(OrderId=None)),
        bank.document(Code=0),
    ],
)
def test_a_history_that_is_not_whole_tells_nothing(body):
    outcome = answered(Operation.HISTORY, body)
    assert (outcome.result, outcome.entries) == (Result.UNRESOLVED, ())


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
