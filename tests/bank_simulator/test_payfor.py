"""PayFor: signed forms and results."""

import pytest
import requests

from .conftest import GOOD_CARD
from .payfor.hashing import form_hash, return_hash
from .payfor_merchant import (
    CARD_IN_FORM,
    KATILIM,
    KATILIM_KEY,
    form,
    is_genuine,
    pay,
    post,
    sign_form,
    status,
)
from .test_simulator import page_action, result_of, send_card, send_code


def test_the_digests_are_those_of_the_documented_examples():
    address = "https://tahsilat.ornekbayi.com.tr/pos/donus"
    fields = {
        "MbrId": "5",
        "OrderId": "TAH-2026-000123",
        "PurchAmount": "1250.40",
        "OkUrl": address,
        "FailUrl": f"{address}?hata=1",
        "TxnType": "Auth",
        "InstallmentCount": "0",
        "Rnd": "a1b2c3",
    }
    assert form_hash(fields, "Mp9xYz12") == "J3nin7abQJdzQtRDfwJebrel2nE="
    message = {
        "OrderId": "TAH-2026-000123",
        "AuthCode": "",
        "ProcReturnCode": "V033",
        "3DStatus": "1",
        "ResponseRnd": "PF639300000000000001",
        "HashType": "Sha1",
    }
    whose = ("085300000099999", "TAHSILAT_API", "Mp9xYz12")
    assert return_hash(message, *whose) == "jcwikwajl4Bud3QtB5Q3cWB8Dr8="
    del message["HashType"]
    assert len(return_hash(message, *whose)) == 44


def test_a_hosted_payment_goes_through_the_pages_to_a_signed_result(bank):
    fields = form(bank, InstallmentCount="6")
    code = send_card(bank, post(bank, fields))
    target, message = result_of(send_code(bank, code))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("1", "00")
    assert message["PurchAmount"] == "1250.4" and message["InstallmentCount"] == "6"
    assert message["Hash"] == fields["Hash"] and message["TxnResult"] == "Success"
    assert message["CardMask"] == "454360******0002" and "UserCode" not in message
    (charge,) = bank.get("charges")["charges"]
    assert charge["amount_kurus"] == 125040 and charge["installments"] == 6
    assert charge["auth_code"] == message["AuthCode"]


def test_a_card_in_the_form_goes_straight_to_the_one_time_code(bank):
    fields = form(bank, **CARD_IN_FORM)
    page = post(bank, fields, "Gateway/Default.aspx")
    assert "147258" in page.text and 'name="number"' not in page.text
    target, message = result_of(send_code(bank, page))
    assert target == fields["OkUrl"] and is_genuine(message)
    assert not {"Pan", "Expiry", "Cvv2", "CardHolderName"} & set(message)


@pytest.mark.parametrize(
    ("changes", "page", "code"),
    [
        (CARD_IN_FORM, "Gateway/Default.aspx", "V034"),
        ({}, "Gateway/3DHost.aspx", "MR15"),
    ],
)
def test_three_wrong_codes_return_without_a_charge(bank, changes, page, code):
    fields = form(bank, **changes)
    answer = post(bank, fields, page)
    if not changes:
        answer = send_card(bank, answer)
    for _n in range(3):
        answer = send_code(bank, answer, "000000")
    target, message = result_of(answer)
    assert target == fields["FailUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("-1", code)
    assert not bank.get("charges")["charges"]


def test_cancelling_returns_without_a_charge(bank):
    url = bank.url + page_action(post(bank, form(bank)), "cancel")
    message = result_of(requests.post(url, timeout=10))[1]
    assert message["3DStatus"] == "0" and is_genuine(message)


def test_a_decline_carries_the_issuers_code(bank):
    fields, answer = pay(bank, "4543620500000006")
    message = answer["fields"]
    assert answer["target"] == fields["FailUrl"] and is_genuine(message)
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("1", "51")
    assert status(bank, fields["OrderId"])["TxnStatus"] == "N"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Hash": "x"}, "M030"),
        ({"MbrId": "12"}, "M013"),
        ({"UserCode": "X"}, "M015"),
        ({"Rnd": None}, "M001"),
        ({"PurchAmount": "1.250,40"}, "M004"),
        ({"PurchAmount": "0"}, "M019"),
        ({"PurchAmount": "200000.01"}, "M019"),
        ({"Currency": "1"}, "M003"),
        ({"OkUrl": "https://a.example/" + "x" * 200}, "M010"),
        ({"InstallmentCount": None}, "V023"),
        ({"InstallmentCount": "1"}, "V024"),
        ({"Currency": "840", "InstallmentCount": "2"}, "V024"),
        ({"SecureType": "3DPay"}, "V010"),
        ({"Pan": GOOD_CARD}, "M008"),
    ],
)
def test_a_bad_form_is_told_to_the_merchant_with_its_code(bank, changes, code):
    fields = form(bank, **changes)
    target, message = result_of(post(bank, fields))
    assert target == fields["FailUrl"] and "HashType" not in message
    assert (message["3DStatus"], message["ProcReturnCode"]) == ("-1", code)
    assert len(message["ResponseHash"]) == 44 and "Pan" not in message
    assert bank.get("log")["log"][-1]["code"].startswith(code)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"Pan": "4543600100000001"}, "M008"),
        ({"Expiry": "1220"}, "M006"),
        ({"Cvv2": "12"}, "M005"),
    ],
)
def test_a_mistyped_card_in_the_form_is_refused(bank, changes, code):
    fields = form(bank, **{**CARD_IN_FORM, **changes})
    message = result_of(post(bank, fields, "Gateway/Default.aspx"))[1]
    assert message["ProcReturnCode"] == code


def test_an_unknown_merchant_gets_an_error_page(bank):
    page = post(bank, form(bank, MerchantID="1"))
    assert "V001" in page.text and 'id="result"' not in page.text


def test_an_order_id_is_used_once_even_after_a_decline(bank):
    fields, _answer = pay(bank, "4543620500000006")
    message = result_of(post(bank, form(bank, OrderId=fields["OrderId"])))[1]
    assert message["ProcReturnCode"] == "101310" and is_genuine(message, "sha256")


@pytest.mark.parametrize(
    "kind", ["forged_hash", "empty_hash", "missing_hash", "truncated_hash"]
)
def test_a_spoilt_signature_does_not_verify(bank, kind):
    answer = pay(bank, fault=kind)[1]
    assert answer["charged"] and not is_genuine(answer["fields"])
    assert ("ResponseHash" in answer["fields"]) == (kind != "missing_hash")


def test_a_changed_amount_is_outside_of_the_signature(bank):
    fields, answer = pay(bank, fault="changed_amount")
    message = answer["fields"]
    assert message["PurchAmount"] == "1251.40" and is_genuine(message)
    assert message["Hash"] == sign_form({**fields, "PurchAmount": "1251.40"})
    assert status(bank, fields["OrderId"])["PurchAmount"] == "1251.40"


def test_the_other_bank_has_another_member_and_a_hash_that_does_not_verify(bank):
    fields = form(bank, KATILIM_KEY, **KATILIM)
    code = send_card(bank, post(bank, fields, "Mpi/3DHost.aspx"))
    message = result_of(send_code(bank, code))[1]
    whose = (KATILIM["MerchantID"], KATILIM["UserCode"], KATILIM_KEY)
    assert message["ProcReturnCode"] == "00"
    assert message["ResponseHash"] != return_hash(message, *whose)
    whose = {"MbrId": "12", "MerchantId": KATILIM["MerchantID"]}
    assert status(bank, fields["OrderId"], **whose)["TxnStatus"] == "Y"
