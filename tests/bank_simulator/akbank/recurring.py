"""Recurring payments: the sale with a plan, its history and its cancel.

A recurring sale brings the card itself and needs no 3-D; it is known by its
``orderTrackId``. Later payments are booked as ``<orderTrackId>-2`` and so on, which is
our own: the documentation does not tell their order ids.
"""

from ..cards import find_card
from ..hosted import card_error
from ..money import CURRENCIES, parse_amount
from ..operations import Refusal
from ..orders import VOIDED
from ..recurring import (
    CANCELLED,
    DONE,
    FAILED,
    WAITING,
    Charge,
    cancel,
    find_plan,
    read_schedule,
    start,
)
from . import codes
from .listing import answer_facts, number_of
from .message import format_time, masked_number
from .reading import BadRequest, text_of

NAMES = ("numberOfPayments", "frequencyInterval", "frequencyCycle")
STATUSES = {WAITING: "W", DONE: "S", FAILED: "S", CANCELLED: "C"}
MAX_ID_LENGTH = 36


def operation_of(message):
    """Return the operation of a message about a plan, else None."""
    code = message.get("txnCode")
    if code == "1013":
        return "recurring_cancel"
    if code == "1010" and track_id_of(message):
        return "recurring_status"
    if code == "1000" and "recurring" in message:
        return "recurring"
    return None


def track_id_of(message):
    return text_of(message, "order", "orderTrackId")


def sell(bank, terminal, message):
    """Charge the first payment and plan the others.

    :return: the transaction, and seconds until the bank hangs up or None
    """
    if not terminal.extra.get("recurring", True):
        raise Refusal("recurring_not_permitted")
    track_id = track_id_of(message)
    order_id = text_of(message, "order", "orderId") or track_id
    schedule = read_schedule(*(text_of(message, "recurring", name) for name in NAMES))
    if (
        isinstance(schedule, str)
        or not 1 <= len(track_id) <= MAX_ID_LENGTH
        or len(order_id) > MAX_ID_LENGTH
        or text_of(message, "transaction", "motoInd") != "1"
        or text_of(message, "transaction", "installCount") != "1"
    ):
        raise Refusal("recurring_fields")
    charge = _read_charge(bank, message)
    order = bank.order(terminal.client_id, order_id)
    if order.transactions:
        raise Refusal("already_paid")
    plan, lost_after_seconds = start(
        bank,
        order,
        track_id,
        charge,
        schedule,
        order_ids=lambda number: f"{track_id}-{number}",
    )
    return plan.payments[0].transaction, lost_after_seconds


def _read_charge(bank, message):
    number, expiry, code = (
        text_of(message, "card", name) for name in ("cardNumber", "expireDate", "cvv2")
    )
    if not number:
        raise BadRequest(400, "card is missing")
    error = card_error(bank, number, expiry[:2], f"20{expiry[2:]}", code)
    if error:
        raise Refusal(error)
    currency = text_of(message, "transaction", "currencyCode")
    try:
        amount_kurus = parse_amount(text_of(message, "transaction", "amount"))
    except ValueError:
        raise BadRequest(400, "amount is not a decimal number") from None
    if currency not in CURRENCIES:
        raise BadRequest(400, "currencyCode is not known")
    if not amount_kurus:
        raise Refusal("zero_amount")
    found = find_card(number)
    fits = found.security_code in ("", code)
    return Charge(found, amount_kurus, currency, code_fits=fits)


def cancel_planned(bank, terminal, message):
    """Cancel the payment ``recurringOrder``, or all that wait when none is named."""
    wanted = message.get("recurring") or {}
    if not isinstance(wanted, dict):
        raise Refusal("recurring_fields")
    number = wanted.get("recurringOrder") or None
    if number is not None and not str(number).isdecimal():
        raise Refusal("recurring_fields")
    plan = find_plan(bank, terminal.client_id, track_id_of(message))
    cancel(bank, plan, number and int(number))


def history_rows(bank, terminal, message):
    """Return one row for each payment of a plan; none for an unknown one."""
    plan = find_plan(bank, terminal.client_id, track_id_of(message))
    return [_row(bank, plan, payment) for payment in plan.payments] if plan else []


def _row(bank, plan, payment):
    row = {
        "txnCode": "1000",
        "requestType": "R",
        "requestStatus": STATUSES[payment.state],
        "orderTrackId": plan.plan_id,
        "recurringOrder": payment.number,
        "plannedDateTime": format_time(payment.due),
        "tryCount": 0,
        "amount": number_of(plan.charge.charged_kurus),
        "currencyCode": int(plan.charge.currency),
        "installCount": 1,
        "maskedCardNumber": masked_number(plan.charge.card.masked),
    }
    if payment.state == FAILED:
        code, text = codes.ORDER_NOT_UNIQUE
        return {**row, "responseCode": code, "responseMessage": text}
    done = payment.transaction
    if not done:
        return row
    if done.state == VOIDED:
        row["requestStatus"] = "V"
    return {**row, **answer_facts(done), "orderId": payment.order_id}
