"""How calls to Garanti's XML API are worded, and under which user; the payer's data."""

import ipaddress
from collections.abc import Mapping
from datetime import date

from . import garanti_recurring, money
from .fields import in_turkey
from .garanti_hash import is_genuine_answer, request_hash
from .traits import Traits
from .types import Call, Operation, Order, Secret, Terminal

_REFUNDS = (Operation.VOID, Operation.REFUND)
_NOT_CHARGED = "100"
"""An amount that the bank wants in the request and does not look at."""
_MOST_DAYS = 30
_LONGEST_EMAIL = 64


def tree(
    traits: Traits, terminal: Terminal, order: Order, call: Call, head: tuple[str, str]
) -> tuple:
    """:return: the request, signed by the user whom it names

    :param head: the system and the hash version
    :raise ValueError: with a sentence for staff
    """
    user, number = user_of(call.operation), number_of(order, call)
    in_order, transaction = _words(traits, order, call)
    is_with_card = call.operation in traits.card_calls
    card = garanti_recurring.card_block(call) if is_with_card else ()
    signed = {
        "order_id": number,
        "terminal_id": terminal.terminal_id,
        "card_number": dict(card).get("Number", ""),
        "amount": dict(transaction)["Amount"],
        "currency_code": dict(transaction).get("CurrencyCode", ""),
    }
    dealer, address = terminal.sub_merchant_id, ipv4(terminal, order)
    in_terminal = (
        ("ProvUserID", user),
        ("HashData", request_hash(password_of(terminal, user), signed)),
        ("UserID", user),
        ("ID", terminal.terminal_id),
        ("MerchantID", terminal.merchant_id),
        *((("SubMerchantID", dealer),) if dealer else ()),
    )
    return (
        ("Mode", head[0]),
        ("Version", head[1]),
        ("Terminal", in_terminal),
        ("Customer", (("IPAddress", address), ("EmailAddress", email(order)))),
        *((("Card", card),) if card else ()),
        ("Order", (("OrderID", number), ("GroupID", ""), *in_order)),
        ("Transaction", transaction),
    )


def _words(traits: Traits, order: Order, call: Call) -> tuple[tuple, tuple]:
    """:return: what goes into ``Order`` beside its number, and into ``Transaction``"""
    if call.operation is Operation.BIN:
        inside = (("Group", "A"), ("CardType", "A"))
        return (), (("Type", "bininq"), ("Amount", "1"), ("BINInq", inside))
    if call.operation is Operation.DAY_LIST:
        return _days(call), (*_transaction("orderlistinq"), ("ListPageNum", "1"))
    currency = money.currency_number(order.currency)
    kind, amount = _KINDS[call.operation], _NOT_CHARGED
    if call.operation in (Operation.CAPTURE, Operation.REFUND):
        amount = money.to_kurus_text(call.kurus_of(order))
    if call.operation is Operation.RECURRING:
        amount = money.to_kurus_text(order.amount_kurus)
    transaction = _transaction(kind, amount, currency)
    if call.operation in (Operation.CAPTURE, *_REFUNDS):
        number = order.references.get("retref_num", "")
        transaction = (*transaction, ("OriginalRetrefNum", number))
    return garanti_recurring.in_order(traits, order, call), transaction


_KINDS = {
    Operation.INQUIRY: "orderinq",
    Operation.HISTORY: "orderhistoryinq",
    Operation.CAPTURE: "postauth",
    Operation.VOID: "void",
    Operation.REFUND: "refund",
    Operation.POINTS: "rewardinq",
    Operation.RECURRING: "sales",
    Operation.RECURRING_STATUS: "orderhistoryinq",
    Operation.RECURRING_CANCEL: "recurringvoid",
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
