"""What NestPay says of a schedule: of its first charge, its payments, its end.

- The first payment has the order's own number, the others ``NUMBER-2``, ``NUMBER-3``
  and so on. Each field of the answer about a schedule ends in ``_1``, ``_2`` ...; the
  answer has no code of its own. One such answer was seen, with a charged and a planned
  payment.
- The answer to a cancellation has ``RESULT`` instead of codes; seen is ``Successfull``.
  What it says of a cancellation that failed is not known (unverified): whatever else
  it is, it is unresolved unless it has a known code.
- That the answer to the sale tells the schedule's name (``RECURRINGID``) is unverified;
  without it the schedule is asked for by its order.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from . import nestpay_result as results
from . import reading
from .answers import Entry, Outcome, Proven, Refused, Result, State, may_name, stated
from .codes.nestpay import CODES, FOLLOW_UP_REFUSALS
from .nestpay_calls import RECURRING_ID, record_of
from .redact import mask_text
from .types import Call, Operation, Order

PLAN = "EXTRA.RECURRINGID"
_OPERATIONS = (
    Operation.RECURRING,
    Operation.RECURRING_STATUS,
    Operation.RECURRING_CANCEL,
)
_ROW = re.compile(r"EXTRA\.ORD_ID_([1-9][0-9]{0,3})")
_LATER = re.compile(r"-([1-9][0-9]{0,3})")
_TIME = "%Y-%m-%d %H:%M:%S"
_CANCELLED = frozenset({"SUCCESSFULL", "SUCCESSFUL", "SUCCESS"})
_CHARGED = (State.CAPTURED, State.AUTHORISED)
_INQUIRED = {
    State.CAPTURED: Result.APPROVED,
    State.AUTHORISED: Result.APPROVED,
    State.VOIDED: Result.CANCELLED,
    State.DECLINED: Result.DECLINED,
}


def check(order: Order, call: Call, fields: Mapping[str, str]) -> None:
    """:raise Refused: if an answer is about another schedule or payment than ours"""
    for name, text in fields.items():
        if _ROW.fullmatch(name) and _number(order.order_id, text) is None:
            raise Refused("order")
    name = order.references.get(RECURRING_ID)
    if call.operation is Operation.RECURRING_STATUS and name:
        may_name("order", fields.get(PLAN), name)
    if call.operation is Operation.RECURRING_CANCEL:
        _kind, name = record_of(order, call)
        may_name("order", fields.get("RECORDID", "").upper(), name.upper())


def is_meant(proven: Proven) -> bool:
    """:return: whether a message is about a schedule"""
    asked, names = proven.operation, proven.fields
    is_plan = asked is Operation.INQUIRY and any(map(_ROW.fullmatch, names))
    return asked in _OPERATIONS or is_plan


def read(proven: Proven) -> Outcome:
    """Say what the answer to a call about a schedule means."""
    readers = {
        Operation.RECURRING: _read_charge,
        Operation.RECURRING_STATUS: _read_status,
        Operation.RECURRING_CANCEL: _read_cancel,
    }
    return readers.get(proven.operation, _read_inquiry)(proven)


def _read_charge(proven: Proven) -> Outcome:
    """Say whether the first payment was made.

    ============================= ================================== ==========
    Response                      and                                result
    ============================= ================================== ==========
    Approved                      00, no other code, our order       APPROVED
    Declined, Error               only known refusals                DECLINED
    anything else                                                    UNRESOLVED
    ============================= ================================== ==========
    """
    fields = proven.fields
    if results.is_approved(fields) and fields.get("OrderId"):
        result = Result.APPROVED
    else:
        is_refused = fields.get("Response") in ("Declined", "Error")
        is_known = results.codes_of(fields) <= CODES.refusals.keys()
        result = Result.DECLINED if is_refused and is_known else Result.UNRESOLVED
    is_open = result is Result.UNRESOLVED
    return replace(
        results.outcome_of(proven, result, results.DONE_FACTS),
        follow_up=Operation.INQUIRY if is_open else None,
        references={} if is_open else _name_of(fields),
    )


def _read_status(proven: Proven) -> Outcome:
    """Lay out the payments; UNRESOLVED unless there are as many as the bank says."""
    fields = proven.fields
    entries = tuple(entry for _number, entry in _rows(proven))
    count = fields.get("EXTRA.RECURRINGCOUNT", "")
    if entries:
        is_whole = count == str(len(entries))
        result = Result.APPROVED if is_whole else Result.UNRESOLVED
    else:
        is_unknown = results.is_not_found(fields)
        result = Result.NOT_FOUND if is_unknown else Result.UNRESOLVED
    names = {RECURRING_ID: fields.get(PLAN, ""), "recurring_count": count}
    return replace(
        results.outcome_of(proven, result, {}),
        entries=entries,
        references=_name_of(fields),
        data={name: mask_text(text) for name, text in names.items() if text},
    )


def _read_cancel(proven: Proven) -> Outcome:
    """
    ========================= ============================== ==========
    RESULT                    and                            result
    ========================= ============================== ==========
    Successfull (or so)       what was cancelled             APPROVED
    another one, or none      only known refusals            DECLINED
    anything else                                            UNRESOLVED
    ========================= ============================== ==========
    """
    fields = proven.fields
    is_cancel = fields.get("RECURRINGOPERATION", "").upper() == "CANCEL"
    is_done = fields.get("RESULT", "").upper() in _CANCELLED
    codes = {code for code in results.codes_of(fields) if code}
    result = Result.UNRESOLVED
    if is_done and not codes:
        is_named = is_cancel and fields.get("RECORDID")
        result = Result.APPROVED if is_named else Result.UNRESOLVED
    elif codes and codes <= CODES.refusals.keys() | FOLLOW_UP_REFUSALS.keys():
        result = Result.UNRESOLVED if is_done else Result.DECLINED
    outcome = results.outcome_of(proven, result, {})
    text = outcome.bank_message or mask_text(fields.get("RESULT", ""))
    return replace(outcome, bank_message=text)


def _read_inquiry(proven: Proven) -> Outcome:
    """Say how the first payment stands, from an answer about the whole schedule.

    ==================== =========================== ==========
    TRANS_STAT of it     and                         result
    ==================== =========================== ==========
    C, S, A              its code 00, an amount      APPROVED
    D                    its code another one        DECLINED
    V                    there is no money           CANCELLED
    anything else, or no such row                    UNRESOLVED
    ==================== =========================== ==========
    """
    outcome = results.outcome_of(proven, Result.UNRESOLVED, {})
    for number, entry in _rows(proven):
        if number == 1:
            result = _INQUIRED.get(entry.state, Result.UNRESOLVED)
            outcome = replace(stated(outcome, entry), result=result)
    reason = CODES.reason(outcome.standing.bank_code) if outcome.standing else "other"
    is_good = outcome.result is Result.APPROVED
    return replace(
        outcome,
        reason="" if is_good else reason,
        references=_name_of(proven.fields),
    )


def _name_of(fields: Mapping[str, str]) -> dict[str, str]:
    return {RECURRING_ID: fields[PLAN]} if fields.get(PLAN) else {}


def _rows(proven: Proven) -> list[tuple[int, Entry]]:
    """:return: the payments with their numbers, in the order of the schedule"""
    matches = filter(None, map(_ROW.fullmatch, proven.fields))
    entries = [_entry(proven.order_id, proven.fields, match[1]) for match in matches]
    return sorted(((entry.number or 0, entry) for entry in entries), key=lambda e: e[0])


def _entry(order_id: str, fields: Mapping[str, str], suffix: str) -> Entry:
    """Read a payment; a charge counts only with its own code."""

    def told(name: str) -> str:
        return fields.get(f"EXTRA.{name}_{suffix}", "")

    code, state = told("PROC_RET_CD"), results.STATES.get(told("TRANS_STAT"))
    first, kind = reading.kurus(told("ORIG_TRANS_AMT")), told("CHARGE_TYPE_CD")
    is_proven = code == "00" and kind == "S" and first is not None
    if state in _CHARGED and not is_proven:
        state = State.UNKNOWN
    if state is State.DECLINED and code in ("", "00"):
        state = State.UNKNOWN
    when = told("AUTH_DTTM") or told("PLANNED_START_DTTM")
    return Entry(
        kind="sale" if kind == "S" else "",
        state=state or State.UNKNOWN,
        amount_kurus=first,
        captured_kurus=reading.kurus(told("CAPTURE_AMT")),
        order_id=told("ORD_ID"),
        number=_number(order_id, told("ORD_ID")),
        at=reading.moment(when, _TIME),
        captured_at=reading.moment(told("CAPTURE_DTTM"), _TIME),
        authorisation_code=mask_text(told("AUTH_CODE")),
        host_reference=mask_text(told("HOST_REF_NUM")),
        bank_transaction_id=mask_text(told("TRANS_ID")),
        bank_code=mask_text(code),
        card_masked=mask_text(told("PAN")),
    )


def _number(order_id: str, text: str) -> int | None:
    """:return: which payment of the order's schedule has this number

    >>> _number("A1", "A1"), _number("A1", "A1-3"), _number("A1", "A12")
    (1, 3, None)
    """
    if text == order_id:
        return 1
    match = _LATER.fullmatch(text.removeprefix(order_id))
    is_later = match and text.startswith(order_id) and match[1] != "1"
    return int(match[1]) if is_later else None
