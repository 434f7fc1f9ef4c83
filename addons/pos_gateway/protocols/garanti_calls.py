"""How calls to Garanti's XML API are worded, and under which user; the payer's data."""

import ipaddress
from collections.abc import Mapping
from datetime import date

from . import money
from .fields import in_turkey
from .garanti_hash import is_genuine_answer
from .types import Call, Operation, Order, Secret, Terminal

_REFUNDS = (Operation.VOID, Operation.REFUND)
_NOT_CHARGED = "100"
"""An amount that the bank wants in the request and does not look at."""
_MOST_DAYS = 30
_LONGEST_EMAIL = 64


def words(order: Order, call: Call) -> tuple[tuple, tuple]:
    """:return: what goes into ``Order`` beside its number, and into ``Transaction``

    :raise ValueError: with a sentence for staff
    """
    if call.operation is Operation.BIN:
        inside = (("Group", "A"), ("CardType", "A"))
        return (), (("Type", "bininq"), ("Amount", "1"), ("BINInq", inside))
    if call.operation is Operation.DAY_LIST:
        return _days(call), (*_transaction("orderlistinq"), ("ListPageNum", "1"))
    currency = money.currency_number(order.currency)
    kind, amount = _KINDS[call.operation], _NOT_CHARGED
    if call.operation in (Operation.CAPTURE, Operation.REFUND):
        amount = money.to_kurus_text(call.kurus_of(order))
    transaction = _transaction(kind, amount, currency)
    if call.operation in (Operation.CAPTURE, *_REFUNDS):
        number = order.references.get("retref_num", "")
        transaction = (*transaction, ("OriginalRetrefNum", number))
    return (), transaction


_KINDS = {
    Operation.INQUIRY: "orderinq",
    Operation.HISTORY: "orderhistoryinq",
    Operation.CAPTURE: "postauth",
    Operation.VOID: "void",
    Operation.REFUND: "refund",
}


def _transaction(kind: str, amount: str = _NOT_CHARGED, currency: str = "949") -> tuple:
    return (
        ("Type", kind),
        ("InstallmentCnt", ""),
        ("Amount", amount),
        ("CurrencyCode", currency),
        ("CardholderPresentCode", "0"),
        ("MotoInd", "N"),
    )


def _days(call: Call) -> tuple:
    first, last = call.first_day, call.last_day
    if not (first and last and 0 <= (last - first).days < _MOST_DAYS):
        raise ValueError(f"The bank lists 1 to {_MOST_DAYS} days at once.")
    return (("StartDate", _day(first, "00:00")), ("EndDate", _day(last, "23:59")))


def _day(day: date, clock: str) -> str:
    return f"{day:%d/%m/%Y} {clock}"


def number_of(order: Order, call: Call) -> str:
    """:return: the order number that a request carries"""
    others = {Operation.DAY_LIST: "", Operation.BIN: call.key}
    return others.get(call.operation, order.order_id)


def ipv4(_terminal: Terminal, order: Order) -> str:
    """
    >>> ipv4(None, Order("A1", 1, "TRY", client_ip="2001:db8::1"))
    '127.0.0.1'
    """
    try:
        return str(ipaddress.IPv4Address(order.client_ip))
    except ValueError:
        return "127.0.0.1"


def timestamp(_terminal: Terminal, order: Order) -> str | None:
    """Fresh for every form, but the same when it is made again."""
    return order.at and in_turkey(order.at).strftime("%Y-%m-%dT%H:%M:%S")


def email(order: Order) -> str:
    """:return: the payer's address, if the bank takes it as it is"""
    is_plain = order.email.isascii() and len(order.email) <= _LONGEST_EMAIL
    return order.email if is_plain else ""


def user_of(operation: Operation) -> str:
    return "PROVRFN" if operation in _REFUNDS else "PROVAUT"


def password_of(terminal: Terminal, user: str) -> str:
    """:raise ValueError: if it is missing"""
    password = _passwords(terminal)[user]
    if not password:
        raise ValueError(f"The password of {user} is missing.")
    return password.reveal()


def signer_of(terminal: Terminal, call: Call, fields: Mapping[str, str]) -> str:
    """:return: the user whose password signed the answer, or nothing"""
    told = {
        "code": fields.get("Transaction.Response.Code", ""),
        "retref_num": fields.get("Transaction.RetrefNum", ""),
        "auth_code": fields.get("Transaction.AuthCode", ""),
        "prov_date": fields.get("Transaction.ProvDate", ""),
        "order_id": fields.get("Order.OrderID", ""),
        "terminal_id": terminal.terminal_id,
    }
    claimed = fields.get("Transaction.HashData", "")
    users = ("PROVRFN", "PROVAUT") if call.operation in _REFUNDS else ("PROVAUT",)
    for user in users:
        password = _passwords(terminal)[user].reveal()
        if is_genuine_answer(password, told, claimed):
            return user
    return ""


def _passwords(terminal: Terminal) -> dict[str, Secret]:
    return {
        "PROVOOS": terminal.page_password,
        "PROVAUT": terminal.api_password,
        "PROVRFN": terminal.refund_password,
    }
