"""What Garanti's messages mean -> an outcome. Its books are read in ``garanti_books``.

Every table is total: what is not in it is unresolved, and absent is never success.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from . import garanti_books, garanti_recurring, reading
from .answers import Outcome, Proven, Result
from .codes.garanti import CODES, UNAUTHENTICATED
from .redact import mask_text
from .types import Operation

_BINS_AT = "Order.BINInqResult.BINList.BIN"
ROWS_AT = (
    garanti_books.HISTORY_AT,
    garanti_books.LIST_AT,
    _BINS_AT,
    garanti_recurring.REWARDS_AT,
)

FULL_AND_HALF_SECURE = frozenset("1234")

_FORMS = {
    "authcode": re.compile(r" ?|[0-9A-Za-z]{1,6}"),
    "procreturncode": re.compile(r"([0-9]{2})?"),
    "response": re.compile(r"(Approved|Declined|Error)?"),
    "mdstatus": re.compile(r"[0-9]"),
}
"""The signed values are glued: one that is too long has eaten its neighbour."""

_CARD_KINDS = {"C": "credit", "D": "debit", "M": "prepaid"}


def may_be_paid(fields: Mapping[str, str]) -> bool:
    """Whether a return claims, or leaves open, that money was taken."""
    is_failed = fields.get("mdstatus", "") in UNAUTHENTICATED
    claims = "Approved" in fields.get("response", "")
    return not is_failed or claims or fields.get("procreturncode") == "00"


def read_return(proven: Proven) -> Outcome:
    """Say what a return means. It never books: its signature does not hold the amount.

    ============ ================== ================= ======= ==========
    mdstatus     response           procreturncode    signed  result
    ============ ================== ================= ======= ==========
    0 to 9       Declined, Error    a known refusal   yes     DECLINED
    0, 5 to 9    not Approved       99, none          yes     DECLINED
    anything else, a payment above all                        UNRESOLVED
    ============ ================== ================= ======= ==========

    A refusal with an authorisation code is unresolved; so is what has not the form of
    its field. The bank is asked next whatever is unresolved, whether or not the
    merchant accepts the 3-D result: the money may have been taken.
    """
    fields = proven.fields
    is_refused = proven.by == "signature" and _is_refused(fields)
    result = Result.DECLINED if is_refused else Result.UNRESOLVED
    code, status = fields.get("procreturncode", ""), fields.get("mdstatus", "")
    is_failed = status in UNAUTHENTICATED and code in ("", "99")
    reason_code = f"mdstatus={status}" if is_failed else ""
    is_claim = status in FULL_AND_HALF_SECURE and code == "00"
    is_claim = is_claim and fields.get("response") == "Approved"
    return Outcome(
        result,
        proven.order_id,
        reading.kurus(fields.get("txnamount")),
        reading.currency(fields.get("txncurrencycode")),
        reading.count(fields.get("txninstallmentcount")),
        authorisation_code=mask_text(fields.get("authcode", "").strip()),
        host_reference=mask_text(fields.get("hostrefnum", "")),
        card_masked=mask_text(fields.get("MaskedPan", "")),
        md_status=mask_text(status),
        eci=mask_text(fields.get("eci", "")),
        bank_code=mask_text(code),
        bank_message=mask_text(
            fields.get("errmsg") or fields.get("mderrormessage", "")
        ),
        reason_code=reason_code,
        reason="" if is_claim else CODES.reason(reason_code, code),
        follow_up=None if is_refused else Operation.INQUIRY,
    )


def _is_refused(fields: Mapping[str, str]) -> bool:
    if not all(form.fullmatch(fields[name]) for name, form in _FORMS.items()):
        return False
    response, code = fields["response"], fields["procreturncode"]
    if fields["authcode"].strip() or response == "Approved":
        return False
    if fields["mdstatus"] in UNAUTHENTICATED and code in ("", "99"):
        return True
    return bool(response) and CODES.is_refusal(code)


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    readers = {
        Operation.INQUIRY: garanti_books.read_inquiry,
        Operation.HISTORY: garanti_books.read_history,
        Operation.DAY_LIST: garanti_books.read_day_list,
        Operation.BIN: _read_bin,
        Operation.POINTS: garanti_recurring.read_points,
        Operation.RECURRING: garanti_recurring.read_charge,
        Operation.RECURRING_STATUS: garanti_recurring.read_status,
    }
    return readers.get(proven.operation, _read_done)(proven)


def _read_done(proven: Proven) -> Outcome:
    """Something that was to be done: with 00 it was, with a known refusal it was not.

    A capture, void or refund, the end of a schedule.
    """
    outcome = garanti_books.outcome_of(proven, garanti_books.worked(proven))
    signer, references = proven.fields.get("SignedBy", ""), {}
    if outcome.result is Result.APPROVED and outcome.operation is Operation.CAPTURE:
        # Later calls refer to the charge, no longer to the reservation (unverified).
        references = {"retref_num": outcome.host_reference}
    data = {"signed_by": signer} if signer else {}
    return replace(outcome, data=data, references=references)


def chosen(rows: Iterable[Mapping[str, str]], prefix: str) -> list[Mapping[str, str]]:
    """:return: the row of the BIN list with the longest number that begins the card"""
    fitting = [row for row in rows if _fits(row.get("BINNum", ""), prefix)]
    return sorted(fitting, key=lambda row: len(row["BINNum"]))[-1:]


def _fits(number: str, prefix: str) -> bool:
    return len(number) >= 6 and prefix.startswith(number)


def _read_bin(proven: Proven) -> Outcome:
    outcome = garanti_books.outcome_of(proven, garanti_books.worked(proven))
    if outcome.result is not Result.APPROVED:
        return outcome
    if not proven.rows:
        return replace(outcome, result=Result.NOT_FOUND)
    (row,) = proven.rows
    data = {
        "prefix": row.get("BINNum", ""),
        "bank_code": row.get("BankCode", ""),
        "bank": row.get("BankName", ""),
        "brand": row.get("Organization", ""),
        "kind": _CARD_KINDS.get(row.get("CardType", ""), ""),
        "program": row.get("Group", ""),
        "product": row.get("Product", ""),
    }
    return replace(outcome, data={name: mask_text(text) for name, text in data.items()})
