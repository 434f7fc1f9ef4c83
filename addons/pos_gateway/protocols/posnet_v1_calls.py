"""What is asked of Albaraka's server: service, signed names and content of each call.

One side of a follow-up's name is always null: the bank's ``ReferenceCode`` or the
number of the order with its prefix.
"""

from .fields import count_or_zero
from .posnet_books import currency, number_of
from .types import Call, Operation, Order, Terminal

AUTHENTICATION = {
    "SecureTransactionId": "secure_transaction_id",
    "CAVV": "cavv",
    "ECI": "eci",
    "MdStatus": "md_status",
    "MD": "md",
}
"""Of the page's message, what the charge needs -> our names of it in ``references``."""

_SALE_NAMES = "MerchantNo:TerminalNo:SecureTransactionId:CavvData:Eci:MdStatus"
_TARGET_NAMES = "MerchantNo:TerminalNo:ReferenceCode:OrderId"
_PLAIN_NAMES = "MerchantNo:TerminalNo"


def key_of(order: Order) -> str:
    """:return: the bank's key of what was charged last, if it told us one"""
    known = order.references
    return known.get("capture_code") or known.get("reference_code") or ""


def _target(terminal: Terminal, order: Order, key: str) -> dict:
    number = None if key else number_of(terminal, order)
    return {"ReferenceCode": key or None, "OrderId": number}


def _sale(terminal: Terminal, order: Order, call: Call):
    told = {name: order.references.get(name, "") for name in AUTHENTICATION.values()}
    if not (told["secure_transaction_id"] and told["md_status"]):
        raise ValueError("The bank's page has not answered yet.")
    return (
        "Auth" if order.preauth else "Sale",
        _SALE_NAMES,
        {
            "PaymentInstrumentType": "CARD",
            "IsTDSecureMerchant": "Y",
            "IsMailOrder": "N",
            "ThreeDSecureData": {
                "SecureTransactionId": told["secure_transaction_id"],
                "CavvData": told["cavv"],
                "Eci": told["eci"],
                "MdStatus": int(told["md_status"]),
                "MD": told["md"],
            },
            "OrderId": order.order_id,
            "PointAmount": 0,
            **_money(order, order.amount_kurus),
            **_spread(terminal, order),
        },
    )


def _capture(terminal: Terminal, order: Order, call: Call):
    named = _target(terminal, order, order.references.get("reference_code", ""))
    amount = _money(order, call.kurus_of(order))
    return "Capture", _PLAIN_NAMES, {**named, **amount, **_spread(terminal, order)}


def _void(terminal: Terminal, order: Order, call: Call):
    captured = order.references.get("capture_code")
    plain = "Auth" if order.preauth else "Sale"
    named = _target(terminal, order, key_of(order))
    kind = {"TransactionType": "Capture" if captured else plain}
    return "Reverse", _TARGET_NAMES, named | kind


def _refund(terminal: Terminal, order: Order, call: Call):
    captured = order.references.get("capture_code")
    named = _target(terminal, order, key_of(order))
    kind = {"TransactionType": "Capture" if captured else "Sale"}
    return "Return", _TARGET_NAMES, named | kind | _money(order, call.kurus_of(order))


def _inquiry(terminal: Terminal, order: Order, call: Call):
    number = number_of(terminal, order)
    return "TransactionInquiry", _PLAIN_NAMES, {"OrderId": number}


ASKED = {
    Operation.SALE: _sale,
    Operation.INQUIRY: _inquiry,
    Operation.CAPTURE: _capture,
    Operation.VOID: _void,
    Operation.REFUND: _refund,
}


def _money(order: Order, amount_kurus: int) -> dict:
    return {"Amount": amount_kurus, "CurrencyCode": currency(order)}


def _spread(terminal: Terminal, order: Order) -> dict:
    kind = "N" if order.installment_count == 1 else "Y"
    return {"InstallmentCount": count_or_zero(terminal, order), "InstallmentType": kind}
