"""What the JSON calls do, once their sender is known to be genuine."""

from dataclasses import dataclass

from ..api_answers import ApiRefusal
from ..money import format_amount
from ..orders import DECLINED
from ..payments import charge_authenticated
from ..posnet import codes
from ..posnet.inquiry import entries
from ..posnet.references import (
    CURRENCIES,
    CURRENCY_NAMES,
    find_order,
    host_log_key,
    long_order_id,
)
from ..posnet.registration import read_amount
from ..posnet.rules import capture_row, refund_row, reverse_row
from .macs import find

# TransactionType -> the word of the XML variant
TRANSACTIONS = {"sale": "sale", "auth": "auth", "capture": "capt", "return": "return"}


class Declined(Exception):
    """The issuer did not approve; ``code`` is the issuer's."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


@dataclass
class Call:
    """One message on its way through the bank; ``name`` is the last part of its URL."""

    bank: object
    name: str
    message: dict
    terminal: object = None
    lost_after_seconds: float | None = None


def reference(message):
    """Return ReferenceCode or OrderId of a message as the XML variant names them."""
    fields = {
        "hostLogKey": find(message, "ReferenceCode"),
        "orderID": find(message, "OrderId"),
    }
    return {name: value for name, value in fields.items() if value}


def charge(call):
    """Sale and Auth after 3-D: move the money, whatever MdStatus was."""
    payment = _authenticated(call)
    row, repeated = charge_authenticated(call.bank, payment, enforce=False)
    if not row.succeeded:
        raise Declined(row.code)
    if repeated:
        raise ApiRefusal(*codes.ALREADY_PAID)
    call.lost_after_seconds = payment.charge_lost_after_seconds
    return _done(row, host_log_key(row))


def _authenticated(call):
    """Return the payment that the message is about; refuse what differs from it.

    That the bank compares is our own reading: the MAC covers neither order nor amount.
    """
    secure_id = find(call.message, "SecureTransactionId")
    for payment in list(call.bank.payments.values()):
        if payment.terminal != call.terminal or not payment.returned:
            continue
        told = payment.returned.fields
        if told["SecureTransactionId"] == secure_id:
            break
    else:
        raise ApiRefusal(*codes.NO_RECORD)
    expected = {
        "CavvData": told["CAVV"],
        "Eci": told["ECI"],
        "MdStatus": told["MdStatus"],
        "OrderId": payment.order_id,
        "Amount": str(payment.amount_kurus),
        "CurrencyCode": CURRENCY_NAMES[payment.currency],
        "InstallmentCount": str(payment.installments),
    }
    differs = any(find(call.message, name) != text for name, text in expected.items())
    if differs or call.name != ("Auth" if payment.preauth else "Sale"):
        raise ApiRefusal(*codes.INVALID_TRANSACTION)
    return payment


def capture_order(call):
    order = _order(call)
    amount_kurus = read_amount(find(call.message, "Amount"))
    _currency(call)
    row = capture_row(call.bank, order, amount_kurus)
    return _done(row, host_log_key(row, captured=True))


def reverse(call):
    """Reverse: without a TransactionType it is the sale or the pre-authorisation."""
    order = _order(call)
    kind = find(call.message, "TransactionType")
    if not kind:
        kind = "Auth" if order.sale and order.sale.preauth else "Sale"
    key = find(call.message, "ReferenceCode")
    row = reverse_row(call.bank, order, TRANSACTIONS.get(kind.lower()), key)
    return _done(row, host_log_key(row))


def give_back(call):
    order = _order(call)
    amount_kurus = read_amount(find(call.message, "Amount"))
    row = refund_row(call.bank, call.terminal, order, amount_kurus, _currency(call))
    return _done(row, host_log_key(row))


def inquire(call):
    """TransactionInquiry: all rows of an order, newest first."""
    order_id = find(call.message, "OrderId")
    order = order_id and find_order(call.bank, call.terminal, {"orderID": order_id})
    if not order or not order.transactions:
        raise ApiRefusal(*codes.NOT_FOUND)
    told = [entry for row in order.transactions for entry in entries(row)]
    return {
        "ServiceResponseData": {
            "ResponseCode": "0000",
            "ResponseDescription": "Başarılı",
        },
        "TransactionData": [
            _told(order, call.terminal, *entry) for entry in reversed(told)
        ],
    }


def _told(order, terminal, row, state, amount_kurus, when, captured):
    return {
        "Amount": format_amount(amount_kurus).replace(".", ","),
        "AuthCode": row.auth_code,
        "CardNo": f"{row.masked[:6]}******{row.masked[-4:]}",
        "CurrencyCode": CURRENCY_NAMES[row.currency],
        "HostLogKey": host_log_key(row, captured) if row.host_ref else "",
        "OrderId": long_order_id(order, terminal),
        "TransactionDate": when.strftime("%Y-%m-%d%H:%M:%S.%f")[:-3],
        "TransactionStatus": "0" if row.state == DECLINED else "1",
        "TransactionType": state,
    }


def _order(call):
    """Return the order of ReferenceCode or OrderId; the other has to be null."""
    fields = reference(call.message)
    if len(fields) != 1:
        raise ApiRefusal(*codes.BAD_PACKET)
    order = find_order(call.bank, call.terminal, fields)
    if not order or not order.transactions:
        raise ApiRefusal(*codes.NO_RECORD)
    return order


def _currency(call):
    currency = CURRENCIES.get(find(call.message, "CurrencyCode"))
    if not currency:
        raise ApiRefusal(*codes.BAD_PACKET)
    return currency


def _done(row, key):
    return {
        "ServiceResponseData": {
            "ResponseCode": "00",
            "ResponseDescription": "Onaylandı",
        },
        "AuthCode": row.auth_code,
        "ReferenceCode": key,
        "PointDataList": None,
        "InstallmentData": None,
        "MessageData": None,
    }
