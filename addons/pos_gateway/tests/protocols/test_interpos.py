"""InterPOS: what is built, what is believed, what answers mean."""

from datetime import datetime
from urllib.parse import parse_qsl

import pytest
from cases import interpos as bank
from pos_gateway.protocols import interpos
from pos_gateway.protocols.answers import (
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import Call, CardEntry, Operation, Secret
from talk import Talk

talk = Talk(interpos, bank)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered


def asked(operation, terminal=None, **changes):
    request = talk.request(operation, terminal, **changes)
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def inquiry(**changes):
    return answered(Operation.INQUIRY, bank.inquired(**changes))


# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_as_the_bank_signs():
    fields = built(installment_count=3, preauth=True)
    assert fields["Hash"] == bank.form_hash(count="3", kind="PreAuth")
    assert fields["SecureType"] == "3DHost"
    assert built()["InstallmentCount"] == ""


@pytest.mark.parametrize(
    ("kurus", "text"), [(125040, "1250.4"), (125000, "1250"), (5, "0.05"), (1, "0.01")]
)
def test_amounts_are_written_with_as_few_decimals_as_they_need(kurus, text):
    fields = built(amount_kurus=kurus)
    assert fields["PurchAmount"] == text
    assert fields["Hash"] == bank.form_hash(amount=text)


def test_the_payers_browser_can_take_the_card_straight_to_the_bank():
    form = interpos.build(bank.terminal(card_entry=CardEntry.BROWSER), bank.order())
    assert form.url.endswith("/Default.aspx")
    assert dict(form.fields)["SecureType"] == "3DPay"
    assert [field.wire for field in form.card] == ["Pan", "Expiry", "Cvv2"]
    assert dict(form.fields)["Hash"] == bank.form_hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"installment_count": 13},
        {"return_url": "/pos"},
        {"nonce": ""},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


def test_without_the_password_there_is_no_form_and_no_belief():
    terminal = bank.terminal(store_key=Secret(""))
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    assert refusal(bank.genuine(), terminal=terminal) == "hash"


# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_of_a_signed_amount_is_confirmed_by_the_banks_books():
    outcome = meaning(bank.genuine())
    asked_for = (Result.UNRESOLVED, Operation.INQUIRY)
    assert (outcome.result, outcome.follow_up) == asked_for
    assert not differences(bank.order(), outcome)
    assert (outcome.amount_kurus, outcome.currency) == (125040, "TRY")
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)


def test_the_list_of_signed_fields_is_ours():
    fields = dict(bank.genuine())
    for names in ("mdStatus:", bank.LIST + "AuthCode:", "", bank.LIST.upper()):
        glued = "".join(fields.get(n, "") for n in names.rstrip(":").split(":"))
        changed = fields | {"HASHPARAMS": names}
        changed["HASH"] = bank.sha1(glued + bank.STORE_KEY)
        assert refusal(changed.items()) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        {"HASH": ""},
        {"HASH": None},
        {"HASHPARAMS": None},
        {"HASH": "A" * 27 + "="},
        {"PurchAmount": "1,00"},
        {"PurchAmount": "1250,40"},
        {"Currency": "840"},
        {"mdStatus": "2"},
        {"ProcReturnCode": "51"},
        {"OkUrl": "https://baska.example"},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = dict(bank.genuine()) | change
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ShopCode": "3918"}, "merchant"),
        ({"ShopCode": None}, "merchant"),
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"MD": None}, "required"),
        ({"Version": None}, "required"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("MDSTATUS", "1")]) == "repeated"


def test_digits_that_move_between_neighbours_show():
    """The text stays the same, but then amount or currency are not ours."""
    genuine = dict(bank.genuine())
    for change, names in [
        ({"PurchAmount": "1250,49", "Currency": "49"}, None),
        ({"Version": "1", "PurchAmount": "250,4"}, ("amount",)),
        ({"PurchAmount": "12", "Exponent": "50,4"}, ("amount",)),
    ]:
        outcome = meaning((genuine | change).items())
        if names is None:
            assert outcome.result is Result.UNRESOLVED
        else:
            assert differences(bank.order(), outcome) == names


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "limit"),
        ({"ProcReturnCode": "81", "mdStatus": "0"}, "configuration"),
        ({"ProcReturnCode": "", "mdStatus": "0"}, "three_d_failed"),
        ({"ProcReturnCode": "99", "mdStatus": "7"}, "three_d_failed"),
        ({"ErrorCode": "B519999"}, "limit"),
    ],
    ids=str,
)
def test_a_signed_refusal_declines(changes, reason):
    outcome = meaning(bank.declined(**changes))
    assert (outcome.result, outcome.reason) == (Result.DECLINED, reason)
    assert outcome.follow_up is None


@pytest.mark.parametrize(
    "changes",
    [
        {"ProcReturnCode": "91"},
        {"ProcReturnCode": "99"},
        {"ProcReturnCode": "77"},
        {"ProcReturnCode": ""},
        {"ProcReturnCode": "00"},
        {"Response": "Approved"},
        {"mdStatus": ""},
        {"mdStatus": "x"},
        {"mdStatus": "11"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


@pytest.mark.parametrize(
    "changes",
    [
        {"PurchAmount": "1.250,40"},
        {"PurchAmount": "1.250"},
        {"PurchAmount": ""},
        {"Currency": "392"},
        {"Response": "approved"},
        {"ProcReturnCode": "0"},
        {"mdStatus": "2"},
        {"mdStatus": "0"},
    ],
    ids=str,
)
def test_an_approval_that_is_not_complete_is_asked(changes):
    outcome = meaning(bank.genuine(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_half_secure_is_a_choice_of_the_merchant():
    terminal = bank.terminal(accepted_md_status=frozenset({"1", "2", "7"}))
    paid = [bank.genuine(mdStatus=status) for status in "1237"]
    results = [meaning(fields, terminal=terminal).result for fields in paid]
    assert results == [Result.UNRESOLVED] * 4


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "kind", "more"),
    [
        (Operation.INQUIRY, "StatusHistory", {}),
        (Operation.VOID, "Void", {}),
        (Operation.CAPTURE, "PostAuth", {"PurchAmount": "1250.4"}),
        (Operation.REFUND, "Refund", {"PurchAmount": "1250.4"}),
    ],
)
def test_a_call_names_the_order_it_is_about(operation, kind, more):
    if more:
        more = more | {"Currency": "949", "MOTO": "0"}
    assert asked(operation) == {
        "UserCode": bank.API_USER,
        "UserPass": bank.API_PASSWORD,
        "ShopCode": bank.SHOP,
        "SecureType": "NonSecure",
        "TxnType": kind,
        "orgOrderId": bank.ORDER_ID,
        "OrderId": "",
        "Lang": "tr",
        **more,
    }


def test_a_part_is_captured_or_refunded():
    for operation in (Operation.CAPTURE, Operation.REFUND):
        assert asked(operation, amount_kurus=5050)["PurchAmount"] == "50.5"


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in (Operation.HISTORY, Operation.DAY_LIST, Operation.POINTS):
        with pytest.raises(ValueError, match="does not offer"):
            asked(operation)
    for change in ({"api_user": ""}, {"api_password": Secret("")}):
        with pytest.raises(ValueError, match="missing"):
            asked(Operation.INQUIRY, bank.terminal(**change))


# --- what answers mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "result", "state"),
    [
        ({}, Result.APPROVED, State.CAPTURED),
        ({"TxnStatus": "S"}, Result.APPROVED, State.CAPTURED),
        ({"TxnStatus": "K"}, Result.APPROVED, State.CAPTURED),
        ({"TxnStatus": "A"}, Result.APPROVED, State.AUTHORISED),
        ({"TxnStatus": "V"}, Result.CANCELLED, State.VOIDED),
        ({"TxnStat": "V"}, Result.CANCELLED, State.VOIDED),
        ({"TxnStatus": "D", "AuthCode": ""}, Result.DECLINED, State.DECLINED),
        ({"TxnStatus": "D"}, Result.UNRESOLVED, State.DECLINED),
        (
            {"TxnStatus": "D", "AuthCode": "", "ChargeTypeCd": "C"},
            Result.UNRESOLVED,
            State.DECLINED,
        ),
        ({"RefundedAmount": "50"}, Result.APPROVED, State.PARTIALLY_REFUNDED),
        ({"RefundedAmount": "1250,40"}, Result.APPROVED, State.REFUNDED),
        ({"TxnStat": "R"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStat": "S"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStatus": ""}, Result.UNRESOLVED, State.UNKNOWN),
        ({"ChargeTypeCd": "C"}, Result.UNRESOLVED, State.CAPTURED),
        ({"ChargeTypeCd": ""}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": "0"}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": "1.250,40"}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": None}, Result.UNRESOLVED, State.CAPTURED),
        ({"ErrorCode": "B810002"}, Result.UNRESOLVED, State.CAPTURED),
    ],
    ids=str,
)
def test_an_order_stands_as_the_bank_has_it(changes, result, state):
    outcome = inquiry(**changes)
    assert (outcome.result, outcome.standing.state) == (result, state)


def test_another_amount_in_the_books_shows():
    assert differences(bank.order(), inquiry(PurchAmount="1,00")) == ("amount",)


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert (outcome.result, outcome.standing) == (Result.NOT_FOUND, None)


@pytest.mark.parametrize(
    "changes",
    [
        {"PurchAmount": "1250,4"},
        {"AuthCode": "304917"},
        {"TxnStatus": "D"},
        {"ErrorCode": "B050001"},
        {"ProcReturnCode": "81"},
    ],
    ids=str,
)
def test_a_refused_question_is_not_an_unknown_order(changes):
    body = bank.unknown_order().decode()
    for name, text in changes.items():
        before = {"PurchAmount": "0", "ProcReturnCode": "05"}.get(name, "")
        assert f"{name}={before};;" in body + ";;"
        body = (body + ";;").replace(f"{name}={before};;", f"{name}={text};;", 1)
    assert answered(Operation.INQUIRY, body.encode()).result is Result.UNRESOLVED


@pytest.mark.parametrize(
    ("changes", "result"),
    [
        ({}, Result.APPROVED),
        ({"OrderId": "SYSOID121330755"}, Result.APPROVED),
        ({"OrderId": ""}, Result.APPROVED),
        (bank.NOT_ACTIVE, Result.DECLINED),
        ({"ProcReturnCode": "12", "ErrorCode": ""}, Result.DECLINED),
        ({"ProcReturnCode": "12", "ErrorCode": "X1"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "96"}, Result.UNRESOLVED),
        ({"ProcReturnCode": "77"}, Result.UNRESOLVED),
        ({"ProcReturnCode": ""}, Result.UNRESOLVED),
        ({"ErrorCode": "B000001"}, Result.UNRESOLVED),
        ({"TxnResult": "Failed"}, Result.UNRESOLVED),
    ],
    ids=str,
)
def test_a_refund_is_done_or_refused_or_not_known(changes, result):
    assert answered(Operation.REFUND, bank.answer(**changes)).result is result


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html>bakim</html>", "malformed"),
        (b"", "malformed"),
        (b"OrderId=1;;OrderId=2", "repeated"),
        (b"OrderId=1", "document"),
        (b"ProcReturnCode=00;;OrderId=PGBASKASIPARIS", "order"),
        (b"ProcReturnCode=\xfe", "charset"),
    ],
)
def test_what_is_no_answer_to_our_call_is_refused(body, reason):
    with pytest.raises(Refused, match=reason):
        answered(Operation.INQUIRY, body)


# --- what is kept -------------------------------------------------------------------


def test_no_secret_and_no_card_stays_in_a_text():
    request = interpos.ask(bank.terminal(), bank.order(), Call(Operation.VOID))
    form = interpos.build(bank.terminal(), bank.order())
    texts = [repr(request), mask_text(request.body.decode())]
    texts.append(describe(form.fields, interpos.FORM))
    for secret in bank.SECRETS:
        assert not any(secret in text for text in texts)
    typed = "Pan=4543600100000002&Expiry=0830&Cvv2=123"
    assert mask_text(typed) == "Pan=***&Expiry=***&Cvv2=***"
    answer = "OrderId=1;;Pan=4543600100000002;;UserPass=x;;ErrorCode="
    assert mask_text(answer) == "OrderId=1;;Pan=***;;UserPass=***;;ErrorCode="
