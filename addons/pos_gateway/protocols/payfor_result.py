"""What PayFor's messages mean: its states, codes and rows -> an outcome.

Every table is total: what is not in it is unresolved, and absent is never success. An
authorisation code alone means nothing: a refused refund has one, too.
"""

from collections.abc import Mapping
from dataclasses import replace

from . import money, reading
from .answers import Entry, Outcome, Proven, Result, State, newest_first, standing_of
from .codes.payfor import CODES, UNAUTHENTICATED
from .redact import mask_text
from .types import Operation

ROWS_AT = "PaymentRequestExtended"
_ROW = "PaymentRequest"
LEAKED = (
    *"UserPass MerchantPass DecryptedCard Pan Expiry Cvv2".split(),
    *"ExtraParameters PaymentAddress".split(),
)
"""Elements that an answer may hold and nobody shall see."""
_ACCEPTABLE = "1"
_TIMES = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S")

_KINDS = {
    "Auth": "sale",
    "PreAuth": "preauth",
    "PostAuth": "capture",
    "Refund": "refund",
    "Void": "void",
}
_RESULTS = {
    State.CAPTURED: Result.APPROVED,
    State.AUTHORISED: Result.APPROVED,
    State.REFUNDED: Result.APPROVED,
    State.PARTIALLY_REFUNDED: Result.APPROVED,
    State.VOIDED: Result.CANCELLED,
    State.DECLINED: Result.DECLINED,
}


def claims_payment(fields: Mapping[str, str]) -> bool:
    """Whether a return says that money was taken."""
    is_paid = fields.get("ProcReturnCode") == "00"
    return is_paid and fields.get("3DStatus") == _ACCEPTABLE


def read_return(proven: Proven) -> Outcome:
    """Say what a return means. It never books: its signature does not hold the amount.

    ============ ========================== ========= ======= ==========
    3DStatus     ProcReturnCode             AuthCode  signed  result
    ============ ========================== ========= ======= ==========
    1, 0, -1     a known refusal            none      yes     DECLINED
    anything else, a payment above all                        UNRESOLVED
    ============ ========================== ========= ======= ==========

    The bank is asked next whatever is unresolved.
    """
    fields = proven.fields
    code, status = fields.get("ProcReturnCode", ""), fields.get("3DStatus", "")
    is_refused = (
        proven.by == "signature"
        and status in (_ACCEPTABLE, *UNAUTHENTICATED)
        and CODES.is_refusal(code)
        and not fields.get("AuthCode")
    )
    result = Result.DECLINED if is_refused else Result.UNRESOLVED
    return replace(
        _outcome(proven, fields, result),
        amount_kurus=_amount(fields.get("PurchAmount")),
        currency=reading.currency(fields.get("Currency")),
        installment_count=reading.count(fields.get("InstallmentCount")),
        reason="" if claims_payment(fields) else CODES.reason(code),
        md_status=mask_text(status),
        eci=mask_text(fields.get("Eci", "")),
        at=reading.moment(fields.get("TransactionDate"), *_TIMES),
        follow_up=None if is_refused else Operation.INQUIRY,
    )


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    if proven.operation in (Operation.HISTORY, Operation.DAY_LIST):
        return _read_list(proven)
    return read_done(proven)


def read_done(proven: Proven) -> Outcome:
    """Say whether something was done: with 00 it was, with a known refusal not."""
    code = proven.fields.get("ProcReturnCode", "")
    result = Result.UNRESOLVED
    if code == "00":
        result = Result.APPROVED
    elif code in CODES.not_found or CODES.is_refusal(code):
        result = Result.DECLINED
    return _outcome(proven, proven.fields, result)


def _read_inquiry(proven: Proven) -> Outcome:
    """Decide by the state of the order's last charge.

    ================== ========= ========================= ===========
    TxnType            TxnStatus and                       result
    ================== ========= ========================= ===========
    Auth, PostAuth,    Y         00, an amount             APPROVED
    PreAuth
    the same           V         00                        CANCELLED
    the same           N         a known refusal           DECLINED
    whatever           whatever  V013, P002                NOT_FOUND
    anything else, as P (pending) and N with V000          UNRESOLVED
    ================== ========= ========================= ===========
    """
    fields = proven.fields
    if fields.get("ProcReturnCode", "") in CODES.not_found:
        return _outcome(proven, fields, Result.NOT_FOUND)
    standing = entry_of(fields)
    result = Result.UNRESOLVED
    if standing.kind in ("sale", "preauth", "capture"):
        result = _RESULTS.get(standing.state, result)
    if result is Result.APPROVED and not standing.amount_kurus:
        result = Result.UNRESOLVED
    return replace(
        _outcome(proven, fields, result),
        amount_kurus=standing.amount_kurus,
        currency=standing.currency,
        installment_count=standing.installment_count,
        at=standing.at,
        standing=standing if standing.kind else None,
    )


def _read_list(proven: Proven) -> Outcome:
    """Rows come oldest first; a single row of type Report is an error."""
    rows = proven.rows
    if not rows or rows[0].get("SecureType") == "Report":
        head = rows[0] if rows else proven.fields
        code = head.get("ProcReturnCode", "")
        result = Result.DECLINED if CODES.is_refusal(code) else Result.UNRESOLVED
        if code in CODES.not_found:
            result = Result.NOT_FOUND
        return _outcome(proven, head, result)
    entries = newest_first([entry_of(row) for row in reversed(rows)])
    standing = standing_of(entries) if proven.operation is Operation.HISTORY else None
    return replace(
        _outcome(proven, {}, Result.APPROVED), entries=entries, standing=standing
    )


def plain(row: Mapping[str, str]) -> dict[str, str]:
    """:return: the texts of a row by the names that they have elsewhere"""
    return reading.part(row, _ROW)


def entry_of(fields: Mapping[str, str]) -> Entry:
    kind = _KINDS.get(fields.get("TxnType", ""), "")
    amount = _amount(fields.get("PurchAmount"))
    refunded = _amount(fields.get("RefundedAmount"))
    is_charge = kind in ("sale", "capture")
    state = _state(fields, kind)
    if is_charge and refunded and state is State.CAPTURED:
        is_whole = refunded == amount
        state = State.REFUNDED if is_whole else State.PARTIALLY_REFUNDED
    when = fields.get("InsertDatetime") or fields.get("TrxDate")
    return Entry(
        kind,
        state,
        amount,
        captured_kurus=amount if is_charge and state in _RESULTS else None,
        refunded_kurus=None if kind in ("refund", "void") else refunded,
        currency=reading.currency(fields.get("Currency")),
        installment_count=reading.count(fields.get("InstallmentCount")),
        order_id=mask_text(fields.get("OrderId", "")),
        at=reading.moment(when, *_TIMES),
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        host_reference=_reference(fields),
        bank_code=mask_text(fields.get("ProcReturnCode", "")),
        card_masked=mask_text(fields.get("CardMask", "")),
    )


def _state(fields: Mapping[str, str], kind: str) -> State:
    """
    ========= ============================= ================================
    TxnStatus ProcReturnCode, TxnResult     state
    ========= ============================= ================================
    Y         00, not Failed                CAPTURED, AUTHORISED of PreAuth
    V         00                            VOIDED
    N         a known refusal               DECLINED
    P, N      V000, V020                    WAITING
    anything else                           UNKNOWN
    ========= ============================= ================================
    """
    status, code = fields.get("TxnStatus", ""), fields.get("ProcReturnCode", "")
    is_voided = status == "V" or fields.get("IsVoided", "").lower() == "true"
    if code == "00" and is_voided:
        return State.VOIDED
    if (status, code) == ("Y", "00") and fields.get("TxnResult") != "Failed":
        return State.AUTHORISED if kind == "preauth" else State.CAPTURED
    if status == "N" and (CODES.is_refusal(code) or code in CODES.not_found):
        return State.DECLINED
    is_open = status in ("P", "N") and code in ("V000", "V020")
    return State.WAITING if is_open else State.UNKNOWN


def _outcome(proven: Proven, fields: Mapping[str, str], result: Result) -> Outcome:
    code = fields.get("ProcReturnCode", "")
    is_good = result in (Result.APPROVED, Result.NOT_FOUND)
    reason = "not_found" if code in CODES.not_found else CODES.reason(code)
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        host_reference=_reference(fields),
        card_masked=mask_text(fields.get("CardMask", "")),
        bank_code=mask_text(code),
        bank_message=mask_text(fields.get("ErrMsg", "")),
        reason="" if is_good else reason,
        batch=mask_text(fields.get("BatchNo", "")),
        operation=proven.operation,
        hint=CODES.hint(code),
    )


def _reference(fields: Mapping[str, str]) -> str:
    return mask_text(fields.get("HostRefNum") or fields.get("F37", ""))


def _amount(text: str | None) -> int | None:
    return reading.amount(text, money.from_decimal_text)
