"""Status and history answers. Their amounts are kuruş without a separator."""

from ..orders import (
    AUTHORISED,
    CAPTURED,
    DECLINED,
    REFUND,
    SALE,
    SETTLED,
    VOIDED,
)

_LETTERS = {
    AUTHORISED: "A",
    CAPTURED: "S",
    SETTLED: "C",
    VOIDED: "V",
    DECLINED: "D",
}
_CHARGE_TYPES = {SALE: "S", REFUND: "C"}

# The names that the one-line ORDERSTATUS text repeats, in its order.
_LINE = (
    "ORD_ID",
    "CHARGE_TYPE_CD",
    "ORIG_TRANS_AMT",
    "CAPTURE_AMT",
    "TRANS_STAT",
    "AUTH_DTTM",
    "CAPTURE_DTTM",
    "AUTH_CODE",
)


def answer_status(order, order_id, terminal):
    """Return the fields and the Extra of an ORDERSTATUS answer.

    Response and ProcReturnCode are those of the transaction that is told about: a
    declined sale is found, and the answer is Declined with the issuer's code.
    """
    row = order.latest if order else None
    if not row:
        return no_record(order_id)
    facts = facts_of(order, row, terminal)
    fields = {
        "ErrMsg": f"Record(s) found for {order_id}",
        "ProcReturnCode": row.code,
        "Response": "Approved" if row.succeeded else "Declined",
        "OrderId": order_id,
        "TransId": row.trans_id,
    }
    return fields, {"NUMCODE": "0", **facts, "ORDERSTATUS": status_line(facts)}


def no_record(asked):
    fields = {
        "ErrMsg": f"No record found for {asked}",
        "ProcReturnCode": "99",
        "Response": "Declined",
        "OrderId": "",
        "TransId": "",
    }
    line = "\t".join(f"{name}:" for name in _LINE)
    return fields, {"NUMCODE": "0", "ORDERSTATUS": line}


def status_line(facts):
    """Return the one-line text; a planned payment has fewer facts, and its moment."""
    names = (*_LINE, "PLANNED_START_DTTM", "TRANS_ID")
    return "\t".join(f"{name}:{facts[name]}" for name in names if name in facts)


def answer_history(order, order_id):
    """Return the fields and the Extra of an ORDERHISTORY answer, newest row first."""
    rows = order.transactions[::-1] if order else []
    fields = {
        "ErrMsg": "" if rows else f"No record found for {order_id}",
        "ProcReturnCode": "00" if rows else "05",
        "Response": "Approved" if rows else "Declined",
        "OrderId": order_id,
    }
    extra = {"NUMCODE": "0", "TRXCOUNT": str(len(rows))}
    for number, row in enumerate(rows, 1):
        extra[f"TRX{number}"] = _history_row(row)
    return fields, extra


def facts_of(order, row, terminal):
    letter = _LETTERS[row.state]
    captured, captured_at = row.captured_kurus, row.captured_at
    if terminal.open_sale_as_authorised and row.kind == SALE and letter == "S":
        letter, captured, captured_at = "A", None, None
    return {
        "ORD_ID": order.order_id,
        "TRANS_ID": row.trans_id,
        "TRANS_STAT": letter,
        "CHARGE_TYPE_CD": _CHARGE_TYPES[row.kind],
        "ORIG_TRANS_AMT": str(row.amount_kurus),
        "CAPTURE_AMT": "" if captured is None else str(captured),
        "AUTH_CODE": row.auth_code,
        "HOST_REF_NUM": row.host_ref,
        "PAN": spaced_mask(row.masked),
        "AUTH_DTTM": format_time(row.authorised_at),
        "CAPTURE_DTTM": format_time(captured_at),
        "VOID_DTTM": format_time(row.voided_at),
        "PROC_RET_CD": row.code,
        "SETTLEID": row.settle_id,
    }


def _history_row(row):
    return "\t".join(
        (
            _CHARGE_TYPES[row.kind],
            _LETTERS[row.state],
            str(row.amount_kurus),
            "" if row.captured_kurus is None else str(row.captured_kurus),
            format_time(row.authorised_at),
            format_time(row.captured_at),
            format_time(row.voided_at),
            row.host_ref,
            row.auth_code,
            row.code,
            row.trans_id,
        )
    )


def format_time(moment):
    """``2026-11-21 12:00:44.123``, empty for what has not happened."""
    if moment is None:
        return ""
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


def spaced_mask(masked):
    """``4543 60** **** 0002``, as status answers write it."""
    return f"{masked[:4]} {masked[4:6]}** **** {masked[-4:]}"
