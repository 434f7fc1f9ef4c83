"""A merchant at InterPOS: its own way of signing and asking."""

import base64
import hashlib
from itertools import count

import requests

from .conftest import GOOD_CARD

SHOP, USER, PASSWORD, KEY = "7701", "SIM_INTER", "SimInter.1", "SimDn1"
CARD_IN_FORM = {
    "SecureType": "3DPay",
    "CardType": "0",
    "Pan": GOOD_CARD,
    "Expiry": "1235",
    "Cvv2": "000",
}
_numbers = count(1)


def digest(*parts):
    return base64.b64encode(hashlib.sha1("".join(parts).encode()).digest()).decode()


def form(bank, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "ShopCode": SHOP,
        "TxnType": "Auth",
        "SecureType": "3DHost",
        "OrderId": f"DN-{next(_numbers)}",
        "PurchAmount": "1250.4",
        "Currency": "949",
        "InstallmentCount": "",
        "OkUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "Rnd": "r9",
        "Lang": "EN",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    get = fields.get
    fields.setdefault(
        "Hash",
        digest(
            get("ShopCode", "") + get("OrderId", "") + get("PurchAmount", ""),
            get("OkUrl", "") + get("FailUrl", "") + get("TxnType", ""),
            get("InstallmentCount", "") + get("Rnd", "") + KEY,
        ),
    )
    return fields


def is_genuine(message, key=KEY):
    names = message["HASHPARAMS"].rstrip(":").split(":")
    values = [message[name] for name in names]
    assert message["HASHPARAMSVAL"] == "".join(values)
    return message.get("HASH") == digest(*values, key)


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    return fields, bank.charge("interpos", fields, card_number, fault)


def post(bank, fields, page="3DHost"):
    return requests.post(f"{bank.url}/mpi/{page}.aspx", data=fields, timeout=10)


def call(bank, kind, original="", **changes):
    """Send a server call; return the pairs of the answer."""
    fields = {
        "ShopCode": SHOP,
        "UserCode": USER,
        "UserPass": PASSWORD,
        "SecureType": "NonSecure",
        "TxnType": kind,
        "orgOrderId": original,
        "OrderId": "",
        "Lang": "tr",
        **changes,
    }
    answer = post(bank, fields, "Default")
    answer.raise_for_status()
    return dict(pair.split("=", 1) for pair in answer.text.split(";;"))


def refund(bank, oid, amount):
    answer = call(bank, "Refund", oid, PurchAmount=amount, Currency="949")
    return answer["ProcReturnCode"], answer["ErrorCode"]


def sale(bank, **changes):
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderId"]


def settled_sale(bank, **changes):
    oid = sale(bank, **changes)
    bank.post("settle")
    return oid
