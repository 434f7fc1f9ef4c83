"""What our outcomes say, under the neutral names of the vectors' ``expect``."""

from pos_gateway.protocols import money
from pos_gateway.protocols.answers import Entry, Outcome, Result, State
from pos_gateway.protocols.types import Operation

FULL_AND_HALF_SECURE = ("1", "2", "3", "4")
QUESTIONS = (Operation.INQUIRY, Operation.HISTORY, Operation.DAY_LIST)
NOT_DONE = (None, State.DECLINED, State.ERROR, State.UNKNOWN)


def facts(outcome: Outcome, /, **more) -> dict:
    """Lay out an outcome the neutral way; a key that says nothing is left out.

    Whatever is not approved is called declined there; of a question it says whether
    the bank knows of a transaction. Where a bank's answer has one finer code, it stands
    under each name that the vectors have for such a code: they compare the one they
    know.

    :param more: what the family knows better; replaces what is found here, ``None``
        takes it out
    """
    said = {
        "outcome": verdict_of(outcome),
        "code": outcome.bank_code,
        "order_id": outcome.order_id,
        "auth_code": outcome.authorisation_code,
        "rrn": outcome.host_reference,
        "bank_txn_id": outcome.bank_transaction_id,
        "bank_order_id": outcome.references.get("bank_order_id", ""),
        "recurring_id": outcome.references.get("recurring_id", ""),
        "amount": lira(outcome.amount_kurus),
        "currency": outcome.currency,
        "installments": outcome.installment_count,
        "time": moment(outcome.at),
        "batch_no": outcome.batch,
        "md_status": outcome.md_status,
        "eci": outcome.eci,
        "authenticated": _is_authenticated(outcome),
        "full_3d": outcome.md_status == "1",
        "found": outcome.result is not Result.NOT_FOUND,
        "count": len(outcome.entries),
        "transactions": [entry_facts(entry) for entry in outcome.entries],
    }
    for name in ("error_code", "reason_code", "host_code"):
        said[name] = outcome.reason_code
    if outcome.standing:
        standing = entry_facts(outcome.standing)
        said = standing | {n: v for n, v in said.items() if v not in ("", None)}
    said |= {n: text for n, text in outcome.data.items() if n.startswith("points")}
    said |= more
    return {name: value for name, value in said.items() if value not in ("", None)}


def plan_facts(outcome: Outcome) -> dict:
    """Lay out what is said of a schedule the neutral way."""
    count = outcome.data.get("recurring_count")
    return {
        "payments": [entry_facts(entry) for entry in outcome.entries],
        "recurring_count": count and int(count),
    }


def entry_facts(entry: Entry, /, **more) -> dict:
    """Lay out a row of the bank's books the neutral way."""
    said = {
        "kind": entry.kind,
        "number": entry.number,
        "state": entry.state.value,
        "first_amount": lira(entry.amount_kurus),
        "amount": lira(entry.amount_kurus),
        "captured_amount": lira(entry.captured_kurus),
        "refunded_amount": lira(entry.refunded_kurus),
        "void_amount": lira(entry.voided_kurus),
        "net_amount": lira(entry.net_kurus),
        "currency": entry.currency,
        "installments": entry.installment_count,
        "order_id": entry.order_id,
        "time": moment(entry.at),
        "capture_time": moment(entry.captured_at),
        "auth_code": entry.authorisation_code,
        "rrn": entry.host_reference,
        "bank_txn_id": entry.bank_transaction_id,
        "code": entry.bank_code,
    } | more
    return {name: value for name, value in said.items() if value not in ("", None)}


def verdict_of(outcome: Outcome) -> str:
    """:return: ``approved``, ``already_approved`` or ``declined``"""
    if outcome.operation in QUESTIONS:
        state = outcome.standing.state if outcome.standing else None
        known = state not in NOT_DONE or bool(outcome.entries)
        is_good = outcome.result is Result.APPROVED or known
    else:
        is_good = outcome.result is Result.APPROVED
    if is_good and outcome.is_repeat:
        return "already_approved"
    return "approved" if is_good else "declined"


def lira(kurus: int | None) -> str | None:
    """
    >>> lira(101)
    '1.01'
    """
    return None if kurus is None else money.to_decimal_text(kurus)


def moment(at) -> str | None:
    """:return: local time without zone and fractions"""
    return at and at.replace(tzinfo=None, microsecond=0).isoformat()


def _is_authenticated(outcome: Outcome) -> bool:
    if outcome.result in (Result.APPROVED, Result.AUTHENTICATED):
        return True
    return outcome.md_status in FULL_AND_HALF_SECURE
