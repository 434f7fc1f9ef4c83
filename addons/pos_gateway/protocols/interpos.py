"""Denizbank InterPOS: page 3DHost, answers of ``name=value`` joined by ``;;``.

Document: public integrations and their recorded messages (the bank's manual is not
public). In November 2026 the hashes of published forms and returns of the test system
were recomputed; no bank was spoken to. The recorded messages are refusals: what an
approval looks like is (unverified), as is all that is marked so.

Mode: ``3DHost``, the bank's page asks for the card, authenticates and charges;
``BROWSER`` is ``3DPay``: the form's hash does not hold the card (one public integration
of 3DModel puts it there; for 3DPay unverified). ``CardType`` is not sent: we do not see
the card (unverified that the bank finds it out).

Quirks:

- The return signs the amount, with a decimal comma (``1250,4``), currency, order and
  result; not the number of installments (our form signed those) and not the kind of
  page, which a payer could change to one that charges nothing: an inquiry confirms.
- Amounts are sent with a dot and as few decimals as they need, as in all examples.
- Our server's address must be registered with the bank, else it answers 81.
- No request for a card's points or a recurring sale is described: not here.
- The answer to a call may carry an order number that the bank made up, ``SYSOID...``.
- Meaning of the states of an inquiry (``StatusHistory``), and that an unknown order is
  05 without an amount: as one public integration reads them (unverified).
"""

from collections.abc import Mapping

from . import digest, interpos_result, money, reading, wire
from .answers import Message, Outcome, Proven, Refused, must_name, prove
from .fields import (
    Field,
    card_inputs,
    check_api_user,
    check_offered,
    check_order,
    count_or_empty,
    fill,
    return_address,
    store_key,
)
from .traits import Credential, Traits, operations
from .types import Call, CardEntry, Form, Operation, Order, Request, Terminal

FAMILY = "interpos"
LABEL = "InterPOS"
ENCODING = "utf-8"

TRAITS = Traits(
    document="InterPOS of Denizbank: 3DHost, 3DPay and form calls, as in public use",
    credentials=(
        Credential("merchant_id", "Shop code (ShopCode)"),
        Credential("store_key", "3-D password (MerchantPass)", secret=True),
        Credential("api_user", "API user (UserCode)"),
        Credential("api_password", "Password of the API user (UserPass)", secret=True),
    ),
    operations=operations("inquiry capture void refund"),
    partial=operations("capture refund"),
    binds=frozenset({"order", "amount", "currency"}),
    inquiry_states=frozenset({"order", "amount", "result"}),
    card_entries=(CardEntry.HOSTED, CardEntry.BROWSER),
    urls={
        "page": "takes the payer's browser to the bank's card page (3DHost)",
        "card_page": "takes the payer's browser with the card (Default)",
        "api": "takes our server's requests (Default)",
    },
)

RETURN_NAMES = (
    "Version PurchAmount Exponent Currency OkUrl FailUrl MD OrderId ProcReturnCode"
    " Response mdStatus".split()
)
_FORM_NAMES = (
    "ShopCode OrderId PurchAmount OkUrl FailUrl TxnType InstallmentCount Rnd".split()
)
_PAGES = {
    CardEntry.HOSTED: ("3DHost", "page"),
    CardEntry.BROWSER: ("3DPay", "card_page"),
}
_MADE_UP = "SYSOID"


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    key = store_key(terminal, "3-D password")
    check_order(TRAITS, order)
    fields = fill(FORM, terminal, order)
    signature = form_hash(key, dict(fields))
    _mode, url = _PAGES[terminal.card_entry]
    card = ()
    if terminal.card_entry is CardEntry.BROWSER:
        card = card_inputs(number="Pan", expiry="Expiry", code="Cvv2")
    return Form(terminal.url(url), (*fields, ("Hash", signature)), card=card)


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours; the message's own one must be the same.

    :raise Refused: with ``name``, ``repeated``, ``hash``, ``required``, ``merchant`` or
        ``order``
    """
    fields = wire.unique_fields(message)
    if not is_genuine_return(terminal.store_key.reveal(), fields):
        raise Refused("hash")
    if not fields.keys() >= {*RETURN_NAMES}:
        raise Refused("required")
    must_name("merchant", fields.get("ShopCode"), terminal.merchant_id)
    must_name("order", fields["OrderId"], order.order_id)
    return prove(order.order_id, fields, by="signature", identity=fields["HASH"])


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``interpos_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return interpos_result.read_return(proven, terminal.accepted_md_status)
    return interpos_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    check_api_user(terminal)
    fields = (
        ("UserCode", terminal.api_user),
        ("UserPass", terminal.api_password.reveal()),
        ("ShopCode", terminal.merchant_id),
        ("SecureType", "NonSecure"),
        ("TxnType", _KINDS[call.operation]),
        ("orgOrderId", order.order_id),
        ("OrderId", ""),
        ("Lang", _language(terminal, order)),
        *_amounts(order, call),
    )
    body = wire.encode_form(fields).encode()
    return Request(
        terminal.url("api"), body, wire.FORM_TYPE, call.operation, order.order_id
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :raise Refused: if it is no such answer, or speaks of another order
    """
    fields = wire.parse_pairs(body, wire.limit_of(call.operation))
    if "ProcReturnCode" not in fields:
        raise Refused("document")
    named = fields.get("OrderId", "")
    if named not in ("", order.order_id) and not named.startswith(_MADE_UP):
        raise Refused("order")
    return prove(order.order_id, fields, "transport", operation=call.operation)


# --- what we send -------------------------------------------------------------------

_KINDS = {
    Operation.INQUIRY: "StatusHistory",
    Operation.CAPTURE: "PostAuth",
    Operation.VOID: "Void",
    Operation.REFUND: "Refund",
}


def _amounts(order: Order, call: Call):
    if call.operation in (Operation.CAPTURE, Operation.REFUND):
        yield ("PurchAmount", money.to_short_text(call.kurus_of(order)))
        yield ("Currency", money.currency_number(order.currency))
        yield ("MOTO", "0")


def _language(_terminal: Terminal, order: Order) -> str:
    return "tr" if order.language == "tr" else "en"


FORM = (
    Field("shop code", "ShopCode", lambda t, _: t.merchant_id, 15),
    Field("operation", "TxnType", lambda _, o: "PreAuth" if o.preauth else "Auth"),
    Field(
        "page mode", "SecureType", lambda t, _: _PAGES[t.card_entry][0], signed=False
    ),
    Field("order id", "OrderId", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field(
        "amount", "PurchAmount", lambda _, o: money.to_short_text(o.amount_kurus), 18
    ),
    Field(
        "currency",
        "Currency",
        lambda _, o: money.currency_number(o.currency),
        signed=False,
    ),
    Field("installments", "InstallmentCount", count_or_empty, 2, required=False),
    Field("success address", "OkUrl", return_address),
    Field("failure address", "FailUrl", return_address),
    Field("nonce", "Rnd", lambda _, o: o.nonce, 64),
    Field("language", "Lang", _language, signed=False),
)


# --- signatures ---------------------------------------------------------------------


def form_hash(store_key: str, fields: Mapping[str, str]) -> str:
    """The values of the form that are signed, glued together, then the 3-D password."""
    return return_hash(store_key, _FORM_NAMES, fields)


def return_hash(store_key: str, names: list[str], fields: Mapping[str, str]) -> str:
    """The same over other fields."""
    glued = digest.glued(names, fields)
    return digest.base64_of("sha1", glued + store_key)


def is_genuine_return(store_key: str, fields: Mapping[str, str]) -> bool:
    """Whether the bank signed this return, and exactly our list of its fields."""
    if not store_key or reading.listed(fields.get("HASHPARAMS", "")) != RETURN_NAMES:
        return False
    expected_hash = return_hash(store_key, RETURN_NAMES, fields)
    return digest.same(expected_hash, fields.get("HASH", ""))
