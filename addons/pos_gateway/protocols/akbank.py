"""Akbank, JSON virtual POS: page 3D_PAY_HOSTING, JSON API.

Document: the bank's JSON virtual POS as public integrations use it, and their recorded
messages. In November 2026 the hashes of published forms, returns and request bodies of
the bank's test shop were recomputed; no bank was spoken to. What is marked (unverified)
is not even seen in such a message.

Mode: ``3D_PAY_HOSTING``. The bank's page asks for the card, authenticates and charges;
its return claims the payment itself. The hash of a form covers the card, so no page of
ours can take it: there is no ``BROWSER``.

Quirks:

- A return names the fields that its hash covers, joined with ``+``. Which names, and in
  which order, is ours to say. A field without a value is not named. The list of 2024
  has no amount: such a payment is booked by an inquiry. Where the names that came in
  2026 stand in the return of a payment is not known (unverified): they are taken at any
  place. A refused authentication is signed in three fields only.
- The values are glued together. A payer may thus move letters from field to field in
  the form (``1250.40`` may become an amount of 1 and points of 250.40) and in the
  return: values must have the form of their field, and the amount is always compared.
- There is no inquiry of one order: its state is made of the rows of its history.
- ``auth-hash`` signs the very bytes of a request; answers are not signed.
- The secret key looks like hex digits, but is used as the text that it is.
- The time of a message is Turkish; one that is off is refused (VPS-1073).
- A recurring sale is one of the API, with the card in our hands; its calls are in
  ``akbank_recurring``. No request of its own asks for points: not here.
- What codes, states and rows mean is in ``akbank_result``.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from . import akbank_hash, akbank_recurring, akbank_result, digest, money, wire
from .answers import Message, Outcome, Proven, Refused, may_name, must_name, prove
from .fields import (
    Field,
    check_offered,
    check_order,
    fill,
    in_turkey,
    return_address,
    store_key,
)
from .traits import Credential, Traits, operations
from .types import Call, Form, Operation, Order, Request, Terminal

FAMILY = "akbank"
LABEL = "Akbank"
ENCODING = "utf-8"

TRAITS = Traits(
    document="Akbank JSON virtual POS: 3D_PAY_HOSTING and JSON API 1.00",
    credentials=(
        Credential("merchant_id", "Safe merchant number (merchantSafeId)"),
        Credential("terminal_id", "Safe terminal number (terminalSafeId)"),
        Credential("store_key", "Secret key (secretKey)", secret=True),
        Credential(
            "sub_merchant_id",
            "Sub-merchant number (subMerchantId)",
            "Only for payment facilitators.",
            required=False,
        ),
    ),
    operations=operations(
        "inquiry history day_list capture void refund"
        " recurring recurring_status recurring_cancel"
    ),
    partial=operations("capture refund"),
    card_calls=operations("recurring"),
    recurring_units=("D", "W", "M", "Y"),
    binds=frozenset({"order", "amount", "installment_count", "result"}),
    inquiry_states=frozenset(
        {"order", "amount", "currency", "installment_count", "result"}
    ),
    urls={
        "page": "takes the payer's browser",
        "api": "takes our server's requests",
        "report": "takes our server's questions",
    },
    order_id_max=36,
)

_VERSION = "1.00"
_TRANSACTIONS = {
    Operation.INQUIRY: "1010",
    Operation.HISTORY: "1010",
    Operation.DAY_LIST: "1009",
    Operation.CAPTURE: "1005",
    Operation.VOID: "1003",
    Operation.REFUND: "1002",
    Operation.RECURRING: "1000",
    Operation.RECURRING_STATUS: "1010",
    Operation.RECURRING_CANCEL: "1013",
}
_ALSO_ANSWERED = {Operation.SALE: ("1000", "1004")}
"""Understood, though never asked for."""
_QUESTIONS = (
    Operation.INQUIRY,
    Operation.HISTORY,
    Operation.DAY_LIST,
    Operation.RECURRING_STATUS,
)


def build(terminal: Terminal, order: Order) -> Form:
    """Make the form that the payer's browser takes to the bank's page.

    :raise ValueError: with a sentence for staff, if the bank takes no such order
    """
    check_order(TRAITS, order)
    fields, key = fill(FORM, terminal, order), store_key(terminal, "secret key")
    signature = akbank_hash.form_hash(key, dict(fields))
    return Form(terminal.url("page"), (*fields, ("hash", signature)))


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    :return: the signed fields only
    :raise Refused: with ``name``, ``repeated``, ``hash``, ``shape``, ``merchant`` or
        ``order``
    """
    fields = wire.unique_fields(message)
    signed = akbank_hash.signed_part(terminal.store_key.reveal(), fields)
    if signed is None:
        raise Refused("hash")
    if not akbank_hash.is_in_shape(signed):
        raise Refused("shape")
    _check_shop(terminal, signed, "")
    must_name("order", signed["orderId"], order.order_id)
    return prove(order.order_id, signed, by="signature", identity=fields["hash"])


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``akbank_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return akbank_result.read_return(proven, terminal.accepted_md_status)
    if proven.operation in akbank_recurring.OPERATIONS:
        return akbank_recurring.read(proven)
    return akbank_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    shop = {
        "merchantSafeId": terminal.merchant_id,
        "terminalSafeId": terminal.terminal_id,
    }
    tree = {
        "version": _VERSION,
        "txnCode": _TRANSACTIONS[call.operation],
        "requestDateTime": _time(call.at),
        "randomNumber": digest.long_nonce(call.nonce),
        "terminal": shop,
        **_subject(terminal, order, call),
    }
    body, key = wire.build_json(tree), store_key(terminal, "secret key")
    return Request(
        terminal.url("report" if call.operation in _QUESTIONS else "api"),
        body,
        "application/json",
        call.operation,
        order.order_id,
        headers=(("auth-hash", akbank_hash.body_hash(key, body)),),
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :return: the fields by dotted path, and the rows of a list
    :raise Refused: if it is no such answer, or speaks of another order or shop
    """
    tree = wire.parse_json(body, wire.limit_of(call.operation))
    # Of points and campaigns nothing is kept; they come as objects or as lists.
    kept = {n: v for n, v in tree.items() if n not in ("reward", "campaign", "card")}
    fields, rows = wire.flatten(kept, [akbank_result.ROWS_AT])
    if fields.get("txnCode") not in _answered(call.operation):
        raise Refused("document")
    if not akbank_hash.is_in_shape(fields) or "responseCode" not in fields:
        raise Refused("document")
    _check_shop(terminal, fields, "terminal.")
    if call.operation is not Operation.DAY_LIST:
        _check_order(order, call, fields, rows)
    return prove(
        order.order_id, fields, by="transport", operation=call.operation, rows=rows
    )


def _answered(operation: Operation) -> tuple[str, ...]:
    asked = _TRANSACTIONS.get(operation)
    return (*((asked,) if asked else ()), *_ALSO_ANSWERED.get(operation, ()))


def _check_shop(terminal: Terminal, fields: Mapping[str, str], at: str) -> None:
    """Whatever names a shop must name ours."""
    may_name("merchant", fields.get(f"{at}merchantSafeId"), terminal.merchant_id)
    may_name("merchant", fields.get(f"{at}terminalSafeId"), terminal.terminal_id)


def _check_order(order: Order, call: Call, fields, rows: Sequence) -> None:
    """Rows are all of our order; what was done names it."""
    akbank_recurring.check(order, call, rows)
    for row in rows:
        numbers = akbank_result.order_of(row), row.get("orderTrackId")
        if order.order_id not in numbers:
            raise Refused("order")
    is_done = fields["responseCode"] == "VPS-0000" and call.operation not in _QUESTIONS
    named = [fields.get(f"order.{name}", "") for name in ("orderId", "orderTrackId")]
    if call.operation in akbank_recurring.OPERATIONS:
        named.reverse()  # the first payment may have a number of its own, too
    told = next(filter(None, named), "")
    if told != order.order_id and (told or is_done):
        raise Refused("order")


# --- what we send -------------------------------------------------------------------


def _time(at: datetime | None) -> str:
    return in_turkey(at).isoformat(timespec="milliseconds")[:23]


def _subject(terminal: Terminal, order: Order, call: Call) -> dict:
    """What a call is about."""
    if call.operation is Operation.DAY_LIST:
        if not call.first_day or call.first_day != call.last_day:
            raise ValueError("The bank lists one day at a time.")
        day = call.first_day.isoformat()
        hours = {"startDateTime": "T00:00:00.000", "endDateTime": "T23:59:59.999"}
        return {"report": {name: day + hour for name, hour in hours.items()}}
    if call.operation in akbank_recurring.OPERATIONS:
        return akbank_recurring.subject(TRAITS, terminal, order, call)
    subject = {"order": {"orderId": order.order_id}}
    if call.operation in (Operation.CAPTURE, Operation.REFUND):
        subject["transaction"] = {
            "amount": money.to_decimal_text(call.kurus_of(order)),
            "currencyCode": int(money.currency_number(order.currency)),
        }
    return subject


FORM = (
    Field("page mode", "paymentModel", "3D_PAY_HOSTING"),
    Field("operation", "txnCode", lambda _, o: "3004" if o.preauth else "3000", 4),
    Field("merchant id", "merchantSafeId", lambda t, _: t.merchant_id, 32),
    Field("terminal id", "terminalSafeId", lambda t, _: t.terminal_id, 32),
    Field("order id", "orderId", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field("language", "lang", lambda _, o: "TR" if o.language == "tr" else "EN", 2),
    Field("amount", "amount", lambda _, o: money.to_decimal_text(o.amount_kurus), 18),
    Field("currency", "currencyCode", lambda _, o: money.currency_number(o.currency)),
    Field("installments", "installCount", lambda _, o: str(o.installment_count), 2),
    Field("success address", "okUrl", return_address),
    Field("failure address", "failUrl", return_address),
    Field("sub-merchant", "subMerchantId", lambda t, _: t.sub_merchant_id or None, 32),
    Field("nonce", "randomNumber", lambda _, o: digest.long_nonce(o.nonce), 128),
    Field("time", "requestDateTime", lambda _, o: _time(o.at), 23),
)
