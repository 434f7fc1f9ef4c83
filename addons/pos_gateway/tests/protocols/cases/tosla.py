"""Tosla's side for tests: it signs by its own reading of Tosla's pages."""

import json
from datetime import UTC, datetime
from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import ORDER_ID, base64_of, stated

API_PASSWORD = "Kanarya*Parola.55"
SECRETS = (API_PASSWORD,)
CLIENT_ID, API_USER = "1000077321", "BAYI_DENEME_API"
SESSION = "P5AD0F3B28C1E94D7716A0B55E2F8C3D9471E60A2B7D8C4F9E1A3B5C7D9F0A2B4"
NONCE = "5f0d3c0e00014c1e9c115f0d3c0e0001"
TRANSACTION = "2000000000771204"
LIST = "ClientId ApiUser OrderId MdStatus BankResponseCode BankResponseMessage".split()
LIST += ["RequestStatus"]

terminal = partial(
    Terminal,
    merchant_id=CLIENT_ID,
    api_user=API_USER,
    api_password=Secret(API_PASSWORD),
    urls={"api": "https://banka.example/api/Payment"},
)
order = partial(
    common.order,
    at=datetime(2026, 11, 21, 22, 59, tzinfo=UTC),
)


def sha(*texts, key=API_PASSWORD):
    return base64_of("sha512", key + "".join(texts))


GENUINE = {
    "ClientId": CLIENT_ID,
    "OrderId": ORDER_ID,
    "MdStatus": "1",
    "ThreeDSessionId": SESSION,
    "BankResponseCode": "00",
    "BankResponseMessage": "İşlem onaylandı",
    "RequestStatus": "1",
}


def fields(**changes):
    """The fields of a return with changes; ``None`` leaves a field out."""
    return stated(GENUINE | changes)


def sign(values, key=API_PASSWORD):
    told = values | {"ClientId": CLIENT_ID, "ApiUser": API_USER}
    signature = sha(*(told.get(name, "") for name in LIST), key=key)
    plain = {n: v for n, v in values.items() if n not in ("HashParameters", "Hash")}
    return [*plain.items(), ("HashParameters", ",".join(LIST)), ("Hash", signature)]


def genuine(**changes):
    """A paid return; ``None`` leaves a field out."""
    return sign(fields(**changes))


def declined():
    told = {"MdStatus": "1", "BankResponseCode": "51", "RequestStatus": "0"}
    return genuine(**told, BankResponseMessage="Limit yetersiz")


def document(**tree):
    return json.dumps(tree).encode()


def opened(**changes):
    tree = {"ThreeDSessionId": SESSION, "TransactionId": TRANSACTION}
    return document(**tree | {"Code": 0, "Message": "Başarılı"} | changes)


def done(**changes):
    """The answer to a capture, void or refund that was done."""
    tree = {
        "OrderId": ORDER_ID,
        "BankResponseCode": "00",
        "BankResponseMessage": None,
        "AuthCode": "S77120",
        "HostReferenceNumber": "632577120401",
        "TransactionId": TRANSACTION,
        "Code": 0,
        "Message": "Başarılı",
    }
    return document(**tree | changes)


def not_done(code, **changes):
    nothing = {"BankResponseCode": None, "AuthCode": None, "HostReferenceNumber": None}
    nothing |= {"TransactionId": None, "Code": code, "Message": "Hata"}
    return done(**nothing | changes)


def book(**changes):
    """The order in Tosla's books."""
    return {
        "TransactionType": 1,
        "CreateDate": "20261122015959",
        "OrderId": ORDER_ID,
        "BankResponseCode": "00",
        "BankResponseMessage": None,
        "AuthCode": "S77120",
        "HostReferenceNumber": "632577120401",
        "Amount": 125040,
        "Currency": 949,
        "InstallmentCount": 0,
        "ClientId": int(CLIENT_ID),
        "CardNo": "41595600****7732",
        "RequestStatus": 1,
        "RefundedAmount": 0,
        "PostAuthedAmount": 0,
        "TransactionId": int(TRANSACTION),
        "CommissionStatus": None,
        "NetAmount": 121289,
        "MerchantCommissionAmount": 3751,
        "MerchantCommissionRate": 3,
        "ExtraParameters": None,
        "Code": 0,
        "Message": "",
    } | changes


def stands(**changes):
    return document(**book(**changes))


def history(*rows, **changes):
    tree = {"Count": len(rows), "Transactions": list(rows), "Code": 0, "Message": ""}
    return document(**tree | changes)


def card(**changes):
    rates = {"T2": {"Rate": 2.99, "Constant": 0}, "T12": {"Rate": 12.99, "Constant": 1}}
    tree = {
        "CardPrefix": 415956,
        "BankId": 9,
        "BankCode": "AKBANK",
        "BankName": "Akbank",
        "CardName": "Axess",
        "CardClass": "Kredi Kartı",
        "CardType": "Visa",
        "Country": "TR",
        "BankCommission": 0,
        "InstallmentInfo": rates,
        "Code": 0,
        "Message": "",
    }
    return document(**tree | changes)


def answers():
    return {
        Operation.REGISTER: opened(),
        Operation.INQUIRY: stands(),
        Operation.HISTORY: history(book()),
        Operation.CAPTURE: done(),
        Operation.VOID: done(),
        Operation.REFUND: done(),
        Operation.BIN: card(),
    }


def refused():
    return {
        Operation.REGISTER: not_done(998),
        Operation.INQUIRY: not_done(997),
        Operation.HISTORY: not_done(250),
        Operation.CAPTURE: not_done(101),
        Operation.VOID: not_done(1),
        Operation.REFUND: not_done(104),
        Operation.BIN: not_done(998),
    }


def unknown_order():
    nothing = {"OrderId": None, "CreateDate": None, "BankResponseCode": None}
    zero = {"TransactionType": 0, "Amount": 0, "Currency": 0, "ClientId": 0}
    return stands(**nothing, **zero, RequestStatus=0, TransactionId=0, CardNo=None)
