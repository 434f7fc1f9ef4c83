"""Garanti BBVA, GVP: page 3D_OOS_PAY, XML API of version 512.

Document: public integrations and their recorded messages (the bank's manual is not
public), hash version 512. In November 2026 the hashes of published forms, returns and
answers of the bank's test terminal were recomputed; no bank was spoken to. What is
marked (unverified) is not even seen in such a message.

Mode: ``3D_OOS_PAY``, the bank's page asks for the card, authenticates and charges, as
the user PROVOOS; ``BROWSER`` is ``3D_PAY`` as PROVAUT.

Quirks:

- The hash of a return does not cover the amount. The form's own hash comes back too: it
  must be the one of our order. Even so an inquiry must confirm the payment.
- A system error may come back without any hash: it leads to an inquiry, to no more.
- Three users with a password each: PROVOOS (page), PROVAUT (sale, capture, inquiries),
  PROVRFN (void, refund). ``SecurityData`` is made of the password of the user who is
  named. Whose password signs the answer to a void or refund is not known (unverified):
  both are tried, and ``data`` of the outcome tells which one fitted.
- Answers are signed: code, references, time and order; not the amount.
- The payer's IPv4 address is mandatory everywhere; a payer without one is sent as
  127.0.0.1, which the test system takes (unverified at the live one).
- Order numbers: at most 36 of letters, digits, ``-`` and ``_`` (limit unverified).
- A recurring sale and a points inquiry are calls of the API, with the card in our
  hands; what is said of them is in ``garanti_recurring``.
- What codes, states and rows mean is in ``garanti_result``.
"""

import re

from . import digest, garanti_calls, garanti_result, money, wire
from .answers import Message, Outcome, Proven, Refused, may_name, must_name, prove
from .fields import (
    Field,
    card_inputs,
    check_offered,
    check_order,
    count_or_empty,
    fill,
    return_address,
    store_key,
)
from .garanti_calls import number_of, password_of
from .garanti_hash import RETURN_NAMES, form_hash, is_genuine_return
from .traits import Credential, Traits, operations
from .types import Call, CardEntry, Form, Operation, Order, Request, Terminal

FAMILY = "garanti"
LABEL = "Garanti BBVA"
ENCODING = "utf-8"

TRAITS = Traits(
    document="Garanti BBVA GVP: 3D_OOS_PAY, 3D_PAY and XML, hash version 512",
    credentials=(
        Credential("merchant_id", "Merchant number (MerchantID)"),
        Credential("terminal_id", "Terminal number (TerminalID)"),
        Credential("store_key", "3-D key (store key)", secret=True),
        Credential("api_password", "Password of PROVAUT", secret=True),
        Credential("refund_password", "Password of PROVRFN", secret=True),
        Credential(
            "page_password",
            "Password of PROVOOS",
            "For the bank's own page, where the payer types the card.",
            required=False,
            secret=True,
        ),
        Credential(
            "sub_merchant_id",
            "Dealer code (SubMerchantID)",
            "Only where the terminal was set up with dealers.",
            required=False,
        ),
    ),
    operations=operations(
        "inquiry history day_list capture void refund bin points"
        " recurring recurring_status recurring_cancel"
    ),
    partial=operations("capture refund"),
    card_calls=operations("recurring points"),
    recurring_units=("D", "W", "M"),
    binds=frozenset({"order", "result"}),
    inquiry_states=frozenset({"order", "amount", "installment_count", "result"}),
    standing_by=Operation.HISTORY,
    card_entries=(CardEntry.HOSTED, CardEntry.BROWSER),
    urls={"page": "takes the payer's browser", "api": "takes our server's requests"},
    order_id_max=36,
    wallet="garanti_pay",
)

VERSION = "512"
_LEVELS = {CardEntry.HOSTED: "3D_OOS_PAY", CardEntry.BROWSER: "3D_PAY"}
_ORDER_ID = re.compile(r"[A-Za-z0-9_-]+")


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    check_order(TRAITS, order)
    check_order_id(order)
    fields = (
        *fill(FORM, terminal, order),
        ("secure3dhash", page_hash(terminal, order)),
    )
    card = ()
    if terminal.card_entry is CardEntry.BROWSER:
        card = card_inputs(
            number="cardnumber",
            month="cardexpiredatemonth",
            year="cardexpiredateyear",
            code="cardcvv2",
        )
    return Form(terminal.url("page"), fields, card=card)


def check_order_id(order: Order) -> None:
    """:raise ValueError: if the number has letters that the bank does not take"""
    if not _ORDER_ID.fullmatch(order.order_id):
        raise ValueError("The bank takes letters, digits, - and _ in an order id only.")


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours; the message's own one must be the same. Of a
    message without list and hash nothing is believed, and it may claim no payment.

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
    elif garanti_result.may_be_paid(fields):
        raise Refused("hash")
    must_name("merchant", fields.get("clientid"), terminal.terminal_id)
    may_name("merchant", fields.get("terminalmerchantid"), terminal.merchant_id)
    must_name("order", fields.get("oid"), order.order_id)
    if not _is_of_our_form(terminal, order, fields.get("secure3dhash", "")):
        raise Refused("form")
    return prove(
        order.order_id,
        fields,
        by="signature" if is_signed else "nothing",
        identity=fields.get("hash", "unsigned"),
    )


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``garanti_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return garanti_result.read_return(proven)
    return garanti_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    return worded(TRAITS, terminal, order, call)


def worded(traits: Traits, terminal: Terminal, order: Order, call: Call) -> Request:
    """The same for each way to pay of this bank; ``traits`` says what it offers."""
    check_offered(traits, call)
    head = (mode(terminal, order), VERSION)
    tree = garanti_calls.tree(traits, terminal, order, call, head)
    return Request(
        terminal.url("api"),
        wire.build_xml("GVPSRequest", tree, "UTF-8"),
        "text/xml; charset=UTF-8",
        call.operation,
        order.order_id,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS, and the bank signs it.

    :return: the fields by dotted path; ``SignedBy`` names the user whose password fits
    :raise Refused: if it is no such answer, speaks of another order or terminal, or
        claims success without a right signature
    """
    root = wire.parse_xml(body, wire.limit_of(call.operation))
    if root.tag != "GVPSResponse":
        raise Refused("document")
    is_points = call.operation is Operation.POINTS
    unread = "ChequeList" if is_points else "RewardInqResult"
    wire.without(root, "HostMsgList", unread)
    fields, rows = wire.flatten(root, garanti_result.ROWS_AT)
    may_name("merchant", fields.get("Terminal.ID"), terminal.terminal_id)
    is_success = fields.get("Transaction.Response.Code") == "00"
    named = fields.get("Order.OrderID", "")
    if named != number_of(order, call) and (named or is_success):
        raise Refused("order")
    fields["SignedBy"] = garanti_calls.signer_of(terminal, call, fields)
    if is_success and not fields["SignedBy"]:
        raise Refused("hash")
    if call.operation is Operation.BIN:
        rows = garanti_result.chosen(rows, call.card_prefix)
    by = "signature" if fields["SignedBy"] else "transport"
    return prove(order.order_id, fields, by, operation=call.operation, rows=rows)


# --- what we send -------------------------------------------------------------------


def mode(terminal: Terminal, _order: Order) -> str:
    return "PROD" if terminal.is_live else "TEST"


def language(_terminal: Terminal, order: Order) -> str:
    return "tr" if order.language == "tr" else "en"


def _page_user(terminal: Terminal, _order: Order) -> str:
    return "PROVOOS" if terminal.card_entry is CardEntry.HOSTED else "PROVAUT"


FORM = (
    Field("system", "mode", mode, 4, signed=False),
    Field("hash version", "apiversion", VERSION, 4, signed=False),
    Field(
        "page mode",
        "secure3dsecuritylevel",
        lambda t, _: _LEVELS[t.card_entry],
        16,
        signed=False,
    ),
    Field("user", "terminalprovuserid", _page_user, 32, signed=False),
    Field("user", "terminaluserid", _page_user, 32, signed=False),
    Field(
        "merchant id", "terminalmerchantid", lambda t, _: t.merchant_id, 9, signed=False
    ),
    Field("terminal id", "terminalid", lambda t, _: t.terminal_id, 9),
    Field(
        "dealer", "submerchantid", lambda t, _: t.sub_merchant_id or None, signed=False
    ),
    Field("operation", "txntype", lambda _, o: "preauth" if o.preauth else "sales"),
    Field("amount", "txnamount", lambda _, o: money.to_kurus_text(o.amount_kurus), 17),
    Field(
        "currency", "txncurrencycode", lambda _, o: money.currency_number(o.currency)
    ),
    Field("installments", "txninstallmentcount", count_or_empty, 2, required=False),
    Field("order id", "orderid", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field("success address", "successurl", return_address),
    Field("failure address", "errorurl", return_address),
    Field("payer's address", "customeripaddress", garanti_calls.ipv4, 15, signed=False),
    Field("language", "lang", language, signed=False),
    Field("time", "txntimestamp", garanti_calls.timestamp, signed=False),
    Field("seconds on the result page", "refreshtime", "5", signed=False),
)


def page_hash(terminal: Terminal, order: Order) -> str:
    """The hash of the form of this order: what we send, and what must come back."""
    password = password_of(terminal, _page_user(terminal, order))
    texts = dict(fill([row for row in FORM if row.signed], terminal, order))
    return form_hash(store_key(terminal, "store key"), password, texts)


def _is_of_our_form(terminal: Terminal, order: Order, their_hash: str) -> bool:
    try:
        return digest.same(page_hash(terminal, order), their_hash)
    except ValueError:
        return False
