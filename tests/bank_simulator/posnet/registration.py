"""oosRequestData: a 3-D payment is registered, and its packets go to the browser."""

import re

from ..api_answers import ApiRefusal
from ..cards import find_card, is_card_number
from ..payments import Payment, give_card, remember
from . import codes
from .packets import REQUEST_1, REQUEST_2
from .references import CURRENCIES

PAGE = "/3DSWebService/YKBPaymentService"
MAX_KURUS = 99_999_99
MAX_INSTALLMENTS = 12
TRANSACTION_TYPES = {"Sale": False, "Auth": True}


def request_data(call):
    """oosRequestData: open a payment, and return it as packets for the browser."""
    payment = _read_registration(call)
    order = call.bank.find_order(payment.order_id, payment.terminal.client_id)
    if order and order.sale:
        raise ApiRefusal(*codes.ALREADY_PAID)
    card = _read_card(call)
    remember(call.bank, payment)
    if card:
        give_card(call.bank, payment, card, call.fields.get("cvc", ""))
    order = call.bank.order(payment.terminal.client_id, payment.order_id)
    sealer = call.family.sealer
    data = [
        sealer.seal(kind, payment.token, call.bank.token(order))
        for kind in (REQUEST_1, REQUEST_2)
    ]
    return {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "oosRequestDataResponse": {
            "data1": data[0],
            "data2": data[1],
            "sign": sealer.sign(*data),
        },
    }


def _read_registration(call):
    fields, terminal = call.fields, call.terminal
    if fields.get("posnetid") != terminal.extra["posnet_id"]:
        raise ApiRefusal(*codes.BAD_POSNET_ID)
    if not re.fullmatch("[A-Za-z0-9_]{20}", fields.get("XID", "")):
        raise ApiRefusal(*codes.BAD_PACKET)
    if fields.get("tranType") not in TRANSACTION_TYPES:
        raise ApiRefusal(*codes.NO_PERMISSION)
    if fields.get("currencyCode") not in CURRENCIES:
        raise ApiRefusal(*codes.BAD_PACKET)
    amount_kurus = read_amount(fields.get("amount", ""))
    if amount_kurus > MAX_KURUS:
        raise ApiRefusal(*codes.TOO_MUCH)
    installments = _read_installments(fields.get("installment", "00"))
    if installments and fields["currencyCode"] != "TL":
        raise ApiRefusal(*codes.INVALID_TRANSACTION)
    return Payment(
        family=call.family,
        terminal=terminal,
        order_id=fields["XID"],
        fields={},
        amount_kurus=amount_kurus,
        currency=CURRENCIES[fields["currencyCode"]],
        installments=installments,
        preauth=TRANSACTION_TYPES[fields["tranType"]],
        lang="tr",
        client_ip=call.client_ip,
        path=PAGE,
        charged_kurus=amount_kurus,
        authenticate_only=True,
    )


def read_amount(text):
    if not re.fullmatch("[1-9][0-9]{0,11}", text):
        raise ApiRefusal(*codes.BAD_PACKET)
    return int(text)


def _read_installments(text):
    if not re.fullmatch("[0-9]{2}", text) or int(text) > MAX_INSTALLMENTS:
        raise ApiRefusal(*codes.INVALID_TRANSACTION)
    if text == "01":
        raise ApiRefusal(*codes.INVALID_TRANSACTION)
    return int(text)


def _read_card(call):
    """Return the card of a merchant that asks for it himself; most leave it out."""
    number = call.fields.get("ccno", "")
    if not number:
        return None
    if not is_card_number(number):
        raise ApiRefusal(*codes.BAD_CARD)
    if call.fields.get("expDate", "") < call.bank.clock.now().strftime("%y%m"):
        raise ApiRefusal(*codes.BAD_EXPIRY)
    return find_card(number)
