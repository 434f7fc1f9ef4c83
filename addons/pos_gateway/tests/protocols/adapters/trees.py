"""Decoded trees of vectors -> the bytes of an answer, and what they answer to."""

from pos_gateway.protocols import wire
from pos_gateway.protocols.answers import Outcome, Result
from pos_gateway.protocols.types import Operation

KEY = "VEKTORCAGRIABCDEFGHJ"
OPERATIONS = {
    "payment": Operation.SALE,
    "preauth": Operation.SALE,
    "3d_model": Operation.SALE,
    "capture": Operation.CAPTURE,
    "postauth": Operation.CAPTURE,
    "void": Operation.VOID,
    "cancel": Operation.VOID,
    "refund": Operation.REFUND,
    "partial_refund": Operation.REFUND,
    "status": Operation.INQUIRY,
    "history": Operation.HISTORY,
    "order_history": Operation.HISTORY,
    "order_list": Operation.DAY_LIST,
    "day_list": Operation.DAY_LIST,
    "bin": Operation.BIN,
    "points": Operation.POINTS,
    "recurring": Operation.RECURRING,
    "recurring_status": Operation.RECURRING_STATUS,
    "recurring_cancel": Operation.RECURRING_CANCEL,
}
_ONLY_THE_PAGE_KNOWS = ("authenticated", "md_status", "full_3d", "eci", "amount")


def read_in_turn(vector: dict, mark: str, page_facts, answer_facts) -> dict:
    """Read a vector that is a page's message, an answer, or a page and then a charge.

    :param mark: the field that only a page's message has
    :param answer_facts: takes the operation that is answered, and the tree
    """
    tree = vector["wire"]
    page = tree.get("callback") or (tree if mark in tree else None)
    if page is None:
        return answer_facts(OPERATIONS[vector["operation"]], tree)
    said = page_facts(page)
    if not tree.get("provision"):
        return said
    kept = {name: said[name] for name in _ONLY_THE_PAGE_KNOWS if name in said}
    return said | answer_facts(Operation.SALE, tree["provision"]) | kept


def xml(name: str, tree: dict) -> bytes:
    """:return: the document whose decoded tree this is"""
    return wire.build_xml(name, _children(tree), "UTF-8")


def pairs(tree: dict) -> bytes:
    """:return: the same as ``name=value`` joined by ``;;``"""
    return ";;".join(f"{name}={text}" for name, text in tree.items()).encode()


def claims_payment(outcome: Outcome) -> dict:
    """Facts of a page that says it was paid, which we only believe after an inquiry.

    The vectors tell what the message says; we ask the bank where the signature does not
    hold the amount.
    """
    is_asked = outcome.follow_up is Operation.INQUIRY
    is_told = outcome.bank_code == "00" and not outcome.reason
    is_claim = outcome.result is Result.UNRESOLVED and is_asked and is_told
    return {"outcome": "approved"} if is_claim else {}


def _children(tree: dict):
    for name, node in tree.items():
        if name.startswith("@"):
            continue
        for item in node if isinstance(node, list) else [node]:
            yield name, (tuple(_children(item)) if isinstance(item, dict) else item)
