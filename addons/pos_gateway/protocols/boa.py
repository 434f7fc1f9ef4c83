"""What Kuveyt Türk and Vakıf Katılım share: signatures, wording, the 3-D return.

``kuveyt`` and ``vakif_katilim`` are the families; ``boa_result`` has the tables.
"""

import re
from collections.abc import Mapping

from lxml import etree

from . import digest, money, wire
from .answers import Proven, Refused, may_name, must_name, prove
from .traits import Credential
from .types import Call, Card, Order, Terminal

CONTRACT = "VPosTransactionResponseContract"
SUCCESS = "00"
_UNREAD = ("HashPassword", "AdditionalData", "Addresses", "Products")
_RETURN_SHAPES = {
    "MerchantOrderId": re.compile(r"[!-~]+"),
    "RRN": re.compile(r"([0-9]{12})?"),
    "ResponseCode": re.compile(r"[0-9]{2}|[A-Za-z]{4,64}"),
    "OrderId": re.compile(r"[0-9]{0,12}"),
}
"""The signed values are glued: one that is too long has eaten its neighbour."""

CREDENTIALS = (
    Credential("merchant_id", "Merchant number (MerchantId)"),
    Credential("account_id", "Customer number (CustomerId)"),
    Credential("api_user", "User name of the API user (UserName)"),
    Credential("api_password", "Password of the API user", secret=True),
)
_BRANDS = {"4": "Visa", "5": "MasterCard", "2": "MasterCard", "9": "Troy", "6": "Troy"}


def hash_password(password: str) -> str:
    """:return: what signs in the place of the password

    >>> hash_password("")
    '2jmj7l5rSw0yVb/vlWAYkK/YBwk='
    """
    return digest.base64_of("sha1", password)


def request_hash(hashed_password: str, fields: Mapping[str, str]) -> str:
    """Of what we send; addresses count where the message has them."""
    names = "MerchantId MerchantOrderId Amount OkUrl FailUrl UserName"
    return _hash(names, fields, hashed_password)


def answer_hash(hashed_password: str, fields: Mapping[str, str]) -> str:
    """Of what the bank says, on its page's return and in its answers."""
    return _hash("MerchantOrderId RRN ResponseCode OrderId", fields, hashed_password)


def _hash(names: str, fields: Mapping[str, str], hashed_password: str) -> str:
    glued = digest.glued(names.split(), fields)
    return digest.base64_of("sha1", glued + hashed_password)


def is_signed(terminal: Terminal, fields: Mapping[str, str]) -> bool:
    """Whether a return or answer carries the right signature."""
    password, their_hash = terminal.api_password.reveal(), fields.get("HashData", "")
    if not (password and their_hash):
        return False
    return digest.same(answer_hash(hash_password(password), fields), their_hash)


def believe(
    terminal: Terminal, order: Order, fields: Mapping[str, str], is_secret: bool = True
) -> Proven:
    """Believe what came back through the payer's browser after the authentication.

    A message without a signature is a technical error at the bank, or rubbish: it
    proves nothing, and may not say that all went well.

    :param is_secret: False where the payer knows what signs: nothing is proven then
    :raise Refused: with ``repeated``, ``required``, ``shape``, ``order``, ``merchant``
        or ``hash``
    """
    if len({name.casefold() for name in fields}) < len(fields):
        raise Refused("repeated")
    if not {"MerchantOrderId", "ResponseCode"} <= fields.keys():
        raise Refused("required")
    is_proven = is_secret and is_signed(terminal, fields)
    if is_secret and not is_proven:
        if "HashData" in fields or fields["ResponseCode"] == SUCCESS:
            raise Refused("hash")
    for name, shape in _RETURN_SHAPES.items():
        if name in fields and not shape.fullmatch(fields[name]):
            raise Refused("shape")
    must_name("order", fields["MerchantOrderId"], order.order_id)
    may_name("merchant", fields.get("MerchantId"), terminal.merchant_id)
    told = "|".join(f"{name}={fields[name]}" for name in sorted(fields))
    return prove(
        order.order_id,
        fields,
        by="signature" if is_proven else "nothing",
        identity=digest.hex_of("sha256", told),
    )


def returned(document: bytes) -> dict[str, str]:
    """Read what is said of an authentication, to the letter.

    What stands deeper, as the echo of our own message, is left out.

    :raise Refused: if it is no such document; as ``wire.parse_xml``
    """
    leaves = [node for node in _root(document) if not len(node)]
    fields = {etree.QName(node).localname: node.text or "" for node in leaves}
    if len(fields) < len(leaves):
        raise Refused("repeated")
    return fields


def contract(document: bytes) -> dict[str, str]:
    """Read the answer to a charge, but for its lists and the hashed password.

    :raise Refused: if it is no such document; as ``wire.parse_xml``
    """
    return wire.flatten(wire.without(_root(document), *_UNREAD))[0]


def _root(document: bytes) -> etree._Element:
    root = wire.parse_xml(document)
    if etree.QName(root).localname != CONTRACT:
        raise Refused("document")
    return root


def check_names(terminal: Terminal, order: Order, fields: Mapping, rows) -> None:
    """What an answer lists, and what was done, must be ours.

    :raise Refused: with ``order`` or ``merchant``
    """
    if any(row.get("MerchantOrderId") != order.order_id for row in rows):
        raise Refused("order")
    is_done = fields.get("ResponseCode") == SUCCESS and not rows
    named = fields.get("MerchantOrderId", "")
    if named != order.order_id and (named or is_done):
        raise Refused("order")
    check_shop(terminal, fields, rows)


def check_shop(terminal: Terminal, fields: Mapping, rows) -> None:
    """:raise Refused: with ``merchant``"""
    for place in (fields, *rows):
        may_name("merchant", place.get("MerchantId"), terminal.merchant_id)


# --- what we send -------------------------------------------------------------------


def check_credentials(terminal: Terminal) -> None:
    """:raise ValueError: with a sentence for staff"""
    if not (terminal.merchant_id and terminal.account_id and terminal.api_user):
        raise ValueError("The merchant, customer number or user name is missing.")
    if not terminal.api_password:
        raise ValueError("The password of the API user is missing.")


def shop(terminal: Terminal) -> dict[str, str]:
    return {
        "MerchantId": terminal.merchant_id,
        "CustomerId": terminal.account_id,
        "UserName": terminal.api_user,
    }


def signed(terminal: Terminal, fields: dict) -> dict:
    """:return: the fields with their signature, in the place that is kept for it"""
    password = hash_password(terminal.api_password.reveal())
    plain = {name: text for name, text in fields.items() if isinstance(text, str)}
    return {**fields, "HashData": request_hash(password, plain)}


def money_fields(order: Order) -> dict[str, str]:
    """The amount is told twice, the currency with four digits."""
    amount = money.to_kurus_text(order.amount_kurus)
    return {"Amount": amount, "DisplayAmount": amount}


def is_whole(order: Order, call: Call) -> bool:
    return call.amount_kurus in (None, order.amount_kurus)


def amount_of(order: Order, call: Call) -> str:
    """What a void or refund is of; where nothing is said, all of it."""
    return money.to_kurus_text(call.kurus_of(order))


def currency(order: Order) -> str:
    return money.currency_number(order.currency).zfill(4)


def count(order: Order) -> str:
    return "0" if order.installment_count == 1 else str(order.installment_count)


def card_fields(card: Card) -> dict[str, str]:
    return {
        "CardHolderName": card.holder,
        "CardType": _BRANDS.get(card.number[:1], ""),
        "CardNumber": card.number,
        "CardExpireDateYear": card.year,
        "CardExpireDateMonth": card.month,
        "CardCVV2": card.code,
    }


def elements(fields: Mapping) -> tuple:
    """:return: nested fields as ``wire.build_xml`` takes them"""
    return tuple(
        (name, node if isinstance(node, str) else elements(node))
        for name, node in fields.items()
    )


def reference(order: Order, name: str) -> str:
    """:raise ValueError: if the bank has not told it yet"""
    if not order.references.get(name):
        raise ValueError("The bank's numbers of the payment are missing: ask for it.")
    return order.references[name]
