"""Vakıf Katılım: BOA virtual POS, the bank's common payment page.

Document: BOA virtual POS 1.0.0 as public integrations use it, and their recorded
messages. In November 2026 the hashes of published requests and answers were recomputed;
no bank was spoken to. What is marked (unverified) is not even seen in such a message.

Mode: the bank's page ``CommonPaymentPage`` asks for the card, authenticates and
charges. Its form is known from public integrations only, and no return of it was seen
(unverified). ``SERVER`` is the 3-D model of ``kuveyt`` with other names: the card goes
through our server, the return comes as plain fields, ``SALE`` charges.

Quirks:

- The form of the common payment page holds ``HashPassword``: the payer's browser sees
  the key of all hashes. So what that page brings back is believed in nothing, however
  it is signed: an inquiry decides. A contract whose key went through browsers is safe
  only as far as the bank lets in none but our own addresses; ask the bank.
- ``SERVER`` keeps the key between the servers: there the return is believed.
- The answer to a sale is signed; of those to a void or refund only some are.
- ``PreAuthorizaten`` and ``PreAuthorizatenClose`` (the bank's spelling) take a card
  that nobody authenticated: money is not reserved here.
- A list holds at most 1000 orders; a longer one may be cut (limit unverified).
- The address of the test system is from a single source (unverified).
"""

from datetime import date

from lxml import etree

from . import boa, boa_result, money, wire
from .answers import Message, Outcome, Proven, Refused, prove
from .fields import (
    Field,
    check_offered,
    check_order,
    count_or_zero,
    fill,
    return_address,
    web_address,
)
from .traits import Traits, operations
from .types import Call, CardEntry, Form, Operation, Order, Request, Terminal

FAMILY = "vakif_katilim"
LABEL = "BOA (Vakıf Katılım)"
ENCODING = "utf-8"

TRAITS = Traits(
    document="BOA virtual POS 1.0.0: common payment page, 3-D model, XML",
    credentials=boa.CREDENTIALS,
    operations=operations("card_page sale inquiry day_list void refund"),
    partial=operations("refund"),
    binds=frozenset(),
    inquiry_states=frozenset(
        {"order", "amount", "currency", "installment_count", "result"}
    ),
    card_entries=(CardEntry.HOSTED, CardEntry.SERVER),
    urls={"page": "takes the payer's browser", "api": "takes our server's requests"},
    preauth=False,
)

_VERSION = "1.0.0"
_ORDERS_AT = "VPosOrderData.OrderContract"
_LONGEST_LIST = 1000
_MOST_DAYS = 90
_ASKED_AS = {
    Operation.CARD_PAGE: "ThreeDModelPayGate",
    Operation.SALE: "ThreeDModelProvisionGate",
    Operation.INQUIRY: "SelectOrderByMerchantOrderId",
    Operation.DAY_LIST: "SelectOrder",
    Operation.VOID: "SaleReversal",
    Operation.REFUND: "DrawBack",
}
_QUESTIONS = (Operation.INQUIRY, Operation.DAY_LIST)


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    boa.check_credentials(terminal)
    check_order(TRAITS, order)
    return Form(terminal.url("page"), fill(FORM, terminal, order))


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe what came back of our 3-D call; take the page's as a reason to ask.

    :raise Refused: as ``boa.believe``
    """
    is_secret = terminal.card_entry is CardEntry.SERVER
    return boa.believe(terminal, order, wire.plain_fields(message), is_secret)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``boa_result`` has the tables."""
    return boa_result.read(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    boa.check_credentials(terminal)
    name, specific = _ASKED_AS[call.operation], _WORDED[call.operation](order, call)
    if call.operation is Operation.REFUND and not boa.is_whole(order, call):
        name = "PartialDrawBack"
    tree = boa.signed(terminal, {**_head(terminal, call), **specific})
    return Request(
        f"{terminal.url('api')}/{name}",
        wire.build_xml("VPosMessageContract", boa.elements(tree), "UTF-8"),
        "text/xml; charset=UTF-8",
        call.operation,
        order.order_id,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS, and a sale's is signed.

    :raise Refused: if it is no such answer, speaks of another order or shop, or claims
        success with a wrong signature, or a charge without one
    """
    rows = []
    if call.operation is Operation.CARD_PAGE and b"<form" in body.lower():
        fields, rows = boa_result.page_fields(body, terminal.is_live)
    elif call.operation in _QUESTIONS:
        fields, rows = _listed(call, body)
    else:
        fields = boa.contract(body)
    is_signed = boa.is_signed(terminal, fields)
    if fields.get("ResponseCode") == boa.SUCCESS and not is_signed:
        if "HashData" in fields or call.operation in (
            Operation.SALE,
            Operation.CARD_PAGE,
        ):
            raise Refused("hash")
    if call.operation is Operation.DAY_LIST:
        boa.check_shop(terminal, fields, rows)
    elif call.operation is not Operation.CARD_PAGE or not rows:
        boa.check_names(terminal, order, fields, rows)
    by = "signature" if is_signed else "transport"
    return prove(order.order_id, fields, by, operation=call.operation, rows=rows)


def _listed(call: Call, body: bytes) -> tuple[dict, list]:
    root = wire.parse_xml(body, wire.limit_of(call.operation))
    # What the root is called is not public (unverified): the data must be there.
    if not any(etree.QName(node).localname == "VPosOrderData" for node in root):
        raise Refused("document")
    fields, rows = wire.flatten(root, [_ORDERS_AT])
    if len(rows) >= _LONGEST_LIST:
        fields[boa_result.CUT] = "true"
    return fields, [row for row in rows if any(row.values())]


# --- what we send -------------------------------------------------------------------


def _head(terminal: Terminal, call: Call) -> dict:
    """Questions do without the hashed password."""
    password = boa.hash_password(terminal.api_password.reveal())
    is_question = call.operation in _QUESTIONS
    return {
        "HashData": "",
        **boa.shop(terminal),
        "SubMerchantId": "0",
        **({} if is_question else {"HashPassword": password}),
    }


def _terms(order: Order) -> dict:
    return {
        "APIVersion": _VERSION,
        "InstallmentCount": boa.count(order),
        **boa.money_fields(order),
        "FECCurrencyCode": boa.currency(order),
        "CurrencyCode": boa.currency(order),
        "MerchantOrderId": order.order_id,
        "TransactionSecurity": "3",
    }


def _card_page(order: Order, call: Call) -> dict:
    check_order(TRAITS, order)
    if call.card is None:
        raise ValueError("The bank needs the card to open its page.")
    address = web_address(order.return_url)
    addresses = {"OkUrl": address, "FailUrl": address}
    return {**_terms(order), **addresses, **boa.card_fields(call.card)}


def _sale(order: Order, _call: Call) -> dict:
    data = {"Key": "MD", "Data": boa.reference(order, "md")}
    nested = {"AdditionalDataList": {"VPosAdditionalData": data}}
    return {**_terms(order), "AdditionalData": nested}


def _undo(order: Order, call: Call) -> dict:
    return {
        "MerchantOrderId": order.order_id,
        "OrderId": boa.reference(order, "bank_order_id"),
        "Amount": boa.amount_of(order, call),
        "PaymentType": "1",
    }


def _list(_order: Order, call: Call) -> dict:
    first, last = call.first_day, call.last_day
    if not (isinstance(first, date) and isinstance(last, date) and first <= last):
        raise ValueError("The list needs a first and a last day.")
    if (last - first).days > _MOST_DAYS:
        raise ValueError("The bank lists at most 90 days.")
    return {
        "StartDate": first.isoformat(),
        "EndDate": last.isoformat(),
        "LowerLimit": "0",
        "UpperLimit": str(_LONGEST_LIST),
    }


_WORDED = {
    Operation.CARD_PAGE: _card_page,
    Operation.SALE: _sale,
    Operation.INQUIRY: lambda order, _call: {"MerchantOrderId": order.order_id},
    Operation.DAY_LIST: _list,
    Operation.VOID: _undo,
    Operation.REFUND: _undo,
}

FORM = tuple(
    Field(name, wire_name, source, longest, signed=False)
    for name, wire_name, source, longest in (
        ("user", "UserName", lambda t, _: t.api_user, 255),
        (
            "hashed password",
            "HashPassword",
            lambda t, _: boa.hash_password(t.api_password.reveal()),
            28,
        ),
        ("merchant id", "MerchantId", lambda t, _: t.merchant_id, 255),
        ("order id", "MerchantOrderId", lambda _, o: o.order_id, TRAITS.order_id_max),
        ("amount", "Amount", lambda _, o: money.to_kurus_text(o.amount_kurus), 17),
        ("currency", "FECCurrencyCode", lambda _, o: boa.currency(o), 4),
        ("installments", "InstallmentCount", count_or_zero, 2),
        ("success address", "OkUrl", return_address, 255),
        ("failure address", "FailUrl", return_address, 255),
        ("kind of payment", "PaymentType", "1", 1),
    )
)
"""Nothing is signed: the public integrations send no hash (unverified)."""
