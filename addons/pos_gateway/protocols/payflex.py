"""PayFlex V4: VakıfBank, with the bank's common payment page.

Document: PayFlex VPOS V4 and common payment page as public integrations use them, and
their recorded answers. In November 2026 the published hash of a registration was
recomputed; no bank was spoken to. What is marked (unverified) is not even seen in such
a message.

Mode: the bank's common payment page, which asks for the card, authenticates and
charges. ``REGISTER`` gets a token for an order; the browser takes it to the page; what
it brings back (Rc, TransactionId, PaymentToken) is signed by nobody. It only leads to
``RESOLVE``, the question what became of *our* token. There Rc 0000 with our order and
token is the payment itself: an outcome of ``RESOLVE`` may be APPROVED.

Quirks:

- No request is signed: password, TLS and a registered address (1105) prove us.
- Paths and fields of the page's API are those of public integrations (unverified). In
  September 2026 the bank documented a further API of the same page
  (``/commonPayment/CreateTokenCPY``, JSON); it is not spoken here.
- VPOS and search: XML as text in the form field ``prmstr``.
- The page writes amounts with a comma, the others with a dot.
- A void, capture or refund names the ``TransactionId`` of the charge, which RESOLVE and
  an inquiry tell (``references``). It has a number of its own: ours, so that the same
  call twice is refused (1006) (unverified).
- The search has no field for the state: it is made of its flags.
- A capture is of the whole amount: whether less may be taken is not told.
- Whether the page lets a payer try again after a refusal is not known (unverified).
- A recurring payment is a field of the enrolment only, which holds the card; the page's
  registration has no such field, and how its payments stand is not told: not here. Nor
  are points: no request that asks for them is described.
- Ziraat's older platform has no such page: it is not here.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from lxml import etree

from . import digest, money, payflex_calls, payflex_result, wire
from .answers import Message, Outcome, Proven, Refused, may_name, prove
from .fields import Field, check_offered, check_order, fill, return_address
from .traits import Credential, Traits, operations
from .types import Call, Form, Operation, Order, Request, Terminal

FAMILY = "payflex"
LABEL = "PayFlex"
ENCODING = "utf-8"

TRAITS = Traits(
    document="PayFlex VPOS V4 and common payment page",
    credentials=(
        Credential("merchant_id", "Merchant number (HostMerchantId), 15 digits"),
        Credential("terminal_id", "Terminal number (VP...)"),
        Credential("api_password", "Merchant password", secret=True),
    ),
    operations=operations("register resolve inquiry capture void refund"),
    partial=operations("refund"),
    binds=frozenset(),
    inquiry_states=frozenset({"order", "amount", "currency", "result"}),
    start=Operation.REGISTER,
    urls={
        "register": "opens the bank's page for an order",
        "page": "takes the payer's browser",
        "resolve": "tells what became of a page",
        "api": "takes captures, voids and refunds",
        "search": "tells how an order stands",
    },
    order_id_max=40,
)

_TOKEN = re.compile(r"[0-9A-Za-z-]{16,64}")
_NUMBER = re.compile(r"[0-9A-Za-z-]{0,64}")
_PAGE_SALT = "VBank3DPay2014"
_ADDRESSES = {
    Operation.REGISTER: "register",
    Operation.RESOLVE: "resolve",
    Operation.INQUIRY: "search",
}
_ROOTS = {
    Operation.INQUIRY: "SearchResponse",
    Operation.CAPTURE: "VposResponse",
    Operation.VOID: "VposResponse",
    Operation.REFUND: "VposResponse",
    Operation.SALE: "VposResponse",
}
"""Under which name the page's API answers is not known."""


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Take what the page sends as what it is: a reason to ask the bank.

    :raise Refused: with ``name``, ``repeated``, ``required`` or ``order`` (it names
        another token than that of this order)
    """
    fields = wire.unique_fields(message)
    number, token = fields.get("TransactionId", ""), order.references.get("token", "")
    if not _NUMBER.fullmatch(number) or "PaymentToken" not in fields:
        raise Refused("required")
    if not token or not digest.same(token, fields["PaymentToken"]):
        raise Refused("order")
    said = f"{token} {number} {fields.get('Rc', '')}"
    identity = digest.hex_of("sha256", said)
    return prove(order.order_id, fields, by="nothing", identity=identity)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``payflex_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return payflex_result.read_page(proven)
    if proven.operation is Operation.REGISTER:
        outcome = payflex_result.read_registration(proven)
        token = outcome.references.get("token")
        return replace(outcome, page=_page(terminal, token)) if token else outcome
    return payflex_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    if not (terminal.merchant_id and terminal.api_password):
        raise ValueError("The merchant number or password is missing.")
    fields = _ASKED.get(call.operation, payflex_calls.vpos)(terminal, order, call)
    return Request(
        terminal.url(_ADDRESSES.get(call.operation, "api")),
        wire.encode_form(fields).encode(),
        f"{wire.FORM_TYPE}; charset={ENCODING}",
        call.operation,
        order.order_id,
        headers=(("Accept", "application/xml"),),
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :raise Refused: if it is no such answer, or speaks of another order, shop or token
    """
    root = wire.parse_xml(body, wire.limit_of(call.operation))
    name = etree.QName(root).localname
    if name != _ROOTS.get(call.operation, name):
        raise Refused("document")
    wire.without(root, *payflex_result.UNREAD)
    fields, rows = wire.flatten(root, [payflex_result.ROWS_AT])
    _check_names(terminal, order, call, fields)
    for row in rows:
        if row.get("OrderId") != order.order_id:
            raise Refused("order")
        may_name("merchant", row.get("MerchantId"), terminal.merchant_id)
    return prove(
        order.order_id, fields, by="transport", operation=call.operation, rows=rows
    )


def _check_names(terminal: Terminal, order: Order, call: Call, fields: Mapping) -> None:
    """What an answer names must be ours; a success must name what it is of."""
    is_page = call.operation is Operation.RESOLVE
    token = order.references.get("token", "") if is_page else None
    ours = {
        "MerchantId": (terminal.merchant_id, "merchant"),
        "HostMerchantId": (terminal.merchant_id, "merchant"),
        "OrderId": (order.order_id, "order"),
        "OrderID": (order.order_id, "order"),
        "PaymentToken": (token, "order"),
        "ReferenceTransactionId": (order.references.get("transaction_id"), "order"),
    }
    for name, (value, reason) in ours.items():
        if value is not None:
            may_name(reason, fields.get(name), value)
    if call.operation in payflex_calls.TYPES:
        expected = payflex_calls.TYPES[call.operation]
        is_named = fields.get("TransactionType") in expected
    else:
        names = ("PaymentToken", "OrderID") if is_page else ()
        is_named = all(fields.get(name) for name in names)
    if payflex_result.is_done(call.operation, fields) and not is_named:
        raise Refused("required")


# --- what we send -------------------------------------------------------------------


def page_hash(password: str, fields: Mapping[str, str]) -> str:
    """Of a registration; whether the bank looks at it is not known."""
    names = ("HostMerchantId", "AmountCode", "Amount")
    glued = "".join(fields[name] for name in names)
    return digest.base64_of("sha1", glued + password + _PAGE_SALT)


def _page(terminal: Terminal, token: str) -> Form:
    return Form(f"{terminal.url('page')}?Ptkn={token}", method="get")


def _register(terminal: Terminal, order: Order, _call: Call):
    check_order(TRAITS, order)
    fields, password = fill(FORM, terminal, order), terminal.api_password.reveal()
    yield from fields
    yield ("MerchantPassword", password)
    yield ("HashedData", page_hash(password, dict(fields)))


_ASKED = {
    Operation.REGISTER: _register,
    Operation.RESOLVE: payflex_calls.resolve,
    Operation.INQUIRY: payflex_calls.search,
}


FORM = (
    Field("merchant id", "HostMerchantId", lambda t, _: t.merchant_id, 15),
    Field("terminal id", "HostTerminalId", lambda t, _: t.terminal_id, 8, signed=False),
    Field(
        "operation",
        "TransactionType",
        lambda _, o: "Auth" if o.preauth else "Sale",
        signed=False,
    ),
    Field("currency", "AmountCode", lambda _, o: money.currency_number(o.currency), 3),
    Field("amount", "Amount", lambda _, o: money.to_decimal_text(o.amount_kurus), 18),
    Field("installments", "InstallmentCount", payflex_calls.count, 2, signed=False),
    Field("order id", "OrderID", lambda _, o: o.order_id, 40, signed=False),
    Field("with 3-D Secure", "IsSecure", "true", signed=False),
    Field("cards without 3-D Secure", "AllowNotEnrolledCard", "false", signed=False),
    Field("success address", "SuccessUrl", return_address),
    Field("failure address", "FailUrl", return_address),
    Field(
        "language",
        "RequestLanguage",
        lambda _, o: "tr-TR" if o.language == "tr" else "en-US",
        signed=False,
    ),
)
"""What our server registers; the password and the hash come with it."""
