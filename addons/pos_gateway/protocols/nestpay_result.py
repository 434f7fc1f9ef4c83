"""What NestPay's messages mean: its states, codes and texts -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.

- 99 says "see ERRORCODE"; a failed authentication often has neither. 91, 92, 96 and
  BM-91xx say that the bank itself does not know (``CODES.uncertain``).
- A charge whose mdStatus the merchant does not accept is still a charge: the return is
  unresolved, and the inquiry, which tells of money only, books it.
- How a page words a payer's cancel is not documented (unverified): ``CANCEL_TEXTS``.
  Any other wording is a failed authentication.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from . import money
from .answers import Entry, Outcome, Proven, Result, State, standing_of
from .codes.nestpay import CODES, FOLLOW_UP_REFUSALS, normal
from .redact import mask_text
from .types import Operation

FULL_AND_HALF_SECURE = frozenset("1234")
NOT_AUTHENTICATED = frozenset("056789")
CANCEL_TEXTS = frozenset(
    f"islem {who} tarafindan iptal edildi"
    for who in ("kart hamili", "kullanici", "musteri")
)

_COUNT = re.compile(r"[1-9]|1[0-2]")
_TO_PLAIN_LETTERS = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosucgiosu")

_KINDS = {"S": "sale", "C": "refund"}
STATES = {
    "C": State.CAPTURED,
    "S": State.CAPTURED,
    "A": State.AUTHORISED,
    "V": State.VOIDED,
    "D": State.DECLINED,
    "R": State.WAITING,
    "PN": State.PLANNED,
    "CNCL": State.CANCELLED,
    "ERR": State.ERROR,
}
_ROW_LENGTH = 11

DONE_FACTS = {
    "authorisation_code": "AuthCode",
    "host_reference": "HostRefNum",
    "bank_transaction_id": "TransId",
    "card_brand": "EXTRA.CARDBRAND",
}
_RETURN_FACTS = {
    "authorisation_code": "AuthCode",
    "host_reference": "HostRefNum",
    "bank_transaction_id": "TransId",
    "card_masked": "maskedCreditCard",
    "card_brand": "EXTRA.CARDBRAND",
    "md_status": "mdStatus",
    "eci": "eci",
}
_ANSWER_FACTS = {
    "authorisation_code": "EXTRA.AUTH_CODE",
    "host_reference": "EXTRA.HOST_REF_NUM",
    "bank_transaction_id": "EXTRA.TRANS_ID",
    "card_masked": "EXTRA.PAN",
    "card_brand": "EXTRA.CARDBRAND",
    "md_status": "EXTRA.MDSTATUS",
    "eci": "EXTRA.ECI_3D",
}


def read_return(
    proven: Proven, accepted: frozenset[str], amount_is_bound: bool
) -> Outcome:
    """Say what a signed return means.

    What the signature binds must also be readable: an approval of an amount, currency
    or count that we cannot read is unresolved. What it does not bind must be asked for.

    :param accepted: the 3-D results that the merchant accepts
    """
    fields = proven.fields
    result = verdict(fields, accepted)
    if result is Result.DECLINED and _is_cancelled(fields):
        result = Result.CANCELLED
    terms = _read_terms(fields)
    if result is Result.APPROVED and not (terms and amount_is_bound):
        result = Result.UNRESOLVED
    outcome = outcome_of(proven, result, _RETURN_FACTS, *terms)
    if result is Result.UNRESOLVED:
        return replace(outcome, follow_up=Operation.INQUIRY)
    return outcome


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to a call means."""
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    if proven.operation is Operation.HISTORY:
        return _read_history(proven)
    outcome = outcome_of(proven, follow_up_verdict(proven.fields), DONE_FACTS)
    return replace(outcome, hint=CODES.hint(*codes_of(proven.fields)))


def _read_inquiry(proven: Proven) -> Outcome:
    """Its amounts are kuruş."""
    fields = proven.fields
    result = inquiry_verdict(fields)
    first = _kurus(fields.get("EXTRA.ORIG_TRANS_AMT"))
    captured = _kurus(fields.get("EXTRA.CAPTURE_AMT"))
    amount = first if captured is None else captured
    if result is Result.APPROVED and amount is None:
        result = Result.UNRESOLVED
    outcome = outcome_of(proven, result, _ANSWER_FACTS, amount)
    if fields.get("EXTRA.RECURRINGID"):
        name = {"recurring_id": fields["EXTRA.RECURRINGID"]}
        outcome = replace(outcome, references=name)
    state = STATES.get(fields.get("EXTRA.TRANS_STAT", ""))
    if not state:
        return outcome
    standing = Entry(
        kind=_KINDS.get(fields.get("EXTRA.CHARGE_TYPE_CD", ""), ""),
        state=state,
        amount_kurus=first,
        captured_kurus=captured,
        order_id=fields.get("OrderId", ""),
        at=_time(fields.get("EXTRA.AUTH_DTTM")),
        captured_at=_time(fields.get("EXTRA.CAPTURE_DTTM")),
        authorisation_code=outcome.authorisation_code,
        host_reference=outcome.host_reference,
        bank_transaction_id=outcome.bank_transaction_id,
    )
    return replace(outcome, standing=standing)


def _read_history(proven: Proven) -> Outcome:
    """Rows ``EXTRA.TRX1`` ... are texts with tabs, newest first, amounts in kuruş."""
    fields = proven.fields
    names = [f"EXTRA.TRX{n}" for n in range(1, len(fields) + 1)]
    rows = [fields[name].split("\t") for name in names if name in fields]
    is_whole = fields.get("EXTRA.TRXCOUNT", "0") in ("", str(len(rows)))
    if any(len(row) < _ROW_LENGTH for row in rows) or not is_whole:
        return outcome_of(proven, Result.UNRESOLVED, DONE_FACTS)
    entries = tuple(map(_entry, rows))
    if is_approved(fields):
        result = Result.APPROVED
    else:
        result = Result.NOT_FOUND if is_not_found(fields) else Result.UNRESOLVED
    outcome = outcome_of(proven, result, DONE_FACTS)
    return replace(outcome, entries=entries, standing=standing_of(entries))


def _entry(row: list[str]) -> Entry:
    kind, state, first, captured, at, captured_at, _void, reference, auth, code = row[
        :10
    ]
    return Entry(
        kind=_KINDS.get(kind, ""),
        state=STATES.get(state, State.UNKNOWN),
        amount_kurus=_kurus(first),
        captured_kurus=_kurus(captured),
        at=_time(at),
        captured_at=_time(captured_at),
        host_reference=reference,
        authorisation_code=auth,
        bank_code=code,
        bank_transaction_id=row[10],
    )


def follow_up_verdict(fields: Mapping[str, str]) -> Result:
    """Decide whether a capture, void or refund was done."""
    if is_approved(fields) and fields.get("OrderId"):
        return Result.APPROVED
    known = CODES.refusals.keys() | FOLLOW_UP_REFUSALS.keys()
    is_refused = fields.get("Response") in ("Declined", "Error")
    codes = codes_of(fields)
    return Result.DECLINED if is_refused and codes <= known else Result.UNRESOLVED


def _kurus(text: str | None) -> int | None:
    try:
        return money.from_kurus_text(text or "")
    except ValueError:
        return None


def _time(text: str | None) -> datetime | None:
    """
    >>> _time("2024-01-01 22:15:27.32")
    datetime.datetime(2024, 1, 1, 22, 15, 27)
    """
    for form in ("%Y-%m-%d %H:%M:%S", "%Y%m%d %H:%M:%S"):
        try:
            return datetime.strptime((text or "").partition(".")[0], form)
        except ValueError:
            continue
    return None


def verdict(fields: Mapping[str, str], accepted: frozenset[str]) -> Result:
    """Decide a return by mdStatus, Response and the codes alone.

    ============= ========== ============================== ==========
    mdStatus      Response   ProcReturnCode, ERRORCODE      result
    ============= ========== ============================== ==========
    accepted      Approved   00, none                       APPROVED
    0 to 9        Declined   only known refusals            DECLINED
    0, 5 to 9     or Error   99, none                       DECLINED
    anything else                                           UNRESOLVED
    ============= ========== ============================== ==========

    :param accepted: never more than full and half secure, whatever it holds
    """
    status, response = fields.get("mdStatus"), fields.get("Response")
    if is_approved(fields) and status in accepted & FULL_AND_HALF_SECURE:
        return Result.APPROVED
    if response not in ("Declined", "Error"):
        return Result.UNRESOLVED
    codes, unauthenticated = codes_of(fields), status in NOT_AUTHENTICATED
    if not unauthenticated and status not in FULL_AND_HALF_SECURE:
        return Result.UNRESOLVED
    known = codes <= CODES.refusals.keys() or (unauthenticated and codes == {"99"})
    return Result.DECLINED if known else Result.UNRESOLVED


def inquiry_verdict(fields: Mapping[str, str]) -> Result:
    """Decide by the state of the order's newest transaction, which must be a sale.

    ========== ================================================= ==========
    TRANS_STAT and                                               result
    ========== ================================================= ==========
    C, S, A    Approved, 00 (a sale stays A until the day ends)  APPROVED
    D          a code that is not 00                             DECLINED
    V          charged and voided again: there is no money       CANCELLED
    none       no order, no transaction, no error                NOT_FOUND
    anything else, also R (reversal under way) and refunds       UNRESOLVED
    ========== ================================================= ==========
    """
    state = fields.get("EXTRA.TRANS_STAT")
    if not state:
        return Result.NOT_FOUND if is_not_found(fields) else Result.UNRESOLVED
    if fields.get("EXTRA.CHARGE_TYPE_CD") != "S" or not fields.get("OrderId"):
        return Result.UNRESOLVED
    code = fields.get("EXTRA.PROC_RET_CD") or fields.get("ProcReturnCode", "")
    if state in ("C", "S", "A"):
        agreed = is_approved(fields) and code == "00"
        return Result.APPROVED if agreed else Result.UNRESOLVED
    if state == "D" and code not in ("", "00"):
        return Result.DECLINED
    return Result.CANCELLED if state == "V" else Result.UNRESOLVED


def is_not_found(fields: Mapping[str, str]) -> bool:
    """Refused credentials and the like also come without an order: they are errors.

    A history repeats the number of the order that it does not know.
    """
    silent = ("TransId", "EXTRA.ORD_ID", "EXTRA.TRANS_ID")
    return (
        fields.get("Response") == "Declined"
        and fields.get("ProcReturnCode") in ("99", "05")
        and (fields.get("OrderId") == "" or fields.get("EXTRA.TRXCOUNT") == "0")
        and not any(fields.get(name) for name in silent)
        and not _error(fields)
    )


def is_approved(fields: Mapping[str, str]) -> bool:
    return (
        fields.get("Response") == "Approved"
        and fields.get("ProcReturnCode") == "00"
        and _error(fields) in ("", "00")
    )


def _error(fields: Mapping[str, str]) -> str:
    """The finer code, which stands in ``Extra`` or beside it."""
    return fields.get("EXTRA.ERRORCODE") or fields.get("ERRORCODE", "")


def codes_of(fields: Mapping[str, str]) -> set[str]:
    """:return: what the bank answers with; 99 gives way to what it refers to"""
    code = normal(fields.get("ProcReturnCode", ""))
    error = normal(_error(fields))
    if not error:
        return {code}
    return {error} if code == "99" else {code, error}


def _is_cancelled(fields: Mapping[str, str]) -> bool:
    text = fields.get("ErrMsg", "").translate(_TO_PLAIN_LETTERS).lower().strip(" .")
    return codes_of(fields) == {"99"} and text in CANCEL_TEXTS


def _read_terms(fields: Mapping[str, str]) -> tuple[int, str, int] | tuple[()]:
    """:return: kuruş, currency letters and installment count, or nothing"""
    count = fields["taksit"] or "1"
    try:
        amount = money.from_decimal_text(fields["amount"])
        currency = money.currency_letters(fields["currency"])
    except ValueError:
        return ()
    return (amount, currency, int(count)) if _COUNT.fullmatch(count) else ()


def _reason_code(fields: Mapping[str, str]) -> str:
    """:return: the code that tells most"""
    code, status = fields.get("ProcReturnCode", ""), fields.get("mdStatus")
    fine = _error(fields) or fields.get("EXTRA.PROC_RET_CD")
    if not fine and code == "99" and status in NOT_AUTHENTICATED:
        return f"mdStatus={status}"
    return fine or ""


def outcome_of(
    proven: Proven,
    result: Result,
    names: Mapping[str, str],
    amount_kurus: int | None = None,
    currency: str | None = None,
    installment_count: int | None = None,
) -> Outcome:
    fields = proven.fields
    code, fine = fields.get("ProcReturnCode", ""), _reason_code(fields)
    is_good = result in (Result.APPROVED, Result.NOT_FOUND)
    told = normal(fine), normal(code)
    reason = "" if is_good else CODES.reason(*told)
    if reason == "other":
        reason = next(filter(None, map(FOLLOW_UP_REFUSALS.get, told)), reason)
    return Outcome(
        result,
        proven.order_id,
        amount_kurus,
        currency,
        installment_count,
        operation=proven.operation,
        bank_code=mask_text(code),
        reason_code=mask_text(fine),
        reason=reason,
        bank_message=mask_text(fields.get("ErrMsg") or fields.get("mdErrorMsg", "")),
        batch=fields.get("EXTRA.SETTLEID", ""),
        at=_time(fields.get("EXTRA.TRXDATE")),
        **{ours: mask_text(fields.get(wire, "")) for ours, wire in names.items()},
    )
