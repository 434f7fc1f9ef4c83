"""Akbank for the vectors: its signatures, and what its messages say."""

import json

from pos_gateway.protocols import akbank, akbank_hash, akbank_result, digest
from pos_gateway.protocols.answers import Result, prove
from pos_gateway.protocols.types import Call, Operation, Order, Terminal

from .common import entry_facts, facts, plan_facts
from .trees import OPERATIONS

FAMILIES = ("akbank",)

_OPERATIONS = {
    "1000": Operation.SALE,
    "1004": Operation.SALE,
    "1005": Operation.CAPTURE,
    "1003": Operation.VOID,
    "1013": Operation.RECURRING_CANCEL,
    "1002": Operation.REFUND,
    "1010": Operation.HISTORY,
    "1009": Operation.DAY_LIST,
}
_LISTS = (Operation.HISTORY, Operation.DAY_LIST)


def _return_hash(secret, fields):
    names = fields["hashParams"].split("+")
    return akbank_hash.return_hash(secret["secret_key"], names, fields)


SIGNATURES = {
    "akbank_body": lambda secret, fields: akbank_hash.body_hash(
        secret["secret_key"], fields["body"].encode()
    ),
    "akbank_callback": _return_hash,
    "akbank_form": lambda secret, fields: akbank_hash.form_hash(
        secret["secret_key"], fields
    ),
}
CLAIMS = {
    formula: lambda secret, fields, claimed, sign=sign: digest.same(
        sign(secret, fields), claimed
    )
    for formula, sign in SIGNATURES.items()
}


def answer(vector: dict) -> dict:
    wire = vector["wire"]
    if "callback" not in wire:
        is_page = vector["operation"] in ("3d_host", "3d_pay")
        return _returned(wire) if is_page else _answered(wire, vector["operation"])
    said = _returned(wire["callback"])
    if said["authenticated"] and wire.get("provision"):
        said = _answered(wire["provision"], "payment") | {"authenticated": True}
    return said


def _returned(fields: dict) -> dict:
    """What a return claims; booking it may still need an inquiry."""
    names = [*akbank_hash.RETURN_NAMES, *akbank_hash.ADDED_NAMES]
    signed = {name: fields[name] for name in names if name in fields}
    proven = prove(signed["orderId"], signed, by="signature")
    claimed = akbank_result.claim(signed)
    outcome = akbank.parse(Terminal(""), proven)
    is_paid = claimed is Result.APPROVED
    return facts(
        outcome,
        outcome="approved" if is_paid else "declined",
        authenticated=is_paid or claimed is Result.AUTHENTICATED,
    )


def _answered(tree: dict, operation: str) -> dict:
    asked = _OPERATIONS[tree["txnCode"]]
    if operation in ("status", "inquiry") and asked is Operation.HISTORY:
        asked = Operation.INQUIRY
    if operation.startswith("recurring"):
        asked = OPERATIONS[operation]
    rows = tree.get("txnDetailList", [])
    number = tree.get("order") or (rows[0] if rows else {})
    number = akbank_result.order_of(number)
    shop = tree.get("terminal", {})
    terminal = Terminal(
        shop.get("merchantSafeId", ""), terminal_id=shop.get("terminalSafeId", "")
    )
    body = json.dumps(tree, ensure_ascii=False).encode()
    proven = akbank.read(terminal, Order(number or "A", 0, "TRY"), Call(asked), body)
    outcome = akbank.parse(Terminal(""), proven)
    more = {} if number else {"order_id": None}
    if asked is Operation.RECURRING_STATUS:
        return facts(outcome, **plan_facts(outcome))
    if asked not in _LISTS:
        return facts(outcome, **more)
    transactions = [
        entry_facts(
            akbank_result.entry_of(row),
            txn_code=row.get("txnCode"),
            code=row.get("responseCode"),
            txn_status=row.get("txnStatus"),
            preauth_status=row.get("preAuthStatus"),
            request_status=row.get("requestStatus"),
        )
        for row in proven.rows
    ]
    return facts(outcome, transactions=transactions, **more)
