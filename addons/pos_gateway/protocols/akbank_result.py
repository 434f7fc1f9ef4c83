"""What Akbank's messages mean: codes and rows -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.

The authorisation code of a refusal is ``000000``: it says nothing and is left out.
"""

from collections.abc import Mapping
from dataclasses import replace
from operator import attrgetter

from . import money, reading
from .answers import Entry, Outcome, Proven, Result, State, standing_of, stated
from .codes.akbank import CODES, told
from .redact import mask_text
from .types import Operation

ROWS_AT = "txnDetailList"
SUCCESS = "VPS-0000"
FULL_AND_HALF_SECURE = frozenset("1234")

_AUTHENTICATION = "3001"
_CHARGES = ("1000", "1004")
_KINDS = {
    "1000": "sale",
    "1004": "preauth",
    "1005": "capture",
    "1002": "refund",
    "1003": "void",
}
_PLANS = {
    "W": State.PLANNED,
    "S": State.CAPTURED,
    "C": State.CANCELLED,
    "V": State.VOIDED,
}
_STATES = {
    "N": State.CAPTURED,
    "V": State.VOIDED,
    "R": State.REFUNDED,
    # Settled, or refunded in part: the sums of the rows tell.
    "S": State.CAPTURED,
}
_RESERVED = {"O": State.AUTHORISED, "C": State.CAPTURED}
_DONE = (State.CAPTURED, State.REFUNDED)
_TIME = "%Y-%m-%dT%H:%M:%S"


def claim(fields: Mapping[str, str]) -> Result:
    """Say what a signed return claims.

    =============== ========== ================ ============= =============
    responseCode    txnCode    hostResponseCode and           result
    =============== ========== ================ ============= =============
    VPS-0000        1000, 1004 00               rrn, authCode APPROVED
    VPS-0000        3001                        secureMd      AUTHENTICATED
    known refusal              known or none                  DECLINED
    anything else                                             UNRESOLVED
    =============== ========== ================ ============= =============
    """
    if fields["responseCode"] != SUCCESS:
        return done_or_refused(fields)
    if fields.get("txnCode") == _AUTHENTICATION and fields.get("secureMd"):
        return Result.AUTHENTICATED
    is_charge = fields.get("txnCode") in _CHARGES
    is_recorded = fields.get("rrn") and fields.get("authCode")
    return done_or_refused(fields) if is_charge and is_recorded else Result.UNRESOLVED


def read_return(proven: Proven, accepted: frozenset[str]) -> Outcome:
    """Say what a return means: no more than its signature holds.

    A claimed payment is APPROVED if the signature covers an amount, a count and a 3-D
    result that the merchant accepts. Else, and for whatever else is not a refusal, it
    is UNRESOLVED, and the bank is asked at once.

    :param accepted: never more than full and half secure, whatever it holds
    """
    fields, result = proven.fields, claim(proven.fields)
    amount = reading.amount(fields.get("amount"), money.from_decimal_text)
    count = reading.count(fields.get("installCount"), single=("1",))
    is_secure = fields.get("mdStatus") in accepted & FULL_AND_HALF_SECURE
    is_bound = amount is not None and count is not None and is_secure
    if result is Result.AUTHENTICATED or (result is Result.APPROVED and not is_bound):
        result = Result.UNRESOLVED
    return replace(
        outcome_of(proven, result, fields),
        amount_kurus=amount,
        installment_count=count,
        md_status=mask_text(fields.get("mdStatus", "")),
        eci=mask_text(fields.get("secureEcomInd", "")),
        card_masked=mask_text(fields.get("maskedCardNumber", "")),
        follow_up=Operation.INQUIRY if result is Result.UNRESOLVED else None,
    )


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    if proven.operation in (Operation.HISTORY, Operation.DAY_LIST):
        return _read_list(proven)
    fields = proven.fields
    outcome = outcome_of(
        proven,
        done_or_refused(fields),
        {**fields, **reading.part(fields, "transaction")},
    )
    return replace(outcome, hint=CODES.hint(*_codes(fields)))


def done_or_refused(fields: Mapping[str, str]) -> Result:
    if fields["responseCode"] == SUCCESS:
        is_done = fields.get("hostResponseCode") == "00"
        return Result.APPROVED if is_done else Result.UNRESOLVED
    is_known = CODES.is_refusal(*_codes(fields))
    return Result.DECLINED if is_known else Result.UNRESOLVED


def _read_list(proven: Proven) -> Outcome:
    fields = proven.fields
    if fields["responseCode"] == SUCCESS:
        result = Result.APPROVED
    else:
        is_unknown = fields["responseCode"] in CODES.not_found
        result = Result.NOT_FOUND if is_unknown else Result.UNRESOLVED
    entries = _entries(proven)
    is_of_one = proven.operation is Operation.HISTORY
    return replace(
        outcome_of(proven, result, fields),
        entries=entries,
        standing=_standing(entries, proven.order_id) if is_of_one else None,
    )


def _read_inquiry(proven: Proven) -> Outcome:
    """Decide by the sum of the rows of an order, which must hold one charge.

    ============================== ===================================== ==========
    the charge                     and                                   result
    ============================== ===================================== ==========
    reserved, captured, refunded   an amount                             APPROVED
    voided                         there is no money                     CANCELLED
    none                           rows, all of them known refusals      DECLINED
    none                           no row, VPS-1123                      NOT_FOUND
    anything else                                                        UNRESOLVED
    ============================== ===================================== ==========
    """
    listed = _read_list(proven)
    standing = _standing(listed.entries, proven.order_id)
    outcome = replace(listed, entries=(), standing=standing, result=Result.UNRESOLVED)
    if listed.result is not Result.APPROVED:
        is_empty = listed.result is Result.NOT_FOUND and not listed.entries
        return replace(
            outcome, result=Result.NOT_FOUND if is_empty else Result.UNRESOLVED
        )
    if standing is None:
        return _refused_or_unresolved(proven, outcome)
    captured = standing.captured_kurus
    is_voided = standing.state is State.VOIDED
    return replace(
        stated(outcome, standing),
        result=Result.CANCELLED if is_voided else Result.APPROVED,
        amount_kurus=standing.amount_kurus if captured is None else captured,
    )


def _refused_or_unresolved(proven: Proven, outcome: Outcome) -> Outcome:
    """Of the rows of an order without one charge: the refusals, if there is no more."""
    all_codes = [_codes(row) for row in proven.rows]
    if not all_codes or not all(CODES.is_refusal(*codes) for codes in all_codes):
        return outcome
    row = proven.rows[-1]
    return replace(
        outcome_of(proven, Result.DECLINED, row),
        bank_message=mask_text(row.get("hostMessage", "")),
    )


def _entries(proven: Proven) -> tuple[Entry, ...]:
    """Newest first; the bank lists the oldest first."""
    rows = [entry_of(row) for row in reversed(proven.rows)]
    dated = sorted((r for r in rows if r.at), key=attrgetter("at"), reverse=True)
    return (*dated, *(row for row in rows if not row.at))


def entry_of(row: Mapping[str, str]) -> Entry:
    """Read a row of a history or list."""
    amount = reading.amount(row.get("amount"), money.from_decimal_text)
    captured = reading.amount(row.get("preAuthCloseAmount"), money.from_decimal_text)
    refused = row.get("responseCode", SUCCESS) != SUCCESS
    code = row.get("hostResponseCode") or row.get("responseCode", "")
    return Entry(
        kind=_KINDS.get(row.get("txnCode", ""), ""),
        state=_state(row),
        amount_kurus=amount,
        captured_kurus=captured,
        currency=reading.currency(row.get("currencyCode")),
        installment_count=reading.count(row.get("installCount"), single=("1",)),
        order_id=mask_text(order_of(row)),
        at=reading.moment(row.get("txnDateTime") or row.get("plannedDateTime"), _TIME),
        captured_at=reading.moment(row.get("preAuthCloseDate"), _TIME),
        authorisation_code="" if refused else mask_text(row.get("authCode", "")),
        host_reference=mask_text(row.get("rrn", "")),
        bank_code=mask_text(code),
        card_masked=mask_text(row.get("maskedCardNumber", "")),
    )


def order_of(row: Mapping[str, str]) -> str:
    """:return: the order that a row belongs to: a capture has a number of its own"""
    return row.get("orgOrderId") or row.get("orderId") or row.get("orderTrackId") or ""


def _state(row: Mapping[str, str]) -> State:
    if row.get("requestStatus"):
        return _state_in_plan(row)
    if row.get("responseCode") != SUCCESS:
        return State.DECLINED if row.get("responseCode") else State.UNKNOWN
    state = _STATES.get(row.get("txnStatus", ""), State.UNKNOWN)
    if row.get("hostResponseCode") != "00":
        return State.UNKNOWN
    if row.get("txnCode") == "1004" and state is State.CAPTURED:
        return _RESERVED.get(row.get("preAuthStatus", ""), State.UNKNOWN)
    return state


def _state_in_plan(row: Mapping[str, str]) -> State:
    """Of a payment of a schedule; one that was made must say so with its codes."""
    state = _PLANS.get(row["requestStatus"], State.UNKNOWN)
    if state in (State.PLANNED, State.CANCELLED):
        return state
    codes = (row.get("responseCode", ""), row.get("hostResponseCode"))
    if codes == (SUCCESS, "00"):
        return state
    is_refused = codes[0] != SUCCESS and CODES.is_refusal(*_codes(row))
    return State.DECLINED if is_refused else State.UNKNOWN


def _standing(entries: tuple[Entry, ...], order_id: str) -> Entry | None:
    """Sum up an order.

    Nothing is made of a row that says nothing known, nor of a void that is seen at no
    other row; of a voided capture it is not known what it leaves (unverified).
    """
    standing = standing_of(entries, order_id)
    states = [row.state for row in entries]
    voids = [row for row in entries if row.kind == "void" and row.state in _DONE]
    lost = [r for r in entries if r.kind == "capture" and r.state is State.VOIDED]
    is_odd = State.UNKNOWN in states or (voids and State.VOIDED not in states)
    if standing is None or is_odd or (lost and standing.state is not State.VOIDED):
        return None
    if standing.state is State.VOIDED:
        return replace(standing, voided_kurus=standing.amount_kurus)
    if standing.state is State.REFUNDED and not standing.refunded_kurus:
        # The row of the sale says it alone.
        return replace(standing, refunded_kurus=standing.captured_kurus)
    return standing


def _codes(fields: Mapping[str, str]) -> tuple[str, ...]:
    return told(fields.get("responseCode", ""), fields.get("hostResponseCode", ""))


def outcome_of(proven: Proven, result: Result, fields: Mapping[str, str]) -> Outcome:
    """:param fields: the part of the message that tells of the transaction"""
    code, host_code = fields["responseCode"], fields.get("hostResponseCode", "")
    is_good = code == SUCCESS
    message = fields.get("responseMessage", "")
    if not is_good and fields.get("hostMessage"):
        message = fields["hostMessage"]
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("authCode", "")) if is_good else "",
        host_reference=_number(fields.get("rrn")),
        operation=proven.operation,
        bank_code=mask_text(code),
        reason_code=mask_text(host_code),
        reason="" if is_good else CODES.reason(*told(code, host_code)),
        bank_message=mask_text(message),
        batch=_number(fields.get("batchNumber")),
        at=reading.moment(fields.get("txnDateTime"), _TIME),
    )


def _number(text: str | None) -> str:
    """:return: a reference of the bank; it writes 0 for none"""
    return "" if text in (None, "0") else mask_text(text)
