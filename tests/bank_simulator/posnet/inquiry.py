"""agreement, merchantReconciliation and pointInquiry.

The rows of a reversed transaction and the shape of the reconciliation are our own
reading of a thin description.
"""

from datetime import date

from ..api_answers import ApiRefusal
from ..cards import find_card
from ..hosted import card_error
from ..money import format_amount
from ..orders import AUTHORISED, DECLINED, SALE, SETTLED, VOIDED
from ..points import inquiry_code
from . import codes
from .references import (
    CURRENCIES,
    CURRENCY_NAMES,
    find_order,
    host_log_key,
    long_order_id,
)

MAX_DAYS = 10
# What a point is worth here: half a kuruş.
POINTS_PER_KURUS = 2
# Totals are told by number of the transaction type. Only these are played.
TYPE_NUMBERS = {"Sale": "0", "Authorization": "1", "Capture": "2", "Return": "3"}


def agreement(call):
    """agreement: all rows of one order, oldest first; their sum is its state."""
    if not call.fields.get("orderID"):
        raise ApiRefusal(*codes.INQUIRY_FIELD)
    order = find_order(call.bank, call.terminal, {"orderID": call.fields["orderID"]})
    if not order or not order.transactions:
        raise ApiRefusal(*codes.NOT_FOUND)
    rows = [
        _told(order, call.terminal, *entry)
        for row in order.transactions
        for entry in entries(row)
    ]
    return {"approved": "1", "respCode": "", "respText": "", "transactions": rows}


def entries(row):
    """Return (row, state, amount, time, is a capture) for each thing that happened."""
    if row.kind != SALE:
        name = "Return"
    else:
        name = "Authorization" if row.preauth else "Sale"
    told = [(row, name, row.amount_kurus, row.authorised_at, False)]
    if row.preauth and row.captured_at:
        told.append((row, "Capture", row.captured_kurus, row.captured_at, True))
    if row.state == VOIDED:
        told.append((row, f"{name}_Reverse", row.amount_kurus, row.voided_at, False))
    return told


def _told(order, terminal, row, state, amount_kurus, when, captured):
    return {
        "orderID": long_order_id(order, terminal),
        "ccno": f"{row.masked[:4]} {row.masked[4:6]}** **** {row.masked[-4:]}",
        "amount": format_amount(amount_kurus).replace(".", ","),
        "currencyCode": CURRENCY_NAMES[row.currency],
        "authCode": row.auth_code,
        "tranDate": when.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3],
        "state": state,
        "txnStatus": "0" if row.state == DECLINED else "1",
        "hostLogKey": host_log_key(row, captured) if row.host_ref else "",
    }


def reconciliation(call):
    """merchantReconciliation: number and sum of each type of transaction in a period.

    :return: only settled batches count, by the day of the transaction
    """
    first, last = (_day(call.fields.get(name, "")) for name in ("startDate", "endDate"))
    if not 0 <= (last - first).days <= MAX_DAYS:
        raise ApiRefusal(*codes.BAD_PERIOD)
    currency = CURRENCIES.get(call.fields.get("currency", "TL"))
    if not currency:
        raise ApiRefusal(*codes.INQUIRY_FIELD)
    totals = {}
    for row in _rows(call, currency):
        for _row, state, amount_kurus, when, _captured in entries(row):
            number = TYPE_NUMBERS.get(state)
            if number and first <= when.date() <= last:
                count, total = totals.get(number, (0, 0))
                totals[number] = (count + 1, total + amount_kurus)
    return {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "totals": [
            {"type": number, "count": str(count), "amount": str(total)}
            for number, (count, total) in sorted(totals.items())
        ],
    }


def _rows(call, currency):
    for order in call.bank.orders.values():
        if order.client_id == call.terminal.client_id:
            for row in order.transactions:
                counted = row.state in (SETTLED, AUTHORISED)
                if counted and row.currency == currency:
                    yield row


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ApiRefusal(*codes.INQUIRY_FIELD) from None


def points(call):
    """pointInquiry: the points of a card; the security code may be left out."""
    number, expiry = (call.fields.get(name, "") for name in ("ccno", "expDate"))
    code = call.fields.get("cvc") or None
    parts = (expiry[2:], f"20{expiry[:2]}", code or "000")
    if error := card_error(call.bank, number, *parts):
        raise ApiRefusal(*codes.CARD_ERRORS[error])
    card = find_card(number)
    answered = inquiry_code(card, code)
    if answered != "00":
        raise ApiRefusal(*codes.issuer_answer(answered))
    point = f"{card.points_kurus * POINTS_PER_KURUS:08d}"
    amount = f"{card.points_kurus:012d}"
    return {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "pointInfo": {
            "point": point,
            "pointAmount": amount,
            "totalPoint": point,
            "totalPointAmount": amount,
        },
    }
