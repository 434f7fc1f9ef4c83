"""Recurring orders: the sale with PbOrder, their status by RECURRINGID, their cancel.

A recurring sale brings the card itself and needs no 3-D. Its planned payments have the
order ids ``<oid>-2``, ``<oid>-3``...; each is an order of its own once it is charged.
"""

from ..api_answers import ApiRefusal
from ..cards import find_card
from ..hosted import card_error
from ..money import CURRENCIES, parse_amount
from ..operations import Refusal
from ..orders import Order
from ..recurring import (
    CANCELLED,
    DONE,
    FAILED,
    WAITING,
    Charge,
    cancel,
    find_payment,
    find_plan,
    read_schedule,
    start,
)
from . import codes
from .inquiry import facts_of, format_time, no_record, spaced_mask, status_line

PARTS = {
    "count": "PbOrder/TotalNumberPayments",
    "every": "PbOrder/OrderFrequencyInterval",
    "unit": "PbOrder/OrderFrequencyCycle",
}
CARD_PARTS = {"bad_number": "Number", "bad_expiry": "Expires", "bad_code": "Cvv2Val"}
LETTERS = {WAITING: "PN", CANCELLED: "CNCL", FAILED: "ERR"}
SUCCESS = "Successfull"  # so written by the bank
FAILURE = "Failed"


def is_recurring(fields):
    return any(name.startswith("PbOrder") for name in fields)


def operation_of(fields):
    """Return the operation of a request about a recurring order, else None."""
    if "Extra/RECURRINGOPERATION" in fields:
        return "recurring_cancel"
    if fields.get("Extra/ORDERSTATUS") == "QUERY" and fields.get("Extra/RECURRINGID"):
        return "recurring_status"
    return "recurring" if is_recurring(fields) else None


def order_id_of(bank, fields):
    """Return the order id of the sale, for journal and faults."""
    client_id = fields.get("ClientId", "")
    plan = find_plan(bank, client_id, fields.get("Extra/RECURRINGID", ""))
    if "Extra/RECORDID" in fields:
        plan = _find_record(bank, client_id, fields)[0]
    return plan.order_id if plan else fields.get("OrderId", "")


# -- sale ----------------------------------------------------------------------------


def sell(bank, terminal, order, fields):
    """Charge the first payment and plan the others.

    :return: the plan, the transaction, and seconds until the bank hangs up or None
    """
    if not terminal.extra.get("recurring", True):
        raise ApiRefusal(*codes.NO_PERMISSION)
    schedule = _read_plan(fields)
    charge = _read_charge(bank, fields)
    order = order or Order(terminal.client_id, fields["OrderId"])
    booked = fields.get("Mode", "P") != "T"
    if booked:
        order = bank.order(terminal.client_id, fields["OrderId"])
    plan, lost_after_seconds = start(
        bank,
        order,
        bank.trans_id(order),
        charge,
        schedule,
        order_ids=lambda number: f"{order.order_id}-{number}",
        book=booked,
    )
    return plan, plan.payments[0].transaction, lost_after_seconds


def _read_plan(fields):
    if fields.get("Type") != "Auth":
        raise ApiRefusal(codes.BAD_VALUE, "Type gecersiz, PbOrder ile Auth gerekir.")
    for name in ("PbOrder/OrderType", *PARTS.values()):
        if not fields.get(name):
            raise ApiRefusal(codes.MISSING, f"{name} eksik.")
    if fields["PbOrder/OrderType"] != "0":
        raise ApiRefusal(codes.BAD_VALUE, "PbOrder/OrderType gecersiz.")
    schedule = read_schedule(*(fields[name] for name in PARTS.values()))
    if schedule in PARTS:
        raise ApiRefusal(codes.BAD_VALUE, f"{PARTS[schedule]} gecersiz.")
    return schedule


def _read_charge(bank, fields):
    for name in ("Total", "Currency"):
        if not fields.get(name):
            raise ApiRefusal(codes.MISSING, f"{name} eksik.")
    if fields["Currency"] not in CURRENCIES:
        raise ApiRefusal(codes.BAD_VALUE, "Currency gecersiz.")
    if fields.get("Taksit"):
        raise ApiRefusal(codes.BAD_INSTALLMENTS, "Tekrarli satista taksit olmaz.")
    try:
        amount_kurus = parse_amount(fields["Total"])
    except ValueError:
        raise ApiRefusal(codes.BAD_VALUE, "Total gecersiz.") from None
    if not amount_kurus:
        raise Refusal("zero_amount")
    number, code = fields.get("Number", ""), fields.get("Cvv2Val", "")
    if not number:
        raise ApiRefusal(*codes.CARD_MISSING)
    month, _slash, year = fields.get("Expires", "").partition("/")
    if error := card_error(bank, number, month, f"20{year}", code):
        raise ApiRefusal(codes.CARD_ERRORS[error], f"{CARD_PARTS[error]} gecersiz.")
    card = find_card(number)
    fits = card.security_code in ("", code)
    return Charge(card, amount_kurus, fields["Currency"], code_fits=fits)


# -- status --------------------------------------------------------------------------


def answer_status(bank, terminal, fields):
    """Tell all payments of a plan: every field once for each, with its number.

    Such an answer has no Response and no ProcReturnCode.
    """
    plan_id = fields["Extra/RECURRINGID"]
    plan = find_plan(bank, terminal.client_id, plan_id)
    if not plan or fields.get("OrderId") not in (None, "", plan.order_id):
        return no_record(plan_id)
    extra = {
        "NUMCODE": "0",
        "RECURRINGID": plan_id,
        "RECURRINGCOUNT": str(len(plan.payments)),
    }
    for payment in plan.payments:
        told = _facts(bank, plan, payment, terminal)
        told["ORDERSTATUS"] = status_line(told)
        extra |= {f"{name}_{payment.number}": text for name, text in told.items()}
    return {"ErrMsg": f"Record(s) found for {plan_id}"}, extra


def answer_planned(bank, terminal, order_id):
    """Tell a planned payment that was not charged by its order id, or None."""
    plan, payment = find_payment(bank, terminal.client_id, order_id)
    if not payment or payment.state == DONE:
        return None
    told = _facts(bank, plan, payment, terminal)
    fields = {"ErrMsg": f"Record(s) found for {order_id}", "OrderId": order_id}
    return fields, {"NUMCODE": "0", **told, "ORDERSTATUS": status_line(told)}


def _facts(bank, plan, payment, terminal):
    if payment.state == DONE:
        order = bank.find_order(payment.order_id, plan.client_id)
        return facts_of(order, payment.transaction, terminal)
    return {
        "ORD_ID": payment.order_id,
        "CHARGE_TYPE_CD": "S",
        "ORIG_TRANS_AMT": str(plan.charge.charged_kurus),
        "TRANS_STAT": LETTERS[payment.state],
        "PLANNED_START_DTTM": format_time(payment.due),
        "PAN": spaced_mask(plan.charge.card.masked),
    }


# -- cancel --------------------------------------------------------------------------


def answer_cancel(bank, terminal, fields):
    """Cancel one planned payment (Order) or all that wait (Recurring).

    The answer has a RESULT where the others have a Response.
    """
    for name in ("RECORDTYPE", "RECORDID"):
        if not fields.get(f"Extra/{name}"):
            raise ApiRefusal(codes.MISSING, f"{name} eksik.")
    if fields["Extra/RECURRINGOPERATION"].upper() != "CANCEL":
        raise ApiRefusal(codes.BAD_VALUE, "RECURRINGOPERATION gecersiz.")
    if fields["Extra/RECORDTYPE"].upper() not in ("ORDER", "RECURRING"):
        raise ApiRefusal(codes.BAD_VALUE, "RECORDTYPE gecersiz.")
    plan, number = _find_record(bank, terminal.client_id, fields)
    result, code = SUCCESS, ""
    try:
        cancel(bank, plan, number)
    except Refusal as refused:
        result, (code, _text) = FAILURE, codes.REFUSALS[refused.reason]
    answer = {
        "RECURRINGOPERATION": "CANCEL",
        "RECORDTYPE": fields["Extra/RECORDTYPE"].upper(),
        "RECORDID": fields["Extra/RECORDID"],
        "RESULT": result,
    }
    return answer, {"ERRORCODE": code} if code else {}


def _find_record(bank, client_id, fields):
    """Return the plan and the number of its one payment, or None for all."""
    record = fields.get("Extra/RECORDID", "")
    if fields.get("Extra/RECORDTYPE", "").upper() == "ORDER":
        plan, payment = find_payment(bank, client_id, record)
        return plan, payment and payment.number
    return find_plan(bank, client_id, record), None
