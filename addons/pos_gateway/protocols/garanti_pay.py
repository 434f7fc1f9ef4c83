"""GarantiPay: the mobile wallet of Garanti BBVA, on the gate of its card payments.

Document: public integrations of the gate (``gpdatarequest``); the bank's manual is not
public. In November 2026 nothing of it was tried at the bank, and no recorded message of
a GarantiPay payment was at hand: this whole page is (unverified), the names of the
form's fields as well. Only what it shares with ``garanti`` was seen elsewhere: how a
form, a return and an answer are signed, and how the XML API is asked.

Mode: ``CUSTOM_PAY``. The browser takes a form without a card to the bank's gate, the
payer confirms in the bank's app, the bank charges.

Quirks:

- Nothing that comes back proves anything here, whatever it says and whoever signed it.
  The return is said to be signed as the gate's others are: a hash that is there must
  fit. Whether the bank also sends a notice of its own, and how it would prove it, is
  told nowhere: a message without a hash is taken as a hint. Either leads to an inquiry
  at once, and to no more.
- So a refusal in the app closes a payment only when the inquiry says so. That the
  inquiry tells of a payment that waits for the app, was refused there or ran out, and
  how, is (unverified); while it knows no such order the payment stays open until the
  app can no longer be used (``txntimeoutperiod``) and longer.
- The app may never send the browser back.
- The number of installments is chosen before, on our page, and sent as with a card. The
  bank's way to offer several in the app is not used. That the app keeps to the number
  is (unverified): the inquiry states what was charged, and a difference is held.
- Bonus, company bonus, cheques and miles may not be spent: what is charged would not
  be what was asked.
- With which of the payer's cards he pays is not known before; he may choose in the app.
- Money cannot be reserved. Lira only (unverified).
- Void, refund and history are as of a card (unverified for a wallet).
"""

from dataclasses import replace

from . import digest, garanti, garanti_calls, garanti_result, money, wire
from .answers import (
    Message,
    Outcome,
    Proven,
    Refused,
    Result,
    may_name,
    must_name,
    prove,
)
from .fields import Field, check_order, count_or_empty, fill, return_address, store_key
from .garanti_hash import RETURN_NAMES, form_hash, is_genuine_return
from .traits import Credential, Traits, operations
from .types import Call, Form, Operation, Order, Request, Terminal

FAMILY = "garanti_pay"
LABEL = "GarantiPay"
ENCODING = garanti.ENCODING

_CARD = garanti.TRAITS


def _credential(one: Credential) -> Credential:
    """Of the card's contract, with the one password that only the page's user has."""
    if one.name != "page_password":
        return one
    return replace(one, help="", required=True)


TRAITS = Traits(
    document="Garanti BBVA GVP: CUSTOM_PAY with gpdatarequest, hash version 512",
    credentials=tuple(map(_credential, _CARD.credentials)),
    operations=operations("inquiry history day_list void refund"),
    partial=operations("refund"),
    binds=frozenset(),
    inquiry_states=_CARD.inquiry_states,
    standing_by=_CARD.standing_by,
    urls=_CARD.urls,
    preauth=False,
    order_id_max=_CARD.order_id_max,
    max_installments=_CARD.max_installments,
    currencies=("TRY",),
)

_USER = "PROVOOS"
SECONDS = 300
"""How long the payer may take in the app; the bank takes 60 to 300."""


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's gate.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    check_order(TRAITS, order)
    garanti.check_order_id(order)
    fields = fill(FORM, terminal, order)
    signature = ("secure3dhash", page_hash(terminal, order))
    return Form(terminal.url("page"), (*fields, signature))


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Take a message for what it is: a reason to ask, if it speaks of this order.

    One that is signed must be signed rightly, over our list of fields; one that is not
    is ``by="nothing"``.

    :raise Refused: with ``name``, ``repeated``, ``hash``, ``required``, ``merchant``,
        ``order`` or ``form`` (it answers another form than that of this order)
    """
    fields = wire.unique_fields(message)
    is_signed = bool({"hash", "hashparams"} & fields.keys())
    if is_signed:
        if not is_genuine_return(terminal.store_key.reveal(), fields):
            raise Refused("hash")
        if not fields.keys() >= {*RETURN_NAMES}:
            raise Refused("required")
        must_name("merchant", fields.get("clientid"), terminal.terminal_id)
    may_name("merchant", fields.get("clientid"), terminal.terminal_id)
    may_name("merchant", fields.get("terminalid"), terminal.terminal_id)
    may_name("merchant", fields.get("terminalmerchantid"), terminal.merchant_id)
    must_name("order", fields.get("oid") or fields.get("orderid"), order.order_id)
    if "secure3dhash" in fields and not _is_of_our_form(terminal, order, fields):
        raise Refused("form")
    if is_signed:
        identity = fields["hash"]
        return prove(order.order_id, fields, by="signature", identity=identity)
    # All that it says: one that was made up must not pass for the bank's own, sent
    # later, which would then not make us ask.
    said = wire.encode_form(sorted(fields.items()))
    identity = digest.hex_of("sha256", said)
    return prove(order.order_id, fields, by="nothing", identity=identity)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means: of the page's never more than that the bank is asked.

    What an unsigned one says of the payment is not even kept.
    """
    if proven.operation is not Operation.PAGE:
        return garanti_result.read_answer(proven)
    if proven.by != "signature":
        question = Operation.INQUIRY
        return Outcome(Result.UNRESOLVED, proven.order_id, follow_up=question)
    return replace(
        garanti_result.read_return(proven),
        result=Result.UNRESOLVED,
        follow_up=Operation.INQUIRY,
    )


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server, as of a card.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    return garanti.worded(TRAITS, terminal, order, call)


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS, and the bank signs it.

    :raise Refused: as ``garanti.read``
    """
    return garanti.read(terminal, order, call, body)


# --- what we send -------------------------------------------------------------------


def _switch(name: str, wire_name: str) -> Field:
    return Field(f"may spend {name}", wire_name, "N", 1, signed=False)


FORM = (
    Field("system", "mode", garanti.mode, 4, signed=False),
    Field("hash version", "apiversion", garanti.VERSION, 4, signed=False),
    Field("page mode", "secure3dsecuritylevel", "CUSTOM_PAY", 16, signed=False),
    Field("user", "terminalprovuserid", _USER, 32, signed=False),
    Field("user", "terminaluserid", _USER, 32, signed=False),
    Field(
        "merchant id", "terminalmerchantid", lambda t, _: t.merchant_id, 9, signed=False
    ),
    Field("terminal id", "terminalid", lambda t, _: t.terminal_id, 9),
    Field(
        "dealer", "submerchantid", lambda t, _: t.sub_merchant_id or None, signed=False
    ),
    Field("operation", "txntype", "gpdatarequest"),
    Field("what the wallet does", "txnsubtype", "sales", signed=False),
    Field("wallet", "garantipay", "Y", 1, signed=False),
    _switch("bonus", "bnsuseflag"),
    _switch("the company's bonus", "fbbuseflag"),
    _switch("cheques", "chequeuseflag"),
    _switch("miles", "mileuseflag"),
    Field("amount", "txnamount", lambda _, o: money.to_kurus_text(o.amount_kurus), 17),
    Field(
        "currency", "txncurrencycode", lambda _, o: money.currency_number(o.currency)
    ),
    Field("installments", "txninstallmentcount", count_or_empty, 2, required=False),
    Field("order id", "orderid", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field("success address", "successurl", return_address),
    Field("failure address", "errorurl", return_address),
    Field("payer's address", "customeripaddress", garanti_calls.ipv4, 15, signed=False),
    Field(
        "payer's e-mail",
        "customeremailaddress",
        lambda _, o: garanti_calls.email(o) or None,
        64,
        signed=False,
    ),
    Field(
        "who is paid",
        "companyname",
        lambda _, o: o.merchant_name[:100] or None,
        signed=False,
    ),
    Field("language", "lang", garanti.language, signed=False),
    # The page asks for random text here, where a card's form has the time.
    Field("random text", "txntimestamp", lambda _, o: o.nonce, 64, signed=False),
    Field("seconds on the result page", "refreshtime", "5", signed=False),
    Field("seconds in the app", "txntimeoutperiod", str(SECONDS), 3, signed=False),
)


def page_hash(terminal: Terminal, order: Order) -> str:
    """The hash of the form of this order: what we send, and what comes back with it."""
    password = garanti_calls.password_of(terminal, _USER)
    texts = dict(fill([row for row in FORM if row.signed], terminal, order))
    return form_hash(store_key(terminal, "store key"), password, texts)


def _is_of_our_form(terminal: Terminal, order: Order, fields) -> bool:
    try:
        return digest.same(page_hash(terminal, order), fields["secure3dhash"])
    except ValueError:
        return False
