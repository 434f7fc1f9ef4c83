"""Vectors of Garanti's GVP. Their answers are signed again: their keys are not told."""

from pos_gateway.protocols import digest, garanti, garanti_books, garanti_hash, reading
from pos_gateway.protocols.answers import Message, State
from pos_gateway.protocols.types import Call, Operation, Order, Secret, Terminal

from .common import facts, lira, plan_facts
from .trees import KEY, claims_payment, read_in_turn, xml

FAMILIES = ("garanti",)
_PASSWORD, STORE_KEY = "VektorParola/1", "56656b746f72"


def _legacy_return(secret: dict, fields: dict) -> str:
    names = reading.listed(fields.get("hashparams", ""))
    text = "".join(fields.get(name, "") for name in names)
    return digest.base64_of("sha1", text + secret["store_key"])


def _return_512(secret: dict, fields: dict) -> str:
    names = reading.listed(fields.get("hashparams", ""))
    return garanti_hash.return_hash(secret["store_key"], names, fields)


def _form(algorithm: str):
    def signature(secret: dict, fields: dict) -> str:
        if algorithm == "sha1":
            fields = {n: v for n, v in fields.items() if n != "txncurrencycode"}
        key, password = secret["store_key"], secret["password"]
        return garanti_hash.form_hash(key, password, fields, algorithm)

    return signature


def _answer(secret: dict, fields: dict) -> str:
    algorithm = secret.get("digest", "sha512")
    return garanti_hash.answer_hash(secret["password"], fields, algorithm)


SIGNATURES = {
    "garanti_callback_512": _return_512,
    "garanti_callback_legacy": _legacy_return,
    "garanti_form_512": _form("sha512"),
    "garanti_form_legacy": _form("sha1"),
    "garanti_request_512": lambda secret, fields: garanti_hash.request_hash(
        secret["password"], fields
    ),
    "garanti_response": _answer,
    "garanti_security_data": lambda secret, fields: garanti_hash.security_data(
        secret["password"], fields["terminal_id"]
    ),
}


def _claim_512(secret: dict, fields: dict, claimed: str) -> bool:
    fields = fields | {"hash": claimed}
    return garanti_hash.is_genuine_return(secret["store_key"], fields)


def _claim_legacy(secret: dict, fields: dict, claimed: str) -> bool:
    names = reading.listed(fields.get("hashparams", ""))
    is_ours = names == garanti_hash.RETURN_NAMES
    return is_ours and digest.same(_legacy_return(secret, fields), claimed)


CLAIMS = {
    "garanti_callback_512": _claim_512,
    "garanti_callback_legacy": _claim_legacy,
    "garanti_response": lambda secret, fields, claimed: garanti_hash.is_genuine_answer(
        secret["password"], fields, claimed
    ),
}


def answer(vector: dict) -> dict:
    """:return: what we read in a vector's message or messages"""
    return read_in_turn(vector, "mdstatus", _page_facts, answer_facts)


def _page_facts(fields: dict) -> dict:
    terminal = terminal_of(fields.get("clientid", ""), fields.get("terminalmerchantid"))
    order = Order(
        fields.get("oid", ""),
        reading.kurus(fields.get("txnamount")) or 0,
        reading.currency(fields.get("txncurrencycode")) or "TRY",
        reading.count(fields.get("txninstallmentcount")) or 1,
        return_url="https://tahsilat.example/pos/donus",
    )
    fields = fields | {"secure3dhash": garanti.page_hash(terminal, order)}
    if "hash" in fields:
        names = garanti_hash.RETURN_NAMES
        fields["hash"] = garanti_hash.return_hash(STORE_KEY, names, fields)
    message = Message(tuple(fields.items()))
    outcome = garanti.parse(terminal, garanti.verify(terminal, order, message))
    return facts(outcome) | claims_payment(outcome)


def answer_facts(operation: Operation, tree: dict) -> dict:
    order_id = tree.get("Order", {}).get("OrderID", "")
    terminal = terminal_of(tree["Terminal"]["ID"], tree["Terminal"].get("MerchantID"))
    call = Call(operation, KEY)
    body = xml("GVPSResponse", _signed_again(terminal, tree))
    proven = garanti.read(terminal, Order(order_id, 1, "TRY"), call, body)
    outcome = garanti.parse(terminal, proven)
    more = {}
    book = reading.part(proven.fields, "Order.OrderInqResult")
    if book:
        more["preauth_amount"] = lira(reading.kurus(book.get("PreAuthAmount")))
    if outcome.installment_count == 1:
        more["installments"] = 0
    if call.operation is Operation.RECURRING_STATUS:
        more |= plan_facts(outcome)
    if call.operation in (Operation.HISTORY, Operation.DAY_LIST):
        more["transactions"] = [_row_facts(call, row) for row in proven.rows]
    return facts(outcome) | more


def _row_facts(call, row: dict) -> dict:
    is_history = call.operation is Operation.HISTORY
    read = garanti_books.history_entry if is_history else garanti_books.day_entry
    entry = read(row)
    said = {
        "type": row.get("Type") or row.get("TrxType", ""),
        "approved": entry.state not in (State.DECLINED, State.UNKNOWN),
        "code": entry.bank_code,
        "amount": lira(entry.amount_kurus),
        "rrn": entry.host_reference,
        "auth_code": entry.authorisation_code,
        "order_id": entry.order_id,
    }
    return {name: value for name, value in said.items() if value not in ("", None)}


def _signed_again(terminal: Terminal, tree: dict) -> dict:
    done = tree["Transaction"]
    told = {
        "code": done["Response"]["Code"],
        "retref_num": done.get("RetrefNum", ""),
        "auth_code": done.get("AuthCode", ""),
        "prov_date": done.get("ProvDate", ""),
        "order_id": tree.get("Order", {}).get("OrderID", ""),
        "terminal_id": terminal.terminal_id,
    }
    algorithm = "sha1" if len(done.get("HashData", "")) == 40 else "sha512"
    signature = garanti_hash.answer_hash(_PASSWORD, told, algorithm)
    return tree | {"Transaction": done | {"HashData": signature}}


def terminal_of(terminal_id: str, merchant_id: str | None) -> Terminal:
    password = Secret(_PASSWORD)
    return Terminal(
        merchant_id or "",
        store_key=Secret(STORE_KEY),
        api_password=password,
        refund_password=password,
        page_password=password,
        terminal_id=terminal_id,
    )
