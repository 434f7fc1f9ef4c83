"""PayFor: what is built, what is believed, what answers mean."""

from datetime import date, datetime

import pytest
from cases import payfor as bank
from pos_gateway.protocols import payfor
from pos_gateway.protocols.answers import (
    Hint,
    Refused,
    Result,
    State,
    differences,
)
from pos_gateway.protocols.redact import describe, mask_text
from pos_gateway.protocols.types import CardEntry, Operation, Secret
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

DAY = date(2026, 11, 21)


talk = Talk(payfor, bank, first_day=DAY, last_day=DAY)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered


def asked(operation, terminal=None, **changes):
    request = talk.request(operation, terminal, **changes)
    return flatten(parse_xml(request.body))[0]


def inquiry(**changes):
    return answered(Operation.INQUIRY, bank.inquired(**changes))


# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_as_the_bank_signs():
    fields = built(installment_count=3)
    assert fields["Hash"] == bank.form_hash(count="3")
    assert (fields["SecureType"], fields["MbrId"]) == ("3DHost", "5")
    assert built()["InstallmentCount"] == "0"
    assert built(preauth=True)["Hash"] == bank.form_hash(kind="PreAuth")


def test_another_bank_has_its_own_member_number():
    fields = built(bank.terminal(options=bank.UNSIGNED))
    assert fields["MbrId"] == "12"
    assert fields["Hash"] == bank.form_hash(member="12")


def test_the_payers_browser_can_take_the_card_straight_to_the_bank():
    terminal = bank.terminal(card_entry=CardEntry.BROWSER)
    form = payfor.build(terminal, bank.order())
    fields = dict(form.fields)
    assert form.url.endswith("/Default.aspx")
    assert fields["SecureType"] == "3DPay"
    assert [(i.kind, i.wire) for i in form.card] == [
        ("number", "Pan"),
        ("expiry", "Expiry"),
        ("code", "Cvv2"),
        ("holder", "CardHolderName"),
    ]
    assert fields["Hash"] == bank.form_hash()


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 21},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"installment_count": 13},
        {"return_url": "https://a.example/" + "a" * 200},
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
    unsigned = bank.terminal(store_key=Secret(""), options=bank.UNSIGNED)
    assert refusal(bank.genuine(MbrId="12"), terminal=unsigned) == "form"


# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_is_believed_and_leads_to_an_inquiry():
    proven = verified(bank.genuine())
    outcome = payfor.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )
    assert not differences(bank.order(), outcome)
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)


@pytest.mark.parametrize(
    ("kind", "algorithm", "is_good"),
    [
        ("Sha1", "sha1", True),
        ("", "sha1", True),
        (None, "sha1", True),
        (None, "sha256", True),
        ("", "sha256", True),
        ("Sha256", "sha256", True),
        ("Sha1", "sha256", False),
        ("Sha256", "sha1", False),
        ("Md5", "sha1", False),
        (None, "sha512", False),
    ],
)
def test_the_digest_is_the_named_one_or_goes_by_its_length(kind, algorithm, is_good):
    fields = dict(bank.genuine(HashType=kind))
    fields = bank.sign(fields, algorithm=algorithm)
    if is_good:
        assert verified(fields).by == "signature"
    else:
        assert refusal(fields) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        {"ResponseHash": ""},
        {"ResponseHash": None},
        {"ResponseHash": "A" * 27 + "="},
        {"3DStatus": "-1"},
        {"AuthCode": "S28018"},
        {"ResponseRnd": ""},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = dict(bank.genuine()) | change
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


def test_merchant_and_user_are_ours_whatever_the_message_says():
    terminal = bank.terminal(api_user="BASKA_API")
    assert refusal(bank.genuine(UserCode="DENEME_API"), terminal=terminal) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"MerchantID": "085300000091718"}, "merchant"),
        ({"MerchantID": None}, "required"),
        ({"MbrId": "12"}, "merchant"),
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"Hash": None}, "required"),
        ({"Hash": ""}, "form"),
        ({"Hash": bank.form_hash(amount="1.00")}, "form"),
        ({"Hash": bank.form_hash(count="6")}, "form"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("authcode", "S1")]) == "repeated"


def test_another_amount_currency_or_count_in_the_message_shows():
    for change, name in [
        ({"PurchAmount": "1.00"}, "amount"),
        ({"Currency": "840"}, "currency"),
        ({"InstallmentCount": "6"}, "installment_count"),
    ]:
        outcome = meaning(bank.genuine(**change))
        assert differences(bank.order(), outcome) == (name,)


# --- a bank that does not sign ------------------------------------------------------


@pytest.mark.parametrize("changes", [{}, bank.REFUSED, {"3DStatus": "-1"}], ids=str)
def test_an_unsigned_return_only_leads_to_an_inquiry(changes):
    terminal = bank.terminal(options=bank.UNSIGNED)
    fields = dict(bank.genuine(MbrId="12", Hash=bank.form_hash(member="12"), **changes))
    fields["ResponseHash"] = "does not verify"
    proven = verified(fields.items(), terminal=terminal)
    outcome = payfor.parse(terminal, proven)
    assert proven.by == "nothing"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )


def test_an_unsigned_return_must_name_our_order():
    terminal = bank.terminal(options=bank.UNSIGNED)
    for changes, reason in [
        ({"OrderId": "PGBASKASIPARIS"}, "order"),
        ({"MerchantID": "1"}, "merchant"),
        ({"Hash": "A" * 27 + "="}, "form"),
    ]:
        fields = bank.genuine(
            **{"MbrId": "12", "Hash": bank.form_hash(member="12")} | changes
        )
        assert refusal(fields, terminal=terminal) == reason


def test_rubbish_does_not_hide_the_claim_of_a_payment():
    terminal = bank.terminal(options=bank.UNSIGNED)
    head = {"MbrId": "12", "Hash": bank.form_hash(member="12")}
    said = [bank.genuine(**head | changes) for changes in ({}, bank.REFUSED)]
    paid, rubbish = (verified(fields, terminal=terminal) for fields in said)
    assert paid.identity != rubbish.identity


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "limit"),
        ({"ProcReturnCode": "34"}, "security_code"),
        ({"ProcReturnCode": "V034", "3DStatus": "-1"}, "three_d_failed"),
        ({"ProcReturnCode": "MR15", "3DStatus": "-1"}, "three_d_failed"),
        ({"ProcReturnCode": "M049", "3DStatus": "0"}, "three_d_failed"),
        ({"ProcReturnCode": "M030", "3DStatus": "-1"}, "configuration"),
        ({"ProcReturnCode": "V024", "3DStatus": "-1"}, "installment_not_allowed"),
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
        {"ProcReturnCode": "101310", "3DStatus": "-1"},
        {"ProcReturnCode": "V029", "3DStatus": "-1"},
        {"ProcReturnCode": "V033"},
        {"ProcReturnCode": "V000"},
        {"ProcReturnCode": "V9199"},
        {"ProcReturnCode": "91"},
        {"ProcReturnCode": "V999"},
        {"ProcReturnCode": ""},
        {"ProcReturnCode": "00", "3DStatus": "-1"},
        {"AuthCode": "S28017"},
        {"3DStatus": ""},
        {"3DStatus": "2"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_a_payment_is_not_turned_into_a_refusal_by_moving_digits():
    """The values are glued: part of the authorisation code may pose as a code."""
    paid = bank.genuine(AuthCode="S28051", ResponseRnd="PF1")
    fields = dict(paid) | {"AuthCode": "S280", "ProcReturnCode": "51"}
    fields |= {"3DStatus": "0", "ResponseRnd": "01PF1"}
    assert bank.sign(fields)[-1] == paid[-1]
    assert meaning(fields.items()).result is Result.UNRESOLVED


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "kinds", "more"),
    [
        (Operation.INQUIRY, ("Inquiry", "OrderInquiry"), {}),
        (Operation.VOID, ("NonSecure", "Void"), {"Currency": "949"}),
        (
            Operation.CAPTURE,
            ("NonSecure", "PostAuth"),
            {"Currency": "949", "PurchAmount": "1250.40"},
        ),
        (
            Operation.REFUND,
            ("NonSecure", "Refund"),
            {"Currency": "949", "PurchAmount": "1250.40"},
        ),
    ],
)
def test_a_call_names_the_order_it_is_about(operation, kinds, more):
    assert asked(operation) == {
        "MbrId": "5",
        "MerchantId": bank.MERCHANT_ID,
        "UserCode": bank.API_USER,
        "UserPass": bank.API_PASSWORD,
        "SecureType": kinds[0],
        "TxnType": kinds[1],
        "Lang": "TR",
        "OrgOrderId": bank.ORDER_ID,
        **more,
    }


def test_a_history_is_asked_by_order_or_by_day():
    assert asked(Operation.HISTORY)["OrderId"] == bank.ORDER_ID
    fields = asked(Operation.DAY_LIST)
    assert fields["ReqDate"] == "20261121"
    assert "OrderId" not in fields
    with pytest.raises(ValueError, match="one day"):
        asked(Operation.DAY_LIST, last_day=date(2026, 11, 22))


def test_a_part_is_captured_or_refunded():
    for operation in (Operation.CAPTURE, Operation.REFUND):
        assert asked(operation, amount_kurus=5000)["PurchAmount"] == "50.00"


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in (Operation.POINTS, Operation.BIN, Operation.SALE):
        with pytest.raises(ValueError, match="does not offer"):
            asked(operation)
    for change in ({"api_user": ""}, {"api_password": Secret("")}):
        with pytest.raises(ValueError, match="missing"):
            asked(Operation.INQUIRY, bank.terminal(**change))


# --- what answers mean --------------------------------------------------------------


def test_an_inquiry_books_what_the_bank_has_booked():
    outcome = inquiry()
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    assert outcome.host_reference == "632511004477"
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.refunded_kurus == 0


@pytest.mark.parametrize(
    ("changes", "result", "state"),
    [
        ({"TxnType": "PreAuth"}, Result.APPROVED, State.AUTHORISED),
        ({"TxnType": "PostAuth"}, Result.APPROVED, State.CAPTURED),
        ({"TxnStatus": "V"}, Result.CANCELLED, State.VOIDED),
        ({"IsVoided": "true"}, Result.CANCELLED, State.VOIDED),
        (
            {"TxnType": "PreAuth", "TxnStatus": "V"},
            Result.CANCELLED,
            State.VOIDED,
        ),
        ({"RefundedAmount": "50"}, Result.APPROVED, State.PARTIALLY_REFUNDED),
        ({"RefundedAmount": "1250.40"}, Result.APPROVED, State.REFUNDED),
        (
            {"TxnStatus": "N", "ProcReturnCode": "51"},
            Result.DECLINED,
            State.DECLINED,
        ),
        (
            {"TxnStatus": "N", "ProcReturnCode": "V000"},
            Result.UNRESOLVED,
            State.WAITING,
        ),
        ({"TxnStatus": "N"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStatus": "P"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnStatus": ""}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnResult": "Failed"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"ProcReturnCode": "51"}, Result.UNRESOLVED, State.UNKNOWN),
        ({"ProcReturnCode": ""}, Result.UNRESOLVED, State.UNKNOWN),
        ({"TxnType": "Refund"}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": ""}, Result.UNRESOLVED, State.CAPTURED),
        ({"PurchAmount": "1.250,40"}, Result.UNRESOLVED, State.CAPTURED),
    ],
    ids=str,
)
def test_an_order_stands_as_its_last_charge(changes, result, state):
    outcome = inquiry(**changes)
    assert outcome.result is result
    assert outcome.standing.state is state


def test_another_currency_in_the_books_shows():
    assert differences(bank.order(), inquiry(Currency="840")) == ("currency",)


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert (outcome.result, outcome.standing) == (Result.NOT_FOUND, None)
    assert answered(Operation.HISTORY, bank.leak()).result is Result.NOT_FOUND


def test_wrong_credentials_are_not_an_unknown_order():
    outcome = answered(Operation.INQUIRY, bank.refused()[Operation.INQUIRY])
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, "configuration")


@pytest.mark.parametrize(
    ("code", "result", "hint"),
    [
        ("00", Result.APPROVED, None),
        ("V014", Result.DECLINED, Hint.VOID_INSTEAD),
        ("V017", Result.DECLINED, Hint.DONE_BEFORE),
        ("V025", Result.DECLINED, Hint.DONE_BEFORE),
        ("V037", Result.DECLINED, None),
        ("V013", Result.DECLINED, None),
        ("V020", Result.UNRESOLVED, None),
        ("96", Result.UNRESOLVED, None),
        ("V777", Result.UNRESOLVED, None),
        ("", Result.UNRESOLVED, None),
    ],
)
def test_a_refund_is_done_with_00_whatever_its_authorisation_code(code, result, hint):
    outcome = answered(Operation.REFUND, bank.answer(ProcReturnCode=code))
    assert (outcome.result, outcome.hint) == (result, hint)


def test_an_answer_about_another_order_or_of_another_kind_is_refused():
    for body in (
        bank.inquired(OrderId="PGBASKASIPARIS"),
        bank.inquired(OrderId=""),
        bank.answer(TransId="PGBASKASIPARIS"),
        bank.answer(TransId=""),
    ):
        with pytest.raises(Refused, match="order"):
            answered(Operation.INQUIRY, body)
    with pytest.raises(Refused, match="merchant"):
        inquiry(MerchantID="1")
    for operation in (Operation.VOID, Operation.HISTORY):
        with pytest.raises(Refused, match="document"):
            answered(operation, b"<CC5Response/>")
    with pytest.raises(Refused, match="document"):
        answered(Operation.VOID, bank.history(bank.row()))
    with pytest.raises(Refused, match="order"):
        answered(Operation.HISTORY, bank.history(bank.row(OrderId="PGBASKA")))


def test_a_history_is_read_newest_first():
    refund = bank.row(
        TxnType="Refund", PurchAmount="50", InsertDatetime="2026-11-22T09:00:00"
    )
    failed = bank.row(
        TxnType="Refund",
        TxnStatus="N",
        ProcReturnCode="V014",
        InsertDatetime="2026-11-21T13:00:00",
    )
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), failed, refund))
    assert [entry.kind for entry in outcome.entries] == ["refund", "refund", "sale"]
    assert outcome.entries[1].state is State.DECLINED
    assert outcome.standing.refunded_kurus == 5000
    assert outcome.standing.state is State.PARTIALLY_REFUNDED


def test_a_voided_sale_in_the_history():
    body = bank.history(bank.row(TxnStatus="V"), bank.row(TxnType="Void"))
    assert answered(Operation.HISTORY, body).standing.state is State.VOIDED


def test_a_captured_reservation_in_the_history():
    reserved = bank.row(TxnType="PreAuth")
    captured = bank.row(TxnType="PostAuth", PurchAmount="1000")
    standing = answered(Operation.HISTORY, bank.history(reserved, captured)).standing
    assert standing.state is State.CAPTURED
    assert (standing.amount_kurus, standing.captured_kurus) == (125040, 100000)


def test_a_day_lists_other_orders_too():
    body = bank.history(bank.row(), bank.row(OrderId="PGBASKASIPARIS"))
    outcome = answered(Operation.DAY_LIST, body)
    assert len(outcome.entries) == 2
    assert outcome.standing is None


# --- what is kept -------------------------------------------------------------------


def test_the_passwords_in_an_error_of_the_history_are_seen_by_nobody():
    body = bank.leak()
    call = talk.call_of(Operation.HISTORY)
    proven = payfor.read(bank.terminal(), bank.order(), call, body)
    texts = [repr(proven.fields), repr(proven.rows), mask_text(body.decode())]
    texts.append(repr(payfor.parse(bank.terminal(), proven)))
    for secret in bank.SECRETS:
        assert secret in body.decode()
        assert not any(secret in text for text in texts)


def test_no_secret_and_no_card_stays_in_a_text():
    request = talk.request(Operation.VOID)
    form = payfor.build(bank.terminal(), bank.order())
    texts = [repr(request), mask_text(request.body.decode())]
    texts.append(describe(form.fields, payfor.FORM))
    for secret in bank.SECRETS:
        assert not any(secret in text for text in texts)
    typed = "Pan=4543600100000002&Expiry=0830&Cvv2=123"
    assert mask_text(typed) == "Pan=***&Expiry=***&Cvv2=***"
    escaped = "&lt;UserPass&gt;CanaryUserPass.77&lt;/UserPass&gt;"
    assert "Canary" not in mask_text(escaped)
