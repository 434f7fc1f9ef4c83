"""NestPay / Payten EST: İşbank, Ziraat, Halkbank, TEB, Şekerbank, ING and others.

Document: "3D Pay Hosting" and "CC5 XML API" merchant integration of NestPay (Asseco
SEE), hash version 3. In November 2026 the hashes of published form and return messages
of banks' test terminals were recomputed with it; no bank was spoken to. What is marked
(unverified) is not even seen in such a message.

Mode: ``3d_pay_hosting``. The bank's page asks for the card, authenticates and charges;
its return claims the payment itself and is signed over all of its fields.

Quirks:

- The hash covers the values in the order of their names, not the names. A payer who
  could choose a value of the message could post it under another name; so we send no
  text that a payer writes (no description, no billing name), and the fields we act on
  must be there by their exact names.
- Amounts are decimal in forms and messages (``100`` may come back for ``100.00``), but
  kuruş in the answer to an inquiry.
- What codes, states and texts mean is in ``nestpay_result``.
"""

import re
from collections.abc import Mapping

from . import digest, money, nestpay_result, wire
from .fields import Field, fill, web_address
from .types import (
    Form,
    Message,
    Order,
    Outcome,
    Proven,
    Refused,
    Request,
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

_UNSIGNED = frozenset({"HASH", "ENCODING", "NATIONALIDNO"})
_REQUIRED = frozenset(
    "oid clientid storetype mdStatus amount currency taksit rnd".split()
)
_HASH = re.compile(r"[A-Za-z0-9+/]{86}==")
_ORDER_ID = re.compile(rf"[!-~]{{1,{ORDER_ID_MAX}}}")


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    if not terminal.page_url or not terminal.store_key:
        raise ValueError("The bank's page address or the store key is missing.")
    fields = fill(FORM, terminal, order)
    signature = _hash(terminal, {name.upper(): text for name, text in fields})
    return Form(terminal.page_url, (*fields, ("hash", signature)))


def verify(terminal: Terminal, order_id: str, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours: all of them but the hash itself and two names
    that the bank leaves out. The message has no say in it.

    :param order_id: the order that the message was posted to
    :raise Refused: with ``name``, ``repeated``, ``hash``, ``algorithm``, ``required``,
        ``merchant``, ``order`` or ``storetype``
    """
    fields = dict(message.fields)
    if not "".join(fields).isascii():
        raise Refused("name")
    capitals = {name.upper(): text for name, text in fields.items()}
    if len(capitals) < len(message.fields):
        raise Refused("repeated")
    _check_hash(terminal, capitals)
    if not fields.keys() >= _REQUIRED:
        raise Refused("required")
    if not terminal.merchant_id or fields["clientid"] != terminal.merchant_id:
        raise Refused("merchant")
    if not order_id or fields["oid"] != order_id:
        raise Refused("order")
    if fields["storetype"] != PAGE_MODE:
        raise Refused("storetype")
    signature = next(fields[name] for name in fields if name.upper() == "HASH")
    return prove(order_id, fields, by="signature", identity=signature)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a verified return means: ``nestpay_result.verdict`` has the table."""
    _check_proof(proven, "signature")
    return nestpay_result.read_return(proven, terminal.accepted_md_status)


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

    :return: the fields, those inside ``Extra`` under ``EXTRA.NAME``
    :raise Refused: if it is no such answer, or speaks of another order
    """
    root = wire.parse_xml(body)
    if root.tag != "CC5Response":
        raise Refused("document")
    extra = root.findall("Extra")
    leaves = [("", leaf) for leaf in root if leaf not in extra]
    leaves += [("EXTRA.", leaf) for parent in extra for leaf in parent]
    fields = {f"{at}{leaf.tag}": (leaf.text or "").strip() for at, leaf in leaves}
    if len(fields) < len(leaves) or any(len(leaf) for _at, leaf in leaves):
        raise Refused("repeated")
    for name in ("OrderId", "EXTRA.ORD_ID"):
        if fields.get(name, "") not in ("", order.order_id):
            raise Refused("order")
    return prove(order.order_id, fields, by="transport")


def parse_inquiry(terminal: Terminal, proven: Proven) -> Outcome:
    """Say how an order stands: ``nestpay_result.inquiry_verdict`` has the table."""
    _check_proof(proven, "transport")
    return nestpay_result.read_answer(proven)


def _check_proof(proven: Proven, by: str) -> None:
    if proven.by != by:
        raise TypeError(f"not proven by {by}")


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
    """Version 3: the values in the order of their names, then the store key.

    :param fields: by their names in capitals
    """
    names = sorted(fields.keys() - _UNSIGNED)
    values = [*(fields[name] for name in names), terminal.store_key.reveal()]
    # The backslash first: it would else double the one that marks a bar.
    escaped = [v.replace("\\", "\\\\").replace("|", "\\|") for v in values]
    return digest.sha512_base64("|".join(escaped))


def _check_hash(terminal: Terminal, fields: Mapping[str, str]) -> None:
    their_hash = fields.get("HASH", "")
    if not terminal.store_key or not _HASH.fullmatch(their_hash):
        raise Refused("hash")
    if fields.get("HASHALGORITHM") != "ver3":
        raise Refused("algorithm")
    if not digest.same(_hash(terminal, fields), their_hash):
        raise Refused("hash")
