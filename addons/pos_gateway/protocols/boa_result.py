"""What BOA's messages mean, at both banks: codes and states -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from . import money, reading
from .answers import Entry, Hint, Outcome, Proven, Result, State, newest_first, stated
from .bank_html import form_of
from .boa import SUCCESS
from .codes.boa import BUSINESS_ERROR, CODES
from .redact import mask_text
from .types import Form, Operation

PAGE_FIELDS = "PageAddress"
"""Our name for where the bank's page posts itself to."""
WHOLE = "IsWhole"
"""Our name for whether a refund was asked for the whole amount."""
CUT = "IsCut"
"""Our name for a list that may go on."""

_REFERENCES = {
    "bank_order_id": "OrderId",
    "rrn": "RRN",
    "stan": "Stan",
    "provision_number": "ProvisionNumber",
}
_STATES = {
    "1": State.CAPTURED,
    "4": State.REFUNDED,
    "5": State.PARTIALLY_REFUNDED,
    "6": State.VOIDED,
}
_NO_YEAR = 1


def read(proven: Proven) -> Outcome:
    """Say what a message means."""
    readers = {
        Operation.PAGE: read_page,
        Operation.CARD_PAGE: read_card_page,
        Operation.INQUIRY: read_inquiry,
        Operation.DAY_LIST: read_list,
    }
    return readers.get(proven.operation, read_done)(proven)


def page_fields(body: bytes, is_live: bool) -> tuple[dict, list[dict[str, str]]]:
    """:return: where a page of the bank goes, and the rows that it takes there"""
    address, fields = form_of(body, is_live)
    rows = [{"name": name, "value": value} for name, value in fields]
    return {PAGE_FIELDS: address}, rows


def read_page(proven: Proven) -> Outcome:
    """Say what the return of the 3-D page means. No money has moved yet.

    ============= ======= ================ ==================== ===========
    ResponseCode  signed  RRN              MD                   result
    ============= ======= ================ ==================== ===========
    00            yes     none             there is one         AUTHENTICATED, SALE
    known refusal yes                                           DECLINED
    anything else                                               UNRESOLVED, INQUIRY
    ============= ======= ================ ==================== ===========
    """
    fields, is_signed = proven.fields, proven.by == "signature"
    code, result = fields["ResponseCode"], Result.UNRESOLVED
    if is_signed and code == SUCCESS and fields.get("MD") and not fields.get("RRN"):
        references = {"md": fields["MD"], "bank_order_id": fields.get("OrderId", "")}
        return replace(
            _outcome(proven, Result.AUTHENTICATED, fields),
            follow_up=Operation.SALE,
            references=references,
        )
    if is_signed and CODES.is_refusal(code):
        result = Result.DECLINED
    follow_up = Operation.INQUIRY if result is Result.UNRESOLVED else None
    return replace(_outcome(proven, result, fields), follow_up=follow_up)


def read_card_page(proven: Proven) -> Outcome:
    """Say whether the bank took the card: it answers with a page, else with a code."""
    fields = proven.fields
    if PAGE_FIELDS in fields:
        taken = tuple((row["name"], row["value"]) for row in proven.rows)
        return Outcome(
            Result.AUTHENTICATED,
            proven.order_id,
            operation=proven.operation,
            page=Form(fields[PAGE_FIELDS], taken),
        )
    code = fields.get("ResponseCode", "")
    is_refused = code not in ("", SUCCESS)
    return _outcome(
        proven, Result.DECLINED if is_refused else Result.UNRESOLVED, fields
    )


def read_done(proven: Proven) -> Outcome:
    """Say what became of a sale, void or refund.

    ============= =========================== ==========
    ResponseCode  and                         result
    ============= =========================== ==========
    00            nothing that says otherwise APPROVED
    known refusal                             DECLINED
    anything else                             UNRESOLVED
    ============= =========================== ==========

    A sale must name what a void or refund will need. An unresolved sale is inquired:
    the authentication may have been used up by a charge whose answer was lost.
    """
    fields, is_sale = proven.fields, proven.operation is Operation.SALE
    code, error = fields.get("ResponseCode", ""), fields.get("ErrorCode", "")
    references = _references(fields)
    result = Result.UNRESOLVED
    if code == SUCCESS and not error and fields.get("Success", "") != "false":
        is_recorded = len(references) == len(_REFERENCES)
        if is_recorded or not is_sale:
            result = Result.APPROVED
    elif CODES.is_refusal(code, error):
        result = Result.DECLINED
    outcome = replace(_outcome(proven, result, fields), hint=_hint(proven))
    if not is_sale:
        number = references.get("bank_order_id", "")
        return replace(outcome, data={"bank_order_id": number} if number else {})
    if result is Result.APPROVED:
        amount = reading.kurus(fields.get("VPosMessage.Amount"))
        return replace(outcome, amount_kurus=amount, references=references)
    is_open = result is Result.UNRESOLVED
    return replace(outcome, follow_up=Operation.INQUIRY if is_open else None)


def _hint(proven: Proven) -> Hint | None:
    """A business error names no rule; the day's end is the one that has a way round."""
    fields = proven.fields
    code, error = fields.get("ResponseCode", ""), fields.get("ErrorCode", "")
    if BUSINESS_ERROR in (code, error):
        if proven.operation is Operation.VOID:
            return Hint.REFUND_INSTEAD
        if proven.operation is Operation.REFUND and fields.get(WHOLE) == "true":
            return Hint.VOID_INSTEAD
    return CODES.hint(code, error)


def read_inquiry(proven: Proven) -> Outcome:
    """Decide by the one successful charge that the bank lists for the order.

    ============================== ==================================== ==========
    the charge                     and                                  result
    ============================== ==================================== ==========
    captured, refunded             an amount                            APPROVED
    voided                         there is no money                    CANCELLED
    none                           rows, all of them known refusals     DECLINED
    none                           no row, no error                     NOT_FOUND
    anything else                                                       UNRESOLVED
    ============================== ==================================== ==========
    """
    outcome = _outcome(proven, Result.UNRESOLVED, proven.fields)
    if not proven.rows:
        is_empty = _is_empty(proven.fields)
        return replace(outcome, result=Result.NOT_FOUND) if is_empty else outcome
    if not _worked(proven.fields):
        return outcome
    charged = [row for row in proven.rows if not _is_failed(row)]
    if not charged:
        row = proven.rows[-1]
        all_known = all(CODES.is_refusal(r["ResponseCode"]) for r in proven.rows)
        result = Result.DECLINED if all_known else Result.UNRESOLVED
        told = {**row, "ResponseMessage": row.get("ResponseExplain", "")}
        return _outcome(proven, result, told)
    if len(charged) != 1:
        return outcome
    (row,) = charged
    standing = entry_of(row)
    if standing.state is State.UNKNOWN or standing.amount_kurus is None:
        return replace(outcome, standing=standing)
    is_voided = standing.state is State.VOIDED
    result = Result.CANCELLED if is_voided else Result.APPROVED
    outcome = stated(_outcome(proven, result, row), standing)
    return replace(outcome, references=_references(row))


def read_list(proven: Proven) -> Outcome:
    """Say what a list holds; newest first, as the bank sends it."""
    is_whole = _worked(proven.fields) and CUT not in proven.fields
    result = Result.APPROVED if is_whole else Result.UNRESOLVED
    if not proven.rows and _is_empty(proven.fields):
        result = Result.NOT_FOUND
    entries = newest_first([entry_of(row) for row in proven.rows])
    outcome = _outcome(proven, result, proven.fields)
    return replace(outcome, entries=entries)


def entry_of(row: Mapping[str, str]) -> Entry:
    """Read an order of the bank's books; its amounts are lira with a dot."""
    first, refunded, voided = (
        reading.amount(row.get(name), money.from_decimal_text)
        for name in ("FirstAmount", "DrawbackAmount", "CancelAmount")
    )
    state = _STATES.get(row.get("LastOrderStatus", ""), State.UNKNOWN)
    if _is_failed(row):
        state = State.DECLINED
    elif row.get("ResponseCode") != SUCCESS:
        state = State.UNKNOWN
    is_live = state in _STATES.values()
    return Entry(
        kind="sale",
        state=state,
        amount_kurus=first,
        captured_kurus=first if is_live else None,
        refunded_kurus=refunded if is_live else None,
        voided_kurus=voided if is_live else None,
        currency=reading.currency((row.get("FEC") or "").removeprefix("0")),
        installment_count=reading.count(row.get("InstallmentCount")),
        order_id=mask_text(row.get("MerchantOrderId", "")),
        at=_time(row.get("OrderDate")),
        authorisation_code=mask_text(row.get("ProvNumber", "")),
        host_reference=mask_text(row.get("RRN", "")),
        bank_transaction_id=mask_text(row.get("Stan", "")),
        bank_code=mask_text(row.get("ResponseCode", "")),
        card_masked=mask_text(row.get("CardNumber", "")),
    )


def _is_failed(row: Mapping[str, str]) -> bool:
    """A row that says nothing of its result has not failed."""
    return row.get("ResponseCode", "") not in ("", SUCCESS)


def _worked(fields: Mapping[str, str]) -> bool:
    """Whether a question was answered: Kuveyt Türk says Success, the other a code."""
    if fields.get("ErrorCode"):
        return False
    if "Success" in fields:
        return fields["Success"] == "true"
    return fields.get("ResponseCode") == SUCCESS


def _is_empty(fields: Mapping[str, str]) -> bool:
    """Whether an answer without rows says that there is none."""
    if "Success" in fields:
        return _worked(fields) and fields.keys() <= {"Success", WHOLE}
    return _worked(fields) or fields.get("ResponseCode", "") in CODES.not_found


def _references(fields: Mapping[str, str]) -> dict[str, str]:
    """What later calls need; it is kept as it is."""
    told = {ours: fields.get(name, "") for ours, name in _REFERENCES.items()}
    told["provision_number"] = told["provision_number"] or fields.get("ProvNumber", "")
    return {name: text for name, text in told.items() if text not in ("", "0")}


def _time(text: str | None) -> datetime | None:
    """The year 1 is no time."""
    at = reading.moment(text, "%Y-%m-%dT%H:%M:%S")
    return at if at and at.year > _NO_YEAR else None


def _outcome(proven: Proven, result: Result, fields: Mapping[str, str]) -> Outcome:
    """:param fields: the part of the message that tells of the transaction"""
    code, error = fields.get("ResponseCode", ""), fields.get("ErrorCode", "")
    is_good = code in ("", SUCCESS) and not error
    provision = fields.get("ProvisionNumber") or fields.get("ProvNumber", "")
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(provision),
        host_reference=mask_text(fields.get("RRN", "")),
        bank_transaction_id=mask_text(fields.get("Stan", "")),
        operation=proven.operation,
        bank_code=mask_text(code),
        reason_code=mask_text(error),
        reason="" if is_good else CODES.reason(code, error),
        bank_message=mask_text(
            fields.get("ErrorMessage") or fields.get("ResponseMessage", "")
        ),
        at=_time(fields.get("TransactionTime")),
    )
