"""Kuveyt Türk: BOA virtual POS, 3-D model, queries over SOAP.

Document: BOA virtual POS TDV2.0.0 as public integrations use it, and their recorded
messages. In November 2026 the hashes of published requests, returns and answers were
recomputed; no bank was spoken to. What is marked (unverified) is not even seen in such
a message.

Mode: the bank has no page of its own for the card, and its 3-D form is made by a call
that holds the card: only ``SERVER``. ``CARD_PAGE`` hands the card over; the answer is
a page that posts itself to the card's bank: its form is taken out, nothing else. What
comes back is signed, and only says that the payer was recognised; ``SALE`` then
charges, with our own amount.

Quirks:

- The key of all hashes is the base64 SHA-1 of the password. The formula of the answers'
  ``HashData`` was found by recomputing recorded ones; no manual tells it.
- A technical error on the way comes without any hash: it leads to an inquiry.
- ``MD`` is not signed: whoever changes it spoils the payment, no more.
- The answer to a sale is signed; those over SOAP are not. Of these ``Success`` proves
  nothing: only the code inside ``Value`` does.
- Void and refund need four numbers of the sale (``references``); void is for the day of
  the sale, refund for later; whichever is refused for that says only ``DbLayerError``.
- Amounts are kuruş in calls and lira in the answer to an inquiry.
- What the bank wants to know of the card's holder for 3-D Secure 2 is but the address
  of the browser and the e-mail address here (unverified that this is enough).
"""

from urllib.parse import unquote_plus

from . import boa, boa_result, boa_soap, kuveyt_calls, reading, wire
from .answers import Message, Outcome, Proven, Refused, prove
from .fields import check_offered, check_order
from .traits import Traits, operations
from .types import Call, CardEntry, Operation, Order, Request, Terminal

FAMILY = "kuveyt"
LABEL = "BOA (Kuveyt Türk)"
ENCODING = "utf-8"

TRAITS = Traits(
    document="BOA virtual POS TDV2.0.0: 3-D model, SOAP service",
    credentials=boa.CREDENTIALS,
    operations=operations("card_page sale inquiry void refund"),
    partial=operations("refund"),
    binds=frozenset({"order", "result"}),
    inquiry_states=frozenset(
        {"order", "amount", "currency", "installment_count", "result"}
    ),
    start=Operation.CARD_PAGE,
    card_entries=(CardEntry.SERVER,),
    urls={
        "api": "takes cards and charges",
        "service": "takes questions, voids and refunds",
    },
    preauth=False,
    currencies=("TRY", "USD", "EUR"),
)

_ROOT = "KuveytTurkVPosMessage"
_ORDERS_AT = "Value.OrderContract"
_GATES = {
    Operation.CARD_PAGE: "ThreeDModelPayGate",
    Operation.SALE: "ThreeDModelProvisionGate",
}
_METHODS = {
    Operation.INQUIRY: ("GetMerchantOrderDetail",),
    Operation.VOID: ("SaleReversal",),
    Operation.REFUND: ("DrawBack", "PartialDrawback", "Drawback"),
}
"""The first refund is of the whole, the second of a part."""


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe what came back of the authentication, or refuse it.

    :raise Refused: with ``repeated``, ``required``, ``document``, those of
        ``boa.believe`` and of ``wire.parse_xml``
    """
    posted = wire.plain_fields(message).get("AuthenticationResponse", "").strip()
    if not posted:
        raise Refused("required")
    try:
        is_plain = posted.startswith("<")
        text = posted if is_plain else unquote_plus(posted, errors="strict")
        document = text.encode()
    except ValueError:
        raise Refused("charset") from None
    return boa.believe(terminal, order, boa.returned(document))


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
    if call.operation is Operation.CARD_PAGE:
        check_order(TRAITS, order)
    if call.operation in _GATES:
        tree = kuveyt_calls.gate_call(terminal, order, call)
        url = f"{terminal.url('api')}/{_GATES[call.operation]}"
        body, headers = wire.build_xml(_ROOT, boa.elements(tree), "UTF-8"), ()
    else:
        is_part = call.operation is Operation.REFUND and not boa.is_whole(order, call)
        method = _METHODS[call.operation][1 if is_part else 0]
        url, headers = (
            terminal.url("service"),
            (("SOAPAction", boa_soap.action(method)),),
        )
        body = boa_soap.envelope(
            method, kuveyt_calls.service_call(terminal, order, call, method)
        )
    return Request(
        url, body, boa_soap.CONTENT_TYPE, call.operation, order.order_id, headers
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS, and a sale's is signed.

    :raise Refused: if it is no such answer, speaks of another order or shop, or claims
        a charge without a right signature
    """
    if call.operation is Operation.CARD_PAGE and b"<form" in body.lower():
        fields, rows = boa_result.page_fields(body, terminal.is_live)
    elif call.operation in _METHODS:
        fields, rows = _from_service(order, call, body)
    else:
        fields, rows = boa.contract(body), []
        if fields.get("ResponseCode") == boa.SUCCESS and not boa.is_signed(
            terminal, fields
        ):
            raise Refused("hash")
    if call.operation is not Operation.CARD_PAGE or not rows:
        boa.check_names(terminal, order, fields, rows)
    by = "signature" if boa.is_signed(terminal, fields) else "transport"
    return prove(order.order_id, fields, by, operation=call.operation, rows=rows)


def _from_service(order: Order, call: Call, body: bytes):
    """:return: the texts of ``Value`` and of the first error, and the orders listed"""
    methods, limit = _METHODS[call.operation], wire.limit_of(call.operation)
    found = boa_soap.result_of(body, methods, limit)
    for error in list(found.iter("{*}Result"))[1:]:
        error.getparent().remove(error)
    plain, rows = wire.flatten(found, [_ORDERS_AT])
    fields = reading.part(plain, "Value") | reading.part(plain, "Results.Result")
    fields["Success"] = plain.get("Success", "")
    if boa.is_whole(order, call):
        fields[boa_result.WHOLE] = "true"
    return fields, [row for row in rows if any(row.values())]
