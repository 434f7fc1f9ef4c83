"""Recurring payments at Akbank: what is sent, and what is said of them.

The first payment has the number of its order, by which it is asked for as any payment.
The schedule is named by the number of its order (``orderTrackId``); each payment has
its place in it (``recurringOrder``), and once it was made an order number of its own.
Its state is in ``requestStatus``, which ``akbank_result`` reads.

Seen is one history of a schedule, with its first payment voided and two waiting, and
the answers about a schedule that the bank does not know. What a payment looks like that
was refused is not known (unverified): it counts as refused if a known code says so and
the bank does not say that it waits; whatever else it looks like it is unknown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from . import akbank_result, money, reading
from .answers import Entry, Outcome, Proven, Refused, Result
from .card_calls import card_of, planned_number, schedule_of
from .codes.akbank import CODES, told
from .traits import Traits
from .types import Call, Operation, Order, Terminal

OPERATIONS = (
    Operation.RECURRING,
    Operation.RECURRING_STATUS,
    Operation.RECURRING_CANCEL,
)
NO_SCHEDULE = "VPS-1059"


def subject(traits: Traits, terminal: Terminal, order: Order, call: Call) -> dict:
    """:return: what a call is about; :raise ValueError: with a sentence for staff"""
    about = {"order": {"orderTrackId": order.order_id}}
    if call.operation is Operation.RECURRING:
        return about | _charge(traits, terminal, order, call)
    number = call.operation is Operation.RECURRING_CANCEL and planned_number(call)
    return about | ({"recurring": {"recurringOrder": int(number)}} if number else {})


def _charge(traits: Traits, terminal: Terminal, order: Order, call: Call) -> dict:
    card, schedule = card_of(call), schedule_of(traits, order, call)
    customer = {"emailAddress": order.email, "ipAddress": order.client_ip}
    dealer = {"subMerchantId": terminal.sub_merchant_id}
    return {
        "card": {
            "cardNumber": card.number,
            "cvv2": card.code,
            "expireDate": f"{card.month}{card.year}",
        },
        "transaction": {
            "amount": money.to_decimal_text(order.amount_kurus),
            "currencyCode": int(money.currency_number(order.currency)),
            "motoInd": 1,
            "installCount": 1,
        },
        "recurring": {
            "numberOfPayments": schedule.count,
            "frequencyInterval": schedule.every,
            "frequencyCycle": schedule.unit,
        },
        "customer": {name: text for name, text in customer.items() if text},
        **({"subMerchant": dealer} if terminal.sub_merchant_id else {}),
    }


def check(order: Order, call: Call, rows: Sequence[Mapping[str, str]]) -> None:
    """:raise Refused: if a row is of another schedule"""
    if call.operation is Operation.RECURRING_STATUS:
        if any(row.get("orderTrackId") != order.order_id for row in rows):
            raise Refused("order")


def read(proven: Proven) -> Outcome:
    """Say what the answer to a call about a schedule means."""
    readers = {
        Operation.RECURRING: _read_charge,
        Operation.RECURRING_STATUS: _read_status,
        Operation.RECURRING_CANCEL: _read_cancel,
    }
    return readers[proven.operation](proven)


def _read_charge(proven: Proven) -> Outcome:
    """The first payment was made if the bank and its host say so and recorded it."""
    fields, done = proven.fields, reading.part(proven.fields, "transaction")
    result = akbank_result.done_or_refused(fields)
    number = done.get("rrn", "0")
    if result is Result.APPROVED and (number in ("", "0") or not done.get("authCode")):
        result = Result.UNRESOLVED
    is_open = result is Result.UNRESOLVED
    return replace(
        akbank_result.outcome_of(proven, result, {**fields, **done}),
        amount_kurus=reading.amount(done.get("amount"), money.from_decimal_text),
        currency=reading.currency(done.get("currencyCode")),
        follow_up=Operation.INQUIRY if is_open else None,
        references={} if is_open else {"recurring_id": proven.order_id},
    )


def _read_status(proven: Proven) -> Outcome:
    fields, result = proven.fields, Result.UNRESOLVED
    code = fields["responseCode"]
    entries = sorted(map(_entry, proven.rows), key=lambda entry: entry.number or 0)
    if code == akbank_result.SUCCESS and entries:
        result = Result.APPROVED
    elif code in (NO_SCHEDULE, *CODES.not_found) and not entries:
        result = Result.NOT_FOUND
    data = {"recurring_count": str(len(entries))} if entries else {}
    outcome = akbank_result.outcome_of(proven, result, fields)
    return replace(outcome, entries=tuple(entries), data=data)


def _entry(row: Mapping[str, str]) -> Entry:
    """The number of a payment's own order stands in it once there is one."""
    return replace(
        akbank_result.entry_of(row),
        number=reading.kurus(row.get("recurringOrder")),
        order_id=row.get("orderId", ""),
    )


def _read_cancel(proven: Proven) -> Outcome:
    """No host of a card takes part: its code may be missing."""
    fields = proven.fields
    codes = told(fields["responseCode"], fields.get("hostResponseCode", ""))
    result = Result.UNRESOLVED
    if fields["responseCode"] == akbank_result.SUCCESS:
        is_done = fields.get("hostResponseCode", "") in ("", "00")
        result = Result.APPROVED if is_done else Result.UNRESOLVED
    elif CODES.is_refusal(*codes):
        result = Result.DECLINED
    outcome = akbank_result.outcome_of(proven, result, fields)
    return replace(outcome, hint=CODES.hint(*codes))
