"""A merchant at PayFor: its own way of signing and asking."""

import base64
import hashlib
from itertools import count

import requests
from lxml import etree

from .conftest import GOOD_CARD

MERCHANT, USER, PASSWORD, KEY = (
    "085300000077001",
    "SIM_API",
    "SimUser.1",
    "SimPass01",
)
KATILIM = {
    "MbrId": "12",
    "MerchantID": "120000000077002",
    "UserCode": "SIM_KATILIM",
}
KATILIM_KEY = "SimPass02"
CARD_IN_FORM = {
    "SecureType": "3DPay",
    "CardHolderName": "DENEME KART",
    "Pan": GOOD_CARD,
    "Expiry": "1235",
    "Cvv2": "000",
}
_numbers = count(1)


def digest(*parts, name="sha1"):
    return base64.b64encode(
        hashlib.new(name, "".join(parts).encode()).digest()
    ).decode()


def sign_form(fields, key=KEY):
    get = fields.get
    return digest(
        get("MbrId", "") + get("OrderId", "") + get("PurchAmount", ""),
        get("OkUrl", "") + get("FailUrl", "") + get("TxnType", ""),
        get("InstallmentCount", "") + get("Rnd", "") + key,
    )


def form(bank, key=KEY, **changes):
    """Return a signed form; a change to None takes the field away."""
    fields = {
        "MbrId": "5",
        "MerchantID": MERCHANT,
        "UserCode": USER,
        "OrderId": f"PF-{next(_numbers)}",
        "Lang": "EN",
        "SecureType": "3DHost",
        "TxnType": "Auth",
        "PurchAmount": "1250.4",
        "InstallmentCount": "0",
        "Currency": "949",
        "OkUrl": f"{bank.merchant.url}/return",
        "FailUrl": f"{bank.merchant.url}/return?failed=1",
        "Rnd": "a1b2c3",
        **changes,
    }
    fields = {name: value for name, value in fields.items() if value is not None}
    fields.setdefault("Hash", sign_form(fields, key))
    return fields


def is_genuine(message, name="sha1"):
    expected = digest(
        MERCHANT + KEY + message["OrderId"] + message["AuthCode"],
        message["ProcReturnCode"] + message["3DStatus"],
        message["ResponseRnd"] + USER,
        name=name,
    )
    return message.get("ResponseHash") == expected


def pay(bank, card_number=GOOD_CARD, fault=None, **changes):
    fields = form(bank, **changes)
    return fields, bank.charge("payfor", fields, card_number, fault)


def post(bank, fields, page="Gateway/3DHost.aspx"):
    return requests.post(f"{bank.url}/{page}", data=fields, timeout=10)


def request_fields(secure_type, kind, **changes):
    return {
        "MbrId": "5",
        "MerchantId": MERCHANT,
        "UserCode": USER,
        "UserPass": PASSWORD,
        "SecureType": secure_type,
        "TxnType": kind,
        "Lang": "TR",
        **changes,
    }


def call(bank, secure_type, kind, **changes):
    """Send a PayforRequest; return the answer's root."""
    root = etree.Element("PayforRequest")
    for name, value in request_fields(secure_type, kind, **changes).items():
        etree.SubElement(root, name).text = value
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    url = f"{bank.url}/Gateway/XMLGate.aspx"
    answer = requests.post(url, data=body, timeout=10)
    answer.raise_for_status()
    return etree.fromstring(answer.content)


def book(bank, kind, oid, amount=None, **changes):
    """Send a capture, void or refund; return ProcReturnCode."""
    if amount:
        changes["PurchAmount"] = amount
    changes = {"OrgOrderId": oid, "Currency": "949", **changes}
    return call(bank, "NonSecure", kind, **changes).findtext("ProcReturnCode")


def status(bank, oid, **changes):
    root = call(bank, "Inquiry", "OrderInquiry", OrgOrderId=oid, **changes)
    return {node.tag: node.text or "" for node in root}


def sale(bank, **changes):
    fields, answer = pay(bank, **changes)
    assert answer["charged"]
    return fields["OrderId"]


def settled_sale(bank, **changes):
    oid = sale(bank, **changes)
    bank.post("settle")
    return oid
