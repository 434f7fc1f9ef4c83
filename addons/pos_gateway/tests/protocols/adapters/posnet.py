"""Vectors of PosNet XML. Answers to a charge are signed again: no key is told."""

from pos_gateway.protocols import digest, posnet, posnet_books, posnet_mac, reading
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import facts
from .trees import KEY, OPERATIONS, xml

FAMILIES = ("posnet_ykb",)
_ENC_KEY = "31,32,33,34,35,36,37,38"
_XID = "VEKTORVEKTORVEKTORAB"


def _by(function):
    return lambda secret, fields: function(secret["enc_key"], fields)


def _claim_by(function):
    def claim(secret: dict, fields: dict, claimed: str) -> bool:
        ours = function(secret["enc_key"], fields)
        return bool(claimed) and digest.same(ours, claimed)

    return claim


_FUNCTIONS = {
    "posnet_first_hash": posnet_mac.first_hash,
    "posnet_request_mac": posnet_mac.request_mac,
    "posnet_resolve_mac": posnet_mac.resolve_mac,
    "posnet_trandata_mac": posnet_mac.sale_mac,
}
SIGNATURES = {formula: _by(function) for formula, function in _FUNCTIONS.items()}
CLAIMS = {formula: _claim_by(function) for formula, function in _FUNCTIONS.items()}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's answer or answers"""
    tree = vector["wire"]
    if "resolve" not in tree:
        return _facts(OPERATIONS[vector["operation"]], tree, _order(tree))
    order = _order(tree["resolve"])
    said = _facts(Operation.RESOLVE, tree["resolve"], order)
    said |= {"xid": _resolved(tree["resolve"]).get("xid"), "outcome": "declined"}
    if not tree.get("provision"):
        return said
    return said | _facts(Operation.SALE, tree["provision"], order)


def _facts(operation: Operation, tree: dict, order: Order) -> dict:
    terminal = _terminal()
    call = Call(operation, KEY)
    body = xml("posnetResponse", _signed_again(operation, tree, order))
    outcome = posnet.parse(terminal, posnet.read(terminal, order, call, body))
    more = {}
    if outcome.is_repeat:
        # We ask the bank again; the vector tells what this answer says.
        more["outcome"] = "already_approved"
    if operation is Operation.RESOLVE:
        more["order_id"] = None
        more["code"] = outcome.bank_code or None
    elif operation is Operation.INQUIRY:
        more["order_id"] = outcome.standing and outcome.standing.order_id
    if outcome.installment_count == 1:
        more["installments"] = 0
    return facts(outcome, **more)


def _signed_again(operation: Operation, tree: dict, order: Order) -> dict:
    if operation is not Operation.SALE or not tree.get("mac"):
        return tree
    texts = posnet_mac.signed_texts(_terminal(), order, hostlogkey=_log_key(tree))
    return tree | {"mac": posnet_mac.sale_mac(_ENC_KEY, texts)}


def _log_key(tree: dict) -> str:
    return next((t for n, t in tree.items() if n.lower() == "hostlogkey"), "")


def _order(tree: dict) -> Order:
    resolved = _resolved(tree)
    rows = (tree.get("transactions") or {}).get("transaction") or [{}]
    row = rows if isinstance(rows, dict) else rows[0]
    xid = resolved.get("xid") or row.get("orderID", "")[-20:] or _XID
    return Order(
        xid,
        reading.kurus(resolved.get("amount", "")) or 1,
        posnet_books.LETTERS.get(resolved.get("currency", ""), "TRY"),
        posnet_books.count(resolved.get("installment", "")) or 1,
    )


def _resolved(tree: dict) -> dict:
    return tree.get("oosResolveMerchantDataResponse") or {}


def _terminal() -> Terminal:
    return Terminal(
        "6700000001", store_key=Secret(_ENC_KEY), terminal_id="67000001", account_id="9"
    )
