"""Yapı Kredi's side for tests: it signs by its own reading of PosNet's documents."""

from functools import partial

from pos_gateway.protocols.types import Operation, Secret, Terminal

from . import common
from .common import base64_of, stated, xml

KEY = "71,72,73,74,75,76,77,78"
SECRETS = (KEY,)
MERCHANT, TERMINAL, POSNET_ID = "6709911223", "67991122", "77123"
XID = "PGKLMNPRSTUVYZABCDEF"
HOST_LOG_KEY = "026325771204000191"
BANK_PACKET = "8D2A41F0C3B7E65590AABBCCDDEEFF0011223344AF5C"
MERCHANT_PACKET = "11EE22DD33CC44BB55AA6699778808F7E6D5C4B3A291"
SIGN = "5E8C0F31BA7D9264"

terminal = partial(
    Terminal,
    merchant_id=MERCHANT,
    terminal_id=TERMINAL,
    account_id=POSNET_ID,
    store_key=Secret(KEY),
    urls={
        "page": "https://banka.example/3DSWebService/YKBPaymentService",
        "api": "https://banka.example/PosnetWebService/XML",
    },
)


PAGE = {
    "bank_packet": BANK_PACKET,
    "merchant_packet": MERCHANT_PACKET,
    "packet_sign": SIGN,
}

order = partial(
    common.order,
    order_id=XID,
    references=PAGE | {f"proved_{name}": text for name, text in PAGE.items()},
)


sha = partial(base64_of, "sha256")


def mac(*first, xid=XID, amount="125040", currency="TL", key=KEY):
    secret = sha(key + ";" + TERMINAL)
    return sha(";".join([*first, xid, amount, currency, MERCHANT, secret]))


GENUINE = {
    "MerchantPacket": MERCHANT_PACKET,
    "BankPacket": BANK_PACKET,
    "Sign": SIGN,
    "CCPrefix": "450634",
    "TranType": "Sale",
    "Amount": "125040",
    "Xid": XID,
    "MerchantId": MERCHANT,
}


def fields(**changes):
    """The fields of a return with changes; ``None`` leaves a field out."""
    return stated(GENUINE | changes)


def genuine(**changes):
    """A return; whether it was authenticated is in the packets, which we cannot read"""
    return sign(fields(**changes))


def sign(values):
    """The bank signs nothing of it for us."""
    return list(values.items())


def declined():
    return genuine(BankPacket=BANK_PACKET[::-1])


def document(tree, head='<?xml version="1.0" encoding="ISO-8859-9"?>'):
    text = f"{head}\n<posnetResponse>{xml(tree)}</posnetResponse>"
    return text.encode("iso-8859-9")


def registered(**changes):
    sealed = {"data1": "AEFE78BFC852867FF57078B7", "data2": "", "sign": "9998F61E1D0C"}
    return document({"approved": "1", "oosRequestDataResponse": sealed | changes})


def resolved(**changes):
    """The answer to RESOLVE; its MAC is made afresh unless given."""
    values = {
        "xid": XID,
        "amount": "125040",
        "currency": "TL",
        "installment": "00",
        "point": "0",
        "pointAmount": "0",
        "txStatus": "Y",
        "mdStatus": "1",
        "mdErrorMessage": "Authenticated",
    } | changes
    named = {n: values[n] or "" for n in ("xid", "amount", "currency")}
    values.setdefault("mac", mac(values["mdStatus"] or "", **named))
    return document({"approved": "1", "oosResolveMerchantDataResponse": values})


def sold(**changes):
    """The answer to SALE; its MAC is made afresh unless given."""
    values = {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "hostlogkey": HOST_LOG_KEY,
        "authCode": "771204",
        "tranDate": "261121120044",
        "instInfo": {"inst1": "00", "amnt1": "000000000000"},
    } | changes
    values.setdefault("mac", mac(values["hostlogkey"] or ""))
    return document(values)


def done(**changes):
    """The answer to a capture, void or refund that was done."""
    values = {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "hostlogkey": "026325771205000191",
        "authCode": "771205",
        "tranDate": "261121141005",
    }
    return document(values | changes)


def not_done(code, **changes):
    values = {"approved": "0", "respCode": code, "respText": "ISLEM YAPILAMADI"}
    return document(values | changes)


def row(state="Sale", amount="1250,40", **changes):
    """One transaction of an agreement."""
    return {
        "orderID": f"TDS_{XID}",
        "ccno": "4506 34** **** 4637",
        "amount": amount,
        "currencyCode": "TL",
        "authCode": "771204",
        "tranDate": "2026-11-21 12:00:44.281",
        "state": state,
        "txnStatus": "1",
        "hostlogkey": HOST_LOG_KEY,
    } | changes


def agreement(*rows, **changes):
    inner = "".join(f"<transaction>{xml(one)}</transaction>" for one in rows)
    outer = xml({"approved": "1"} | changes)
    text = f"<posnetResponse>{outer}<transactions>{inner}</transactions>"
    head = '<?xml version="1.0" encoding="ISO-8859-9"?>'
    return f"{head}{text}</posnetResponse>".encode("iso-8859-9")


POINTS = {
    "point": "00006900",
    "pointAmount": "000000003450",
    "totalPoint": "00000000",
    "totalPointAmount": "000000000000",
}


def pointed(**changes):
    """The answer about a card's points."""
    return document({"approved": "1", "pointInfo": stated(POINTS | changes)})


def answers():
    return {
        Operation.REGISTER: registered(),
        Operation.RESOLVE: resolved(),
        Operation.SALE: sold(),
        Operation.INQUIRY: agreement(row()),
        Operation.CAPTURE: done(),
        Operation.VOID: done(),
        Operation.REFUND: done(),
        Operation.POINTS: pointed(),
    }


def refused():
    return {
        Operation.REGISTER: not_done("0148"),
        Operation.RESOLVE: resolved(mdStatus="0", txStatus="N", mdErrorMessage="Yok"),
        Operation.SALE: not_done("0051"),
        Operation.INQUIRY: not_done("0148"),
        Operation.CAPTURE: not_done("0206"),
        Operation.VOID: not_done("0211"),
        Operation.REFUND: not_done("0411"),
        Operation.POINTS: not_done("0014"),
    }


def unknown_order():
    return not_done("E219")
