"""Rows of the order history and of the list of a day or a batch."""

from datetime import datetime, timedelta

from ..clock import TURKEY
from ..orders import AUTHORISED, CAPTURED, DECLINED, REFUND, VOIDED
from . import codes
from .message import NO_AUTH_CODE, format_time, masked_number, stan

LONGEST_PERIOD = timedelta(days=1)


def history_rows(order):
    """Return the rows of an order, oldest first.

    A void has no row of its own: it marks the row that it voids. A capture has one.
    """
    rows = []
    for transaction in order.transactions:
        rows.append(_row(order, transaction))
        if transaction.preauth and transaction.captured_at:
            rows.append(_capture_row(order, transaction))
    return rows


def list_rows(bank, terminal, report):
    """Return the rows of a period or of a batch, None for a period that is too long.

    :raise ValueError: for a period or batch number that is not well formed
    """
    orders = [o for o in bank.orders.values() if o.client_id == terminal.client_id]
    rows = [row for order in orders for row in history_rows(order)]
    if "batchNumber" in report:
        wanted = int(report["batchNumber"])
        return [row for row in rows if row["batchNumber"] == wanted]
    start, end = (_read_time(report, name) for name in ("startDateTime", "endDateTime"))
    if end - start > LONGEST_PERIOD:
        return None
    return [row for row in rows if start <= _read_time(row, "txnDateTime") <= end]


def _read_time(row, name):
    moment = datetime.fromisoformat(str(row.get(name, "")))
    return moment.replace(tzinfo=TURKEY)


def _row(order, transaction):
    approved = transaction.state != DECLINED
    row = {
        "txnCode": _code(transaction),
        **answer_facts(transaction),
        "orderId": order.order_id,
        "orgOrderId": order.order_id,
        "amount": number_of(transaction.amount_kurus),
        "currencyCode": int(transaction.currency),
        "installCount": transaction.installments or 1,
        "maskedCardNumber": masked_number(transaction.masked),
        "txnStatus": _status(order, transaction),
        "ccbRewardAmount": 0,
        "pcbRewardAmount": 0,
        "xcbRewardAmount": 0,
    }
    if transaction.kind == REFUND:
        # A refund is known by its own id; the merchant's is that of the original.
        row["orderId"] = transaction.trans_id
    if transaction.preauth and approved:
        row["preAuthStatus"] = "O" if transaction.state == AUTHORISED else "C"
        if transaction.captured_at:
            row["preAuthCloseAmount"] = number_of(transaction.captured_kurus)
            row["preAuthCloseDate"] = format_time(transaction.captured_at)
    return row


def answer_facts(transaction):
    """Return what the issuer and the bank answered to a transaction, and when."""
    approved = transaction.state != DECLINED
    code, text = codes.SUCCESS if approved else codes.DECLINED
    return {
        "responseCode": code,
        "responseMessage": text,
        "hostResponseCode": transaction.code,
        "hostMessage": codes.host_text(transaction.code),
        "txnDateTime": format_time(transaction.authorised_at),
        "authCode": transaction.auth_code or NO_AUTH_CODE,
        "rrn": transaction.host_ref or "0",
        "stan": stan(transaction) if transaction.host_ref else 0,
        "batchNumber": int(transaction.settle_id or 0),
    }


def _capture_row(order, transaction):
    row = _row(order, transaction)
    for name in ("preAuthStatus", "preAuthCloseAmount", "preAuthCloseDate"):
        row.pop(name, None)
    return {
        **row,
        "txnCode": "1005",
        "orderId": transaction.capture_trans_id,
        "amount": number_of(transaction.captured_kurus),
        "txnDateTime": format_time(transaction.captured_at),
    }


def _code(transaction):
    if transaction.kind == REFUND:
        return "1002"
    return "1004" if transaction.preauth else "1000"


def _status(order, transaction):
    """N as it was booked, V voided, R given back, S settled or given back in part."""
    if transaction.state == VOIDED:
        return "V"
    if transaction.state in (AUTHORISED, DECLINED):
        return "N"
    if transaction.kind != REFUND and order.refunded_kurus:
        whole = order.refunded_kurus == transaction.captured_kurus
        return "R" if whole else "S"
    return "N" if transaction.state == CAPTURED else "S"


def number_of(kurus):
    """Return a JSON number; the nearest float of whole kuruş prints exactly."""
    return kurus / 100 if kurus % 100 else kurus // 100
