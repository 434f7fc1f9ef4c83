"""PayFlex for the vectors: its signature, and what its answers say."""

from pos_gateway.protocols import digest, payflex, payflex_result, wire
from pos_gateway.protocols.types import Call, Operation, Order, Terminal

from .common import facts
from .trees import KEY, OPERATIONS

FAMILIES = ("payflex",)


def _page_hash(secret, fields):
    return payflex.page_hash(secret["merchant_password"], fields)


SIGNATURES = {"payflex_cp": _page_hash}
CLAIMS = {
    "payflex_cp": lambda secret, fields, claimed: digest.same(
        _page_hash(secret, fields), claimed
    )
}

_ROOTS = {
    Operation.INQUIRY: "SearchResponse",
    Operation.RESOLVE: "VposTransactionResponse",
    Operation.REGISTER: "CommonPaymentRegistrationResponse",
}


def answer(vector: dict) -> dict:
    tree = vector["wire"]
    if "callback" not in tree:
        return _answered(vector["operation"], tree)
    # The return of the bank's older flow, which we do not use; it is signed by nobody.
    status = tree["callback"].get("Status", "")
    said = {"authenticated": status in ("Y", "A"), "md_status": status}
    if not (said["authenticated"] and tree.get("provision")):
        code = tree["callback"].get("ErrorCode") or None
        return {"outcome": "declined", "code": code, **said}
    return _answered("payment", tree["provision"]) | said


def _answered(name: str, tree: dict) -> dict:
    operation = _operation(name, tree)
    body = wire.build_xml(
        _ROOTS.get(operation, "VposResponse"), _children(tree), "UTF-8"
    )
    terminal, order, call = Terminal(_shop(tree)), _order(tree), Call(operation, KEY)
    proven = payflex.read(terminal, order, call, body)
    outcome = payflex_result.read_answer(proven)
    more = {} if outcome.order_id in str(tree) else {"order_id": None}
    return facts(outcome, **more)


def _operation(name: str, tree: dict) -> Operation:
    kinds = {"Capture": Operation.CAPTURE, "Sale": Operation.SALE}
    if "Rc" in tree:
        return Operation.RESOLVE
    if name == "payment" and tree.get("TransactionType") in kinds:
        return kinds[tree["TransactionType"]]
    return OPERATIONS[name]


def _shop(tree: dict) -> str:
    named = tree.get("MerchantId") or tree.get("HostMerchantId")
    return named or _first_row(tree).get("MerchantId") or ""


def _order(tree: dict) -> Order:
    number = tree.get("OrderId") or tree.get("OrderID")
    number = number or _first_row(tree).get("OrderId") or "(none)"
    return Order(number, 0, "TRY", references={"token": tree.get("PaymentToken", "")})


def _first_row(tree: dict) -> dict:
    listed = tree.get("TransactionSearchResultInfo")
    rows = listed.get("TransactionSearchResultInfo") if listed else None
    rows = rows if isinstance(rows, list) else [rows]
    return rows[0] if rows and isinstance(rows[0], dict) else {}


def _children(tree: dict):
    """Like those of the other families; ``#`` is the text beside attributes."""
    for name, node in tree.items():
        if name.startswith(("@", "#")):
            continue
        for item in node if isinstance(node, list) else [node]:
            if isinstance(item, dict):
                inside = tuple(_children(item))
                yield name, inside or item.get("#", "")
            else:
                yield name, _text(item)


def _text(item) -> str:
    if isinstance(item, bool):
        return "true" if item else "false"
    return "" if item is None else str(item)
