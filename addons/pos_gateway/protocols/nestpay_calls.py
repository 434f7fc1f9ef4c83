"""How calls to NestPay's XML API are worded."""

from collections.abc import Iterator

from . import money
from .card_calls import card_of, planned_number, schedule_of
from .traits import Traits
from .types import Call, Operation, Order, Terminal

RECURRING_ID = "recurring_id"
"""The bank's name of a schedule, in ``references``."""


def words(traits: Traits, terminal: Terminal, order: Order, call: Call) -> tuple:
    """:raise ValueError: with a sentence for staff"""
    who = (
        ("Name", terminal.api_user),
        ("Password", terminal.api_password.reveal()),
        ("ClientId", terminal.merchant_id),
    )
    if call.operation is Operation.RECURRING:
        return (*who, *_recurring(traits, order, call))
    return (*who, *_ASKED[call.operation](order, call))


def record_of(order: Order, call: Call) -> tuple[str, str]:
    """
    :return: what a cancellation is about: ``Order`` and the number of one payment, or
        ``Recurring`` and the bank's name of the schedule
    :raise ValueError: if the bank has not told that name yet
    """
    number = planned_number(call)
    if number:
        return "Order", f"{order.order_id}-{number}"
    if not order.references.get(RECURRING_ID):
        raise ValueError("The bank has not told its number of the schedule yet.")
    return "Recurring", order.references[RECURRING_ID]


def _about(order: Order, *more: tuple) -> tuple:
    return (("OrderId", order.order_id), *more)


def _extra(**texts: str) -> tuple:
    return ("Extra", tuple(texts.items()))


def _capture(order: Order, call: Call) -> Iterator[tuple]:
    amount = call.amount_kurus
    yield from _about(order, ("Type", "PostAuth"))
    if amount is not None:
        yield ("Total", money.to_decimal_text(amount))
    if amount not in (None, order.amount_kurus):
        yield _extra(PREAMT=money.to_decimal_text(order.amount_kurus))


def _refund(order: Order, call: Call) -> tuple:
    total = money.to_decimal_text(call.kurus_of(order))
    return _about(order, ("Type", "Credit"), ("Total", total), _currency(order))


def _recurring(traits: Traits, order: Order, call: Call) -> Iterator[tuple]:
    card, schedule = card_of(call), schedule_of(traits, order, call)
    yield ("Mode", "P")
    if order.client_ip:
        yield ("IPAddress", order.client_ip)
    yield from _about(order, ("Type", "Auth"))
    yield ("Total", money.to_decimal_text(order.amount_kurus))
    yield _currency(order)
    yield ("Taksit", "")
    yield ("Number", card.number)
    yield ("Expires", f"{card.month}/{card.year}")
    yield ("Cvv2Val", card.code)
    plan = (
        ("OrderType", "0"),
        ("OrderFrequencyInterval", str(schedule.every)),
        ("OrderFrequencyCycle", schedule.unit),
        ("TotalNumberPayments", str(schedule.count)),
    )
    yield ("PbOrder", plan)


def _recurring_status(order: Order, _call: Call) -> tuple:
    """By the schedule's own name; by the order as long as that is not known."""
    name = order.references.get(RECURRING_ID)
    if name:
        return (_extra(ORDERSTATUS="QUERY", RECURRINGID=name),)
    return _about(order, _extra(ORDERSTATUS="QUERY"))


def _recurring_cancel(order: Order, call: Call) -> tuple:
    kind, name = record_of(order, call)
    told = {"RECORDTYPE": kind, "RECURRINGOPERATION": "Cancel", "RECORDID": name}
    return (_extra(**told),)


def _currency(order: Order) -> tuple[str, str]:
    return ("Currency", money.currency_number(order.currency))


_ASKED = {
    Operation.INQUIRY: lambda o, _c: _about(o, _extra(ORDERSTATUS="QUERY")),
    Operation.HISTORY: lambda o, _c: _about(o, _extra(ORDERHISTORY="QUERY")),
    Operation.CAPTURE: _capture,
    Operation.VOID: lambda o, _c: _about(o, ("Type", "Void")),
    Operation.REFUND: _refund,
    Operation.RECURRING_STATUS: _recurring_status,
    Operation.RECURRING_CANCEL: _recurring_cancel,
}
