"""PayFor: QNB (member 5), Enpara, Ziraat Katılım (member 12).

Document: public integrations and their recorded messages (the bank's manual is not
public). In November 2026 the hashes of published forms and returns of QNB's test system
were recomputed; no bank was spoken to. What is marked (unverified) is not even seen in
such a message.

Mode: ``3DHost``, the bank's page asks for the card, authenticates and charges;
``BROWSER`` is ``3DPay``: the form's hash does not hold the card.

Quirks:

- The hash of a return is SHA-1 or, in one recorded return of 2024, SHA-256: its
  ``HashType`` says which, else its length. It does not hold amount and installments;
  the form's own hash comes back too and must be the one of our order. That one does not
  hold the currency. So an inquiry, which tells all of them, confirms the payment.
- Ziraat Katılım's returns do not verify (option ``unsigned_return``): they lead to an
  inquiry, to nothing more.
- ``3DStatus`` is 1, 0 or -1; V033 means authenticated and not paid.
- The password of the API is not looked at by an inquiry of the test system.
- The error answer of a history holds our passwords in clear text: they are taken out
  before anything else sees them.
- One day at a time can be listed.
- Enpara's address and member number (those of QNB) are unverified; Ziraat Katılım's
  test system is not public.
- A points inquiry needs the card in our hands: ``payfor_points``. No recurring sale is
  described: not here.
- What codes, states and rows mean is in ``payfor_result``.
"""

from collections.abc import Mapping

from . import digest, money, payfor_points, payfor_result, wire
from .answers import Message, Outcome, Proven, Refused, may_name, must_name, prove
from .fields import (
    Field,
    card_inputs,
    check_api_user,
    check_offered,
    check_order,
    count_or_zero,
    fill,
    return_address,
    store_key,
)
from .payfor_hash import form_hash, is_genuine_return
from .traits import Credential, Traits, operations
from .types import Call, CardEntry, Form, Operation, Order, Request, Terminal

FAMILY = "payfor"
LABEL = "PayFor"
ENCODING = "utf-8"

TRAITS = Traits(
    document="PayFor of QNB: 3DHost, 3DPay and XMLGate, as public integrations use it",
    credentials=(
        Credential("merchant_id", "Merchant number (MerchantID)"),
        Credential("store_key", "3-D password (MerchantPass)", secret=True),
        Credential("api_user", "API user (UserCode)"),
        Credential("api_password", "Password of the API user (UserPass)", secret=True),
    ),
    operations=operations("inquiry history day_list capture void refund points"),
    partial=operations("capture refund"),
    card_calls=operations("points"),
    binds=frozenset({"order", "result"}),
    inquiry_states=frozenset(
        {"order", "amount", "currency", "installment_count", "result"}
    ),
    standing_by=Operation.HISTORY,
    card_entries=(CardEntry.HOSTED, CardEntry.BROWSER),
    urls={
        "page": "takes the payer's browser to the bank's card page (3DHost)",
        "card_page": "takes the payer's browser with the card (Default)",
        "api": "takes our server's requests (XMLGate)",
    },
    options={"mbr_id": ("5", "12"), "unsigned_return": ("no", "yes")},
)

_PAGES = {
    CardEntry.HOSTED: ("3DHost", "page"),
    CardEntry.BROWSER: ("3DPay", "card_page"),
}
_REQUIRED = frozenset("MerchantID OrderId ProcReturnCode 3DStatus Hash".split())


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
        card = card_inputs(
            number="Pan", expiry="Expiry", code="Cvv2", holder="CardHolderName"
        )
    return Form(terminal.url(url), (*fields, ("Hash", signature)), card=card)


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    The list of signed fields is ours, the merchant and the user in it too. Of a bank
    that does not sign nothing is believed but that its message names our order.

    :raise Refused: with ``name``, ``repeated``, ``hash``, ``required``, ``merchant``,
        ``order`` or ``form`` (it answers another form than that of this order)
    """
    fields = wire.unique_fields(message)
    is_unsigned = terminal.options.get("unsigned_return") == "yes"
    if not is_unsigned and not is_genuine_return(_secret(terminal), fields):
        raise Refused("hash")
    if not fields.keys() >= _REQUIRED:
        raise Refused("required")
    must_name("merchant", fields["MerchantID"], terminal.merchant_id)
    if fields.get("MbrId", _member(terminal)) != _member(terminal):
        raise Refused("merchant")
    must_name("order", fields["OrderId"], order.order_id)
    if not _is_of_our_form(terminal, order, fields["Hash"]):
        raise Refused("form")
    if is_unsigned:
        claims = payfor_result.claims_payment(fields)
        identity = "claims a payment" if claims else "claims none"
        return prove(order.order_id, fields, by="nothing", identity=identity)
    identity = fields["ResponseHash"]
    return prove(order.order_id, fields, by="signature", identity=identity)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``payfor_result`` has the tables."""
    if proven.operation is Operation.PAGE:
        return payfor_result.read_return(proven)
    if proven.operation is Operation.POINTS:
        return payfor_points.read(proven)
    return payfor_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    check_api_user(terminal)
    secure_type, kind = _KINDS[call.operation]
    children = (
        ("MbrId", _member(terminal)),
        ("MerchantId", terminal.merchant_id),
        ("UserCode", terminal.api_user),
        ("UserPass", terminal.api_password.reveal()),
        ("SecureType", secure_type),
        ("TxnType", kind),
        ("Lang", _language(terminal, order)),
        *_words(order, call),
    )
    return Request(
        terminal.url("api"),
        wire.build_xml("PayforRequest", children, "UTF-8"),
        "text/xml; charset=UTF-8",
        call.operation,
        order.order_id,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from the bank.

    :return: the fields; those of a history or list in rows, without what stands in
        ``LEAKED``
    :raise Refused: if it is no such answer, or speaks of another order or merchant
    """
    root = wire.parse_xml(body, wire.limit_of(call.operation))
    wire.without(root, *payfor_result.LEAKED)
    fields, rows = wire.flatten(root, [payfor_result.ROWS_AT])
    rows = [payfor_result.plain(row) for row in rows]
    is_list = call.operation in (Operation.HISTORY, Operation.DAY_LIST)
    if root.tag != "PayforResponse" and not (is_list and rows):
        raise Refused("document")
    for part in (fields, *rows):
        may_name("merchant", part.get("MerchantID"), terminal.merchant_id)
        if call.operation is not Operation.DAY_LIST:
            _check_order(order, call, part)
    return prove(
        order.order_id, fields, "transport", operation=call.operation, rows=rows
    )


def _check_order(order: Order, call: Call, part: Mapping[str, str]) -> None:
    """What is done or stands must be named; a list's head names nothing, nor need what
    is told of a card.
    """
    named = {part.get(name, "") for name in ("OrderId", "TransId")} - {""}
    is_of_card = call.operation is Operation.POINTS
    is_told = part.get("ProcReturnCode") == "00" and not is_of_card
    if named - {order.order_id} or (is_told and not named):
        raise Refused("order")


# --- what we send -------------------------------------------------------------------

_KINDS = {
    Operation.INQUIRY: ("Inquiry", "OrderInquiry"),
    Operation.HISTORY: ("Report", "TxnHistory"),
    Operation.DAY_LIST: ("Report", "TxnHistory"),
    Operation.CAPTURE: ("NonSecure", "PostAuth"),
    Operation.VOID: ("NonSecure", "Void"),
    Operation.REFUND: ("NonSecure", "Refund"),
    Operation.POINTS: ("Inquiry", "ParaPuanInquiry"),
}


def _words(order: Order, call: Call):
    if call.operation is Operation.DAY_LIST:
        if not call.first_day or call.first_day != call.last_day:
            raise ValueError("The bank lists one day at once.")
        yield ("ReqDate", f"{call.first_day:%Y%m%d}")
        return
    if call.operation is Operation.POINTS:
        yield from payfor_points.words(order, call)
        return
    is_history = call.operation is Operation.HISTORY
    yield ("OrderId" if is_history else "OrgOrderId", order.order_id)
    if call.operation in (Operation.CAPTURE, Operation.REFUND):
        yield ("PurchAmount", money.to_decimal_text(call.kurus_of(order)))
    if call.operation in (Operation.CAPTURE, Operation.REFUND, Operation.VOID):
        yield ("Currency", money.currency_number(order.currency))


def _member(terminal: Terminal) -> str:
    return terminal.options.get("mbr_id", "5")


def _language(_terminal: Terminal, order: Order) -> str:
    return "TR" if order.language == "tr" else "EN"


FORM = (
    Field("member number", "MbrId", lambda t, _: _member(t), 4),
    Field("merchant id", "MerchantID", lambda t, _: t.merchant_id, 15, signed=False),
    Field("API user", "UserCode", lambda t, _: t.api_user, 64, signed=False),
    Field(
        "page mode", "SecureType", lambda t, _: _PAGES[t.card_entry][0], signed=False
    ),
    Field("operation", "TxnType", lambda _, o: "PreAuth" if o.preauth else "Auth"),
    Field("order id", "OrderId", lambda _, o: o.order_id, TRAITS.order_id_max),
    Field("amount", "PurchAmount", lambda _, o: money.to_decimal_text(o.amount_kurus)),
    Field(
        "currency",
        "Currency",
        lambda _, o: money.currency_number(o.currency),
        signed=False,
    ),
    Field("installments", "InstallmentCount", count_or_zero, 2),
    Field("success address", "OkUrl", return_address, 200),
    Field("failure address", "FailUrl", return_address, 200),
    Field("nonce", "Rnd", lambda _, o: o.nonce, 64),
    Field("language", "Lang", _language, signed=False),
)


def _secret(terminal: Terminal) -> dict[str, str]:
    return {
        "merchant_id": terminal.merchant_id,
        "merchant_pass": terminal.store_key.reveal(),
        "user_code": terminal.api_user,
    }


def _is_of_our_form(terminal: Terminal, order: Order, their_hash: str) -> bool:
    if not terminal.store_key:
        return False
    texts = dict(fill([row for row in FORM if row.signed], terminal, order))
    return digest.same(form_hash(terminal.store_key.reveal(), texts), their_hash)
