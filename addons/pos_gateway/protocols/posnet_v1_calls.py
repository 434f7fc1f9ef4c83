"""What is asked of Albaraka's server: service, signed names and content of each call.

One side of a follow-up's name is always null: the bank's ``ReferenceCode`` or the
number of the order with its prefix.
"""

from .posnet_books import PREFIXES, currency
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


def prefix(terminal: Terminal, order: Order) -> str:
    """:return: how this order's number begins in later messages"""
    given = order.references.get("order_prefix") or terminal.options.get("order_prefix")
    return given or PREFIXES[0]


def key_of(order: Order) -> str:
    """:return: the bank's key of what was charged last, if it told us one"""
    known = order.references
    return known.get("capture_code") or known.get("reference_code") or ""


def installments(_terminal: Terminal, order: Order) -> str:
    return "0" if order.installment_count == 1 else str(order.installment_count)


def _target(terminal: Terminal, order: Order, key: str) -> dict:
    number = None if key else prefix(terminal, order) + order.order_id
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
    amount = _money(order, _amount(order, call))
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
    return "Return", _TARGET_NAMES, named | kind | _money(order, _amount(order, call))


def _inquiry(terminal: Terminal, order: Order, call: Call):
    number = prefix(terminal, order) + order.order_id
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


def _amount(order: Order, call: Call) -> int:
    return order.amount_kurus if call.amount_kurus is None else call.amount_kurus


def _spread(terminal: Terminal, order: Order) -> dict:
    kind = "N" if order.installment_count == 1 else "Y"
    return {"InstallmentCount": installments(terminal, order), "InstallmentType": kind}
