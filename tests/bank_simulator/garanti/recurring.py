"""Recurring sales: the sale with Order/Recurring, and recurringvoid.

A recurring sale brings the card itself and needs no 3-D. All its payments have the
merchant's one order id; the bank books the later ones under ids that no merchant can
name.
"""

import re
from datetime import datetime

from ..cards import find_card
from ..clock import TURKEY
from ..hosted import card_error
from ..operations import Refusal
from ..recurring import Charge, cancel, find_plan, read_schedule, start
from . import codes
from .answer import APPROVED, Result

BLOCK = "Order/Recurring"
PARTS = {
    "count": f"{BLOCK}/TotalPaymentNum",
    "every": f"{BLOCK}/FrequencyInterval",
    "unit": f"{BLOCK}/FrequencyType",
}
UNITS = ("D", "W", "M")
CARD_PARTS = {"bad_number": "Number", "bad_expiry": "ExpireDate", "bad_code": "CVV2"}
_ORDER_ID = re.compile("[A-Za-z0-9_-]{1,36}")


def is_recurring(fields):
    return any(name.startswith(BLOCK) for name in fields)


def operation_of(bank, fields):
    """Return the operation of a request about a plan, else None."""
    kind = fields.get("Transaction/Type")
    if kind in ("sales", "preauth") and is_recurring(fields):
        return "recurring"
    if kind in ("orderinq", "orderhistoryinq"):
        found = find_plan(
            bank, fields.get("Terminal/ID", ""), fields.get("Order/OrderID", "")
        )
        return "recurring_status" if found else None
    return None


def sell(bank, terminal, fields):
    """Charge the first payment and plan the others."""
    if not terminal.extra.get("recurring", True):
        return Result(codes.NO_PERMISSION, "recurring")
    if wrong := _first_wrong(fields):
        return Result(codes.MANDATORY, wrong)
    if error := card_outcome(bank, fields):
        return Result(*error)
    schedule = read_schedule(*(fields.get(name) for name in PARTS.values()), UNITS)
    if schedule in PARTS:
        return Result(codes.MANDATORY, PARTS[schedule])
    try:
        begin = _start_date(bank, fields.get(f"{BLOCK}/StartDate", ""))
    except ValueError:
        return Result(codes.MANDATORY, f"{BLOCK}/StartDate")
    card = find_card(fields["Card/Number"])
    charge = Charge(
        card,
        int(fields["Transaction/Amount"]),
        fields["Transaction/CurrencyCode"],
        code_fits=card.security_code in ("", fields["Card/CVV2"]),
    )
    order_id = fields["Order/OrderID"]
    plan, lost_after_seconds = start(
        bank,
        bank.order(terminal.client_id, order_id),
        order_id,
        charge,
        schedule,
        begin=begin,
        order_ids=lambda number: f"{order_id}/{number}",
    )
    row = plan.payments[0].transaction
    outcome = APPROVED if row.succeeded else (row.code, row.code, row.text)
    return Result(outcome, row=row, lost_after_seconds=lost_after_seconds)


def _first_wrong(fields):
    """Return the name of the first field that does not fit a recurring sale."""
    allowed = {
        "Transaction/Type": ("sales",),
        f"{BLOCK}/Type": ("R",),
        "Transaction/CardholderPresentCode": ("", "0"),
        "Transaction/InstallmentCnt": ("", "0", "1"),
    }
    for name, values in allowed.items():
        if fields.get(name, "") not in values:
            return name
    return None if _ORDER_ID.fullmatch(fields["Order/OrderID"]) else "Order/OrderID"


def card_outcome(bank, fields):
    """Return the outcome and detail of a card that cannot be one, or None."""
    number = fields.get("Card/Number", "")
    if not number:
        return codes.MANDATORY, "Card/Number"
    expiry = fields.get("Card/ExpireDate", "")
    code = fields.get("Card/CVV2", "")
    error = card_error(bank, number, expiry[:2], f"20{expiry[2:]}", code)
    if error == "bad_number":
        return codes.UNKNOWN_CARD, "Card/Number"
    return (codes.MANDATORY, f"Card/{CARD_PARTS[error]}") if error else None


def _start_date(bank, text):
    """Return the moment that the schedule counts from.

    :raise ValueError: for a day that has passed, or for what is none
    """
    now = bank.clock.now()
    if not text:
        return now
    if not re.fullmatch("[0-9]{8}", text):
        raise ValueError(text)
    day = datetime.strptime(text, "%Y%m%d").replace(tzinfo=TURKEY).date()
    if day < now.date():
        raise ValueError(text)
    return now.replace(year=day.year, month=day.month, day=day.day)


def answer_cancel(bank, terminal, fields):
    """recurringvoid: cancel all payments of the order that still wait."""
    plan = find_plan(bank, terminal.client_id, fields["Order/OrderID"])
    if not plan:
        raise Refusal("no_success")
    cancel(bank, plan)
    return Result(APPROVED, source="GVPS")


def orders_of(bank, terminal, order_id):
    """Return the orders that the merchant knows by one id, oldest first."""
    plan = find_plan(bank, terminal.client_id, order_id)
    booked = [payment.order_id for payment in plan.payments] if plan else [order_id]
    found = (bank.find_order(booked_id, terminal.client_id) for booked_id in booked)
    return [order for order in found if order]
