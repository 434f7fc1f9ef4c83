"""What InterPOS's messages mean: its states and codes -> an outcome.

Every table is total: what is not in it is unresolved, and absent is never success. The
states of an inquiry are read as one public integration reads them (unverified).
"""

from collections.abc import Mapping
from dataclasses import replace

from . import money, reading
from .answers import Entry, Outcome, Proven, Result, State
from .codes.interpos import CODES, UNAUTHENTICATED, refines
from .redact import mask_text
from .types import Operation

FULL_AND_HALF_SECURE = frozenset("1234")
_TIMES = ("%d.%m.%Y %H:%M:%S",)

_STATES = {
    "C": State.CAPTURED,
    "S": State.CAPTURED,
    "K": State.CAPTURED,
    "A": State.AUTHORISED,
    "V": State.VOIDED,
    "D": State.DECLINED,
}
"""Sale before and after the end of the day, captured reservation, reservation, ..."""
_KINDS = {"A": "preauth", "K": "preauth"}
_RESULTS = {
    State.CAPTURED: Result.APPROVED,
    State.AUTHORISED: Result.APPROVED,
    State.REFUNDED: Result.APPROVED,
    State.PARTIALLY_REFUNDED: Result.APPROVED,
    State.VOIDED: Result.CANCELLED,
}
_NOTHING = ("TransId", "AuthCode", "TxnStatus", "ChargeTypeCd", "ErrorCode")


def read_return(proven: Proven, accepted: frozenset[str]) -> Outcome:
    """Say what a signed return means.

    ============= ================ ========== ==================== ==========
    mdStatus      ProcReturnCode   Response   and                  result
    ============= ================ ========== ==================== ==========
    accepted      00               Approved   an inquiry confirms  UNRESOLVED
    0 to 9        a known refusal  any other                       DECLINED
    0, 5 to 9     99, none         any other                       DECLINED
    anything else                                                  UNRESOLVED
    ============= ================ ========== ==================== ==========

    :param accepted: never more than full and half secure, whatever it holds
    """
    fields = proven.fields
    amount = _amount(fields["PurchAmount"])
    currency = reading.currency(fields["Currency"])
    result = _verdict(fields, accepted)
    if result is Result.APPROVED:
        # Neither form nor return sign the kind of page: a payer could have turned ours
        # into one that only authenticates. The bank's books must say that it was paid.
        result = Result.UNRESOLVED
    code, status = fields["ProcReturnCode"], fields["mdStatus"]
    is_failed = status in UNAUTHENTICATED and code in ("", "99")
    fine = f"mdStatus={status}" if is_failed else fields.get("ErrorCode", "")
    return replace(
        _outcome(proven, result, fine),
        amount_kurus=amount,
        currency=currency,
        card_masked=mask_text(fields.get("Pan", "")),
        md_status=mask_text(status),
        eci=mask_text(fields.get("Eci", "")),
        follow_up=Operation.INQUIRY if result is Result.UNRESOLVED else None,
    )


def _verdict(fields: Mapping[str, str], accepted: frozenset[str]) -> Result:
    code, response = fields["ProcReturnCode"], fields["Response"]
    status = fields["mdStatus"]
    if response == "Approved":
        is_paid = code == "00" and status in accepted & FULL_AND_HALF_SECURE
        return Result.APPROVED if is_paid else Result.UNRESOLVED
    is_failed = status in UNAUTHENTICATED
    if not is_failed and status not in FULL_AND_HALF_SECURE:
        return Result.UNRESOLVED
    is_refused = CODES.is_refusal(code) or (is_failed and code in ("", "99"))
    return Result.DECLINED if is_refused else Result.UNRESOLVED


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    fields = proven.fields
    code, fine = fields["ProcReturnCode"], fields.get("ErrorCode", "")
    result = Result.UNRESOLVED
    if code == "00":
        is_done = not fine and fields.get("TxnResult") != "Failed"
        result = Result.APPROVED if is_done else result
    elif CODES.is_refusal(code) and refines(fine, code):
        result = Result.DECLINED
    return _outcome(proven, result, fine)


def _read_inquiry(proven: Proven) -> Outcome:
    """Decide by the order's own record, which must be a sale.

    ================ ============= ==================================== ==========
    ProcReturnCode   TxnStatus     and                                  result
    ================ ============= ==================================== ==========
    00               C, S, K, A    an amount, TxnStat N or none         APPROVED
    00               V             TxnStat N, V or none                 CANCELLED
    00               D             no AuthCode                          DECLINED
    05               none          no amount, nothing else either       NOT_FOUND
    anything else, also TxnStat R and S (reversed, suspicious)          UNRESOLVED
    ================ ============= ==================================== ==========
    """
    fields = proven.fields
    fine = fields.get("ErrorCode", "")
    if fields["ProcReturnCode"] != "00":
        is_unknown = fields["ProcReturnCode"] == "05" and not _names_anything(fields)
        result = Result.NOT_FOUND if is_unknown else Result.UNRESOLVED
        return _outcome(proven, result, fine)
    standing = _standing(proven)
    result = Result.UNRESOLVED
    if not fine and fields.get("ChargeTypeCd", "") in ("S", "-"):
        result = _RESULTS.get(standing.state, result)
        if standing.state is State.DECLINED and not fields.get("AuthCode"):
            result = Result.DECLINED
    if result is Result.APPROVED and not standing.amount_kurus:
        result = Result.UNRESOLVED
    return replace(
        _outcome(proven, result, fine),
        amount_kurus=standing.amount_kurus,
        standing=standing,
    )


def _names_anything(fields: Mapping[str, str]) -> bool:
    has_amount = fields.get("PurchAmount", "") not in ("", "0", "0,00")
    return has_amount or any(fields.get(name) for name in _NOTHING)


def _standing(proven: Proven) -> Entry:
    fields = proven.fields
    status, kind = fields.get("TxnStatus", ""), fields.get("ChargeTypeCd", "")
    state = _STATES.get(status, State.UNKNOWN)
    if fields.get("TxnStat", "") == "V":
        state = State.VOIDED
    elif fields.get("TxnStat", "") not in ("", "N"):
        state = State.UNKNOWN
    amount = _amount(fields.get("PurchAmount"))
    refunded = _amount(fields.get("RefundedAmount"))
    if refunded and state is State.CAPTURED:
        is_whole = refunded == amount
        state = State.REFUNDED if is_whole else State.PARTIALLY_REFUNDED
    was_taken = status in ("C", "S", "K") and state is not State.UNKNOWN
    return Entry(
        kind="refund" if kind == "C" else _KINDS.get(status, "sale"),
        state=state,
        amount_kurus=amount,
        captured_kurus=amount if was_taken else None,
        refunded_kurus=refunded,
        order_id=proven.order_id,
        at=_time(fields),
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        bank_transaction_id=mask_text(fields.get("TransId", "")),
        bank_code=mask_text(fields["ProcReturnCode"]),
    )


def _outcome(proven: Proven, result: Result, fine: str) -> Outcome:
    fields = proven.fields
    code = fields["ProcReturnCode"]
    is_good = result in (Result.APPROVED, Result.NOT_FOUND) or code == "00"
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        host_reference=mask_text(fields.get("HostRefNum", "")),
        bank_transaction_id=mask_text(fields.get("TransId", "")),
        bank_code=mask_text(code),
        bank_message=mask_text(fields.get("ErrorMessage", "")),
        reason_code=mask_text(fine),
        reason="" if is_good else CODES.reason(fine, code),
        batch=mask_text(fields.get("BatchNo", "")),
        at=_time(fields),
        operation=proven.operation,
    )


def _time(fields: Mapping[str, str]):
    return reading.moment(fields.get("TRXDATE") or fields.get("TrxDate"), *_TIMES)


def _amount(text: str | None) -> int | None:
    """Comma or dot, at most two digits behind it: that is no thousands separator."""
    comma = reading.amount(text, money.from_comma_text)
    return reading.amount(text, money.from_decimal_text) if comma is None else comma
