"""Vectors of PayFor. Their returns are signed again: their keys are not told."""

from pos_gateway.protocols import payfor, payfor_hash, payfor_result, reading
from pos_gateway.protocols.answers import Message, State
from pos_gateway.protocols.money import from_decimal_text
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import facts, lira
from .trees import KEY, claims_payment, read_in_turn, xml

FAMILIES = ("payfor",)
_LISTS = (Operation.HISTORY, Operation.DAY_LIST)


def _return(algorithm: str):
    def signature(secret: dict, fields: dict) -> str:
        return payfor_hash.return_hash(secret, fields, algorithm)

    return signature


def _claim(secret: dict, fields: dict, claimed: str) -> bool:
    return payfor_hash.is_genuine_return(secret, fields | {"ResponseHash": claimed})


SIGNATURES = {
    "payfor_form": lambda secret, fields: payfor_hash.form_hash(
        secret["merchant_pass"], fields
    ),
    "payfor_response_sha1": _return("sha1"),
    "payfor_response_sha256": _return("sha256"),
}
CLAIMS = {"payfor_response_sha1": _claim, "payfor_response_sha256": _claim}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or messages"""
    return read_in_turn(vector, "3DStatus", _page_facts, _answer_facts)


def _page_facts(fields: dict) -> dict:
    terminal = _terminal(fields)
    order = Order(
        fields["OrderId"],
        reading.amount(fields.get("PurchAmount"), from_decimal_text) or 0,
        reading.currency(fields.get("Currency")) or "TRY",
        reading.count(fields.get("InstallmentCount")) or 1,
        return_url="https://tahsilat.example/pos/donus",
        nonce="vektor",
        preauth=fields.get("TxnType") == "PreAuth",
    )
    fields = fields | {"Hash": dict(payfor.build(terminal, order).fields)["Hash"]}
    is_short = len(fields.get("ResponseHash", "")) == 28
    fields["ResponseHash"] = payfor_hash.return_hash(
        _secret(terminal), fields, "sha1" if is_short else "sha256"
    )
    message = Message(tuple(fields.items()))
    outcome = payfor.parse(terminal, payfor.verify(terminal, order, message))
    return facts(outcome) | claims_payment(outcome)


def _answer_facts(operation: Operation, tree: dict) -> dict:
    call = Call(operation, KEY)
    is_list = payfor_result.ROWS_AT in tree
    body = xml("TxnHistoryReport" if is_list else "PayforResponse", tree)
    heads = [row["PaymentRequest"] for row in _rows(tree)] or [tree]
    order_id = heads[0].get("OrderId") or heads[0].get("TransId", "")
    order, terminal = Order(order_id, 1, "TRY"), _terminal(heads[0])
    proven = payfor.read(terminal, order, call, body)
    outcome = payfor.parse(terminal, proven)
    more = {}
    if call.operation in _LISTS:
        more["transactions"] = [_row_facts(row) for row in proven.rows]
        if not outcome.entries:
            more["transactions"] = []
        elif not outcome.bank_code:
            more["code"] = proven.rows[0].get("ProcReturnCode")
    return facts(outcome) | more


def _row_facts(row: dict) -> dict:
    entry = payfor_result.entry_of(row)
    said = {
        "type": row.get("TxnType", ""),
        "txn_type": row.get("TxnType", ""),
        "txn_status": row.get("TxnStatus", ""),
        "approved": entry.bank_code == "00" and entry.state is not State.UNKNOWN,
        "state": entry.state.value,
        "code": entry.bank_code,
        "amount": lira(entry.amount_kurus),
        "rrn": entry.host_reference,
        "auth_code": entry.authorisation_code,
        "order_id": entry.order_id,
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


def _rows(tree: dict) -> list[dict]:
    rows = tree.get(payfor_result.ROWS_AT, [])
    return rows if isinstance(rows, list) else [rows]


def _terminal(fields: dict) -> Terminal:
    return Terminal(
        fields.get("MerchantID", ""),
        urls={"page": "https://banka.example/3DHost.aspx"},
        store_key=Secret("VektorMp1"),
        api_user="VEKTOR_API",
        options={"mbr_id": fields.get("MbrId", "5")},
    )


def _secret(terminal: Terminal) -> dict[str, str]:
    return {
        "merchant_id": terminal.merchant_id,
        "merchant_pass": terminal.store_key.reveal(),
        "user_code": terminal.api_user,
    }
