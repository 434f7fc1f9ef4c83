"""BOA for the vectors: its signatures, and what both banks' messages say.

No vector tells the password: an answer that carries a signature is signed again, with a
password of ours.
"""

from pos_gateway.protocols import boa, digest, kuveyt, vakif_katilim, wire
from pos_gateway.protocols.answers import prove
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import entry_facts, facts
from .trees import KEY, OPERATIONS

FAMILIES = ("kuveyt",)

_PASSWORD = "vektor"
_METHODS = {
    "GetMerchantOrderDetail": Operation.INQUIRY,
    "SaleReversal": Operation.VOID,
    "DrawBack": Operation.REFUND,
    "Drawback": Operation.REFUND,
    "PartialDrawback": Operation.REFUND,
    "PartialDrawBack": Operation.REFUND,
}


def _key(secret: dict) -> str:
    return secret.get("hash_password") or boa.hash_password(secret["password"])


SIGNATURES = {
    "boa_hash_password": lambda secret, _fields: boa.hash_password(secret["password"]),
    "boa_request": lambda secret, fields: boa.request_hash(_key(secret), fields),
    "boa_response": lambda secret, fields: boa.answer_hash(_key(secret), fields),
}
CLAIMS = {
    formula: lambda secret, fields, claimed, sign=sign: digest.same(
        sign(secret, fields), claimed
    )
    for formula, sign in SIGNATURES.items()
}


def answer(vector: dict) -> dict:
    tree = vector["wire"]
    if "authentication" not in tree:
        return _answered(vector["operation"], tree)
    said = _returned(tree["authentication"])
    if said["authenticated"] and tree.get("provision"):
        said = _answered("payment", tree["provision"]) | {"authenticated": True}
    return said


def _returned(tree: dict) -> dict:
    """The return of the 3-D page; that it is signed is for other vectors to show."""
    texts = wire.flatten(wire.parse_xml(_document(boa.CONTRACT, tree)))[0]
    fields = {"MerchantOrderId": "", "ResponseCode": ""} | texts
    proven = prove(fields["MerchantOrderId"], fields, by="signature")
    outcome = kuveyt.parse(Terminal(""), proven)
    return facts(outcome)


def _answered(name: str, tree: dict) -> dict:
    method = next(iter(tree)).removesuffix("Response") if len(tree) == 1 else ""
    if method in _METHODS:
        family, operation, body = kuveyt, _METHODS[method], _envelope(tree)
    else:
        family, operation = vakif_katilim, OPERATIONS[name]
        is_list = operation in (Operation.INQUIRY, Operation.HISTORY)
        if operation is Operation.HISTORY:
            operation = Operation.DAY_LIST
        root = "VPosOrderResponseContract" if is_list else boa.CONTRACT
        body = _document(root, _signed_again(tree))
    order = Order(_order_id(tree) or "(none)", 0, "TRY")
    terminal = Terminal(_shop(tree), api_password=Secret(_PASSWORD))
    proven = family.read(terminal, order, Call(operation, KEY), body)
    outcome = family.parse(terminal, proven)
    more = {"order_id": _order_id(tree)}
    if outcome.data:
        more["bank_order_id"] = outcome.data["bank_order_id"]
    if operation is Operation.DAY_LIST:
        more["transactions"] = [entry_facts(entry) for entry in outcome.entries]
    return facts(outcome, **more)


def _signed_again(tree: dict) -> dict:
    if not tree.get("HashData"):
        return tree
    texts = {n: t for n, t in tree.items() if isinstance(t, str)}
    signature = boa.answer_hash(boa.hash_password(_PASSWORD), texts)
    return tree | {"HashData": signature}


def _envelope(tree: dict) -> bytes:
    return _document("Envelope", {"Body": tree})


def _document(root: str, tree: dict) -> bytes:
    return wire.build_xml(root, _children(tree), "UTF-8")


def _children(tree: dict):
    """``#`` is the text beside attributes; an empty list stands for no content."""
    for name, node in tree.items():
        if name.startswith(("@", "#")):
            continue
        for item in (node or [""]) if isinstance(node, list) else [node]:
            if isinstance(item, dict):
                yield name, tuple(_children(item)) or str(item.get("#", ""))
            elif isinstance(item, bool):
                yield name, "true" if item else "false"
            else:
                yield name, "" if item is None else str(item)


def _order_id(tree: dict) -> str:
    return _first(tree, "MerchantOrderId")


def _shop(tree: dict) -> str:
    outside = {name: node for name, node in tree.items() if name != "VPosMessage"}
    return _first(outside, "MerchantId")


def _first(node, name: str) -> str:
    """:return: the first text of this name, the outer ones before the inner"""
    if isinstance(node, list):
        return next(filter(None, (_first(item, name) for item in node)), "")
    if not isinstance(node, dict):
        return ""
    found = node.get(name)
    if isinstance(found, str | int) and not isinstance(found, bool) and found != "":
        return str(found)
    return next(filter(None, (_first(item, name) for item in node.values())), "")
