"""PosNet XML: Yapı Kredi (World).

Documents: PosNet XML service and PosNet 3-D Secure merchant integration, MAC of
SHA-256; order number prefix as changed on 27 August 2021. In November 2026 the MACs of
published messages were recomputed; no bank was spoken to.

Mode: the bank's own card page. ``REGISTER`` (oosRequestData without a card) has the
bank seal the order; the browser takes the seal to the page and brings packets back that
only the bank can read. They are not signed for us: ``verify`` looks whether they say to
be of our order, and their outcome is nothing but the question ``RESOLVE``. Its answer
is believed only if its MAC over *our* number, amount and currency is right; only then
is ``SALE`` (oosTranData) asked for, whose answer carries such a MAC too. The bank does
not enforce the 3-D result at the charge: this file does.

Quirks:

- What fails after rubbish was posted decides nothing: anybody can post rubbish.
- ``SALE`` takes the packets that RESOLVE proved (``references``), not what came last.
- ``approved=2`` with 0127 is the first run of the same order. It is documented without
  a MAC; then an inquiry books it.
- Later messages name the order with a prefix, by option; which one a terminal wants is
  (unverified). ``Hint.OTHER_PREFIX`` comes with ``references`` for the other spelling:
  asking again is enough. An order is unknown only when both were asked.
- An XML declaration may say utf-16 where the bytes are not.
- A captured pre-authorisation is voided in two steps: the capture, then the rest.
- A points inquiry needs the card in our hands: ``posnet_points``.
- The reconciliation lists totals, no transactions, and a recurring sale is not
  described: not here.
"""

import re

from . import digest, posnet_books, posnet_points, posnet_result, reading, wire
from .answers import Message, Outcome, Proven, Refused, must_name, prove
from .fields import check_offered, check_order, store_key, web_address
from .posnet_books import CURRENCIES, PREFIXES, currency
from .posnet_mac import is_resolved, is_sold, request_mac, signed_texts
from .traits import Credential, Traits, operations
from .types import Call, Operation, Order, Request, Terminal

FAMILY = "posnet"
LABEL = "PosNet"
ENCODING = "utf-8"
"""Of requests; answers declare theirs."""

TRAITS = Traits(
    document="PosNet XML service and PosNet 3-D Secure, prefix of August 2021",
    credentials=(
        Credential("merchant_id", "Merchant number (MID), 10 digits"),
        Credential("terminal_id", "Terminal number (TID), 8 digits"),
        Credential("account_id", "PosNet number (posnetID)"),
        Credential(
            "store_key",
            "Encryption key (ENCKEY)",
            "Numbers with commas between them, as the bank's panel shows them.",
            secret=True,
        ),
    ),
    operations=operations("register resolve sale inquiry capture void refund points"),
    partial=operations("capture refund"),
    card_calls=operations("points"),
    binds=frozenset(),
    inquiry_states=frozenset({"order", "amount", "currency", "result"}),
    urls={"page": "takes the payer's browser", "api": "takes our server's requests"},
    start=Operation.REGISTER,
    currencies=tuple(CURRENCIES),
    options={"order_prefix": PREFIXES},
)

PACKETS = {
    "BankPacket": "bank_packet",
    "MerchantPacket": "merchant_packet",
    "Sign": "packet_sign",
}
"""The page's sealed texts -> our names of them in ``references``."""

_PACKET = re.compile(r"[!-~]{1,4000}")
_UTF_16 = re.compile(rb"<\?xml\s[^<>]*encoding\s*=\s*[\"']utf-16[^<>]*\?>", re.I)
_ROWS = "transactions.transaction"


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Take the page's packets as what they are: a reason to ask the bank.

    :raise Refused: with ``repeated``, ``required``, ``order`` or ``merchant``
    """
    fields = wire.plain_fields(message)
    if not all(_PACKET.fullmatch(fields.get(name, "")) for name in PACKETS):
        raise Refused("required")
    must_name("order", fields.get("Xid"), order.order_id)
    must_name("merchant", fields.get("MerchantId"), terminal.merchant_id)
    packets = [fields[name] for name in PACKETS]
    identity = digest.hex_of("sha256", " ".join(packets))
    return prove(order.order_id, fields, by="nothing", identity=identity)


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``posnet_result`` has the tables.

    :raise TypeError: if it is not a proven message of ours
    """
    if proven.operation is Operation.PAGE:
        texts = {ours: proven.fields[wire_] for wire_, ours in PACKETS.items()}
        return posnet_result.read_packets(proven, texts)
    if proven.operation is Operation.POINTS:
        return posnet_points.read(proven)
    return posnet_result.read_answer(terminal, proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to the bank's server.

    :raise ValueError: if the terminal lacks what the bank asks for, or the bank does
        not offer it
    """
    check_offered(TRAITS, call)
    if not (terminal.merchant_id and terminal.terminal_id and terminal.account_id):
        raise ValueError("The merchant, terminal or PosNet number is missing.")
    store_key(terminal, "encryption key")
    posnet_books.check_order(order)
    head = (("mid", terminal.merchant_id), ("tid", terminal.terminal_id))
    name, content = _ASKED[call.operation](terminal, order, call)
    if call.operation not in _WITHOUT_DATE:
        head = (*head, ("tranDateRequired", "1"))
    xml = wire.build_xml("posnetRequest", (*head, (name, content)), ENCODING)
    headers = (
        ("X-MERCHANT-ID", terminal.merchant_id),
        ("X-TERMINAL-ID", terminal.terminal_id),
        ("X-POSNET-ID", terminal.account_id),
        ("X-CORRELATION-ID", call.key or order.order_id),
    )
    return Request(
        terminal.url("api"),
        wire.encode_form((("xmldata", xml.decode()),)).encode(),
        f"{wire.FORM_TYPE}; charset={ENCODING}",
        call.operation,
        order.order_id,
        headers,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call; what claims success must carry its MAC.

    :return: the fields by the bank's names in small letters (their case differs between
        messages), and what of the order ``parse`` needs, under names with a colon
    :raise Refused: if it is no such answer, speaks of another order, or is not signed
    """
    root = _document(body, wire.limit_of(call.operation))
    if root.tag != "posnetResponse":
        raise Refused("document")
    plain, rows = wire.flatten(root, [_ROWS])
    fields = reading.in_small_letters(plain)
    rows = [reading.in_small_letters(row) for row in rows]
    posnet_books.check_numbers(order, [row.get("orderid") for row in rows])
    by = "transport"
    if call.operation is Operation.RESOLVE and is_resolved(terminal, order, fields):
        by = "signature"
    if call.operation is Operation.SALE and is_sold(terminal, order, fields):
        by = "signature"
    fields |= posnet_result.what_is_ours(terminal, order, call)
    return prove(order.order_id, fields, by=by, operation=call.operation, rows=rows)


# --- what we send -------------------------------------------------------------------


def _register(terminal: Terminal, order: Order, call: Call):
    check_order(TRAITS, order)
    web_address(order.return_url)
    return "oosRequestData", (
        ("posnetid", terminal.account_id),
        ("XID", order.order_id),
        *_money(order, order.amount_kurus),
        ("installment", _installments(order)),
        ("tranType", "Auth" if order.preauth else "Sale"),
    )


def _resolve(terminal: Terminal, order: Order, call: Call):
    return "oosResolveMerchantData", (*_packets(order, ""), _mac(terminal, order))


def _sale(terminal: Terminal, order: Order, call: Call):
    points = ("wpAmount", "0")
    packets = _packets(order, posnet_result.PROVED)
    return "oosTranData", (*packets, points, _mac(terminal, order))


def _capture(terminal: Terminal, order: Order, call: Call):
    key = posnet_result.target(terminal, order, "host_log_key")
    count = ("installment", _installments(order))
    return "capt", (key, *_money(order, call.kurus_of(order)), count)


def _void(terminal: Terminal, order: Order, call: Call):
    if posnet_result.is_captured(order):
        what, name = "capt", "capture_log_key"
    else:
        what, name = "auth" if order.preauth else "sale", "host_log_key"
    key = posnet_result.target(terminal, order, name)
    return "reverse", (("transaction", what), key)


def _refund(terminal: Terminal, order: Order, call: Call):
    name = "capture_log_key" if posnet_result.is_captured(order) else "host_log_key"
    key = posnet_result.target(terminal, order, name)
    return "return", (*_money(order, call.kurus_of(order)), key)


def _inquiry(terminal: Terminal, order: Order, call: Call):
    return "agreement", (posnet_result.target(terminal, order, ""),)


_WITHOUT_DATE = operations("register resolve sale inquiry")
_ASKED = {
    Operation.REGISTER: _register,
    Operation.RESOLVE: _resolve,
    Operation.SALE: _sale,
    Operation.INQUIRY: _inquiry,
    Operation.CAPTURE: _capture,
    Operation.VOID: _void,
    Operation.REFUND: _refund,
    Operation.POINTS: posnet_points.words,
}


def _money(order: Order, amount_kurus: int):
    return ("amount", str(amount_kurus)), ("currencyCode", currency(order))


def _installments(order: Order) -> str:
    single = order.installment_count == 1
    return "00" if single else f"{order.installment_count:02d}"


def _packets(order: Order, proved: str):
    """:raise ValueError: if the page's packets are not there (or not proved yet)"""
    names = ("bankData", "merchantData", "sign")
    for name, packet in zip(names, PACKETS.values(), strict=True):
        if not order.references.get(proved + packet):
            raise ValueError("The bank's page has not answered yet.")
        yield name, order.references[proved + packet]


def _mac(terminal: Terminal, order: Order) -> tuple[str, str]:
    texts = signed_texts(terminal, order)
    return "mac", request_mac(terminal.store_key.reveal(), texts)


# --- answers ------------------------------------------------------------------------


def _document(body: bytes, limit: int):
    """Read an answer whose declaration may say utf-16 without being it."""
    declared = _UTF_16.match(body[:200].lstrip())
    if len(body) > limit or not declared:
        return wire.parse_xml(body, limit)
    rest = body.lstrip()[declared.end() :]
    try:
        rest.decode()
    except UnicodeDecodeError:
        rest = rest.decode("iso-8859-9").encode()
    return wire.parse_xml(rest, 2 * limit)
