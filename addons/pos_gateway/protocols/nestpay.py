"""NestPay / Payten EST: İşbank, Ziraat, Halkbank, TEB, Şekerbank, ING and others.

Document: "3D Pay Hosting" and "CC5 XML API" merchant integration of NestPay (Asseco SEE),
hash version 3. Checked November 2026 against form and return messages of the banks'
test terminals; what is marked (unverified) is not.

Mode: ``3d_pay_hosting``. The bank's page asks for the card, authenticates and charges; its
return claims the payment itself and is signed over all of its fields.

Quirks:

- The hash covers the values in the order of their names, not the names. A payer who could
  choose a value of the message could post it under another name; so we send no text that a
  payer writes (no description, no billing name), and the fields we act on must be there by
  their exact names.
- Amounts are decimal in forms and messages (``100`` may come back for ``100.00``), but
  kuruş in the answer to an inquiry.
- 99 says "see ERRORCODE"; a failed authentication often has neither. 91, 92, 96 and BM-91xx
  say that the bank itself does not know.
- A charge whose mdStatus the merchant does not accept is still a charge: the return is
  unresolved, and the inquiry, which tells of money only, books it.
- How a page words a payer's cancel is not documented (unverified): see ``CANCEL_TEXTS``.
  Any other wording is a failed authentication.
"""

import re
from collections.abc import Mapping

from . import digest, errors, money, wire
from .fields import Field, fill, web_address
from .redact import mask_text
from .types import (
    Form,
    Message,
    Order,
    Outcome,
    Proven,
    Refused,
    Request,
    Result,
    Terminal,
    prove,
)

FAMILY = "nestpay"
LABEL = "NestPay"
PAGE_MODE = "3d_pay_hosting"
OPERATIONS = ("sale", "inquiry")
ENCODING = "iso-8859-9"
"""Of requests to the API and of its answers."""

BINDS = frozenset({"order", "amount", "currency", "installment_count", "result"})
"""What the signature of a return binds."""
INQUIRY_STATES = frozenset({"order", "amount", "result"})
"""What an inquiry tells. Currency and installments stand in our stored order."""

ORDER_ID_MAX = 64
MAX_INSTALLMENTS = 12
SECURE = frozenset("1234")
NOT_AUTHENTICATED = frozenset("056789")
CANCEL_TEXTS = frozenset(
    f"islem {who} tarafindan iptal edildi"
    for who in ("kart hamili", "kullanici", "musteri")
)

_UNSIGNED = frozenset({"HASH", "ENCODING", "NATIONALIDNO"})
_REQUIRED = frozenset(
    "oid clientid storetype mdStatus amount currency taksit rnd".split()
)
_HASH = re.compile(r"[A-Za-z0-9+/]{86}==")
_ORDER_ID = re.compile(rf"[!-~]{{1,{ORDER_ID_MAX}}}")
_COUNT = re.compile(r"[1-9]|1[0-2]")
_TO_PLAIN_LETTERS = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosucgiosu")

_FACTS = (
    ("authorisation_code", "AuthCode", "EXTRA.AUTH_CODE"),
    ("host_reference", "HostRefNum", "EXTRA.HOST_REF_NUM"),
    ("bank_transaction_id", "TransId", "EXTRA.TRANS_ID"),
    ("card_masked", "maskedCreditCard", "EXTRA.PAN"),
    ("card_brand", "EXTRA.CARDBRAND", "EXTRA.CARDBRAND"),
    ("md_status", "mdStatus", "EXTRA.MDSTATUS"),
    ("eci", "eci", "EXTRA.ECI_3D"),
)
"""Our name; the bank's in a return; the bank's in the answer to an inquiry."""


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank would not take such an order
    """
    if not terminal.page_url or not terminal.store_key:
        raise ValueError("The bank's page address or the store key is missing.")
    fields = fill(FORM, terminal, order)
    return Form(terminal.page_url, (*fields, ("hash", _hash(terminal, dict(fields)))))


def order_id_of(message: Message) -> str | None:
    """:return: the order that an unproven message names, only to look the order up"""
    return message.get("oid")


def verify(terminal: Terminal, order_id: str, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours: all of them but the hash itself and two names that
    the bank leaves out. The message has no say in it.

    :param order_id: the order that the message was posted to
    :raise Refused: with ``name``, ``repeated``, ``hash``, ``algorithm``, ``required``,
        ``merchant``, ``order`` or ``storetype``
    """
    fields = dict(message.fields)
    if not all(name.isascii() for name in fields):
        raise Refused("name")
    if len({name.upper() for name in fields}) < len(message.fields):
        raise Refused("repeated")
    _check_hash(terminal, fields)
    if not fields.keys() >= _REQUIRED:
        raise Refused("required")
    if not terminal.merchant_id or fields["clientid"] != terminal.merchant_id:
        raise Refused("merchant")
    if not order_id or fields["oid"] != order_id:
        raise Refused("order")
    if fields["storetype"] != PAGE_MODE:
        raise Refused("storetype")
    return prove(order_id, fields, by="signature")


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a verified return means, by the table of ``verdict``.

    What the signature binds must also be readable: an approval of an amount, currency or
    count that we cannot read is unresolved.
    """
    fields = _fields_by(proven, "signature")
    result = verdict(fields, terminal.accepted_md_status)
    if result is Result.DECLINED and _is_cancelled(fields):
        result = Result.CANCELLED
    terms = _read_terms(fields)
    if result is Result.APPROVED and not terms:
        result = Result.UNRESOLVED
    return _outcome(proven, result, *terms)


def verdict(fields: Mapping[str, str], accepted: frozenset[str]) -> Result:
    """Decide by mdStatus, Response and the codes alone. Total; absent is never success.

    ============= ========== ============================== ==========
    mdStatus      Response   ProcReturnCode, ERRORCODE      result
    ============= ========== ============================== ==========
    accepted      Approved   00, none                       APPROVED
    0 to 9        Declined   only known refusals            DECLINED
    0, 5 to 9     or Error   99, none                       DECLINED
    anything else                                           UNRESOLVED
    ============= ========== ============================== ==========

    :param accepted: what the merchant accepts; never more than full and half secure
    """
    status, response = fields.get("mdStatus"), fields.get("Response")
    codes = _codes(fields)
    if status in accepted & SECURE and response == "Approved" and codes == {"00"}:
        return Result.APPROVED
    if status not in SECURE | NOT_AUTHENTICATED or response not in (
        "Declined",
        "Error",
    ):
        return Result.UNRESOLVED
    if codes <= errors.REFUSALS.keys():
        return Result.DECLINED
    if codes == {"99"} and status in NOT_AUTHENTICATED:
        return Result.DECLINED
    return Result.UNRESOLVED


def inquire(terminal: Terminal, order: Order) -> Request:
    """Ask how an order stands.

    :raise ValueError: if the terminal lacks what the bank asks for
    """
    if not (terminal.api_url and terminal.api_user and terminal.api_password):
        raise ValueError("The bank's API address, user or password is missing.")
    body = wire.build_xml(
        "CC5Request",
        (
            ("Name", terminal.api_user),
            ("Password", terminal.api_password.reveal()),
            ("ClientId", terminal.merchant_id),
            ("OrderId", _order_id(terminal, order)),
            ("Extra", (("ORDERSTATUS", "QUERY"),)),
        ),
    )
    content_type = f"text/xml; charset={wire.XML_ENCODING}"
    return Request(terminal.api_url, body, content_type, "inquiry", order.order_id)


def read_inquiry(terminal: Terminal, order: Order, body: bytes) -> Proven:
    """Believe the answer to our own question: it came over TLS from the bank.

    :raise Refused: if it is no such answer, or speaks of another order
    """
    root = wire.parse_xml(body)
    if root.tag != "CC5Response":
        raise Refused("document")
    fields: dict[str, str] = {}
    for parent in (root, *root.iterchildren("Extra")):
        prefix = "EXTRA." if parent is not root else ""
        for leaf in parent:
            name = f"{prefix}{leaf.tag}"
            if name in fields or (len(leaf) and name != "Extra"):
                raise Refused("repeated")
            fields[name] = (leaf.text or "").strip()
    for name in ("OrderId", "EXTRA.ORD_ID"):
        if fields.get(name, "") not in ("", order.order_id):
            raise Refused("order")
    return prove(order.order_id, fields, by="transport")


def parse_inquiry(terminal: Terminal, proven: Proven) -> Outcome:
    """Say how the order stands, by the state of its newest transaction.

    C, S, A: charged (a plain sale may stay A until the batch closes). V: charged and
    voided again, so there is no money: cancelled. D: declined. A newest transaction that
    is not a sale (a refund), R (reversal under way) and whatever else: unresolved.
    """
    fields = _fields_by(proven, "transport")
    result = _inquiry_result(fields)
    text = fields.get("EXTRA.CAPTURE_AMT") or fields.get("EXTRA.ORIG_TRANS_AMT", "")
    try:
        amount = money.from_kurus_text(text)
    except ValueError:
        amount = None
    if result is Result.APPROVED and amount is None:
        result = Result.UNRESOLVED
    return _outcome(proven, result, amount)


# --- the form -----------------------------------------------------------------------


def _order_id(terminal: Terminal, order: Order) -> str:
    if not _ORDER_ID.fullmatch(order.order_id):
        raise ValueError(f"The order id must be 1 to {ORDER_ID_MAX} plain characters.")
    return order.order_id


def _amount(terminal: Terminal, order: Order) -> str:
    if order.amount_kurus <= 0:
        raise ValueError("The amount must be above zero.")
    return money.to_decimal_text(order.amount_kurus)


def _installments(terminal: Terminal, order: Order) -> str:
    count = order.installment_count
    if not 1 <= count <= MAX_INSTALLMENTS:
        raise ValueError(f"The bank takes 1 to {MAX_INSTALLMENTS} installments.")
    if count > 1 and order.currency != "TRY":
        raise ValueError("A payment in foreign currency takes no installments.")
    return "" if count == 1 else str(count)


def _language(terminal: Terminal, order: Order) -> str:
    if order.language not in ("tr", "en"):
        raise ValueError("The bank's page speaks tr and en.")
    return order.language


FORM = (
    Field("merchant id", "clientid", lambda terminal, _: terminal.merchant_id, 15),
    Field("page mode", "storetype", PAGE_MODE),
    Field("hash version", "hashAlgorithm", "ver3"),
    Field("operation", "TranType", "Auth"),
    Field("order id", "oid", _order_id, ORDER_ID_MAX),
    Field("amount", "amount", _amount, 18),
    Field("currency", "currency", lambda _, o: money.currency_number(o.currency), 3),
    Field("installments", "taksit", _installments, 3, required=False),
    Field("success address", "okUrl", lambda _, o: web_address(o.return_url)),
    Field("failure address", "failUrl", lambda _, o: web_address(o.return_url)),
    Field(
        "notice address",
        "callbackUrl",
        lambda _, o: web_address(o.notice_url) if o.notice_url else None,
    ),
    Field("seconds on the result page", "refreshtime", "5"),
    Field("language", "lang", _language),
    Field("nonce", "rnd", lambda _, o: o.nonce),
    Field("charset", "encoding", "utf-8", signed=False),
)


# --- the signature ------------------------------------------------------------------


def _hash(terminal: Terminal, fields: Mapping[str, str]) -> str:
    """Version 3: the values in the order of their names, then the store key."""
    names = sorted(
        (name for name in fields if name.upper() not in _UNSIGNED), key=str.upper
    )
    values = [*(fields[name] for name in names), terminal.store_key.reveal()]
    # The backslash first: it would else double the one that marks a bar.
    return digest.sha512_base64(
        "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)
    )


def _check_hash(terminal: Terminal, fields: Mapping[str, str]) -> None:
    theirs = next((text for name, text in fields.items() if name.upper() == "HASH"), "")
    if not terminal.store_key or not _HASH.fullmatch(theirs):
        raise Refused("hash")
    if fields.get("hashAlgorithm") != "ver3":
        raise Refused("algorithm")
    if not digest.same(_hash(terminal, fields), theirs):
        raise Refused("hash")


# --- what it means ------------------------------------------------------------------


def _fields_by(proven: Proven, by: str) -> Mapping[str, str]:
    if proven.by != by:
        raise TypeError(f"not proven by {by}")
    return proven.fields


def _codes(fields: Mapping[str, str]) -> set[str]:
    """:return: what the bank answers with; 99 gives way to what it refers to"""
    code = errors.normal(fields.get("ProcReturnCode", ""))
    error = errors.normal(fields.get("EXTRA.ERRORCODE", ""))
    if not error:
        return {code}
    return {error} if code == "99" else {code, error}


def _is_cancelled(fields: Mapping[str, str]) -> bool:
    text = fields.get("ErrMsg", "").translate(_TO_PLAIN_LETTERS).lower().strip(" .")
    return _codes(fields) == {"99"} and text in CANCEL_TEXTS


def _read_terms(fields: Mapping[str, str]) -> tuple[int, str, int] | tuple[()]:
    """:return: kuruş, currency letters and installment count, or nothing"""
    count = fields["taksit"] or "1"
    try:
        amount = money.from_decimal_text(fields["amount"])
        currency = money.currency_letters(fields["currency"])
    except ValueError:
        return ()
    return (amount, currency, int(count)) if _COUNT.fullmatch(count) else ()


def _inquiry_result(fields: Mapping[str, str]) -> Result:
    state = fields.get("EXTRA.TRANS_STAT")
    if not state:
        return Result.NOT_FOUND if _is_not_found(fields) else Result.UNRESOLVED
    if fields.get("EXTRA.CHARGE_TYPE_CD") != "S" or not fields.get("OrderId"):
        return Result.UNRESOLVED
    code = fields.get("EXTRA.PROC_RET_CD") or fields.get("ProcReturnCode", "")
    if state in ("C", "S", "A"):
        agreed = fields.get("Response") == "Approved" and _codes(fields) == {"00"}
        return Result.APPROVED if agreed and code == "00" else Result.UNRESOLVED
    if state == "D" and code not in ("", "00"):
        return Result.DECLINED
    return Result.CANCELLED if state == "V" else Result.UNRESOLVED


def _is_not_found(fields: Mapping[str, str]) -> bool:
    """Refused credentials and the like also come without an order: those are errors."""
    silent = ("TransId", "EXTRA.ORD_ID", "EXTRA.TRANS_ID", "EXTRA.ERRORCODE")
    return (
        fields.get("Response") == "Declined"
        and fields.get("ProcReturnCode") in ("99", "05")
        and fields.get("OrderId") == ""
        and not any(fields.get(name) for name in silent)
    )


def _bank_code(fields: Mapping[str, str]) -> str:
    """:return: the code that tells most"""
    code, status = fields.get("ProcReturnCode", ""), fields.get("mdStatus")
    if code == "99" and status in NOT_AUTHENTICATED:
        code = f"mdStatus={status}"
    return fields.get("EXTRA.ERRORCODE") or fields.get("EXTRA.PROC_RET_CD") or code


def _outcome(proven: Proven, result: Result, amount=None, currency=None, count=None):
    fields = proven.fields
    column = 1 if proven.by == "signature" else 2
    facts = {row[0]: mask_text(fields.get(row[column], "")) for row in _FACTS}
    return Outcome(
        result,
        proven.order_id,
        amount,
        currency,
        count,
        bank_code=_bank_code(fields),
        bank_message=mask_text(fields.get("ErrMsg") or fields.get("mdErrorMsg", "")),
        **facts,
    )
