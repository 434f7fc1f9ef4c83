"""NestPay / Payten EST: İşbank, Ziraat, Halkbank, TEB, Şekerbank, ING and others.

Document: "3D Pay Hosting" and "CC5 XML API" merchant integration of NestPay (Asseco
SEE), hash versions 3 and 1. In November 2026 the hashes of published form and return
messages of banks' test terminals were recomputed; no bank was spoken to. What is marked
(unverified) is not even seen in such a message.

Mode: ``3d_pay_hosting``. The bank's page asks for the card and charges; its return
claims the payment. Version 3 signs all fields; version 1 (old contracts) not the
amount, so an inquiry must confirm it.

Quirks:

- The hash covers the values in the order of their names, not the names. A payer who
  could choose a value of the message could post it under another name; so we send no
  text that a payer writes (no description, no billing name), and the fields we act on
  must be there by their exact names.
- A form of version 3 signs the card number too: ``BROWSER`` needs version 1.
- Amounts are decimal in forms and messages (``100`` may come back for ``100.00``), but
  kuruş in the answer to an inquiry.
- A recurring sale is one of the API, with the card in our hands; what is said of it is
  in ``nestpay_recurring``. No request of its own asks for points: not here.
- What codes, states and texts mean is in ``nestpay_result``.
"""

from collections.abc import Mapping
from functools import lru_cache

from . import (
    digest,
    money,
    nestpay_calls,
    nestpay_recurring,
    nestpay_result,
    wire,
)
from .answers import Message, Outcome, Proven, Refused, may_name, must_name, prove
from .fields import (
    Field,
    card_inputs,
    check_api_user,
    check_offered,
    check_order,
    count_or_empty,
    fill,
    notice_address,
    return_address,
    store_key,
)
from .traits import Credential, Traits, operations
from .types import Call, CardEntry, Form, Operation, Order, Request, Terminal

FAMILY = "nestpay"
LABEL = "NestPay"
ENCODING = "iso-8859-9"
"""Of requests to the API and of its answers."""

_ABOUT_THE_KEY = "Set in the bank's panel; it is not the password of the API user."

TRAITS = Traits(
    document="NestPay 3D Pay Hosting and CC5 XML API, hash versions 3 and 1",
    credentials=(
        Credential("merchant_id", "Client number (clientid)"),
        Credential("store_key", "Store key (3-D key)", _ABOUT_THE_KEY, secret=True),
        Credential("api_user", "API user (Name)"),
        Credential("api_password", "Password of the API user", secret=True),
    ),
    operations=operations(
        "inquiry history capture void refund"
        " recurring recurring_status recurring_cancel"
    ),
    partial=operations("capture refund"),
    binds=frozenset({"order", "amount", "currency", "installment_count", "result"}),
    inquiry_states=frozenset({"order", "amount", "result"}),
    standing_by=Operation.HISTORY,
    card_entries=(CardEntry.HOSTED, CardEntry.BROWSER),
    card_calls=operations("recurring"),
    recurring_units=("D", "W", "M", "Y"),
    urls={"page": "takes the payer's browser", "api": "takes our server's requests"},
    order_id_max=64,
    options={"hash": ("ver3", "ver1")},
)

_PAGE_MODES = {CardEntry.HOSTED: "3d_pay_hosting", CardEntry.BROWSER: "3d_pay"}
_CARD = card_inputs(
    number="pan",
    month="Ecom_Payment_Card_ExpDate_Month",
    year="Ecom_Payment_Card_ExpDate_Year",
    code="cv2",
)
_KINDS = {False: "Auth", True: "PreAuth"}
_UNSIGNED = frozenset({"HASH", "ENCODING", "NATIONALIDNO"})
_REQUIRED = {*"oid clientid storetype mdStatus amount currency taksit rnd".split()}
_V1_FORM = "clientid oid amount okUrl failUrl islemtipi taksit rnd".split()
_V1_AUTHENTICATION = "clientid oid mdStatus cavv eci md rnd".split()
_V1_PAYMENT = (
    "clientid oid AuthCode ProcReturnCode Response mdStatus cavv eci md rnd".split()
)


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    key = store_key(terminal, "store key")
    check_order(TRAITS, order)
    if terminal.card_entry is CardEntry.BROWSER and not _is_v1(terminal):
        raise ValueError("This contract signs the card: only the bank may ask it.")
    fields = fill(FORM, terminal, order)
    sign = hash_v1 if _is_v1(terminal) else hash_v3
    signature = sign(key, dict(fields))
    card = _CARD if terminal.card_entry is CardEntry.BROWSER else ()
    return Form(terminal.url("page"), (*fields, ("hash", signature)), card=card)


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours. Version 3: all of them but the hash itself and
    two names that the bank leaves out. Version 1: one of two lists. The message has no
    say in it.

    :raise Refused: with ``name``, ``repeated``, ``hash``, ``algorithm``, ``required``,
        ``merchant``, ``order`` or ``storetype``
    """
    fields = wire.unique_fields(message)
    their_hash = _check_hash(terminal, fields)
    if not fields.keys() >= _REQUIRED:
        raise Refused("required")
    must_name("merchant", fields["clientid"], terminal.merchant_id)
    must_name("order", fields["oid"], order.order_id)
    if fields["storetype"] != _PAGE_MODES.get(terminal.card_entry):
        raise Refused("storetype")
    return prove(order.order_id, fields, by="signature", identity=their_hash)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``nestpay_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return nestpay_result.read_return(
            proven, terminal.accepted_md_status, amount_is_bound=not _is_v1(terminal)
        )
    if nestpay_recurring.is_meant(proven):
        return nestpay_recurring.read(proven)
    return nestpay_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    check_api_user(terminal)
    told = nestpay_calls.words(TRAITS, terminal, order, call)
    body = wire.build_xml("CC5Request", told)
    content_type = f"text/xml; charset={wire.XML_ENCODING}"
    return Request(
        terminal.url("api"), body, content_type, call.operation, order.order_id
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :return: the fields, those inside ``Extra`` under ``EXTRA.NAME``
    :raise Refused: if it is no such answer, or speaks of another order
    """
    root = wire.parse_xml(body, wire.limit_of(call.operation))
    if root.tag != "CC5Response":
        raise Refused("document")
    plain, _rows = wire.flatten(root)
    fields = {name.replace("Extra.", "EXTRA.", 1): v for name, v in plain.items()}
    for name in ("OrderId", "EXTRA.ORD_ID"):
        may_name("order", fields.get(name), order.order_id)
    nestpay_recurring.check(order, call, fields)
    return prove(order.order_id, fields, by="transport", operation=call.operation)


# --- what we send -------------------------------------------------------------------


def _is_v1(terminal: Terminal) -> bool:
    return terminal.options.get("hash") == "ver1"


FORM = (
    Field("merchant id", "clientid", lambda terminal, _: terminal.merchant_id, 15),
    Field("page mode", "storetype", lambda t, _: _PAGE_MODES[t.card_entry]),
    Field("hash version", "hashAlgorithm", lambda t, _: None if _is_v1(t) else "ver3"),
    Field("type", "TranType", lambda t, o: None if _is_v1(t) else _KINDS[o.preauth]),
    Field("type", "islemtipi", lambda t, o: _KINDS[o.preauth] if _is_v1(t) else None),
    Field("order id", "oid", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field("amount", "amount", lambda _, o: money.to_decimal_text(o.amount_kurus), 18),
    Field("currency", "currency", lambda _, o: money.currency_number(o.currency), 3),
    Field("installments", "taksit", count_or_empty, 3, required=False),
    Field("success address", "okUrl", return_address),
    Field("failure address", "failUrl", return_address),
    Field("notice address", "callbackUrl", notice_address),
    Field("seconds on the result page", "refreshtime", "5"),
    Field("language", "lang", lambda _, o: "tr" if o.language == "tr" else "en"),
    Field("nonce", "rnd", lambda _, o: o.nonce),
    Field("charset", "encoding", "utf-8", signed=False),
)


# --- signatures ---------------------------------------------------------------------


def hash_v3(store_key: str, fields: Mapping[str, str]) -> str:
    """The values in the order of their names in capitals, then the store key."""
    values = [*map(fields.__getitem__, _spelled(tuple(fields))[1]), store_key]
    text = "|".join(values)
    if "\\" in text or text.count("|") >= len(values):
        # The backslash first: it would else double the one that marks a bar.
        values = [v.replace("\\", "\\\\").replace("|", "\\|") for v in values]
        text = "|".join(values)
    return digest.base64_of("sha512", text)


@lru_cache(maxsize=128)
def _spelled(names: tuple[str, ...]) -> tuple[Mapping[str, str], list[str]]:
    """:return: the names by their capitals, and the signed ones in their order"""
    spelled = dict(sorted((name.upper(), name) for name in names))
    return spelled, [name for key, name in spelled.items() if key not in _UNSIGNED]


def hash_v1(store_key: str, fields: Mapping[str, str], names=_V1_FORM) -> str:
    """The values of these fields, those of a form by default, then the store key."""
    glued = digest.glued(names, fields)
    return digest.base64_of("sha1", glued + store_key)


def return_hash_v1(store_key: str, fields: Mapping[str, str]) -> str:
    """The same over one of our two lists, which ``HASHPARAMS`` must equal.

    :raise Refused: also if a result stands outside the list: anybody could add it
    """
    named = [name for name in fields.get("HASHPARAMS", "").split(":") if name]
    outside = {"ProcReturnCode", "Response", "AuthCode"} - {*named}
    is_ours = named in (_V1_AUTHENTICATION, _V1_PAYMENT)
    if not is_ours or any(fields.get(name) for name in outside):
        raise Refused("hash", "the list of signed fields")
    return hash_v1(store_key, fields, named)


def _check_hash(terminal: Terminal, fields: Mapping[str, str]) -> str:
    """:return: the hash, which is found in whatever letter case"""
    (spelled, _signed), key = _spelled(tuple(fields)), terminal.store_key.reveal()
    their_hash = fields.get(spelled.get("HASH", ""), "")
    if not key or not their_hash:
        raise Refused("hash")
    if _is_v1(terminal):
        expected_hash = return_hash_v1(key, fields)
    elif fields.get(spelled.get("HASHALGORITHM", "")) != "ver3":
        raise Refused("algorithm")
    else:
        expected_hash = hash_v3(key, fields)
    if not digest.same(expected_hash, their_hash):
        raise Refused("hash")
    return their_hash
