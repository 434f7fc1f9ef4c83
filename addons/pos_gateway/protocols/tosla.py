"""Tosla (AkÖde), a payment institution.

Document: Tosla İşim developer pages, hash of SHA-512. In November 2026 the hashes of
published requests and returns were recomputed; Tosla was not spoken to. What is marked
(unverified) is not even seen in such a message.

Mode: ``REGISTER`` (threeDPayment, threeDPreAuth) opens a session; the browser goes to
Tosla's card page, or (``BROWSER``) posts the card from a page of ours straight to
``ProcessCardForm``. Tosla authenticates and charges; the return claims the payment. Its
signature does not hold the amount, so an inquiry books it.

Quirks:

- The return names its signed fields in ``HashParameters``; the list is ours. ClientId
  and ApiUser of the signed text are those of the contract, whatever is posted.
- The signed values are glued together. A digit that moves to its neighbour can turn no
  return into a payment: every claim of one is asked for. A refusal must have a status
  of one digit and a known code.
- ``timeSpan`` is Turkish time, within an hour, else 998. A hash is taken once, so each
  call has its own ``rnd`` of at most 24 characters.
- An inquiry for an unknown order answers Code 0 with an empty OrderId.
- A history lists one day of an order; whether refunds of other days are in it is
  (unverified): the inquiry tells how the order stands.
- ``ProcessCardForm`` is documented for multipart forms; a plain form is (unverified).
- Lira only. Names of JSON members come in both letter cases.
"""

import re
from collections.abc import Mapping

from . import digest, money, reading, tosla_result, wire
from .answers import Message, Outcome, Proven, Refused, may_name, must_name, prove
from .fields import check_offered, check_order, in_turkey, web_address
from .traits import Credential, Traits, operations
from .types import Call, CardEntry, Operation, Order, Request, Terminal

FAMILY = "tosla"
LABEL = "Tosla"
ENCODING = "utf-8"

TRAITS = Traits(
    document="Tosla İşim developer pages (payment API, callback hash)",
    credentials=(
        Credential("merchant_id", "Client number (clientId)"),
        Credential("api_user", "API user (apiUser)"),
        Credential(
            "api_password",
            "API password (apiPass)",
            "It also signs the returns of the card page.",
            secret=True,
        ),
    ),
    operations=operations("register inquiry history capture void refund bin"),
    partial=operations("capture refund"),
    binds=frozenset({"order", "result"}),
    inquiry_states=frozenset(
        {"order", "amount", "currency", "installment_count", "result"}
    ),
    urls={"api": "takes our server's requests, and the payer's browser below it"},
    start=Operation.REGISTER,
    card_entries=(CardEntry.HOSTED, CardEntry.BROWSER),
    currencies=("TRY",),
)

RETURN_NAMES = (
    "ClientId,ApiUser,OrderId,MdStatus,BankResponseCode,BankResponseMessage,"
    "RequestStatus"
)
_ROWS = "transactions"
_PAGE_SIZE = 100
_LONGEST_NONCE = 24
_DIGITS = re.compile(r"[0-9]{1,18}")
_BIN = re.compile(r"[0-9]{6,}")


def verify(terminal: Terminal, order: Order, message: Message) -> Proven:
    """Believe a posted message, or refuse it.

    :raise Refused: with ``repeated``, ``hash``, ``merchant`` or ``order``
    """
    fields = wire.plain_fields(message)
    account = {"ClientId": terminal.merchant_id, "ApiUser": terminal.api_user}
    if not all(account.values()) or not terminal.api_password:
        raise Refused("merchant")
    if not is_genuine_return(terminal.api_password.reveal(), account, fields):
        raise Refused("hash")
    if any(fields.get(name, text) != text for name, text in account.items()):
        raise Refused("merchant")
    must_name("order", fields.get("OrderId"), order.order_id)
    return prove(order.order_id, fields, by="signature", identity=fields["Hash"])


def parse(terminal: Terminal, proven: Proven) -> Outcome:
    """Say what a message means; ``tosla_result`` has the tables.

    :raise TypeError: if it is not a proven message of ours
    """
    if proven.operation is Operation.PAGE:
        return tosla_result.read_return(proven)
    if proven.operation is Operation.REGISTER:
        return tosla_result.read_session(terminal, proven)
    return tosla_result.read_answer(proven)


def ask(terminal: Terminal, order: Order, call: Call) -> Request:
    """Word a call to Tosla's server.

    :raise ValueError: if the terminal lacks what Tosla asks for, or Tosla does not
        offer it
    """
    check_offered(TRAITS, call)
    service, content = _ASKED[call.operation](order, call)
    tree = _account(terminal, call) | content
    return Request(
        f"{terminal.url('api')}/{service}",
        wire.build_json(tree),
        f"application/json; charset={ENCODING}",
        call.operation,
        order.order_id,
    )


def read(terminal: Terminal, order: Order, call: Call, body: bytes) -> Proven:
    """Believe the answer to our own call: it came over TLS from Tosla.

    :return: the fields by Tosla's names in small letters
    :raise Refused: if it is no such answer, or speaks of another order or merchant
    """
    tree = reading.in_small_letters(
        wire.parse_json(body, wire.limit_of(call.operation))
    )
    if "code" not in tree:
        raise Refused("document")
    known = {n: tree[n] for n in tosla_result.KNOWN if tree.get(n) not in (None, [])}
    fields, rows = wire.flatten(known, [_ROWS])
    rows = [reading.in_small_letters(row) for row in rows]
    for part in (fields, *rows):
        may_name("order", part.get("orderid"), order.order_id)
        if part.get("clientid", "") not in ("", "0", terminal.merchant_id):
            raise Refused("merchant")
    return prove(
        order.order_id, fields, by="transport", operation=call.operation, rows=rows
    )


# --- what we send -------------------------------------------------------------------


def _account(terminal: Terminal, call: Call) -> dict:
    """:raise ValueError: if who, when or the random text is missing"""
    if not _DIGITS.fullmatch(terminal.merchant_id):
        raise ValueError("The client number must be a number.")
    if not (terminal.api_user and terminal.api_password):
        raise ValueError("The API user or password is missing.")
    if not call.nonce:
        raise ValueError("The call has no random text.")
    texts = {
        "clientId": terminal.merchant_id,
        "apiUser": terminal.api_user,
        "rnd": call.nonce[:_LONGEST_NONCE],
        "timeSpan": in_turkey(call.at).strftime("%Y%m%d%H%M%S"),
    }
    signature = request_hash(terminal.api_password.reveal(), texts)
    return texts | {"clientId": int(terminal.merchant_id), "hash": signature}


def _register(order: Order, call: Call):
    check_order(TRAITS, order)
    count = 0 if order.installment_count == 1 else order.installment_count
    return "threeDPreAuth" if order.preauth else "threeDPayment", {
        "callbackUrl": web_address(order.return_url),
        "orderId": order.order_id,
        "amount": order.amount_kurus,
        "currency": int(money.currency_number(order.currency)),
        "installmentCount": count,
    }


def _history(order: Order, call: Call):
    day = call.first_day or in_turkey(order.at).date()
    return "history", {
        "orderId": order.order_id,
        "transactionDate": int(day.strftime("%Y%m%d")),
        "page": 1,
        "pageSize": _PAGE_SIZE,
    }


def _of_order(service: str):
    return lambda order, call: (service, {"orderId": order.order_id})


def _of_amount(service: str):
    def content(order: Order, call: Call):
        amount = call.kurus_of(order)
        return service, {"orderId": order.order_id, "amount": amount}

    return content


def _card(order: Order, call: Call):
    if not _BIN.fullmatch(call.card_prefix):
        raise ValueError("Tosla needs the first six digits of the card.")
    return "GetCommissionAndInstallmentInfo", {"bin": int(call.card_prefix[:6])}


_ASKED = {
    Operation.REGISTER: _register,
    Operation.INQUIRY: _of_order("inquiry"),
    Operation.HISTORY: _history,
    Operation.CAPTURE: _of_amount("postAuth"),
    Operation.VOID: _of_order("void"),
    Operation.REFUND: _of_amount("refund"),
    Operation.BIN: _card,
}


# --- signatures ---------------------------------------------------------------------


def request_hash(api_password: str, fields: Mapping[str, str]) -> str:
    """Of every request: says who asks and when, not what."""
    names = ("clientId", "apiUser", "rnd", "timeSpan")
    return return_hash(api_password, names, fields)


def return_hash(api_password: str, names, fields: Mapping[str, str]) -> str:
    """Of the values of these names, glued together; what is not there is empty."""
    glued = digest.glued(names, fields)
    return digest.base64_of("sha512", api_password + glued)


def is_genuine_return(
    api_password: str, account: Mapping[str, str], fields: Mapping[str, str]
) -> bool:
    """:return: whether Tosla signed this return; the list of names is ours

    :param account: ClientId and ApiUser of the contract
    """
    claimed = fields.get("Hash", "")
    if not api_password or not claimed or fields.get("HashParameters") != RETURN_NAMES:
        return False
    texts = {**fields, **account}
    ours = return_hash(api_password, RETURN_NAMES.split(","), texts)
    return digest.same(ours, claimed)
