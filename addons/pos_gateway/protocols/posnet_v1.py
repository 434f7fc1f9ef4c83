"""PosNet V1: Albaraka Türk (JSON).

Document: "PosNet V1" 3-D Secure and JSON services of Albaraka, MAC of SHA-256. In
November 2026 the MACs of published messages were recomputed; no bank was spoken to.
What is marked (unverified) is not even seen in such a message.

Mode: the bank's own card page (``UseOOS`` 1), which authenticates only; money moves
with our ``SALE`` (``/Sale``, ``/Auth``). The form's MAC with a card holds the card, so
our own pages never offer that.

Quirks:

- The return's MAC holds the authentication but neither order nor amount (``binds``).
  Another order's authentication, posted to this one, is signed and names what it likes.
  That is closed by the bank: it keeps ``SecureTransactionId`` with the order and amount
  of the form that opened the page, and our SALE carries our own order and amount; it is
  (unverified) with which code it refuses. Here ``OrderId``, ``MerchantId`` and
  ``Amount`` must be ours, which stops mistakes but no forger; the SALE's answer is then
  of our own call, and an authentication is used once: a second SALE of an order is
  refused as 0127.
- The signed values are glued together. ``ECI`` and ``CAVV`` must have their fixed
  lengths, so that no other digit can pass for the ``MdStatus`` behind them.
- Answers are not signed. Success is 00; of an inquiry 0000.
- Follow-ups name the bank's ``ReferenceCode`` or the order number, never both; the
  number begins with ``TDS_`` there. A return's amount is sent always, though an
  integration leaves it out for 3-D payments (unverified).
"""

import re
from collections.abc import Mapping

from . import digest, money, posnet_books, posnet_v1_result, wire
from .answers import Message, Outcome, Proven, Refused, must_name, prove
from .fields import (
    Field,
    check_offered,
    check_order,
    count_or_zero,
    fill,
    return_address,
    store_key,
)
from .posnet_books import CURRENCIES, PREFIXES, currency
from .posnet_v1_calls import ASKED, key_of
from .traits import Credential, Traits, operations
from .types import Call, Form, Operation, Order, Request, Terminal

FAMILY = "posnet_v1"
LABEL = "PosNet V1"
ENCODING = "utf-8"

TRAITS = Traits(
    document="PosNet V1 (Albaraka), JSON services and 3-D Secure, API version V100",
    credentials=(
        Credential("merchant_id", "Merchant number (MerchantNo), 10 digits"),
        Credential("terminal_id", "Terminal number (TerminalNo), 8 digits"),
        Credential("account_id", "PosNet number (PosnetID)"),
        Credential(
            "store_key",
            "Encryption key (ENCKEY)",
            "Numbers with commas between them, as the bank's panel shows them.",
            secret=True,
        ),
    ),
    operations=operations("sale inquiry capture void refund"),
    partial=operations("capture refund"),
    binds=frozenset({"result"}),
    inquiry_states=frozenset({"order", "amount", "currency", "result"}),
    urls={"page": "takes the payer's browser", "api": "takes our server's requests"},
    currencies=tuple(CURRENCIES),
    options={"order_prefix": PREFIXES},
)

_FORM_NAMES = "MerchantNo TerminalNo CardNo Cvv ExpiredDate Amount".split()
_SHOWN_FORM_NAMES = "MerchantNo:TerminalNo:Amount"
_RETURN_NAMES = "ECI:CAVV:MdStatus:MdErrorMessage:MD:SecureTransactionId"
_SHAPES = {
    "ECI": re.compile(r"(?:0[0-9])?"),
    "CAVV": re.compile(r"(?:[A-Za-z0-9+/]{27}=)?"),
    "MdStatus": re.compile(r"[0-9]?"),
    "SecureTransactionId": re.compile(r"[0-9A-Za-z-]{0,64}"),
}


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    check_order(TRAITS, order)
    posnet_books.check_order(order)
    fields = fill(FORM, terminal, order)
    signature = form_hash(store_key(terminal, "encryption key"), dict(fields))
    return Form(terminal.url("page"), (*fields, ("Mac", signature)))


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    :raise Refused: with ``repeated``, ``hash``, ``shape``, ``order``, ``merchant`` or
        ``amount``
    """
    fields = wire.plain_fields(message)
    if not is_genuine_return(terminal.store_key.reveal(), fields):
        raise Refused("hash")
    if not all(shape.fullmatch(fields.get(n, "")) for n, shape in _SHAPES.items()):
        raise Refused("shape")
    must_name("order", fields.get("OrderId"), order.order_id)
    must_name("merchant", fields.get("MerchantId"), terminal.merchant_id)
    if fields.get("Amount") != money.to_kurus_text(order.amount_kurus):
        raise Refused("amount")
    return prove(order.order_id, fields, by="signature", identity=fields["Mac"])


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``posnet_v1_result`` has the tables.

    :raise TypeError: if it is not a proven message of ours
    """
    if proven.operation is Operation.PAGE:
        return posnet_v1_result.read_return(proven, terminal.accepted_md_status)
    return posnet_v1_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    if not (terminal.merchant_id and terminal.terminal_id):
        raise ValueError("The merchant or terminal number is missing.")
    posnet_books.check_order(order)
    service, names, content = ASKED[call.operation](terminal, order, call)
    tree = _envelope(terminal, names) | content
    tree["MAC"] = params_hash(store_key(terminal, "encryption key"), names, tree)
    return Request(
        f"{terminal.url('api')}/{service}",
        wire.build_json(tree),
        f"application/json; charset={ENCODING}",
        call.operation,
        order.order_id,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :return: the fields by dotted path, and of the order what ``parse`` needs, under
        names with a colon
    :raise Refused: if it is no such answer, or speaks of another order
    """
    tree = wire.parse_json(body, wire.limit_of(call.operation))
    if not isinstance(tree.get("ServiceResponseData"), dict):
        raise Refused("document")
    known = {n: tree[n] for n in posnet_v1_result.KNOWN if tree.get(n)}
    fields, rows = wire.flatten(known, [posnet_v1_result.ROWS])
    posnet_books.check_numbers(order, [row.get("OrderId") for row in rows])
    by_number = call.operation is Operation.INQUIRY or not key_of(order)
    fields |= posnet_books.spelling(terminal, order, by_number)
    fields["order:is_captured"] = order.references.get("capture_code", "")
    return prove(
        order.order_id, fields, by="transport", operation=call.operation, rows=rows
    )


# --- what we send -------------------------------------------------------------------


FORM = (
    Field("merchant number", "MerchantNo", lambda t, _: t.merchant_id, 10),
    Field("terminal number", "TerminalNo", lambda t, _: t.terminal_id, 8),
    Field("PosNet number", "PosnetID", lambda t, _: t.account_id, 16, signed=False),
    Field(
        "operation",
        "TransactionType",
        lambda _, o: "Auth" if o.preauth else "Sale",
        signed=False,
    ),
    Field("order id", "OrderId", lambda _, o: o.order_id, 20, signed=False),
    Field("amount", "Amount", lambda _, o: money.to_kurus_text(o.amount_kurus), 10),
    Field("currency", "CurrencyCode", lambda _, o: currency(o), signed=False),
    Field(
        "return address",
        "MerchantReturnURL",
        return_address,
        signed=False,
    ),
    Field("installments", "InstallmentCount", count_or_zero, 2, signed=False),
    Field(
        "language",
        "Language",
        lambda _, o: "tr" if o.language == "tr" else "en",
        signed=False,
    ),
    Field("state", "TxnState", "INITIAL", signed=False),
    Field("new window", "OpenNewWindow", "0", signed=False),
    Field("the bank's page asks for the card", "UseOOS", "1", signed=False),
    Field("list of signed fields", "MacParams", _SHOWN_FORM_NAMES, signed=False),
)


def _envelope(terminal: Terminal, names: str) -> dict:
    nothing = "CipheredData", "DealerData", "PaymentFacilitatorData"
    return {
        "ApiType": "JSON",
        "ApiVersion": "V100",
        "MerchantNo": terminal.merchant_id,
        "TerminalNo": terminal.terminal_id,
        "MACParams": names,
        "IsEncrypted": "N",
        **dict.fromkeys(nothing),
    }


# --- signatures ---------------------------------------------------------------------


def form_hash(enc_key: str, fields: Mapping[str, str]) -> str:
    """Of a form: the card's fields are empty where the bank's page asks for it."""
    glued = digest.glued(_FORM_NAMES, fields)
    return digest.base64_of("sha256", glued + enc_key)


def params_hash(enc_key: str, names: str, tree: Mapping) -> str:
    """Of what a list names, wherever in the tree; what is not there is empty.

    >>> tree = {"A": "1", "B": {"C": "2", "D": None}}
    >>> params_hash("k", "C:D:A", tree) == digest.base64_of("sha256", "21k")
    True
    """
    glued = "".join(_find(tree, name) or "" for name in names.split(":"))
    return digest.base64_of("sha256", glued + enc_key)


def is_genuine_return(enc_key: str, fields: Mapping[str, str]) -> bool:
    """:return: whether the bank signed this return; the list of names is ours"""
    claimed = fields.get("Mac", "")
    if not enc_key or not claimed or fields.get("MacParams") != _RETURN_NAMES:
        return False
    return digest.same(params_hash(enc_key, _RETURN_NAMES, fields), claimed)


def _find(tree: Mapping, name: str) -> str | None:
    if name in tree and not isinstance(tree[name], Mapping):
        return None if tree[name] is None else str(tree[name])
    inner = (node for node in tree.values() if isinstance(node, Mapping))
    found = (_find(node, name) for node in inner)
    return next((text for text in found if text is not None), None)
