"""What the messages of PosNet V1 mean: a return or an answer -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.
"""

from collections.abc import Mapping
from dataclasses import replace

from . import posnet_books as books
from .answers import Outcome, Proven, Result, newest_first, stated
from .codes.posnet import CODES
from .posnet_books import Row
from .posnet_v1_calls import AUTHENTICATION
from .redact import mask_text
from .types import Operation

ROWS = "TransactionData"
KNOWN = (
    "ServiceResponseData",
    "AuthCode",
    "ReferenceCode",
    "InstallmentData",
    ROWS,
)
"""What of an answer is read."""

_CODE = "ServiceResponseData.ResponseCode"
_DONE = "00"
_ANSWERED = "0000"


def read_return(proven: Proven, accepted: frozenset[str]) -> Outcome:
    """Say what a signed return means: no money has moved yet.

    ================================== ==============
    MdStatus                           result
    ================================== ==============
    1, accepted, with ECI and CAVV     AUTHENTICATED
    2 to 4, accepted                   AUTHENTICATED
    0, 5 to 9, or 2 to 4 not accepted  DECLINED
    anything else                      UNRESOLVED
    ================================== ==============

    Each AUTHENTICATED names its ``SecureTransactionId``.

    :param accepted: never more than full and half secure, whatever it holds
    """
    fields = proven.fields
    status = fields.get("MdStatus", "")
    accepted = accepted & books.FULL_AND_HALF_SECURE
    whole = all(fields.get(name) for name in AUTHENTICATION)
    is_enough = whole if status == "1" else fields.get("SecureTransactionId")
    outcome = Outcome(
        Result.UNRESOLVED,
        proven.order_id,
        md_status=status,
        eci=fields.get("ECI", ""),
        card_masked=mask_text(fields.get("CCPrefix", "")),
    )
    if status in accepted and is_enough:
        told = {ours: fields.get(wire, "") for wire, ours in AUTHENTICATION.items()}
        return replace(
            outcome,
            result=Result.AUTHENTICATED,
            follow_up=Operation.SALE,
            references=told,
        )
    known = books.FULL_AND_HALF_SECURE | books.NOT_AUTHENTICATED
    outcome = replace(
        outcome,
        reason="three_d_failed",
        reason_code=f"mdStatus={status}" if status else "",
        bank_message=mask_text(fields.get("MdErrorMessage", "")),
    )
    if status in known - accepted:
        return replace(outcome, result=Result.DECLINED)
    return replace(outcome, follow_up=Operation.INQUIRY)


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means.

    ============================= ==========================
    ResponseCode                  result
    ============================= ==========================
    00 (not of an inquiry)        APPROVED
    0000, of an inquiry           as the rows add up
    E219, of an inquiry, no rows  NOT_FOUND
    a known refusal               DECLINED (not of an inquiry)
    anything else                 UNRESOLVED
    ============================= ==========================
    """
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    fields, code = proven.fields, proven.fields.get(_CODE, "")
    is_sale = proven.operation is Operation.SALE
    if code == _DONE:
        result = Result.APPROVED
    else:
        refused = books.is_refusal(code, is_charge=is_sale)
        result = Result.DECLINED if refused else Result.UNRESOLVED
    count = books.count(fields.get("InstallmentData.InstallmentCount", ""))
    outcome = replace(_outcome(proven, result), installment_count=count)
    if result is Result.APPROVED:
        return replace(outcome, references=_keys(proven))
    if not is_sale:
        return books.respelled(proven, outcome, code)
    asks = Operation.INQUIRY if result is Result.UNRESOLVED else None
    return replace(outcome, follow_up=asks)


def _read_inquiry(proven: Proven) -> Outcome:
    rows, code = [read_row(row) for row in proven.rows], proven.fields.get(_CODE, "")
    if not rows:
        unknown = code in CODES.not_found
        result = Result.NOT_FOUND if unknown else Result.UNRESOLVED
        return books.respelled(proven, _outcome(proven, result), code)
    entries = newest_first(map(books.entry, rows))
    stands = books.standing(rows) if code == _ANSWERED else None
    outcome = _outcome(proven, books.inquiry_verdict(stands))
    outcome = replace(outcome, entries=entries)
    if stands is None:
        return outcome
    keys = {"order_prefix": proven.fields["order:prefix"]}
    if stands.host_reference:
        keys["reference_code"] = stands.host_reference
    if stands.kind == "preauth":
        captures = [one.host_reference for one in entries if one.kind == "capture"]
        keys["capture_code"] = captures[0] if captures and stands.captured_kurus else ""
    return replace(stated(outcome, stands), references=keys)


def _keys(proven: Proven) -> dict[str, str]:
    """:return: what a done call leaves behind for the next ones"""
    key = proven.fields.get("ReferenceCode", "")
    if proven.operation is Operation.VOID and proven.fields["order:is_captured"]:
        return {"capture_code": ""}
    if proven.operation is Operation.SALE and key:
        return {"reference_code": key}
    if proven.operation is Operation.CAPTURE and key:
        return {"capture_code": key}
    return {}


def read_row(fields: Mapping[str, str]) -> Row:
    """What is compared or counted stays as it is; what is only shown is masked."""
    names = (
        "TransactionType",
        "Amount",
        "CurrencyCode",
        "TransactionStatus",
        "TransactionDate",
        "OrderId",
    )
    return Row(
        *(fields.get(name, "") for name in names),
        mask_text(fields.get("AuthCode", "")),
        books.masked_key(fields.get("HostLogKey", "")),
        mask_text(fields.get("CardNo", "")),
    )


def _outcome(proven: Proven, result: Result) -> Outcome:
    fields = proven.fields
    code = fields.get(_CODE, "")
    is_good = result in (Result.APPROVED, Result.NOT_FOUND)
    text = fields.get("ServiceResponseData.ResponseDescription", "")
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        host_reference=books.masked_key(fields.get("ReferenceCode", "")),
        bank_code=mask_text(code),
        bank_message=mask_text(text),
        reason="" if is_good else books.reason(code),
        operation=proven.operation,
    )
