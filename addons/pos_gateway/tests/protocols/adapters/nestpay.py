"""NestPay's vectors put to our code."""

import re

from pos_gateway.protocols import digest, money, nestpay, nestpay_result, wire
from pos_gateway.protocols.answers import Message, Refused, Result
from pos_gateway.protocols.types import (
    Call,
    CardEntry,
    Operation,
    Order,
    Secret,
    Terminal,
)

from .common import entry_facts, facts

FAMILIES = ("nestpay",)
KEY = "any key"
ASKED = {
    "payment": Operation.SALE,
    "capture": Operation.CAPTURE,
    "void": Operation.VOID,
    "refund": Operation.REFUND,
    "status": Operation.INQUIRY,
    "history": Operation.HISTORY,
    "recurring": Operation.RECURRING,
    "status_recurring": Operation.RECURRING_STATUS,
}
SERVER_MANGLED = re.compile(r"^EXTRA_")


def _first_return(secret, fields):
    return nestpay.return_hash_v1(secret["store_key"], fields)


def _first_as_listed(secret, fields):
    names = [name for name in fields["HASHPARAMS"].split(":") if name]
    return nestpay.hash_v1(secret["store_key"], fields, names)


def _third(secret, fields):
    return nestpay.hash_v3(secret["store_key"], fields)


def _believes(hash_of):
    def claim(secret, fields, claimed):
        try:
            return bool(claimed) and digest.same(hash_of(secret, fields), claimed)
        except Refused:
            return False

    return claim


SIGNATURES = {
    "nestpay_ver1_form": lambda s, f: nestpay.hash_v1(s["store_key"], f),
    "nestpay_ver1_callback": _first_as_listed,
    "nestpay_ver3": _third,
}
CLAIMS = {
    "nestpay_ver1_callback": _believes(_first_return),
    "nestpay_ver3": _believes(_third),
}


def answer(vector):
    operation, tree = vector["operation"], vector["wire"]
    if operation in ("3d_pay", "3d_host"):
        return page(tree)
    if operation == "3d_model":
        said = page(tree["callback"]) | {"outcome": "declined"}
        done = tree.get("provision")
        return called(Operation.SALE, done) | said_first(said) if done else said
    if "RECURRINGOPERATION" in tree:
        return cancelled(tree)
    return called(ASKED[operation], tree)


def said_first(said):
    """What the page knows better than the charge that follows it."""
    known = ("authenticated", "full_3d", "md_status", "amount", "installments")
    return {name: said[name] for name in known if name in said}


def page(fields):
    """What a return says. It is signed afresh: these vectors come without a key."""
    fields = {SERVER_MANGLED.sub("EXTRA.", name): v for name, v in fields.items()}
    is_first = "HASHPARAMS" in fields
    is_hosted = fields["storetype"] != "3d_pay"
    terminal = Terminal(
        merchant_id=fields["clientid"],
        store_key=Secret(KEY),
        options={"hash": "ver1" if is_first else "ver3"},
        card_entry=CardEntry.HOSTED if is_hosted else CardEntry.BROWSER,
        accepted_md_status=nestpay_result.FULL_AND_HALF_SECURE,
    )
    fields |= {"storetype": "3d_pay_hosting" if is_hosted else "3d_pay"}
    sign = nestpay.return_hash_v1 if is_first else nestpay.hash_v3
    fields |= {"HASH": sign(KEY, fields)}
    message = Message(tuple(fields.items()))
    proven = nestpay.verify(terminal, Order(fields["oid"], 1, "TRY"), message)
    outcome = nestpay.parse(terminal, proven)
    claim = nestpay_result.verdict(fields, terminal.accepted_md_status)
    return facts(
        outcome,
        outcome="approved" if claim is Result.APPROVED else "declined",
        payment_proven=bool(fields.get("ProcReturnCode")),
        error_code=_error_code(outcome, fields),
    )


def called(operation, tree):
    first = tree["Extra"].get("ORD_ID_1") if isinstance(tree.get("Extra"), dict) else ""
    order = Order(tree.get("OrderId") or first or "unknown", 1, "TRY")
    terminal, call = Terminal(merchant_id="1"), Call(operation)
    body = wire.build_xml("CC5Response", _elements(tree))
    proven = nestpay.read(terminal, order, call, body)
    outcome = nestpay.parse(terminal, proven)
    if operation is Operation.RECURRING_STATUS:
        return _plan(outcome)
    done = proven.fields
    is_done = done.get("Response") == "Approved" and done.get("ProcReturnCode") == "00"
    more = {"outcome": "approved" if is_done else "declined"}
    if operation not in (Operation.INQUIRY, Operation.HISTORY):
        more = {}
    error = _error_code(outcome, proven.fields)
    return facts(outcome, error_code=error, order_id=tree.get("OrderId"), **more)


def cancelled(tree):
    """A payment of a plan is taken out by a call of its own, with its own answer."""
    number, _dash, planned = tree["RECORDID"].rpartition("-")
    order, terminal = Order(number, 1, "TRY"), Terminal(merchant_id="1")
    call = Call(Operation.RECURRING_CANCEL, planned=planned)
    body = wire.build_xml("CC5Response", _elements(tree))
    outcome = nestpay.parse(terminal, nestpay.read(terminal, order, call, body))
    return {
        "outcome": "approved" if outcome.result is Result.APPROVED else "declined",
        "order_id": f"{outcome.order_id}-{planned}",
    }


def _plan(outcome):
    return {
        "outcome": "approved" if outcome.entries else "declined",
        "recurring_id": outcome.data["recurring_id"],
        "recurring_count": int(outcome.data["recurring_count"]),
        "payments": [entry_facts(entry) for entry in outcome.entries],
    }


def _error_code(outcome, fields):
    """Where the bank gives no finer code, these vectors repeat the general one."""
    code = fields.get("EXTRA.ERRORCODE") or fields.get("ERRORCODE")
    return code or (None if outcome.bank_code == "00" else outcome.bank_code)


def _elements(tree):
    for name, node in tree.items():
        yield name, _elements(node) if isinstance(node, dict) else str(node or "")


def attacked(genuine, vector):
    """The order that the genuine message paid, and the changed message posted to it."""
    fields = {"storetype": "3d_pay_hosting", "taksit": ""} | vector["fields"]
    terminal = Terminal(
        merchant_id=genuine["fields"]["clientid"],
        store_key=Secret(genuine["secret"]["store_key"]),
        options={"hash": "ver1" if "HASHPARAMS" in fields else "ver3"},
    )
    paid = money.from_decimal_text(genuine["fields"]["amount"])
    order = Order(genuine["fields"]["oid"], paid, "TRY")
    return (
        nestpay,
        terminal,
        order,
        Message(tuple((fields | {"HASH": vector["claimed"]}).items())),
    )
