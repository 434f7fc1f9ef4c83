"""Albaraka's side for tests: it signs by its own reading of PosNet V1."""

import json
from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, base64_of, stated

KEY = "81,82,83,84,85,86,87,88"
SECRETS = (KEY,)
MERCHANT, TERMINAL, POSNET_ID = "6709922334", "67992233", "1010099"
REFERENCE = "026325881204000191"
LIST = "ECI:CAVV:MdStatus:MdErrorMessage:MD:SecureTransactionId"

terminal = partial(
    Terminal,
    merchant_id=MERCHANT,
    terminal_id=TERMINAL,
    account_id=POSNET_ID,
    store_key=Secret(KEY),
    urls={
        "page": "https://banka.example/SecureVerification.aspx",
        "api": "https://banka.example/MerchantJSONAPI.svc",
    },
)


AUTHENTICATION = {
    "secure_transaction_id": "1010077123456701",
    "cavv": "c3ludGhldGljIGNhdnYgMjBieT0=",
    "eci": "02",
    "md_status": "1",
    "md": "0161010077123456701,0161010077123456701",
}


order = partial(
    common.order,
    references=AUTHENTICATION,
)


def sha(*texts, key=KEY):
    return base64_of("sha256", "".join(texts) + key)


GENUINE = {
    "CCPrefix": "540061",
    "TranType": "Sale",
    "Amount": "125040",
    "OrderId": ORDER_ID,
    "MerchantId": MERCHANT,
    "CAVV": AUTHENTICATION["cavv"],
    "CAVVAlgorithm": "3",
    "ECI": "02",
    "MD": AUTHENTICATION["md"],
    "MdErrorMessage": "Authenticated",
    "MdStatus": "1",
    "SecureTransactionId": AUTHENTICATION["secure_transaction_id"],
    "CurrencyCode": "949",
    "InstalmentCode": "0",
    "VtfCode": "",
    "PointAmount": "",
}


def fields(**changes):
    """The fields of a genuine return with changes; ``None`` leaves a field out."""
    return stated(GENUINE | changes)


def sign(values, key=KEY):
    texts = [values.get(name, "") for name in LIST.split(":")]
    plain = {n: v for n, v in values.items() if n not in ("MacParams", "Mac")}
    signature = sha(*texts, key=key)
    return [*plain.items(), ("MacParams", LIST), ("Mac", signature)]


def genuine(**changes):
    return sign(fields(**changes))


def declined():
    return genuine(MdStatus="0", CAVV="", ECI="", MdErrorMessage="Not authenticated")


def document(code="00", text="Onaylandı", **tree):
    head = {"ResponseCode": code, "ResponseDescription": text}
    return json.dumps({"ServiceResponseData": head} | tree).encode()


def sold(**changes):
    tree = {
        "AuthCode": "881204",
        "ReferenceCode": REFERENCE,
        "PointDataList": [{"Point": "0"}, {"Point": "1"}],
        "InstallmentData": {"InstallmentCount": "0", "Amount": 0},
        "MessageData": None,
    }
    return document(**tree | changes)


def done(**changes):
    return document(**{"AuthCode": "881205", "ReferenceCode": "0" * 18} | changes)


def not_done(code):
    return document(code, "ISLEM YAPILAMADI")


def row(kind="Sale", amount="1250,40", **changes):
    """One transaction of an inquiry."""
    values = {
        "Amount": amount,
        "AuthCode": "881204",
        "CardNo": "540061******4581",
        "CurrencyCode": "TL",
        "HostLogKey": REFERENCE,
        "OrderId": f"TDS_{ORDER_ID}",
        "TransactionDate": "2026-11-2112:00:44.909",
        "TransactionStatus": "1",
        "TransactionType": kind,
    }
    return stated(values | changes)


def found(*rows, code="0000"):
    return document(code, "Başarılı", TransactionData=list(rows))


def answers():
    return {
        Operation.SALE: sold(),
        Operation.INQUIRY: found(row()),
        Operation.CAPTURE: done(),
        Operation.VOID: done(),
        Operation.REFUND: done(ReferenceCode=""),
    }


def refused():
    return {
        Operation.SALE: not_done("0051"),
        Operation.INQUIRY: not_done("0148"),
        Operation.CAPTURE: not_done("0206"),
        Operation.VOID: not_done("0211"),
        Operation.REFUND: not_done("0411"),
    }


def unknown_order():
    return not_done("E219")
