"""Akbank: signed forms and signed results."""

import json

import pytest
import requests

from .akbank.hashing import compute_hash, form_text
from .akbank_merchant import (
    MERCHANT,
    OLD_SHAPE,
    OLD_SHAPE_KEY,
    card_form,
    form,
    genuine,
    pay,
    sale,
    turkish_now,
)
from .conftest import GOOD_CARD
from .test_simulator import result_of, send_card, send_code

DOCUMENTED_KEY = "3230323530313031303030303030303030305f746573745f6b6579"
DOCUMENTED_FORM = {
    "paymentModel": "3D",
    "txnCode": "3000",
    "merchantSafeId": "00000000000000000000000000000001",
    "terminalSafeId": "00000000000000000000000000000002",
    "orderId": "TAH-2026-000123",
    "lang": "TR",
    "amount": "1250.40",
    "currencyCode": "949",
    "installCount": "1",
    "okUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus",
    "failUrl": "https://tahsilat.ornekbayi.com.tr/pos/donus?hata=1",
    "randomNumber": "AB" * 64,
    "requestDateTime": "2026-11-21T12:00:00.000",
    "creditCard": "5218076007402834",
    "expiredDate": "1130",
    "cvv": "820",
}
DOCUMENTED_HASH = (
    "y2Zj+Tx1XbLLaxsPqFlDj2PYAZk2ntOyfH+/GRr2RFuaxBM3BHsh6sP+RCcsFUN3R7LuAREwrhCGWbZU"
    "ChGw/A=="
)
DOCUMENTED_BODY = {
    "version": "1.00",
    "txnCode": "1000",
    "requestDateTime": "2026-11-21T12:01:00.000",
    "randomNumber": "CD" * 64,
    "terminal": {
        "merchantSafeId": "00000000000000000000000000000001",
        "terminalSafeId": "00000000000000000000000000000002",
    },
    "order": {"orderId": "TAH-2026-000123"},
    "transaction": {
        "amount": "1250.40",
        "currencyCode": 949,
        "motoInd": 0,
        "installCount": 1,
    },
    "secureTransaction": {
        "secureId": "NEN3",
        "secureEcomInd": "02",
        "secureData": "kBMr",
        "secureMd": "F34C",
    },
    "customer": {"ipAddress": "203.0.113.7"},
}
DOCUMENTED_BODY_HASH = (
    "itGQdjxz1KZe9XOG1COlttgui0w7M85QUgbhkYlSqPzPOgYeVkxzBC6nwfdfGEOEkn9WJte8FhXYz8RP"
    "D2IHww=="
)


def test_the_hashes_are_those_of_the_documented_examples():
    assert compute_hash(form_text(DOCUMENTED_FORM), DOCUMENTED_KEY) == DOCUMENTED_HASH
    body = json.dumps(DOCUMENTED_BODY, separators=(",", ":"))
    assert compute_hash(body.encode(), DOCUMENTED_KEY) == DOCUMENTED_BODY_HASH


@pytest.mark.parametrize("count", ["1", "6"])
def test_a_hosted_payment_ends_in_a_signed_result(bank, count):
    fields = form(bank, installCount=count)
    page = requests.post(f"{bank.url}/payhosting", data=fields, timeout=10)
    target, message = result_of(send_code(bank, send_card(bank, page)))
    assert target == fields["okUrl"]
    assert message["hash"] == genuine(message)
    assert message["responseCode"] == "VPS-0000"
    assert message["hostResponseCode"] == "00"
    assert message["amount"] == "1250.40" and message["installCount"] == count
    assert {"amount", "mdStatus", "okUrl"} <= set(message["hashParams"].split("+"))
    (charge,) = bank.get("charges")["charges"]
    assert charge["auth_code"] == message["authCode"]
    assert charge["host_ref"] == message["rrn"] and len(message["rrn"]) == 12
    assert charge["installments"] == {"1": 0}.get(count, 6)


def test_a_form_with_the_card_goes_straight_to_the_one_time_code(bank):
    fields = card_form(bank)
    page = requests.post(f"{bank.url}/securepay", data=fields, timeout=10)
    assert "147258" in page.text
    message = result_of(send_code(bank, page))[1]
    assert message["responseCode"] == "VPS-0000"
    assert message["maskedCardNumber"] == "454360******0002"
    assert GOOD_CARD not in json.dumps([message, bank.get("log")])


def test_the_control_api_takes_the_card_of_the_form(bank):
    refused = card_form(bank, creditCard="4543620500000006")
    assert pay(bank, fields=refused)[1]["fields"]["hostResponseCode"] == "51"


def test_each_address_has_its_payment_model(bank):
    pairs = (("payhosting", card_form(bank)), ("securepay", form(bank)))
    for path, fields in pairs:
        page = requests.post(f"{bank.url}/{path}", data=fields, timeout=10)
        assert "SIM-FIELD" in page.text


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"hash": "x"}, "SIM-HASH"),
        ({"hash": ""}, "SIM-HASH"),
        ({"key": "another"}, "SIM-HASH"),
        ({"merchantSafeId": "0"}, "SIM-TERMINAL"),
        ({"terminalSafeId": "0"}, "SIM-TERMINAL"),
        ({"requestDateTime": "2020-01-01T00:00:00.000"}, "VPS-1073"),
        ({"requestDateTime": turkish_now(hours=-3)}, "VPS-1073"),
        ({"requestDateTime": "now"}, "VPS-1073"),
        ({"orderId": "x" * 37}, "SIM-FIELD"),
        ({"amount": "1250.4"}, "SIM-FIELD"),
        ({"amount": "0.00"}, "SIM-FIELD"),
        ({"installCount": "13"}, "SIM-FIELD"),
        ({"installCount": ""}, "SIM-FIELD"),
        ({"installCount": "2", "currencyCode": "840"}, "SIM-FIELD"),
        ({"randomNumber": "00"}, "SIM-FIELD"),
        ({"txnCode": "1000"}, "SIM-FIELD"),
        ({"okUrl": None}, "SIM-FIELD"),
    ],
)
def test_a_bad_form_is_refused_with_its_code(bank, changes, code):
    page = requests.post(
        f"{bank.url}/payhosting", data=form(bank, **changes), timeout=10
    )
    assert page.status_code == 200 and code in page.text
    assert bank.get("log")["log"][-1]["verdict"] == "refused"


def test_a_used_order_id_is_refused(bank):
    order_id = sale(bank)
    assert pay(bank, orderId=order_id)[1]["refused"] == "VPS-1013"


def test_a_decline_is_signed_and_has_no_real_auth_code(bank):
    fields, answer = pay(bank, "4543620500000006")
    message = answer["fields"]
    assert answer["target"] == fields["failUrl"] and not answer["charged"]
    assert message["responseCode"] == "VPS-1005"
    assert message["hostResponseCode"] == "51" and message["authCode"] == "000000"
    assert message["hash"] == genuine(message)


@pytest.mark.parametrize("fault", ["wrong_3d", "cancel"])
def test_a_refused_authentication_signs_three_fields(bank, fault):
    message = pay(bank, fault=fault)[1]["fields"]
    assert message["hashParams"] == "responseCode+responseMessage+orderId"
    assert message["responseCode"] == "VPS-1279"
    assert message["hash"] == genuine(message)
    assert not bank.get("charges")["charges"]


def test_three_wrong_codes_end_without_a_charge(bank):
    page = requests.post(f"{bank.url}/payhosting", data=form(bank), timeout=10)
    page = send_card(bank, page)
    for _n in range(3):
        page = send_code(bank, page, "000000")
    assert result_of(page)[1]["responseCode"] == "VPS-1279"


def test_a_terminal_of_2024_does_not_sign_the_amount(bank):
    answer = pay(bank, key=OLD_SHAPE_KEY, **OLD_SHAPE)[1]
    message = answer["fields"]
    assert "amount" not in message["hashParams"] and answer["charged"]
    assert message["hash"] == genuine(message, OLD_SHAPE_KEY)


@pytest.mark.parametrize("kind", ["forged_hash", "empty_hash", "truncated_hash"])
def test_a_spoilt_hash_is_not_the_genuine_one(bank, kind):
    message = pay(bank, fault=kind)[1]["fields"]
    assert message["hash"] != genuine(message)


def test_a_missing_hash_is_missing(bank):
    assert "hash" not in pay(bank, fault="missing_hash")[1]["fields"]


def test_a_changed_amount_is_charged_and_genuinely_signed(bank):
    message = pay(bank, fault="changed_amount")[1]["fields"]
    assert message["amount"] == "1251.40" and message["hash"] == genuine(message)
    assert bank.get("charges")["charges"][0]["amount_kurus"] == 125140


def test_the_control_api_signs_an_altered_message(bank):
    altered = {**pay(bank)[1]["fields"], "amount": "1.00"}
    signed = bank.post("sign", client_id=MERCHANT, fields=altered)["fields"]
    assert signed["hash"] == genuine(altered) != altered["hash"]
