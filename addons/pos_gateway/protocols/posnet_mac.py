"""The MACs of PosNet XML: what is signed, and when an answer is believed.

All are base64 of SHA-256 over texts with semicolons between them. What we know
ourselves (number, amount, currency, merchant) goes in from our order, never from the
message: a MAC that is right says that the message is of this order.
"""

from collections.abc import Mapping

from . import digest
from .answers import Refused
from .posnet_books import CURRENCIES, FULL_AND_HALF_SECURE, count
from .types import Order, Terminal

RESOLVED = "oosresolvemerchantdataresponse"

_TAIL = ("xid", "amount", "currency", "merchant_id")


def first_hash(enc_key: str, fields: Mapping[str, str]) -> str:
    """Of the key and the terminal, in place of the key itself."""
    return digest.base64_of("sha256", f"{enc_key};{fields['terminal_id']}")


def request_mac(enc_key: str, fields: Mapping[str, str]) -> str:
    """Of what RESOLVE and SALE ask."""
    return _mac_of(enc_key, _TAIL, fields)


def resolve_mac(enc_key: str, fields: Mapping[str, str]) -> str:
    """Of the answer to RESOLVE."""
    return _mac_of(enc_key, ("md_status", *_TAIL), fields)


def sale_mac(enc_key: str, fields: Mapping[str, str]) -> str:
    """Of the answer to SALE."""
    return _mac_of(enc_key, ("hostlogkey", *_TAIL), fields)


def _mac_of(enc_key: str, names: tuple[str, ...], fields: Mapping[str, str]) -> str:
    texts = [*(fields[name] for name in names), first_hash(enc_key, fields)]
    return digest.base64_of("sha256", ";".join(texts))


def signed_texts(terminal: Terminal, order: Order, **theirs: str) -> dict[str, str]:
    """What we know ourselves, so that the bank's word for it is not needed."""
    return {
        "terminal_id": terminal.terminal_id,
        "merchant_id": terminal.merchant_id,
        "xid": order.order_id,
        "amount": str(order.amount_kurus),
        "currency": CURRENCIES.get(order.currency, ""),
    } | theirs


def is_resolved(terminal: Terminal, order: Order, fields: dict[str, str]) -> bool:
    """:return: whether the answer is proven to be of our order

    :raise Refused: if it claims an authentication that is not
    """
    status = fields.get(f"{RESOLVED}.mdstatus", "")
    ours = signed_texts(terminal, order, md_status=status)
    claimed = fields.get(f"{RESOLVED}.mac", "")
    wrong = "" if _is_mac(resolve_mac(_key(terminal), ours), claimed) else "mac"
    for name in ("xid", "amount", "currency"):
        if fields.get(f"{RESOLVED}.{name}") != ours[name]:
            wrong = name
    if count(fields.get(f"{RESOLVED}.installment", "")) != order.installment_count:
        wrong = "installments"
    if wrong and status in FULL_AND_HALF_SECURE:
        raise Refused(wrong)
    return not wrong


def is_sold(terminal: Terminal, order: Order, fields: dict[str, str]) -> bool:
    """:return: whether the answer is proven to be of our order

    :raise Refused: if it claims a charge that is not; a repeated one comes without MAC
    """
    approved, key = fields.get("approved"), fields.get("hostlogkey", "")
    claimed = fields.get("mac", "")
    if approved not in ("1", "2") or (approved == "2" and not claimed):
        return False
    if not key:
        raise Refused("required")
    ours = signed_texts(terminal, order, hostlogkey=key)
    if not _is_mac(sale_mac(_key(terminal), ours), claimed):
        raise Refused("mac")
    return True


def _is_mac(ours: str, claimed: str) -> bool:
    return bool(claimed) and digest.same(ours, claimed)


def _key(terminal: Terminal) -> str:
    """:raise Refused: if we have none: then nothing is proven"""
    if not terminal.store_key:
        raise Refused("mac")
    return terminal.store_key.reveal()
