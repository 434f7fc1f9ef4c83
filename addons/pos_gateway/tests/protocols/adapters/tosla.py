"""Vectors of Tosla. Returns are signed again: no key is told with them."""

from pos_gateway.protocols import digest, tosla, wire
from pos_gateway.protocols.answers import Message
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import facts
from .trees import KEY, claims_payment, read_in_turn

FAMILIES = ("tosla",)
_PASSWORD = "VektorParola/1"


def _account(secret: dict) -> dict:
    return {"ClientId": secret["client_id"], "ApiUser": secret["api_user"]}


def _callback(secret: dict, fields: dict) -> str:
    names = fields.get("HashParameters", "").split(",")
    told = fields | _account(secret)
    return tosla.return_hash(secret["api_pass"], names, told)


def _claim_callback(secret: dict, fields: dict, claimed: str) -> bool:
    fields = fields | {"Hash": claimed}
    return tosla.is_genuine_return(secret["api_pass"], _account(secret), fields)


def _request(secret: dict, fields: dict) -> str:
    return tosla.request_hash(secret["api_pass"], fields)


def _claim_request(secret: dict, fields: dict, claimed: str) -> bool:
    return bool(claimed) and digest.same(_request(secret, fields), claimed)


SIGNATURES = {"tosla_callback": _callback, "tosla_request": _request}
CLAIMS = {"tosla_callback": _claim_callback, "tosla_request": _claim_request}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or answer"""
    return read_in_turn(vector, "MdStatus", _page_facts, _answer_facts)


def _page_facts(fields: dict) -> dict:
    terminal = _terminal(fields.get("ClientId", "1"))
    account = {"ClientId": terminal.merchant_id, "ApiUser": terminal.api_user}
    fields = fields | {"HashParameters": tosla.RETURN_NAMES}
    names = tosla.RETURN_NAMES.split(",")
    fields["Hash"] = tosla.return_hash(_PASSWORD, names, fields | account)
    fields = {name: str(text) for name, text in fields.items() if name != "ApiUser"}
    order = Order(fields.get("OrderId", ""), 1, "TRY")
    message = Message(tuple(fields.items()))
    outcome = tosla.parse(terminal, tosla.verify(terminal, order, message))
    return facts(outcome) | claims_payment(outcome)


def _answer_facts(operation: Operation, tree: dict) -> dict:
    terminal = _terminal(_client_of(tree))
    # Tosla's answer to a charge has the shape of the one to a capture.
    asked = Operation.CAPTURE if operation is Operation.SALE else operation
    order_id = str(tree.get("OrderId") or _rows(tree).get("OrderId") or "A1")
    call, order = Call(asked, KEY), Order(order_id, 1, "TRY")
    proven = tosla.read(terminal, order, call, wire.build_json(tree))
    outcome = tosla.parse(terminal, proven)
    more = {}
    if outcome.installment_count == 1:
        more["installments"] = 0
    if not proven.fields.get("orderid"):
        more["order_id"] = None
    return facts(outcome, **more)


def _client_of(tree: dict) -> str:
    told = tree.get("ClientId") or _rows(tree).get("ClientId") or "1"
    return str(told)


def _rows(tree: dict) -> dict:
    return (tree.get("Transactions") or [{}])[0]


def _terminal(merchant_id: str) -> Terminal:
    return Terminal(
        merchant_id,
        urls={"api": "https://banka.example/api"},
        api_user="VEKTOR",
        api_password=Secret(_PASSWORD),
    )


def attacked(genuine, vector):
    """The order that the genuine return was of, and the changed one posted to it."""
    secret = genuine["secret"]
    terminal = Terminal(
        secret["client_id"],
        api_user=secret["api_user"],
        api_password=Secret(secret["api_pass"]),
    )
    order = Order(genuine["fields"]["OrderId"], 125040, "TRY")
    posted = vector["fields"] | {"Hash": vector["claimed"]}
    return tosla, terminal, order, Message(tuple(posted.items()))
