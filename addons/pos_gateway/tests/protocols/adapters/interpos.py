"""Vectors of InterPOS. Their returns are signed again: their keys are not told."""

from pos_gateway.protocols import interpos, reading
from pos_gateway.protocols.answers import Message
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import facts
from .trees import KEY, claims_payment, pairs, read_in_turn

FAMILIES = ("interpos",)
_STORE_KEY = "VektorDk1"


def _return(secret: dict, fields: dict) -> str:
    names = reading.listed(fields.get("HASHPARAMS", ""))
    return interpos.return_hash(secret["store_key"], names, fields)


def _claim(secret: dict, fields: dict, claimed: str) -> bool:
    fields = fields | {"HASH": claimed}
    return interpos.is_genuine_return(secret["store_key"], fields)


SIGNATURES = {
    "interpos_form": lambda secret, fields: interpos.form_hash(
        secret["store_key"], fields
    ),
    "interpos_callback": _return,
}
CLAIMS = {"interpos_callback": _claim}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or messages"""
    return read_in_turn(vector, "mdStatus", _page_facts, _answer_facts)


def _page_facts(fields: dict) -> dict:
    terminal = Terminal(fields.get("ShopCode", ""), store_key=Secret(_STORE_KEY))
    names = interpos.RETURN_NAMES
    signature = interpos.return_hash(_STORE_KEY, names, fields)
    message = Message(tuple((fields | {"HASH": signature}).items()))
    order = Order(fields.get("OrderId", ""), 1, "TRY")
    outcome = interpos.parse(terminal, interpos.verify(terminal, order, message))
    return facts(outcome) | claims_payment(outcome)


def _answer_facts(operation: Operation, tree: dict) -> dict:
    order, terminal = Order(tree.get("OrderId", ""), 1, "TRY"), Terminal("3999")
    proven = interpos.read(terminal, order, Call(operation, KEY), pairs(tree))
    return facts(interpos.parse(terminal, proven))
