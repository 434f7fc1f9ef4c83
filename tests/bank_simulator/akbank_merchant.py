"""A merchant of Akbank, with its own signature computation."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta, timezone
from itertools import count

import requests

from .conftest import GOOD_CARD

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
    return fields, bank.charge("akbank", fields, card_number, fault)


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
