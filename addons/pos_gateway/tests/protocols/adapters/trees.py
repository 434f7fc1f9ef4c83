"""Decoded trees of vectors -> the bytes of an answer, and what they answer to."""

from pos_gateway.protocols import wire
from pos_gateway.protocols.answers import Outcome, Result
from pos_gateway.protocols.types import Call, Operation

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
}


def call_of(vector: dict) -> Call:
    return Call(OPERATIONS[vector["operation"]], KEY)


def xml(name: str, tree: dict) -> bytes:
    """:return: the document whose decoded tree this is"""
    return wire.build_xml(name, _children(tree), "UTF-8")


def pairs(tree: dict) -> bytes:
    """:return: the same as ``name=value`` joined by ``;;``"""
    return ";;".join(f"{name}={text}" for name, text in tree.items()).encode()


def claims_payment(outcome: Outcome) -> bool:
    """Whether a page says that it was paid, which we only believe after an inquiry.

    The vectors tell what the message says; we ask the bank where the signature does not
    hold the amount.
    """
    is_asked = outcome.follow_up is Operation.INQUIRY
    is_told = outcome.bank_code == "00" and not outcome.reason
    return outcome.result is Result.UNRESOLVED and is_asked and is_told


def _children(tree: dict):
    for name, node in tree.items():
        if name.startswith("@"):
            continue
        for item in node if isinstance(node, list) else [node]:
            yield name, (tuple(_children(item)) if isinstance(item, dict) else item)
