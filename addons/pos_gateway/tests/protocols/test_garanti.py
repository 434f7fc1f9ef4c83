"""Garanti: what is built, what is believed, what answers mean."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from cases import garanti as bank
from pos_gateway.protocols import garanti
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

KEY = bank.KEY


talk = Talk(
    garanti,
    bank,
    key=KEY,
    card_prefix="45436001",
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 21),
)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered


def asked(operation, terminal=None, order=None, **changes):
    request = talk.request(operation, terminal, order, **changes)
    return flatten(parse_xml(request.body))[0]


def inquiry(**book):
    return answered(Operation.INQUIRY, bank.inquired(book))


# --- the form -----------------------------------------------------------------------


def test_the_form_is_signed_with_the_password_of_the_page_user():
    fields = built()
    assert fields["secure3dhash"] == bank.form_hash()
    assert fields["terminalprovuserid"] == "PROVOOS"
    assert fields["secure3dsecuritylevel"] == "3D_OOS_PAY"
    assert fields["txnamount"] == "125040"
    assert fields["txninstallmentcount"] == ""
    assert "cardnumber" not in fields


def test_the_payers_browser_can_take_the_card_straight_to_the_bank():
    terminal = bank.terminal(card_entry=CardEntry.BROWSER, page_password=Secret(""))
    form = garanti.build(terminal, bank.order())
    fields = dict(form.fields)
    assert fields["terminalprovuserid"] == "PROVAUT"
    assert fields["secure3dsecuritylevel"] == "3D_PAY"
    assert [field.wire for field in form.card] == [
        "cardnumber",
        "cardexpiredatemonth",
        "cardexpiredateyear",
        "cardcvv2",
    ]
    assert fields["secure3dhash"] != bank.form_hash()


def test_installments_reservations_and_dealers_are_told():
    fields = built(installment_count=6, preauth=True)
    assert (fields["txninstallmentcount"], fields["txntype"]) == ("6", "preauth")
    assert fields["secure3dhash"] == bank.form_hash(count="6", kind="preauth")
    assert "submerchantid" not in fields
    dealer = built(bank.terminal(sub_merchant_id="B17"))
    assert dealer["submerchantid"] == "B17"
    assert dealer["secure3dhash"] == bank.form_hash()


def test_a_payer_without_an_ipv4_address_is_sent_with_a_local_one():
    assert built()["customeripaddress"] == "203.0.113.7"
    assert built(client_ip="2001:db8::1")["customeripaddress"] == "127.0.0.1"
    assert built(client_ip="")["customeripaddress"] == "127.0.0.1"


def test_the_system_is_named():
    assert built()["mode"] == "PROD"
    assert built(bank.terminal(is_live=False))["mode"] == "TEST"
    assert asked(Operation.INQUIRY, bank.terminal(is_live=False))["Mode"] == "TEST"


@pytest.mark.parametrize(
    "changes",
    [
        {"order_id": "A" * 37},
        {"order_id": "A.1"},
        {"amount_kurus": 0},
        {"currency": "JPY"},
        {"currency": "USD", "installment_count": 2},
        {"installment_count": 13},
        {"return_url": "javascript:alert(1)"},
    ],
    ids=str,
)
def test_an_order_that_the_bank_would_not_take_is_not_sent(changes):
    with pytest.raises(ValueError, match=r"\w+ .*\."):
        built(**changes)


@pytest.mark.parametrize("name", ["store_key", "page_password"])
def test_without_a_secret_there_is_no_form_and_no_belief(name):
    terminal = bank.terminal(**{name: Secret("")})
    with pytest.raises(ValueError, match="missing"):
        built(terminal)
    assert refusal(bank.genuine(), terminal=terminal) in ("hash", "form")


# --- what is believed ---------------------------------------------------------------


def test_a_genuine_return_is_believed_and_leads_to_an_inquiry():
    proven = verified(bank.genuine())
    outcome = garanti.parse(bank.terminal(), proven)
    assert proven.by == "signature"
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY
    assert outcome.card_masked == "45436001****0002"
    assert not differences(bank.order(), outcome)


def test_the_list_of_signed_fields_is_ours():
    fields = dict(bank.genuine())
    short = {**fields, "hashparams": "rnd:"}
    short["hash"] = bank.sha("sha512", fields["rnd"] + bank.STORE_KEY)
    assert refusal(short.items()) == "hash"
    longer = {**fields, "hashparams": fields["hashparams"] + "txnamount:"}
    assert refusal(longer.items()) == "hash"


@pytest.mark.parametrize(
    "change",
    [
        {"hash": ""},
        {"hash": None},
        {"hashparams": None},
        {"hash": "0" * 128},
        {"hash": "F" * 40},
        {"mdstatus": "2"},
        {"response": "Declined"},
        {"md": ""},
    ],
    ids=str,
)
def test_a_changed_message_is_refused(change):
    fields = {**dict(bank.genuine()), **change}
    assert refusal((n, v) for n, v in fields.items() if v is not None) == "hash"


def test_letters_of_the_hash_are_capitals():
    fields = dict(bank.genuine())
    fields["hash"] = fields["hash"].lower()
    assert refusal(fields.items()) == "hash"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"clientid": "30990018"}, "merchant"),
        ({"terminalmerchantid": "7009918"}, "merchant"),
        ({"oid": "PGBASKASIPARIS"}, "order"),
        ({"secure3dhash": None}, "form"),
        ({"secure3dhash": ""}, "form"),
        ({"secure3dhash": bank.form_hash(amount="100")}, "form"),
        ({"secure3dhash": bank.form_hash(currency="840")}, "form"),
        ({"secure3dhash": bank.form_hash(count="3")}, "form"),
        ({"eci": None}, "required"),
    ],
    ids=str,
)
def test_a_signed_message_of_something_else_is_refused(changes, reason):
    assert refusal(bank.genuine(**changes)) == reason


def test_digits_do_not_move_between_terminal_and_order():
    moved = bank.genuine(clientid=bank.TERMINAL_ID[:-1], oid="7" + bank.ORDER_ID)
    assert refusal(moved) == "merchant"


def test_repeated_names_are_refused():
    assert refusal([*bank.genuine(), ("MDSTATUS", "1")]) == "repeated"


def test_another_amount_in_the_message_shows():
    outcome = meaning(bank.genuine(txnamount="100"))
    assert outcome.result is Result.UNRESOLVED
    assert differences(bank.order(), outcome) == ("amount",)


def test_a_system_error_without_a_hash_only_leads_to_an_inquiry():
    proven = verified(bank.system_error())
    outcome = garanti.parse(bank.terminal(), proven)
    assert proven.by == "nothing"
    assert (outcome.result, outcome.follow_up) == (
        Result.UNRESOLVED,
        Operation.INQUIRY,
    )
    assert (outcome.md_status, outcome.bank_code) == ("7", "99")


@pytest.mark.parametrize(
    "changes",
    [
        {"mdstatus": "1"},
        {"mdstatus": None},
        {"response": "Approved"},
        {"procreturncode": "00"},
        {"oid": "PGBASKASIPARIS"},
        {"clientid": "1"},
        {"secure3dhash": "0" * 128},
        {"hash": ""},
    ],
    ids=str,
)
def test_a_message_without_a_hash_is_believed_nothing_more(changes):
    refusal(bank.system_error(**changes))


# --- what returns mean --------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, "limit"),
        ({"procreturncode": "05", "authcode": ""}, "do_not_honour"),
        ({"mdstatus": "0", "procreturncode": "", "response": ""}, "three_d_failed"),
        ({"mdstatus": "7", "procreturncode": "99", "response": "Error"}, None),
    ],
    ids=str,
)
def test_a_signed_refusal_declines(changes, reason):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.DECLINED
    assert outcome.follow_up is None
    assert outcome.reason == (reason or "three_d_failed")


@pytest.mark.parametrize(
    "changes",
    [
        {"procreturncode": "92"},
        {"procreturncode": "91"},
        {"procreturncode": "96"},
        {"procreturncode": "77"},
        {"procreturncode": "99"},
        {"procreturncode": "00"},
        {"procreturncode": "", "response": ""},
        {"authcode": "304917"},
        {"response": "Onay"},
        {"response": "Approved"},
        {"mdstatus": "x"},
        {"mdstatus": ""},
        {"mdstatus": "11"},
    ],
    ids=str,
)
def test_whatever_is_not_known_for_certain_is_asked(changes):
    outcome = meaning(bank.declined(**changes))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.follow_up is Operation.INQUIRY


def test_a_payment_is_not_turned_into_a_refusal_by_moving_letters():
    """The values are glued: code and response may pose as an authorisation code."""
    paid = bank.genuine(cavv="7" + bank.GENUINE["cavv"])
    fields = dict(paid)
    fields |= {"authcode": "30491700Approved1", "procreturncode": "", "response": ""}
    fields |= {"mdstatus": "7", "cavv": bank.GENUINE["cavv"]}
    assert bank.sign(fields)[-1] == paid[-1]
    assert meaning(fields.items()).result is Result.UNRESOLVED


# --- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "kind", "amount"),
    [
        (Operation.INQUIRY, "orderinq", "100"),
        (Operation.HISTORY, "orderhistoryinq", "100"),
        (Operation.CAPTURE, "postauth", "125040"),
        (Operation.VOID, "void", "100"),
        (Operation.REFUND, "refund", "125040"),
    ],
)
def test_a_call_about_an_order_is_signed_as_its_user(operation, kind, amount):
    is_refund = operation in (Operation.VOID, Operation.REFUND)
    password = bank.PROVRFN if is_refund else bank.PROVAUT
    fields = asked(operation)
    assert fields["Transaction.Type"] == kind
    assert fields["Transaction.Amount"] == amount
    assert fields["Terminal.ProvUserID"] == ("PROVRFN" if is_refund else "PROVAUT")
    text = bank.ORDER_ID + bank.TERMINAL_ID + amount + "949"
    expected = bank.sha("sha512", text + bank.security_data(password))
    assert fields["Terminal.HashData"] == expected
    assert (fields["Version"], fields["Customer.IPAddress"]) == ("512", "203.0.113.7")
    number = fields.get("Transaction.OriginalRetrefNum")
    moves_money = operation not in (Operation.INQUIRY, Operation.HISTORY)
    assert number == ("632500310011" if moves_money else None)


def test_a_part_is_captured_or_refunded():
    for operation in (Operation.CAPTURE, Operation.REFUND):
        fields = asked(operation, amount_kurus=5000)
        assert fields["Transaction.Amount"] == "5000"


def test_the_days_of_a_list_are_told_the_banks_way():
    fields = asked(Operation.DAY_LIST)
    assert fields["Order.StartDate"] == "01/11/2026 00:00"
    assert fields["Order.EndDate"] == "21/11/2026 23:59"
    assert (fields["Order.OrderID"], fields["Transaction.ListPageNum"]) == ("", "1")


@pytest.mark.parametrize(
    "changes",
    [
        {"first_day": None},
        {"last_day": date(2026, 10, 31)},
        {"last_day": date(2026, 12, 1)},
    ],
    ids=str,
)
def test_more_than_thirty_days_are_not_asked(changes):
    with pytest.raises(ValueError, match="30 days"):
        asked(Operation.DAY_LIST, **changes)


def test_card_numbers_are_asked_without_a_currency_in_the_hash():
    fields = asked(Operation.BIN)
    text = KEY + bank.TERMINAL_ID + "1" + bank.security_data(bank.PROVAUT)
    assert fields["Terminal.HashData"] == bank.sha("sha512", text)
    assert "Transaction.CurrencyCode" not in fields


def test_what_the_bank_does_not_offer_is_not_asked():
    for operation in (Operation.POINTS, Operation.SALE, Operation.REGISTER):
        with pytest.raises(ValueError, match="does not offer"):
            asked(operation)


@pytest.mark.parametrize(
    ("operation", "name"),
    [(Operation.INQUIRY, "api_password"), (Operation.VOID, "refund_password")],
)
def test_nothing_is_asked_without_a_password(operation, name):
    with pytest.raises(ValueError, match="password of PROV... is missing"):
        asked(operation, bank.terminal(**{name: Secret("")}))


def test_a_strange_address_of_the_payer_is_left_out():
    order = bank.order(email="şaşkın@ornek.example")
    assert asked(Operation.INQUIRY, order=order)["Customer.EmailAddress"] == ""


# --- what answers mean --------------------------------------------------------------


def test_an_inquiry_books_what_the_bank_has_booked():
    outcome = inquiry()
    assert outcome.result is Result.APPROVED
    assert not differences(bank.order(), outcome)
    assert outcome.amount_kurus == 125040
    assert outcome.references == {"retref_num": "632500310011"}
    assert outcome.standing.state is State.CAPTURED
    assert outcome.standing.captured_kurus == 125040
    assert outcome.at == datetime(2026, 11, 21, 12, 0, 44)


def test_a_reservation_is_told_as_such():
    outcome = inquiry(**bank.PRE_AUTHORISED)
    assert outcome.result is Result.APPROVED
    assert outcome.amount_kurus == 125040
    assert outcome.standing.state is State.AUTHORISED
    assert outcome.standing.kind == "preauth"
    assert outcome.standing.captured_kurus == 0


def test_a_captured_reservation_has_both_amounts():
    book = {"PreAuthAmount": "125040", "AuthAmount": "100000"}
    outcome = inquiry(**book)
    assert outcome.amount_kurus == 100000
    assert outcome.standing.amount_kurus == 125040


@pytest.mark.parametrize(
    ("book", "result"),
    [
        ({"Status": "VOID"}, Result.CANCELLED),
        ({"Status": "REFUNDED"}, Result.APPROVED),
        (
            {"Status": "DECLINED", "Code": "51", "AuthCode": "", "AuthAmount": "0"},
            Result.DECLINED,
        ),
        ({"Status": "DECLINED", "Code": "51"}, Result.UNRESOLVED),
        ({"Status": "DECLINED", "Code": "77", "AuthCode": ""}, Result.UNRESOLVED),
        ({"Status": "DECLINED", "AuthCode": ""}, Result.UNRESOLVED),
        ({"Status": "BEKLIYOR"}, Result.UNRESOLVED),
        ({"Status": ""}, Result.UNRESOLVED),
        ({"AuthAmount": "0"}, Result.UNRESOLVED),
        ({"AuthAmount": "1.250,40"}, Result.UNRESOLVED),
        ({"AuthAmount": ""}, Result.UNRESOLVED),
        ({"Code": ""}, Result.UNRESOLVED),
        ({"Code": "51"}, Result.UNRESOLVED),
    ],
    ids=str,
)
def test_an_order_stands_as_its_state_says(book, result):
    assert inquiry(**book).result is result


def test_another_amount_in_the_books_shows():
    assert differences(bank.order(), inquiry(AuthAmount="100")) == ("amount",)


def test_an_order_that_the_bank_does_not_know_is_not_found():
    outcome = answered(Operation.INQUIRY, bank.unknown_order())
    assert outcome.result is Result.NOT_FOUND
    unknown = bank.answer(Code="92", ReasonCode="0108", AuthCode="")
    assert answered(Operation.HISTORY, unknown).result is Result.NOT_FOUND


def test_wrong_credentials_are_not_an_unknown_order():
    outcome = answered(Operation.INQUIRY, bank.refused()[Operation.INQUIRY])
    assert outcome.result is Result.UNRESOLVED
    assert outcome.reason == "configuration"


def test_a_success_that_the_bank_did_not_sign_is_refused():
    for body in (bank.inquired(HashData=""), bank.inquired(password="falsch")):
        with pytest.raises(Refused, match="hash"):
            answered(Operation.INQUIRY, body)


def test_a_refusal_needs_no_signature():
    body = bank.answer(Code="05", ReasonCode="05", HashData="")
    assert answered(Operation.VOID, body).result is Result.DECLINED


def test_the_old_digest_of_answers_is_known():
    body = bank.inquired(algorithm="sha1")
    assert answered(Operation.INQUIRY, body).result is Result.APPROVED


@pytest.mark.parametrize("password", [bank.PROVRFN, bank.PROVAUT])
def test_either_password_may_sign_a_refund_and_it_is_told_which(password):
    outcome = answered(Operation.REFUND, bank.answer(password=password))
    assert outcome.result is Result.APPROVED
    user = "PROVRFN" if password == bank.PROVRFN else "PROVAUT"
    assert outcome.data == {"signed_by": user}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"OrderID": "PGBASKASIPARIS"}, "order"),
        ({"OrderID": ""}, "order"),
    ],
)
def test_an_answer_about_another_order_is_refused(changes, reason):
    with pytest.raises(Refused, match=reason):
        answered(Operation.INQUIRY, bank.inquired(**changes))


def test_an_answer_of_another_terminal_or_kind_is_refused():
    other = bank.inquired().replace(f"<ID>{bank.TERMINAL_ID}".encode(), b"<ID>30990018")
    with pytest.raises(Refused, match="merchant"):
        answered(Operation.INQUIRY, other)
    with pytest.raises(Refused, match="document"):
        answered(Operation.INQUIRY, b"<CC5Response/>")


def test_a_capture_gives_the_number_that_later_calls_refer_to():
    outcome = answered(Operation.CAPTURE, bank.answer())
    assert outcome.result is Result.APPROVED
    assert outcome.references == {"retref_num": "632500310099"}


@pytest.mark.parametrize(
    ("code", "reason_code", "result"),
    [
        ("92", "0208", Result.DECLINED),
        ("92", "0110", Result.DECLINED),
        ("92", "0002", Result.DECLINED),
        ("92", "0699", Result.DECLINED),
        ("92", "0999", Result.UNRESOLVED),
        ("92", "", Result.UNRESOLVED),
        ("13", "13", Result.DECLINED),
        ("96", "96", Result.UNRESOLVED),
        ("77", "77", Result.UNRESOLVED),
        ("", "", Result.UNRESOLVED),
    ],
)
def test_a_refund_is_refused_only_by_known_codes(code, reason_code, result):
    body = bank.answer(Code=code, ReasonCode=reason_code, password=bank.PROVRFN)
    outcome = answered(Operation.REFUND, body)
    assert outcome.result is result
    assert outcome.hint is None or outcome.hint in Hint


def test_a_history_of_one_row_and_of_several_is_read_newest_first():
    (entry,) = answered(Operation.HISTORY, bank.history(bank.row())).entries
    assert (entry.kind, entry.state) == ("sale", State.CAPTURED)
    refund = bank.row(Type="refund", AuthAmount="5000", RetrefNum="632500310012")
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), refund))
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale"]
    assert outcome.standing.refunded_kurus == 5000
    assert outcome.standing.state is State.PARTIALLY_REFUNDED


def test_a_refused_refund_in_the_history_counts_for_nothing():
    refund = bank.row(Type="refund", Status="01", ReturnCode="92", CurrencyCode="0")
    outcome = answered(Operation.HISTORY, bank.history(bank.row(), refund))
    assert outcome.standing.refunded_kurus == 0
    assert outcome.entries[0].state is State.DECLINED


def test_a_row_that_contradicts_itself_is_unknown():
    row = bank.row(Status="00", ReturnCode="05")
    outcome = answered(Operation.HISTORY, bank.history(row))
    assert outcome.entries[0].state is State.UNKNOWN
    assert outcome.standing is None


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([bank.row(VoidDate="20261121")], State.VOIDED),
        ([bank.row(), bank.row(Type="void")], State.VOIDED),
        ([bank.row(VoidDate="20261121"), bank.row(Type="void")], State.VOIDED),
        ([bank.row(), bank.row(Type="refund"), bank.row(Type="void")], None),
    ],
)
def test_a_void_in_the_history_voids_what_it_can_only_mean(rows, state):
    standing = answered(Operation.HISTORY, bank.history(*rows)).standing
    assert (standing and standing.state) is state


def test_a_captured_reservation_in_the_history():
    reserved = bank.row(Type="preauth", PreAuthAmount="125040", AuthAmount="0")
    captured = bank.row(Type="postauth", AuthAmount="100000")
    body = bank.history(reserved, captured)
    standing = answered(Operation.HISTORY, body).standing
    assert (standing.amount_kurus, standing.captured_kurus) == (125040, 100000)
    assert standing.state is State.CAPTURED


def test_a_list_of_days_is_read_newest_first():
    later = bank.day_row(TrxType="Iade", LastTrxDate="2026-11-21 13:00:00")
    failed = bank.day_row(
        TrxType="On Otorizasyon",
        Status="Basarisiz",
        ResponseCode="14",
        LastTrxDate="2026-11-21 09:00:00",
        InstallmentCnt="3",
    )
    body = bank.day_list(failed, bank.day_row(), later)
    outcome = answered(Operation.DAY_LIST, body)
    assert outcome.result is Result.APPROVED
    assert [entry.kind for entry in outcome.entries] == ["refund", "sale", "preauth"]
    assert outcome.entries[2].state is State.DECLINED
    assert outcome.entries[2].installment_count == 3
    assert outcome.entries[1].currency == "TRY"
    assert outcome.entries[1].order_id == bank.ORDER_ID


def test_a_list_with_more_pages_is_not_taken_for_the_whole():
    outcome = answered(Operation.DAY_LIST, bank.day_list(bank.day_row(), pages="2"))
    assert outcome.result is Result.UNRESOLVED
    assert outcome.data == {"pages": "2"}
    assert len(outcome.entries) == 1


def test_the_longest_number_of_the_list_tells_of_a_card():
    body = bank.bins("454360", "45436001", "45436002", "530596", "4543")
    data = answered(Operation.BIN, body).data
    assert (data["prefix"], data["kind"]) == ("45436001", "credit")
    none = answered(Operation.BIN, body, card_prefix="520000")
    assert none.result is Result.NOT_FOUND


# --- what is kept -------------------------------------------------------------------


def test_no_secret_and_no_card_stays_in_a_text():
    request = talk.request(Operation.VOID)
    form = garanti.build(bank.terminal(), bank.order())
    texts = [repr(request), request.body.decode(), describe(form.fields, garanti.FORM)]
    for secret in bank.SECRETS:
        assert not any(secret in text for text in texts)
    typed = "cardnumber=4543600100000002&cardcvv2=123&cardexpiredatemonth=08"
    typed += "&cardexpiredateyear=30"
    assert mask_text(typed) == (
        "cardnumber=***&cardcvv2=***&cardexpiredatemonth=***&cardexpiredateyear=***"
    )


def test_a_card_number_in_the_message_of_the_bank_is_masked():
    paid = meaning(bank.genuine(errmsg="Kart 4543600100000002"))
    assert "4543600100000002" not in paid.bank_message


def test_the_same_order_gives_the_same_form():
    order = bank.order()
    assert garanti.build(bank.terminal(), order) == garanti.build(
        bank.terminal(), replace(order)
    )
