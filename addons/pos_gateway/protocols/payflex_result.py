"""What PayFlex's answers mean: codes and flags -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.

The authorisation code of a refusal is ``000000``: it says nothing and is left out.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from . import money, reading
from .answers import Entry, Outcome, Proven, Result, State, stated
from .codes.payflex import CODES
from .redact import mask_text
from .types import Operation

SUCCESS = "0000"
ROWS_AT = "TransactionSearchResultInfo.TransactionSearchResultInfo"
UNREAD = ("CustomItems", "InstallmentTable", "CampaignResult")
"""Lists that nobody reads; their names repeat."""

_TOKEN = re.compile(r"[0-9A-Za-z-]{16,64}")
_KINDS = {
    "Sale": "sale",
    "Auth": "preauth",
    "Capture": "capture",
    "Refund": "refund",
    "Cancel": "void",
    "Reversal": "void",
}
_CHARGES = ("sale", "preauth")
_FLAGS = {"true": True, "false": False}
_CODES_AT = {
    Operation.RESOLVE: "Rc",
    Operation.REGISTER: "ErrorCode",
    Operation.INQUIRY: "ResponseInfo.ResponseCode",
}


def is_done(operation: Operation, fields: Mapping[str, str]) -> bool:
    """Whether an answer says that something was done, or a page paid."""
    if operation in (Operation.INQUIRY, Operation.REGISTER):
        return False
    return _code(operation, fields) == SUCCESS


def read_page(proven: Proven) -> Outcome:
    """Say what the page sends: nothing, but that the bank must be asked."""
    return replace(
        _outcome(proven, Result.UNRESOLVED, proven.fields.get("Rc", "")),
        follow_up=Operation.RESOLVE,
        references={"page_number": proven.fields.get("TransactionId", "")},
    )


def read_registration(proven: Proven) -> Outcome:
    """Say whether the page is open: a token, and no error.

    An error without a token declines whatever its code: there is no page to pay on.
    """
    token, code = proven.fields.get("PaymentToken", ""), _code_of(proven)
    if _TOKEN.fullmatch(token) and code in ("", SUCCESS):
        opened = _outcome(proven, Result.AUTHENTICATED, SUCCESS)
        return replace(opened, references={"token": token})
    is_refused = not token and code not in ("", SUCCESS)
    return _outcome(proven, Result.DECLINED if is_refused else Result.UNRESOLVED, code)


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    if proven.operation is Operation.RESOLVE:
        return _read_resolved(proven)
    code = _code_of(proven)
    outcome = _outcome(proven, _done_or_refused(code), code)
    amount = _amount(proven.fields)
    is_paid = outcome.result is Result.APPROVED and proven.operation is Operation.SALE
    if is_paid and amount is None:
        outcome = replace(outcome, result=Result.UNRESOLVED)
    return replace(
        outcome,
        amount_kurus=amount,
        currency=reading.currency(proven.fields.get("CurrencyCode")),
        hint=CODES.hint(code),
    )


def _read_resolved(proven: Proven) -> Outcome:
    """Say what became of our page; ``read`` saw that it is ours.

    ============== ==================== ========= ================= ==========
    Rc             TransactionType      ErrorCode and               result
    ============== ==================== ========= ================= ==========
    0000           Sale, Auth           none      an amount         APPROVED
    known refusal                       the same  it names our page DECLINED
    anything else                                                   UNRESOLVED
    ============== ==================== ========= ================= ==========

    What is unresolved is asked for by the number of the order: a search knows it even
    where the page's number, which anybody can post, was wrong.
    """
    fields, code = proven.fields, _code_of(proven)
    amount, error = _amount(fields), fields.get("ErrorCode", "")
    result = Result.UNRESOLVED
    is_charge = _KINDS.get(fields.get("TransactionType", "")) in _CHARGES
    if code == SUCCESS and error in ("", SUCCESS):
        if is_charge and amount is not None:
            result = Result.APPROVED
    elif CODES.is_refusal(code, error) and fields.get("PaymentToken"):
        result = Result.DECLINED
    outcome = replace(
        _outcome(proven, result, code),
        amount_kurus=amount,
        currency=reading.currency(fields.get("AmountCode")),
        installment_count=reading.count(fields.get("InstallmentCount")),
        reason_code=mask_text(error if error != code else ""),
    )
    if result is Result.UNRESOLVED:
        return replace(outcome, follow_up=Operation.INQUIRY)
    if result is Result.DECLINED:
        return outcome
    return replace(outcome, references=_references(fields))


def _read_inquiry(proven: Proven) -> Outcome:
    """Decide by the one successful charge that the search finds for the order.

    ============================== ==================================== ==========
    the charge                     and                                  result
    ============================== ==================================== ==========
    reserved, captured, refunded   an amount                            APPROVED
    voided                         there is no money                    CANCELLED
    none                           rows, all of them known refusals     DECLINED
    none                           no row, the search itself worked     NOT_FOUND
    anything else                                                       UNRESOLVED
    ============================== ==================================== ==========
    """
    code = _code_of(proven)
    outcome = _outcome(proven, Result.UNRESOLVED, code)
    if code != SUCCESS:
        return outcome
    total = proven.fields.get("PagedResponseInfo.TotalItemCount", "0")
    if not proven.rows and total == "0":
        return replace(outcome, result=Result.NOT_FOUND, reason="")
    charges = [row for row in proven.rows if _is_charge(row)]
    if charges and all(row.get("ResultCode") != SUCCESS for row in charges):
        return _refused(proven, charges)
    charged = [row for row in charges if row.get("ResultCode") == SUCCESS]
    if len(charged) != 1:
        return outcome
    (row,) = charged
    standing = _standing(row)
    if standing.state is State.UNKNOWN or standing.amount_kurus is None:
        return replace(outcome, standing=standing)
    is_voided = standing.state is State.VOIDED
    return replace(
        stated(outcome, standing),
        result=Result.CANCELLED if is_voided else Result.APPROVED,
        references=_references(row),
    )


def _refused(proven: Proven, charges: list[Mapping[str, str]]) -> Outcome:
    codes = [row.get("ResultCode", "") for row in charges]
    is_known = all(CODES.is_refusal(code) for code in codes)
    outcome = _outcome(
        proven, Result.DECLINED if is_known else Result.UNRESOLVED, codes[-1]
    )
    message = charges[-1].get("ResponseMessage", "")
    return replace(outcome, bank_message=mask_text(message))


def _is_charge(row: Mapping[str, str]) -> bool:
    return _KINDS.get(row.get("TransactionType", "")) in _CHARGES


def _standing(row: Mapping[str, str]) -> Entry:
    """Read the row of a successful charge, whose flags tell what came after it."""
    kind, amount = _KINDS[row["TransactionType"]], _amount(row)
    refunded = reading.amount(row.get("TotalRefundAmount"), money.from_decimal_text)
    state = _state(row, kind, amount, refunded)
    reserved_only = state in (State.AUTHORISED, State.UNKNOWN) or (
        state is State.VOIDED and kind == "preauth"
    )
    return Entry(
        kind=kind,
        state=state,
        amount_kurus=amount,
        captured_kurus=None if reserved_only else amount,
        refunded_kurus=refunded if state in _REFUNDED else 0,
        voided_kurus=amount if state is State.VOIDED else None,
        currency=reading.currency(row.get("AmountCode") or row.get("CurrencyCode")),
        installment_count=reading.count(row.get("NumberOfInstallments")),
        order_id=mask_text(row.get("OrderId", "")),
        at=_time(row),
        authorisation_code=mask_text(row.get("AuthCode", "")),
        host_reference=mask_text(row.get("Rrn", "")),
        bank_transaction_id=mask_text(row.get("TransactionId", "")),
        bank_code=mask_text(row.get("ResultCode", "")),
        card_masked=mask_text(row.get("PanMasked", "")),
    )


def _state(row, kind: str, amount: int | None, refunded: int | None) -> State:
    """A flag that is missing is not false; that a reversal is missing, is told."""
    flags = {name: _FLAGS.get(row.get(name, "").lower()) for name in _STATE_FLAGS}
    if flags["IsCanceled"] or flags["IsReversed"]:
        return State.VOIDED
    if flags["IsCanceled"] is None or flags["IsRefunded"] is None:
        return State.UNKNOWN
    if flags["IsRefunded"]:
        return State.REFUNDED if refunded == amount else State.PARTIALLY_REFUNDED
    if kind == "sale":
        return State.CAPTURED
    if flags["IsCaptured"] is None:
        return State.UNKNOWN
    return State.CAPTURED if flags["IsCaptured"] else State.AUTHORISED


_REFUNDED = (State.REFUNDED, State.PARTIALLY_REFUNDED)
_STATE_FLAGS = ("IsCanceled", "IsReversed", "IsRefunded", "IsCaptured")


def _done_or_refused(code: str) -> Result:
    if code == SUCCESS:
        return Result.APPROVED
    return Result.DECLINED if CODES.is_refusal(code) else Result.UNRESOLVED


def _amount(fields: Mapping[str, str]) -> int | None:
    text = fields.get("CurrencyAmount") or fields.get("Amount")
    is_comma = "," in (text or "")
    reader = money.from_comma_text if is_comma else money.from_decimal_text
    return reading.amount(text, reader)


def _time(fields: Mapping[str, str]) -> datetime | None:
    """The bank sometimes leaves out the year; we have no clock to guess it by."""
    text = fields.get("HostDate", "")
    return reading.moment(text, "%Y%m%d%H%M%S") if len(text) == 14 else None


def _references(fields: Mapping[str, str]) -> dict[str, str]:
    """What later calls need; it is kept as it is."""
    return {"transaction_id": fields.get("TransactionId", "")}


def _code(operation: Operation, fields: Mapping[str, str]) -> str:
    return fields.get(_CODES_AT.get(operation, "ResultCode"), "")


def _code_of(proven: Proven) -> str:
    return _code(proven.operation, proven.fields)


def _outcome(proven: Proven, result: Result, code: str) -> Outcome:
    fields = proven.fields
    message = (
        fields.get("ResultDetail")
        or fields.get("Message")
        or fields.get("ResponseMessage")
        or fields.get("ResponseInfo.ResponseMessage", "")
    )
    is_good = code == SUCCESS
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("AuthCode", "")) if is_good else "",
        host_reference=mask_text(fields.get("Rrn", "")),
        bank_transaction_id=mask_text(fields.get("TransactionId", "")),
        card_masked=mask_text(fields.get("MaskedPan", "")),
        eci=mask_text(fields.get("ECI", "")),
        operation=proven.operation,
        bank_code=mask_text(code),
        reason="" if is_good else CODES.reason(code),
        bank_message=mask_text(message),
        batch=mask_text(fields.get("BatchNo", "")),
        at=_time(fields),
    )
