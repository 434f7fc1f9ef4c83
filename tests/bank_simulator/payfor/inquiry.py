"""Inquiries: one order, the rows of an order or a day, points."""

from ..cards import ISSUER_TEXTS, find_card
from ..gate import card_with_expiry
from ..hosted import card_error
from ..money import format_amount
from ..orders import REFUND, VOIDED
from ..points import inquiry_code
from . import codes

NO_TIME = "1.01.0001 00:00:00"


def answer_status(order, fields):
    """Tell the order's last transaction: a captured pre-authorisation is PostAuth."""
    row = order and (order.sale or order.latest)
    if not row:
        return {
            "RequestGuid": "0",
            "InsertDatetime": NO_TIME,
            **_identity(fields, fields.get("OrgOrderId", "")),
            "PurchAmount": "",
            "TxnType": "OrderInquiry",
            "OrgOrderId": fields.get("OrgOrderId", ""),
            "TxnStatus": "P",
            "TxnResult": "",
            "AuthCode": "",
            "HostRefNum": "",
            "ProcReturnCode": codes.NOT_FOUND[0],
            "ErrMsg": codes.NOT_FOUND[1],
            "RefundedAmount": "0",
            "VoidDate": "",
            "VoidTime": "0",
        }
    net = (row.captured_kurus or row.amount_kurus) - order.refunded_kurus
    return {
        **_identity(fields, order.order_id),
        **_facts(order, row, *_last_step(row)),
        "RefundedAmount": _decimal(order.refunded_kurus),
        "IsVoided": _word(row.state == VOIDED),
        "IsRefunded": _word(not net),
    }


def answer_history(bank, terminal, fields):
    """Return the rows of an order, or of the day ``ReqDate``; None without any."""
    day = fields.get("ReqDate", "")
    if day:
        orders = [
            order
            for order in bank.orders.values()
            if order.client_id == terminal.client_id
        ]
    else:
        found = bank.find_order(fields.get("OrderId", ""), terminal.client_id)
        orders = [found] if found else []
    rows = [
        {**_identity(fields, order.order_id), **_facts(order, row, kind, moment)}
        for order in orders
        for row in order.transactions
        for kind, moment in _steps(row)
        if not day or moment.strftime("%Y%m%d") == day
    ]
    listed = [{"PaymentRequest": row} for row in rows]
    return {"PaymentRequestExtended": listed} if rows else None


def answer_points(bank, fields):
    """Return the code of the inquiry and what it tells; the field's name is a guess."""
    number, month, year, code = card_with_expiry(fields) or ("", "", "", "")
    if not number:
        return codes.MISSING, {}
    if error := card_error(bank, number, month, year, code):
        return codes.CARD_ERRORS[error], {}
    card = find_card(number)
    answered = inquiry_code(card, code)
    if answered == "82":
        return codes.WRONG_SECURITY_CODE, {}
    if answered != "00":
        return (answered, ISSUER_TEXTS[answered]), {}
    return codes.APPROVED, {"AvailablePoint": format_amount(card.points_kurus)}


def _identity(fields, order_id):
    merchant = fields.get("MerchantId") or fields.get("MerchantID", "")
    return {"MbrId": fields["MbrId"], "MerchantID": merchant, "OrderId": order_id}


def _last_step(row):
    return _steps(row)[-1]


def _steps(row):
    """Return (TxnType, moment) of a transaction: a captured one has two steps."""
    first = "Refund" if row.kind == REFUND else "PreAuth" if row.preauth else "Auth"
    steps = [(first, row.authorised_at)]
    if row.preauth and row.captured_at:
        steps.append(("PostAuth", row.captured_at))
    return steps


def _facts(order, row, kind, moment):
    captured = row.captured_kurus if kind == "PostAuth" else None
    return {
        "InsertDatetime": moment.strftime("%d.%m.%Y %H:%M:%S"),
        "PurchAmount": format_amount(captured or row.amount_kurus),
        "Currency": row.currency,
        "InstallmentCount": str(row.installments),
        "TxnType": kind,
        "OrgOrderId": order.order_id if kind in ("PostAuth", "Refund") else "",
        "TxnStatus": _status(row),
        "TxnResult": "Success" if row.succeeded else "Failed",
        "AuthCode": row.auth_code,
        "HostRefNum": row.host_ref,
        "ProcReturnCode": row.code,
        "ErrMsg": codes.APPROVED[1] if row.succeeded else row.text,
        "BatchNo": row.settle_id,
        "CardMask": row.masked.replace("***", "******"),
        "VoidDate": row.voided_at.strftime("%Y%m%d") if row.voided_at else "",
        "VoidTime": row.voided_at.strftime("%H%M%S") if row.voided_at else "0",
        "ReqDate": moment.strftime("%Y%m%d"),
        "TrxDate": moment.strftime("%d.%m.%Y %H:%M"),
    }


def _status(row):
    if row.state == VOIDED:
        return "V"
    return "Y" if row.succeeded else "N"


def _decimal(kurus):
    """``0`` for nothing, else two decimals."""
    return format_amount(kurus) if kurus else "0"


def _word(truth):
    return "true" if truth else "false"
