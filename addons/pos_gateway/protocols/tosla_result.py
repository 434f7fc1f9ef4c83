"""What Tosla's messages mean: a return or an answer -> an outcome.

Every table here is total: what is not in it is unresolved, and absent is never success.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from . import reading
from .answers import Entry, Outcome, Proven, Result, State, newest_first, stated
from .codes.tosla import CODES, FOLLOW_UP_REFUSALS
from .fields import card_inputs
from .redact import mask_text
from .types import CardEntry, Form, Operation, Terminal

KNOWN = (
    *"code message orderid bankresponsecode bankresponsemessage authcode".split(),
    *"hostreferencenumber transactionid threedsessionid count transactions".split(),
    *"transactiontype createdate amount currency installmentcount clientid".split(),
    *"cardno requeststatus refundedamount postauthedamount netamount".split(),
    *"merchantcommissionamount cardprefix bankcode bankname cardname".split(),
    *"cardclass cardtype country bankcommission installmentinfo".split(),
)
"""What of an answer is read, in small letters."""

FULL_AND_HALF_SECURE = frozenset("1234")

_KINDS = {"1": "sale", "2": "preauth", "3": "capture", "4": "void", "5": "refund"}
_PAYMENTS = ("1", "2")
_STATES = {
    "0": State.ERROR,
    "1": State.CAPTURED,
    "2": State.VOIDED,
    "3": State.PARTIALLY_REFUNDED,
    "4": State.REFUNDED,
    "5": State.CAPTURED,
    "10": State.WAITING,
    "11": State.WAITING,
    "12": State.WAITING,
}
_CHARGED = ("1", "3", "4", "5")
_STATUS = re.compile(r"[0-9]")
_SESSION = re.compile(r"[0-9A-Za-z_-]{1,1024}")
_OWN_KEY = re.compile(r"2[0-9]{15}")
_RATE = re.compile(r"installmentinfo\.t([0-9]{1,2})\.rate", re.IGNORECASE)


def read_return(proven: Proven) -> Outcome:
    """Say what a signed return means; it never books a payment.

    =========== ================ ============= ==========================
    MdStatus    BankResponseCode RequestStatus result
    =========== ================ ============= ==========================
    one digit   a known refusal  0             DECLINED
    anything else                              UNRESOLVED, to be asked for
    =========== ================ ============= ==========================
    """
    fields = proven.fields
    status, code = fields.get("MdStatus", ""), fields.get("BankResponseCode", "")
    told = fields.get("RequestStatus", "")
    is_refused = told == "0" and _STATUS.fullmatch(status) and CODES.is_refusal(code)
    is_claim = status in FULL_AND_HALF_SECURE and code == "00" and told == "1"
    return Outcome(
        Result.DECLINED if is_refused else Result.UNRESOLVED,
        proven.order_id,
        md_status=mask_text(status),
        bank_code=mask_text(code),
        bank_message=mask_text(fields.get("BankResponseMessage", "")),
        reason="" if is_claim else CODES.reason(code),
        follow_up=None if is_refused else Operation.INQUIRY,
    )


def read_session(terminal: Terminal, proven: Proven) -> Outcome:
    """Say whether a session was opened, and where the browser goes with it.

    ====== ============== =============
    Code   session        result
    ====== ============== =============
    0      well-formed    AUTHENTICATED
    a known refusal       DECLINED
    anything else         UNRESOLVED
    ====== ============== =============
    """
    outcome = _outcome(proven, Result.UNRESOLVED)
    session = proven.fields.get("threedsessionid", "")
    if proven.fields.get("code") != "0":
        if CODES.is_refusal(proven.fields.get("code", "")):
            return replace(outcome, result=Result.DECLINED)
        return outcome
    if not _SESSION.fullmatch(session):
        return outcome
    api = terminal.url("api")
    if terminal.card_entry is CardEntry.BROWSER:
        card = card_inputs(
            holder="CardHolderName",
            number="CardNo",
            expiry_slash="ExpireDate",
            code="Cvv",
        )
        fields = (("ThreeDSessionId", session),)
        page = Form(f"{api}/ProcessCardForm", fields, card=card)
    else:
        page = Form(f"{api}/threeDSecure/{quote(session)}", method="get")
    return replace(outcome, result=Result.AUTHENTICATED, reason="", page=page)


def read_answer(proven: Proven) -> Outcome:
    """Say what the answer to any other call means.

    CAPTURE, VOID, REFUND:

    ==== ================ ========== ==========
    Code BankResponseCode OrderId    result
    ==== ================ ========== ==========
    0    00               ours       APPROVED
    0    a known refusal             DECLINED
    a known refusal                  DECLINED
    anything else                    UNRESOLVED
    ==== ================ ========== ==========
    """
    if proven.operation is Operation.INQUIRY:
        return _read_inquiry(proven)
    if proven.operation is Operation.HISTORY:
        return _read_history(proven)
    if proven.operation is Operation.BIN:
        return _read_card(proven)
    fields = proven.fields
    code, bank_code = fields.get("code", ""), fields.get("bankresponsecode", "")
    result = Result.UNRESOLVED
    if code == "0" and bank_code == "00" and fields.get("orderid"):
        result = Result.APPROVED
    elif code in CODES.refusals or code in FOLLOW_UP_REFUSALS:
        result = Result.DECLINED
    elif code == "0" and CODES.is_refusal(bank_code):
        result = Result.DECLINED
    return _outcome(proven, result)


def _read_inquiry(proven: Proven) -> Outcome:
    """Say how the order stands.

    ============= ================ ==========
    RequestStatus BankResponseCode result
    ============= ================ ==========
    1, 3, 4, 5    00               APPROVED
    2             00               CANCELLED
    0             a known refusal  DECLINED
    empty OrderId, no amount       NOT_FOUND
    anything else                  UNRESOLVED
    ============= ================ ==========

    An approval must also tell a kind, an amount, a currency and a count.
    """
    fields = _payment_of(proven)
    if fields is None or fields.get("code") != "0":
        return _outcome(proven, Result.UNRESOLVED)
    if not fields.get("orderid"):
        nothing = fields.get("orderid") == "" and fields.get("amount") in ("", "0")
        return _outcome(proven, Result.NOT_FOUND if nothing else Result.UNRESOLVED)
    stands = entry(fields)
    outcome = _outcome(proven, _verdict(fields, stands), fields)
    return replace(stated(outcome, stands), data=_commission(fields))


def _verdict(fields: Mapping[str, str], stands: Entry) -> Result:
    code, status = fields.get("bankresponsecode", ""), fields.get("requeststatus", "")
    is_payment = fields.get("transactiontype") in _PAYMENTS
    told = (stands.amount_kurus, stands.currency, stands.installment_count)
    if not is_payment or None in told:
        return Result.UNRESOLVED
    if status in _CHARGED and code == "00":
        return Result.APPROVED
    if status == "2" and code == "00":
        return Result.CANCELLED
    is_refused = status == "0" and CODES.is_refusal(code)
    return Result.DECLINED if is_refused else Result.UNRESOLVED


def _payment_of(proven: Proven) -> Mapping[str, str] | None:
    """:return: the answer itself, or the one payment among its rows"""
    if not proven.rows:
        return proven.fields
    found = [row for row in proven.rows if row.get("transactiontype") in _PAYMENTS]
    if len(found) > 1 or not found:
        return None
    return {**found[0], "code": proven.fields.get("code", "")}


def _read_history(proven: Proven) -> Outcome:
    """All rows of a day, or nothing: a second page is not asked for."""
    is_whole = proven.fields.get("count") == str(len(proven.rows))
    ours = all(row.get("orderid") for row in proven.rows)
    if proven.fields.get("code") != "0" or not is_whole or not ours:
        return _outcome(proven, Result.UNRESOLVED)
    entries = newest_first([entry(row) for row in proven.rows])
    # A day without rows says nothing of other days.
    result = Result.APPROVED if entries else Result.UNRESOLVED
    return replace(_outcome(proven, result), entries=entries)


def _read_card(proven: Proven) -> Outcome:
    fields = proven.fields
    if fields.get("code") != "0" or not fields.get("cardprefix"):
        return _outcome(proven, Result.UNRESOLVED)
    data = {
        "prefix": fields["cardprefix"],
        "bank": fields.get("bankname", ""),
        "bank_code": fields.get("bankcode", ""),
        "program": fields.get("cardname", ""),
        "kind": fields.get("cardclass", ""),
        "brand": fields.get("cardtype", ""),
        "country": fields.get("country", ""),
        "commission": fields.get("bankcommission", ""),
    }
    rates = ((_RATE.fullmatch(name), text) for name, text in fields.items())
    data |= {f"rate_{match[1]}": text for match, text in rates if match}
    shown = {name: mask_text(text) for name, text in data.items() if text}
    return replace(_outcome(proven, Result.APPROVED), data=shown)


def entry(fields: Mapping[str, str]) -> Entry:
    """Read a row of Tosla's books, in small letters."""
    kind, status = fields.get("transactiontype", ""), fields.get("requeststatus", "")
    state = _STATES.get(status, State.UNKNOWN)
    amount = reading.kurus(fields.get("amount"))
    captured = amount if status in _CHARGED else 0
    if kind == "2":
        captured = reading.kurus(fields.get("postauthedamount"))
        if status == "1":
            state = State.AUTHORISED
    return Entry(
        kind=_KINDS.get(kind, ""),
        state=state,
        amount_kurus=amount,
        captured_kurus=captured,
        refunded_kurus=reading.kurus(fields.get("refundedamount")),
        voided_kurus=amount if state is State.VOIDED else None,
        net_kurus=reading.kurus(fields.get("netamount")),
        currency=reading.currency(fields.get("currency")),
        installment_count=reading.count(fields.get("installmentcount")),
        order_id=fields.get("orderid", ""),
        at=reading.moment(fields.get("createdate"), "%Y%m%d%H%M%S"),
        authorisation_code=mask_text(fields.get("authcode", "")),
        host_reference=mask_text(fields.get("hostreferencenumber", "")),
        bank_transaction_id=_key(fields),
        bank_code=mask_text(fields.get("bankresponsecode", "")),
        card_masked=mask_text(fields.get("cardno", "")),
    )


def _commission(fields: Mapping[str, str]) -> dict[str, str]:
    """:return: what Tosla keeps, in kuruş"""
    kept = reading.kurus(fields.get("merchantcommissionamount"))
    return {} if kept is None else {"commission_kurus": str(kept)}


def _key(fields: Mapping[str, str]) -> str:
    """:return: Tosla's number of a transaction; its 16 digits look like a card's"""
    text = fields.get("transactionid", "")
    if text == "0":
        return ""
    return text if _OWN_KEY.fullmatch(text) else mask_text(text)


def _outcome(
    proven: Proven, result: Result, fields: Mapping[str, str] | None = None
) -> Outcome:
    fields = proven.fields if fields is None else fields
    own, code = fields.get("code", ""), fields.get("bankresponsecode", "")
    is_good = result in (Result.APPROVED, Result.NOT_FOUND)
    fine = "" if own == "0" else own
    reason = FOLLOW_UP_REFUSALS.get(fine) or CODES.reason(fine or code)
    text = fields.get("bankresponsemessage") or fields.get("message", "")
    return Outcome(
        result,
        proven.order_id,
        authorisation_code=mask_text(fields.get("authcode", "")),
        host_reference=mask_text(fields.get("hostreferencenumber", "")),
        bank_transaction_id=_key(fields),
        bank_code=mask_text(code or own),
        bank_message=mask_text(text),
        reason_code=mask_text(fine),
        reason="" if is_good else reason,
        operation=proven.operation,
    )
