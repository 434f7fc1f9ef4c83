"""The hosted payment: hash, form, pages, result, control API."""

import json
import re
import time

import pytest
import requests

from .conftest import GOOD_CARD, STORE_KEY, merchant_hash, start_bank
from .nestpay.hashing import compute_hash, hash_is_genuine

DOCUMENTED_FORM = {
    "clientid": "500990000",
    "storetype": "3d",
    "hashAlgorithm": "ver3",
    "TranType": "Auth",
    "amount": "1250.40",
    "currency": "949",
    "oid": "TAH-2026-000123",
    "okUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus",
    "failUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus?hata=1",
    "lang": "tr",
    "rnd": "c2FtcGxlcm5k",
    "taksit": "",
    "hash": "dzAs6vjkws59jmTRW6pQkA758wOq3fU5nrfuQag/NpNlRb9BH3L80tVAQmcLRwKtY2Wr0I7"
    "+iUf7fV4htZOiAQ==",
}
DOCUMENTED_RETURN = {
    "ReturnOid": "TAH-2026-000123",
    "oid": "TAH-2026-000123",
    "clientid": "500990000",
    "amount": "1250.40",
    "currency": "949",
    "mdStatus": "1",
    "eci": "05",
    "cavv": "AAABBBCCC=",
    "xid": "WFlaMTIz",
    "md": "454360:AB12:3771:##500990000",
    "rnd": "xyz987",
    "hashAlgorithm": "ver3",
    "storetype": "3d",
    "taksit": "",
    "mdErrorMsg": "Y-status",
    "encoding": "UTF-8",
    "HASH": "v74OlFPXIXfVpnY8/LXCq4n30pIdhP9B7rY3Gg4lCnUA2wTFw/td+N/Qyyc+HatZ8Gy3daK"
    "sawW29tnsTEMyzw==",
}


def post_form(bank, fields):
    return requests.post(f"{bank.url}/fim/est3Dgate", data=fields, timeout=10)


def page_action(page, name):
    return re.search(rf'action="(/hosted/[0-9a-f]+/{name})"', page.text)[1]


def send_card(bank, page, number=GOOD_CARD, **changes):
    data = {"number": number, "month": "12", "year": "2035", "code": "000", **changes}
    url = bank.url + page_action(page, "card")
    return requests.post(url, data={"holder": "A", **data}, timeout=10)


def send_code(bank, page, code="147258"):
    url = bank.url + page_action(page, "code")
    return requests.post(url, data={"otp": code}, timeout=10)


def result_of(page):
    """Return target and fields of a result page, as a browser would post them."""
    form = re.search(r'<form id="result" method="post" action="([^"]*)"', page.text)
    pairs = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.text
    )
    return form[1].replace("&amp;", "&"), dict(pairs)


def wait_for(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


@pytest.mark.parametrize("message", [DOCUMENTED_FORM, DOCUMENTED_RETURN])
def test_the_hash_is_that_of_the_documented_example(message):
    claimed = message.get("hash") or message["HASH"]
    assert compute_hash(message, "SKEY4242") == claimed
    assert merchant_hash(message, "SKEY4242") == claimed
    assert hash_is_genuine(message, "SKEY4242")
    assert not hash_is_genuine({**message, "amount": "1250.41"}, "SKEY4242")


def test_pipes_and_backslashes_are_escaped_in_values_and_key():
    fields = {"oid": "a|b\\c", "Amount": "1", "encoding": "x"}
    assert compute_hash(fields, "k|\\") == merchant_hash(fields, "k|\\")
    assert compute_hash(fields, "k") != compute_hash({**fields, "oid": "a\\|b"}, "k")


def test_a_payment_goes_through_card_page_and_one_time_code_to_a_signed_result(bank):
    fields = bank.form(taksit="3", description="Fatura 7 | ğüş")
    page = post_form(bank, fields)
    assert "1,250.40 TL" in page.text and "3 installments" in page.text
    code = send_card(bank, page)
    assert "Test bank: the code is 147258" in code.text
    target, message = result_of(send_code(bank, code))
    assert target == fields["okUrl"]
    assert message["HASH"] == merchant_hash(message)
    assert (message["Response"], message["ProcReturnCode"]) == ("Approved", "00")
    assert message["mdStatus"] == "1" and message["oid"] == fields["oid"]
    assert message["amount"] == "1250.40" and message["taksit"] == "3"
    assert message["maskedCreditCard"] == "454360***0002"
    assert message["description"] == fields["description"]
    assert message["rnd"] != fields["rnd"]
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040 and charge["installments"] == 3
    assert charge["auth_code"] == message["AuthCode"]


def test_sending_the_code_twice_charges_once(bank):
    code = send_card(bank, post_form(bank, bank.form()))
    first = result_of(send_code(bank, code))
    assert result_of(send_code(bank, code)) == first
    assert len(bank.get("charges")["charges"]) == 1


def test_one_wrong_code_may_be_corrected(bank):
    code = send_card(bank, post_form(bank, bank.form()))
    again = send_code(bank, code, "000000")
    assert "Attempts left: 2" in again.text
    assert result_of(send_code(bank, again))[1]["Response"] == "Approved"


def test_three_wrong_codes_return_without_a_charge(bank):
    fields = bank.form()
    page = send_card(bank, post_form(bank, fields))
    for _n in range(3):
        page = send_code(bank, page, "000000")
    target, message = result_of(page)
    assert target == fields["failUrl"] and message["mdStatus"] == "0"
    assert message["Response"] != "Approved" and message["AuthCode"] == ""
    assert message["HASH"] == merchant_hash(message)
    assert not bank.get("charges")["charges"]


@pytest.mark.parametrize("with_card", [False, True])
def test_cancelling_returns_without_a_charge(bank, with_card):
    fields = bank.form()
    page = post_form(bank, fields)
    page = send_card(bank, page) if with_card else page
    url = bank.url + page_action(page, "cancel")
    target, message = result_of(requests.post(url, timeout=10))
    assert target == fields["failUrl"] and message["mdStatus"] == "0"
    assert message["HASH"] == merchant_hash(message)
    assert not bank.get("charges")["charges"]


@pytest.mark.parametrize(
    "changes",
    [
        {"number": "4543600100000001"},
        {"year": "2020"},
        {"month": "13"},
        {"code": "12"},
    ],
)
def test_a_mistyped_card_is_asked_for_again(bank, changes):
    page = send_card(bank, post_form(bank, bank.form()), **changes)
    assert 'role="alert"' in page.text
    assert "147258" in send_card(bank, page).text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hash": "x" * 88}, "3D-1004"),
        ({"hash": ""}, "3D-1004"),
        ({"hashAlgorithm": None}, "3D-1004"),
        ({"clientid": "1"}, "3D-1004"),
        ({"oid": None}, "CORE-1010"),
        ({"oid": "x" * 65}, "CORE-1011"),
        ({"amount": "1.250,40"}, "CORE-1012"),
        ({"amount": "12.345"}, "CORE-1012"),
        ({"amount": "-1"}, "CORE-1012"),
        ({"amount": "0.00"}, "CORE-2009"),
        ({"taksit": "1"}, "CORE-2603"),
        ({"taksit": "13"}, "CORE-2603"),
        ({"currency": "840", "taksit": "2"}, "CORE-2124"),
        ({"storetype": "3d"}, "CORE-1012"),
    ],
)
def test_a_bad_form_is_refused_with_its_code(bank, changes, code):
    fields = bank.form(**changes)
    page = post_form(bank, fields)
    assert page.status_code == 200 and code in page.text
    assert "/hosted/" not in page.text
    entry = bank.get("log")["log"][-1]
    assert entry["verdict"] == "refused" and entry["code"].startswith(code)


def test_a_form_changed_after_signing_is_refused(bank):
    fields = {**bank.form(), "amount": "1.00"}
    assert "3D-1004" in post_form(bank, fields).text


def test_a_repeated_field_is_refused(bank):
    fields = [*bank.form().items(), ("Amount", "1.00")]
    assert "3D-1004" in post_form(bank, fields).text


def test_foreign_currency_is_accepted_as_a_single_payment(bank):
    assert bank.pay(currency="978")[1]["charged"]


def test_a_paid_order_id_is_refused_at_the_form_and_at_the_charge(bank):
    fields = bank.form()
    open_page = post_form(bank, fields)
    assert bank.pay(oid=fields["oid"])[1]["charged"]
    assert "CORE-2507" in post_form(bank, fields).text
    message = result_of(send_code(bank, send_card(bank, open_page)))[1]
    assert message["EXTRA.ERRORCODE"] == "CORE-2507"
    assert message["Response"] == "Error"
    assert len(bank.get("charges")["charges"]) == 1


def test_a_declined_order_id_may_be_tried_again(bank):
    fields, answer = bank.pay("4543620500000006")
    assert not answer["charged"]
    assert bank.pay(oid=fields["oid"])[1]["charged"]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("4543600100000002", "00"),
        ("5400610200000009", "00"),
        ("9792040300000006", "00"),
        ("4543610400000008", "00"),
        ("5400671000000003", "00"),
        ("4543660900000008", "00"),
        ("4543620500000006", "51"),
        ("5400630600000003", "54"),
        ("4543640700000002", "05"),
        ("4111111111111111", "14"),
    ],
)
def test_each_test_card_answers_as_its_table_says(bank, number, code):
    answer = bank.pay(number)[1]
    assert answer["fields"]["ProcReturnCode"] == code
    assert answer["charged"] == (code == "00")


def test_a_card_that_cannot_authenticate_is_not_charged(bank):
    answer = bank.pay("5400650800000009")[1]
    assert answer["fields"]["mdStatus"] == "0" and not answer["charged"]


def test_one_card_insists_on_its_security_code(bank):
    page = send_card(bank, post_form(bank, bank.form()), "4543660900000008")
    assert result_of(send_code(bank, page))[1]["ProcReturnCode"] == "82"


def test_a_debit_card_takes_no_installments(bank):
    answer = bank.pay("4543610400000008", taksit="2")[1]
    assert answer["fields"]["EXTRA.ERRORCODE"] == "CORE-2204"


def test_the_bank_posts_its_own_notice_to_the_callback_url(bank):
    notice_url = f"{bank.merchant.url}/notice"
    fields = bank.form(callbackUrl=notice_url)
    page = send_code(bank, send_card(bank, post_form(bank, fields)))
    returned = result_of(page)[1]
    wait_for(lambda: bank.merchant.received)
    path, notice, _headers = bank.merchant.received[0]
    assert path == "/notice" and notice["AuthCode"] == returned["AuthCode"]
    assert notice["rnd"] != returned["rnd"]
    assert notice["HASH"] == merchant_hash(notice)


def test_the_control_api_charges_without_delivering_and_delivers_on_demand(bank):
    fields, answer = bank.pay(callbackUrl=f"{bank.merchant.url}/notice")
    message = bank.get(f"message/{fields['oid']}")
    assert message["fields"] == answer["fields"]
    assert not bank.merchant.received
    delivered = bank.post(
        f"deliver/{fields['oid']}", times=5, concurrent=True, headers={"X-Key": "k"}
    )
    assert [row["status"] for row in delivered["answers"]] == [303] * 5
    assert len(bank.merchant.received) == 5
    _path, posted, headers = bank.merchant.received[0]
    assert posted == answer["fields"] and headers["X-Key"] == "k"


def test_the_control_api_refuses_a_forged_form_as_the_gate_does(bank):
    fields = {**bank.form(), "amount": "1.00"}
    url = f"{bank.control_url}/charge"
    answer = requests.post(url, json={"fields": fields}, timeout=10)
    assert answer.status_code == 400 and answer.json()["refused"] == "3D-1004"


def test_the_control_api_signs_an_altered_message(bank):
    fields = bank.pay()[1]["fields"]
    altered = {**fields, "amount": "1.00"}
    signed = bank.post("sign", client_id="700655001", fields=altered)["fields"]
    assert signed["HASH"] == merchant_hash(altered) != fields["HASH"]


def test_order_ids_may_hold_slashes(bank):
    bank.pay(oid="INV/2026/00001")
    order = bank.get("orders/INV/2026/00001")
    assert order["charge"]["state"] == "captured"


def test_no_card_number_and_no_security_code_reach_any_log(bank):
    page = send_card(bank, post_form(bank, bank.form()), code="973")
    send_code(bank, page)
    bank.pay()
    send_card(bank, post_form(bank, bank.form()), "4543600100000001", code="973")
    books = json.dumps([bank.get("log"), bank.get("charges")])
    books += json.dumps(
        bank.get("orders/" + bank.get("charges")["charges"][0]["order"])
    )
    books += bank.log_path.read_text(encoding="utf-8")
    assert "454360***0002" in books
    for number in ("454360010000000", "4543 6001"):
        assert number not in books
    assert not re.search(r"\b973\b", books)
    assert STORE_KEY not in books


def test_a_seed_gives_the_same_numbers_again(bank, tmp_path):
    seen = []
    for run in range(2):
        process, started = start_bank(tmp_path / str(run), "--seed", "7")
        fields = bank.form(oid="SEED-1")
        url = f"{started['control']}/charge"
        answer = requests.post(url, json={"fields": fields}, timeout=10).json()
        seen.append(answer["fields"])
        process.terminate()
        assert process.wait(5) == 0
        process.stdout.close()
    names = ("AuthCode", "HostRefNum", "TransId", "rnd", "xid", "cavv")
    assert [seen[0][n] for n in names] == [seen[1][n] for n in names]


def test_an_oversized_body_is_refused(bank):
    answer = post_form(bank, {"oid": "x" * 300_000})
    assert answer.status_code == 413
