"""Vectors of PosNet V1. Returns are signed again: no key is told with them."""

from pos_gateway.protocols import (
    digest,
    posnet_books,
    posnet_v1,
    posnet_v1_result,
    reading,
    wire,
)
from pos_gateway.protocols.answers import Message, Result, State
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import entry_facts, facts
from .trees import KEY, read_in_turn

FAMILIES = ("posnet_v1",)
_ENC_KEY = "31,32,33,34,35,36,37,38"
_ORDER_ID = "VEKTORVEKTORVEKTORAB"
_SALE_LIST = "MerchantNo:TerminalNo:SecureTransactionId:CavvData:Eci:MdStatus"


def _params(secret: dict, fields: dict) -> str:
    names = fields.get("MacParams") or fields.get("MACParams", "")
    return posnet_v1.params_hash(secret["enc_key"], names, fields)


def _claim_params(secret: dict, fields: dict, claimed: str) -> bool:
    if "MacParams" in fields:
        return posnet_v1.is_genuine_return(secret["enc_key"], fields | {"Mac": claimed})
    return bool(claimed) and digest.same(_params(secret, fields), claimed)


def _form(secret: dict, fields: dict) -> str:
    return posnet_v1.form_hash(secret["enc_key"], fields)


def _sale(secret: dict, fields: dict) -> str:
    return posnet_v1.params_hash(secret["enc_key"], _SALE_LIST, fields)


def _claim_by(function):
    def claim(secret: dict, fields: dict, claimed: str) -> bool:
        return bool(claimed) and digest.same(function(secret, fields), claimed)

    return claim


SIGNATURES = {
    "posnetv1_3d_request": _sale,
    "posnetv1_form": _form,
    "posnetv1_params": _params,
}
CLAIMS = {
    "posnetv1_3d_request": _claim_by(_sale),
    "posnetv1_form": _claim_by(_form),
    "posnetv1_params": _claim_params,
}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or messages"""
    return read_in_turn(vector, "MdStatus", _page_facts, _answer_facts)


def _page_facts(fields: dict) -> dict:
    names = "ECI:CAVV:MdStatus:MdErrorMessage:MD:SecureTransactionId"
    signature = posnet_v1.params_hash(_ENC_KEY, names, fields)
    fields = fields | {"MacParams": names, "Mac": signature}
    amount = reading.kurus(fields.get("Amount")) or 0
    order = Order(fields.get("OrderId", ""), amount, "TRY")
    terminal = _terminal(fields.get("MerchantId", ""))
    message = Message(tuple(fields.items()))
    outcome = posnet_v1.parse(terminal, posnet_v1.verify(terminal, order, message))
    is_good = outcome.result is Result.AUTHENTICATED
    return facts(outcome, authenticated=is_good)


def _answer_facts(operation: Operation, tree: dict) -> dict:
    terminal = _terminal("6700000001")
    order = Order(_order_id(tree), 1, "TRY")
    call = Call(operation, KEY)
    body = wire.build_json(tree)
    proven = posnet_v1.read(terminal, order, call, body)
    outcome = posnet_v1.parse(terminal, proven)
    more = {"order_id": None}
    if operation is Operation.INQUIRY:
        more["transactions"] = [_row_facts(row) for row in proven.rows]
        more["order_id"] = outcome.standing and outcome.standing.order_id
    if outcome.installment_count == 1:
        more["installments"] = 0
    return facts(outcome, **more)


def _row_facts(row: dict) -> dict:
    entry = posnet_books.entry(posnet_v1_result.read_row(row))
    said = entry_facts(entry)
    kept = {name: said[name] for name in ("amount", "auth_code", "rrn") if name in said}
    is_good = entry.state not in (State.UNKNOWN, State.DECLINED)
    return kept | {"type": row.get("TransactionType", ""), "ok": is_good}


def _order_id(tree: dict) -> str:
    rows = tree.get("TransactionData") or [{}]
    number = rows[0].get("OrderId", "")
    is_long = number.startswith(posnet_books.PREFIXES)
    return (number[4:] if is_long else number) or _ORDER_ID


def _terminal(merchant_id: str) -> Terminal:
    return Terminal(
        merchant_id,
        store_key=Secret(_ENC_KEY),
        terminal_id="67000001",
        account_id="9",
    )


def attacked(genuine, vector):
    """The order that the genuine return was of, and the changed one posted to it."""
    paid, fields = genuine["fields"], vector["fields"]
    terminal = Terminal(
        paid.get("MerchantId", "6700000001"),
        store_key=Secret(genuine["secret"]["enc_key"]),
    )
    order = Order(paid["OrderId"], reading.kurus(paid["Amount"]) or 1, "TRY")
    posted = {"MerchantId": terminal.merchant_id} | fields | {"Mac": vector["claimed"]}
    return posnet_v1, terminal, order, Message(tuple(posted.items()))
