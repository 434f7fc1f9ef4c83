"""Akbank: signed forms, results and the JSON API."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from itertools import count

import pytest
import requests

from .akbank.hashing import compute_hash, form_text
from .conftest import GOOD_CARD
from .test_simulator import result_of, send_card, send_code

MERCHANT, TERMINAL = (
    "2F6A1B0C9D8E47A5B3C2D1E0F9A8B7C6",
    "7E5D4C3B2A190817F6E5D4C3B2A19081",
)
KEY = "53494d5f616b62616e6b5f7365637265745f303031"
OLD_SHAPE = {
    "merchantSafeId": "4B7C1D2E3F405162738495A6B7C8D9EA",
    "terminalSafeId": "8F6E5D4C3B2A19080706F5E4D3C2B1A0",
}
OLD_SHAPE_KEY = "53494d5f616b62616e6b5f7365637265745f303032"
PROCESS = "/api/v1/payment/virtualpos/transaction/process"
REPORT = "/api/v1/payment/virtualpos/portal/report/transaction"
SIGNED_ORDER = (
    "paymentModel txnCode merchantSafeId terminalSafeId orderId lang amount "
    "ccbRewardAmount pcbRewardAmount xcbRewardAmount currencyCode installCount okUrl "
    "failUrl emailAddress subMerchantId creditCard expiredDate cvv randomNumber "
    "requestDateTime b2bIdentityNumber"
).split()
_numbers = count(1)

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


def merchant_sign(text, key=KEY):
    """The merchant's own computation, apart from the bank's."""
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha512)
    return base64.b64encode(digest.digest()).decode()


def turkish_now(**shift):
    now = datetime.now(timezone(timedelta(hours=3))) + timedelta(**shift)
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + f"{now.microsecond // 1000:03d}"


def form(bank, key=KEY, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "paymentModel": "3D_PAY_HOSTING",
        "txnCode": "3000",
        "merchantSafeId": MERCHANT,
        "terminalSafeId": TERMINAL,
        "orderId": f"AKB-{next(_numbers)}",
        "lang": "EN",
        "amount": "1250.40",
        "currencyCode": "949",
        "installCount": "1",
        "okUrl": f"{bank.merchant.url}/return",
        "failUrl": f"{bank.merchant.url}/return?failed=1",
        "randomNumber": "0a" * 64,
        "requestDateTime": turkish_now(),
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    text = "".join(fields.get(name, "") for name in SIGNED_ORDER)
    fields.setdefault("hash", merchant_sign(text, key))
    return fields


def card_form(bank, **changes):
    card = {"creditCard": GOOD_CARD, "expiredDate": "1235", "cvv": "000"}
    return form(bank, **{"paymentModel": "3D_PAY", **card, **changes})


def pay(bank, card_number=GOOD_CARD, fault=None, fields=None, **changes):
    fields = fields or form(bank, **changes)
    body = {"fields": fields, "card_number": card_number, "fault": fault}
    url = f"{bank.control_url}/charge"
    return fields, requests.post(
        url, json={**body, "family": "akbank"}, timeout=10
    ).json()


def send(bank, txn_code, order_id="", path=PROCESS, key=KEY, **changes):
    """Send an API request; return the whole HTTP answer."""
    message = {
        "version": "1.00",
        "txnCode": txn_code,
        "requestDateTime": turkish_now(),
        "randomNumber": "0b" * 64,
        "terminal": {"merchantSafeId": MERCHANT, "terminalSafeId": TERMINAL},
        "order": {"orderId": order_id},
        **changes,
    }
    body = json.dumps(message, ensure_ascii=False)
    headers = {
        "auth-hash": merchant_sign(body, key),
        "Content-Type": "application/json",
    }
    return requests.post(
        bank.url + path, data=body.encode(), headers=headers, timeout=10
    )


def api(bank, txn_code, order_id="", **changes):
    answer = send(bank, txn_code, order_id, **changes)
    answer.raise_for_status()
    return answer.json()


def amount(value):
    return {"transaction": {"amount": value, "currencyCode": 949}}


def genuine(message, key=KEY):
    names = message["hashParams"].split("+")
    return merchant_sign("".join(message[name] for name in names), key)


def sale(bank, **changes):
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["orderId"]


def settled_sale(bank, **changes):
    order_id = sale(bank, **changes)
    bank.post("settle")
    return order_id


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


def test_wrong_credentials_learn_nothing(bank):
    order_id = sale(bank)
    other = {"merchantSafeId": MERCHANT, "terminalSafeId": "0"}
    for changes in ({"key": "x"}, {"terminal": other}, {"terminal": None}):
        answer = send(bank, "1010", order_id, **changes)
        assert answer.status_code == 401 and order_id not in answer.text


def test_a_bad_request_is_answered_with_http_400(bank):
    assert requests.post(bank.url + PROCESS, data="x", timeout=10).status_code == 400
    assert send(bank, "9999").status_code == 400
    assert send(bank, "1002", sale(bank), **amount("1,00")).status_code == 400


def test_a_wrong_clock_is_refused(bank):
    answer = api(bank, "1010", sale(bank), requestDateTime=turkish_now(hours=1))
    assert answer["responseCode"] == "VPS-1073"
    assert "txnDetailList" not in answer


def test_a_sale_without_3d_is_refused(bank):
    assert api(bank, "1000", "X", **amount("1.00"))["responseCode"] == "VPS-1005"


def test_an_unknown_order_is_not_found(bank):
    assert api(bank, "1010", "NEVER")["responseCode"] == "VPS-1123"
    assert api(bank, "1003", "NEVER")["responseCode"] == "VPS-1007"
    assert api(bank, "1002", "NEVER", **amount("1"))["responseCode"] == "VPS-1007"


@pytest.mark.parametrize("path", [PROCESS, REPORT])
def test_the_history_tells_the_sale(bank, path):
    order_id = sale(bank)
    (row,) = api(bank, "1010", order_id, path=path)["txnDetailList"]
    assert row["amount"] == 1250.4 and row["txnStatus"] == "N"
    assert row["txnCode"] == "1000" and row["installCount"] == 1
    charge = bank.get(f"orders/{order_id}")["charge"]
    assert (row["authCode"], row["rrn"]) == (charge["auth_code"], charge["host_ref"])


def test_a_declined_sale_is_in_the_history(bank):
    fields, _answer = pay(bank, "4543620500000006")
    (row,) = api(bank, "1010", fields["orderId"])["txnDetailList"]
    assert (row["responseCode"], row["hostResponseCode"]) == ("VPS-1005", "51")


def test_a_sale_is_voided_once_before_settlement(bank):
    order_id = sale(bank)
    answer = api(bank, "1003", order_id)
    assert answer["responseCode"] == "VPS-0000" and answer["transaction"]["authCode"]
    assert api(bank, "1010", order_id)["txnDetailList"][0]["txnStatus"] == "V"
    assert api(bank, "1003", order_id)["responseCode"] == "VPS-1008"
    assert api(bank, "1002", order_id, **amount("1"))["responseCode"] == "VPS-1008"


def test_a_settled_sale_is_not_voided_and_an_open_one_not_refunded(bank):
    assert api(bank, "1003", settled_sale(bank))["responseCode"] == "VPS-1005"
    answer = api(bank, "1002", sale(bank), **amount("1.00"))
    assert answer["responseCode"] == "VPS-1005"


def test_partial_refunds_repeat_until_nothing_is_left(bank):
    order_id = settled_sale(bank)
    for value, code in (
        ("1000.00", "VPS-0000"),
        ("250.41", "VPS-1005"),
        (250.4, "VPS-0000"),
        ("0.01", "VPS-1005"),
    ):
        answer = api(bank, "1002", order_id, **amount(value))
        assert answer["responseCode"] == code
    rows = api(bank, "1010", order_id)["txnDetailList"]
    good = [row for row in rows if row["responseCode"] == "VPS-0000"]
    assert [(row["txnCode"], row["txnStatus"], row["amount"]) for row in good] == [
        ("1000", "R", 1250.4),
        ("1002", "N", 1000),
        ("1002", "N", 250.4),
    ]
    assert bank.get("charges")["charges"][0]["refunded_kurus"] == 125040


def test_a_refund_in_another_currency_is_refused(bank):
    transaction = {"amount": "1.00", "currencyCode": 840}
    answer = api(bank, "1002", settled_sale(bank), transaction=transaction)
    assert answer["responseCode"] == "VPS-1005"


def test_a_preauthorisation_is_captured_once_in_part(bank):
    order_id = sale(bank, txnCode="3004")
    (row,) = api(bank, "1010", order_id)["txnDetailList"]
    assert (row["txnCode"], row["preAuthStatus"]) == ("1004", "O")
    assert api(bank, "1005", order_id, **amount("1250.41"))["responseCode"] != (
        "VPS-0000"
    )
    assert api(bank, "1005", order_id, **amount("1000"))["responseCode"] == "VPS-0000"
    first, second = api(bank, "1010", order_id)["txnDetailList"]
    assert first["preAuthStatus"] == "C" and first["preAuthCloseAmount"] == 1000
    assert second["txnCode"] == "1005" and second["orgOrderId"] == order_id
    assert api(bank, "1005", order_id, **amount("1"))["responseCode"] == "VPS-1005"
    assert api(bank, "1005", sale(bank), **amount("1"))["responseCode"] == "VPS-1007"


def test_the_list_of_a_day_or_a_batch(bank):
    order_id = sale(bank)
    batch = api(bank, "1010", order_id)["txnDetailList"][0]["batchNumber"]
    day = {
        "startDateTime": turkish_now(hours=-1),
        "endDateTime": turkish_now(hours=22),
    }
    for report in (day, {"batchNumber": batch}):
        answer = api(bank, "1009", path=REPORT, report=report)
        assert [row["orderId"] for row in answer["txnDetailList"]] == [order_id]
    day["startDateTime"] = turkish_now(hours=-3)
    answer = api(bank, "1009", path=REPORT, report=day)
    assert answer["responseCode"] == "VPS-2229"
    assert send(bank, "1009", report=day).status_code == 400
    assert send(bank, "1003", path=REPORT).status_code == 400
    assert send(bank, "1009", path=REPORT).status_code == 400


def test_faults_of_the_api_act_after_or_before_executing(bank):
    order_id = sale(bank)
    bank.post("fault", kind="api_500", operation="void")
    assert send(bank, "1003", order_id).status_code == 500
    assert bank.get(f"orders/{order_id}")["charge"]["state"] == "captured"
    bank.post("fault", kind="api_drop", operation="void", order_id=order_id)
    with pytest.raises(requests.ConnectionError):
        send(bank, "1003", order_id)
    assert bank.get(f"orders/{order_id}")["charge"]["state"] == "voided"
    bank.post("fault", kind="api_garbage", operation="status")
    with pytest.raises(requests.JSONDecodeError):
        api(bank, "1010", order_id)
    assert bank.verdicts(order_id)[-2:] == [("status", "approved"), ("status", "fault")]
