"""How Garanti tells of its books: one order, an order's history, a list of days.

Tables are total: what is not in them is unknown, and absent is never success.

- ``Transaction`` of an answer says whether the question worked; ``OrderInqResult``
  inside it how the order stands. Of its states APPROVED and WAITINGPOSTAUTH were seen
  in messages; the other names are unverified.
- An inquiry does not tell of refunds: the history does. Its rows come oldest first.
- Of a list only the first page is asked; where there are more it is unresolved, and
  ``data`` tells the number of pages.
"""

from collections.abc import Mapping
from dataclasses import replace

from . import reading
from .answers import Entry, Outcome, Proven, Result, State, newest_first, standing_of
from .codes.garanti import CODES, told
from .redact import mask_text
from .types import MOVES_MONEY, Operation

_DEEDS = MOVES_MONEY | {Operation.RECURRING_CANCEL}

HISTORY_AT = "Order.OrderHistInqResult.OrderTxnList.OrderTxn"
_LIST = "Order.OrderListInqResult.OrderTxnList"
LIST_AT = f"{_LIST}.OrderTxn"
_TIMES = ("%Y%m%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y%m%d")
_SINGLE = ("", "0", "1", "Pesin")

_KINDS = {
    "sales": "sale",
    "satis": "sale",
    "preauth": "preauth",
    "on otorizasyon": "preauth",
    "postauth": "capture",
    "on otorizasyon kapama": "capture",
    "refund": "refund",
    "iade": "refund",
    "void": "void",
    "iptal": "void",
}
_DONE = frozenset({"00", "Basarili", "Onaylandi"})
_STATES = {
    "APPROVED": State.CAPTURED,
    "WAITINGPOSTAUTH": State.AUTHORISED,
    "VOID": State.VOIDED,
    "VOIDED": State.VOIDED,
    "CANCELLED": State.VOIDED,
    "REFUNDED": State.REFUNDED,
    "DECLINED": State.DECLINED,
    "ERROR": State.ERROR,
}
_RESULTS = {
    State.CAPTURED: Result.APPROVED,
    State.AUTHORISED: Result.APPROVED,
    State.REFUNDED: Result.APPROVED,
    State.VOIDED: Result.CANCELLED,
}


def worked(proven: Proven) -> Result:
    """Decide whether a call did what it should: 00, or a code that is known."""
    both = _codes(proven)
    if both == "00":
        return Result.APPROVED
    if both in CODES.not_found and proven.operation not in _DEEDS:
        return Result.NOT_FOUND
    is_refusal = both in CODES.not_found or CODES.is_refusal(both)
    return Result.DECLINED if is_refusal else Result.UNRESOLVED


def outcome_of(proven: Proven, result: Result) -> Outcome:
    """Lay out what every answer says, whatever was asked."""
    fields = reading.part(proven.fields, "Transaction")
    said = reading.part(proven.fields, "Transaction.Response")
    both = _codes(proven)
    is_good = result in (Result.APPROVED, Result.NOT_FOUND)
    reason = "not_found" if both in CODES.not_found else CODES.reason(both)
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("AuthCode", "")),
        host_reference=mask_text(fields.get("RetrefNum", "")),
        card_masked=mask_text(fields.get("CardNumberMasked", "")),
        card_brand=mask_text(fields.get("CardType", "")),
        bank_code=mask_text(said.get("Code", "")),
        bank_message=mask_text(said.get("ErrorMsg") or said.get("SysErrMsg", "")),
        reason_code=mask_text(said.get("ReasonCode", "")),
        reason="" if is_good else reason,
        batch=mask_text(fields.get("BatchNum", "")),
        at=reading.moment(fields.get("ProvDate"), *_TIMES),
        operation=proven.operation,
        hint=CODES.hint(both),
    )


def read_inquiry(proven: Proven) -> Outcome:
    """Say how the order stands; amounts are kuruş."""
    book = reading.part(proven.fields, "Order.OrderInqResult")
    if not book.get("Status"):
        result = worked(proven)
        is_unknown = result is Result.NOT_FOUND
        return outcome_of(proven, result if is_unknown else Result.UNRESOLVED)
    standing = _order_standing(proven.order_id, book)
    amount = standing.captured_kurus
    if standing.state is State.AUTHORISED:
        amount = standing.amount_kurus
    result = _order_result(proven, book, standing, amount)
    number = standing.host_reference
    masked = mask_text(book.get("CardNumberMasked", ""))
    return replace(
        outcome_of(proven, result),
        amount_kurus=amount or None,
        installment_count=standing.installment_count,
        authorisation_code=standing.authorisation_code,
        host_reference=number,
        card_masked="" if masked == "null" else masked,
        card_brand=mask_text(book.get("CardType", "")),
        batch=mask_text(book.get("BatchNum", "")),
        at=standing.at,
        reason_code=mask_text(book.get("ReasonCode", "")),
        reason="" if result is Result.APPROVED else CODES.reason(_inner(book)),
        references={"retref_num": number} if number else {},
        standing=standing,
    )


def _order_result(
    proven: Proven, book: Mapping[str, str], standing: Entry, amount: int | None
) -> Result:
    """
    ========================= ========================================= ==========
    Status                    and                                       result
    ========================= ========================================= ==========
    APPROVED, REFUNDED        inner and outer code 00, AuthAmount > 0   APPROVED
    WAITINGPOSTAUTH           codes 00, PreAuthAmount > 0               APPROVED
    VOID, VOIDED, CANCELLED   codes 00                                  CANCELLED
    DECLINED, ERROR           inner code a known refusal, no AuthCode   DECLINED
    none                      92 with reason 0110 or 0108               NOT_FOUND
    anything else                                                       UNRESOLVED
    ========================= ========================================= ==========
    """
    if _inner(book) == _codes(proven) == "00":
        result = _RESULTS.get(standing.state, Result.UNRESOLVED)
        is_empty = result is Result.APPROVED and not amount
        return Result.UNRESOLVED if is_empty else result
    is_failed = standing.state in (State.DECLINED, State.ERROR)
    if is_failed and not book.get("AuthCode") and CODES.is_refusal(_inner(book)):
        return Result.DECLINED
    return Result.UNRESOLVED


def _order_standing(order_id: str, book: Mapping[str, str]) -> Entry:
    reserved = reading.kurus(book.get("PreAuthAmount"))
    taken = reading.kurus(book.get("AuthAmount"))
    day = book.get("AuthDate") or book.get("PreAuthDate")
    return Entry(
        kind="preauth" if reserved else "sale",
        state=_STATES.get(book["Status"], State.UNKNOWN),
        amount_kurus=reserved or taken,
        captured_kurus=taken,
        installment_count=reading.count(book.get("InstallmentCnt"), _SINGLE),
        order_id=order_id,
        at=reading.moment(day, *_TIMES),
        authorisation_code=mask_text(book.get("AuthCode", "")),
        host_reference=mask_text(book.get("RetrefNum", "")),
        bank_code=mask_text(book.get("Code", "")),
    )


def read_history(proven: Proven) -> Outcome:
    """Say what was done about an order, and what remains of it."""
    entries = tuple(
        replace(history_entry(row), order_id=proven.order_id)
        for row in reversed(proven.rows)
    )
    outcome = outcome_of(proven, worked(proven))
    if outcome.result is Result.APPROVED and not entries:
        outcome = replace(outcome, result=Result.UNRESOLVED)
    return replace(outcome, entries=entries, standing=_standing(entries))


def _standing(entries: tuple[Entry, ...]) -> Entry | None:
    """Where a void is listed, the row it voids says so or is the only other one."""
    done = [entry for entry in entries if entry.state in _RESULTS]
    voids = [entry for entry in done if entry.kind == "void"]
    if voids and not any(entry.state is State.VOIDED for entry in done):
        others = [entry for entry in done if entry.kind != "void"]
        if len(voids) != 1 or len(others) != 1:
            return None
        done = [replace(others[0], state=State.VOIDED)]
    return standing_of(done)


def history_entry(row: Mapping[str, str]) -> Entry:
    kind = _KINDS.get(row.get("Type", "").lower(), "")
    code = row.get("ReturnCode", "")
    amount = row.get("PreAuthAmount" if kind == "preauth" else "AuthAmount")
    day = row.get("AuthDate") or row.get("PreAuthDate")
    return _entry(row, kind, code, reading.kurus(amount), day)


def read_day_list(proven: Proven) -> Outcome:
    """Lay out the transactions of some days."""
    entries = newest_first([day_entry(row) for row in reversed(proven.rows)])
    outcome = replace(outcome_of(proven, worked(proven)), entries=entries)
    pages = proven.fields.get(f"{_LIST}.TotalPageCount", "1")
    if pages in ("", "0", "1") or outcome.result is not Result.APPROVED:
        return outcome
    return replace(outcome, result=Result.UNRESOLVED, data={"pages": mask_text(pages)})


def day_entry(row: Mapping[str, str]) -> Entry:
    kind = _KINDS.get(row.get("TrxType", "").lower(), "")
    code, amount = row.get("ResponseCode", ""), reading.kurus(row.get("AuthAmount"))
    return replace(
        _entry(row, kind, code, amount, row.get("LastTrxDate")),
        order_id=mask_text(row.get("OrderID", "")),
        card_masked=mask_text(row.get("CardNumberMasked", "")),
    )


def _entry(row, kind: str, code: str, amount: int | None, day: str | None) -> Entry:
    """A row is done only if both things that it says of itself mean it."""
    said = {row.get("Status", ""), code}
    state = State.AUTHORISED if kind == "preauth" else State.CAPTURED
    if not said <= _DONE:
        state = State.UNKNOWN if said & _DONE else State.DECLINED
    elif row.get("VoidDate") and kind != "void":
        state = State.VOIDED
    is_charge = kind in ("sale", "capture") and state is State.CAPTURED
    currency = row.get("CurrencyCode", "")
    return Entry(
        kind,
        state,
        amount,
        captured_kurus=amount if is_charge else None,
        currency="TRY" if currency == "TL" else reading.currency(currency),
        installment_count=reading.count(row.get("InstallmentCnt"), _SINGLE),
        at=reading.moment(day, *_TIMES),
        authorisation_code=mask_text(row.get("AuthCode", "")),
        host_reference=mask_text(row.get("RetrefNum", "")),
        bank_code=mask_text(code),
    )


def _codes(proven: Proven) -> str:
    said = reading.part(proven.fields, "Transaction.Response")
    return told(said.get("Code", ""), said.get("ReasonCode", ""))


def _inner(book: Mapping[str, str]) -> str:
    return told(book.get("Code", ""), book.get("ReasonCode", ""))
