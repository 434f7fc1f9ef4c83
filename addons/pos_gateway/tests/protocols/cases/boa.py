"""The banks that speak BOA: what ``kuveyt`` and ``vakif_katilim`` share."""

from functools import partial
from urllib.parse import quote_plus
from xml.sax.saxutils import escape

from pos_gateway.protocols.types import Secret, Terminal

from . import common
from .common import ORDER_ID, base64_of, document, stated

PASSWORD = "CanaryParola/77"
MERCHANT, CUSTOMER, USER = "49077", "400077", "denemeapi"
BANK_ORDER, RRN, STAN, PROVISION = "200000123", "632511004477", "004477", "050560"
MD = "KdZW5lbWUrL0FuYzEyMw=="
REFERENCES = {
    "md": MD,
    "bank_order_id": BANK_ORDER,
    "rrn": RRN,
    "stan": STAN,
    "provision_number": PROVISION,
}


sha = partial(base64_of, "sha1")

HASH_PASSWORD = sha(PASSWORD)
SECRETS = (PASSWORD, HASH_PASSWORD)

terminal = partial(
    Terminal,
    merchant_id=MERCHANT,
    account_id=CUSTOMER,
    api_user=USER,
    api_password=Secret(PASSWORD),
)
order = partial(
    common.order,
    client_ip="203.0.113.7",
    email="bayi@ornek.example",
    references=REFERENCES,
)


def answer_hash(fields, password=PASSWORD):
    names = ("MerchantOrderId", "RRN", "ResponseCode", "OrderId")
    return sha("".join(fields.get(name) or "" for name in names) + sha(password))


RETURNED = {
    "ResponseCode": "00",
    "ResponseMessage": "Kart doğrulandı.",
    "MerchantOrderId": ORDER_ID,
    "OrderId": BANK_ORDER,
    "RRN": "",
    "MD": MD,
}
NOT_AUTHENTICATED = {
    "ResponseCode": "MPIAuthenticationStatusN",
    "ResponseMessage": "Kullanici dogrulanamadi.",
    "OrderId": "0",
}


def returned(**changes):
    """The fields of a genuine return; ``None`` leaves a field out."""
    fields = RETURNED | changes
    return sign(stated(fields))


def sign(fields, key=PASSWORD):
    fields = {name: text for name, text in fields.items() if name != "HashData"}
    return [*fields.items(), ("HashData", answer_hash(fields, key))]


def packed(pairs):
    """A return as Kuveyt Türk posts it: one field with a document in it."""
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in pairs)
    text = f'<?xml version="1.0" encoding="utf-8"?><{CONTRACT}>{inside}</{CONTRACT}>'
    return [("AuthenticationResponse", quote_plus(text, errors="surrogatepass"))]


CONTRACT = "VPosTransactionResponseContract"


SOLD = {
    "VPosMessage": {
        "HashPassword": HASH_PASSWORD,
        "Amount": "125040",
        "MerchantOrderId": ORDER_ID,
        "Products": "",
    },
    "IsEnrolled": "true",
    "ProvisionNumber": PROVISION,
    "RRN": RRN,
    "Stan": STAN,
    "ResponseCode": "00",
    "ResponseMessage": "OTORİZASYON VERİLDİ",
    "OrderId": BANK_ORDER,
    "TransactionTime": "2026-11-21T12:01:28.95",
    "MerchantOrderId": ORDER_ID,
    "MerchantId": "",
}
NOT_SOLD = {
    "ProvisionNumber": None,
    "RRN": "",
    "Stan": None,
    "ResponseCode": "51",
    "ResponseMessage": "Limit Yetersiz.",
    "TransactionTime": "0001-01-01T00:00:00",
}


def sold(password=PASSWORD, **changes):
    """The answer to a charge, signed unless ``HashData`` is given."""
    tree = SOLD | changes
    tree = {"HashData": answer_hash(tree, password)} | tree
    return document(CONTRACT, tree)


def page(action="https://acs.example/pareq", fields=(("PaReq", "ZGVuZW1l"),)):
    """A page that posts itself to the card's bank."""
    inputs = "".join(
        f'<input type="hidden" name="{escape(n)}" value="{escape(v)}">'
        for n, v in fields
    )
    return (
        "<!DOCTYPE html><html><head><title></title></head>"
        '<body onload="OnLoadEvent();">'
        f'<form name="downloadForm" action="{escape(action)}" method="POST">{inputs}'
        '<noscript><input type="submit" value="Submit"></noscript></form>'
        "<script>function OnLoadEvent(){document.downloadForm.submit();}</script>"
        "</body></html>"
    ).encode()


def row(**changes):
    values = {
        "OrderId": BANK_ORDER,
        "MerchantOrderId": ORDER_ID,
        "MerchantId": MERCHANT,
        "CardNumber": "454360******0002",
        "CardExpireDate": "3011",
        "OrderDate": "2026-11-21T12:01:28.95",
        "OrderStatus": "1",
        "LastOrderStatus": "1",
        "TransactionStatus": "1",
        "FirstAmount": "1250.40",
        "CancelAmount": "0.00",
        "DrawbackAmount": "0.00",
        "ClosedAmount": "0.00",
        "FEC": "0949",
        "InstallmentCount": "0",
        "ResponseCode": "00",
        "ResponseExplain": "İşlem gerçekleştirildi.",
        "ProvNumber": PROVISION,
        "RRN": RRN,
        "Stan": STAN,
    }
    return stated(values | changes)
