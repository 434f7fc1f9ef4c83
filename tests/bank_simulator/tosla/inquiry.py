"""inquiry and history: one order, and the transactions of a day."""

import re

from ..api_answers import ApiRefusal
from ..orders import CAPTURED, DECLINED, REFUND, SETTLED, VOIDED
from ..payments import DONE
from . import codes
from .books import transaction_id
from .commissions import (
    BANK_IDS,
    CARD_TYPE_IDS,
    commission_kurus,
    rate_number,
)
from .page import verdict

MAX_PAGE_SIZE = 999


def inquire(call):
    """inquiry: Code 0 also for an order that nobody knows; OrderId is empty then."""
    order_id = call.text("orderid")
    if not order_id:
        raise ApiRefusal(*codes.VALIDATION)
    payment = _newest_payment(call, order_id)
    order = call.bank.find_order(order_id, call.terminal.client_id)
    if order and order.sale:
        told = _sale(call, order, payment)
    elif payment:
        told = _attempt(call, payment)
    else:
        told = _blank(call)
    return {**told, "Code": 0, "Message": ""}


def _newest_payment(call, order_id):
    """Return the payment that took the money, else the one registered last."""
    found = [
        payment
        for payment in call.bank.payments.values()
        if payment.terminal == call.terminal and payment.order_id == order_id
    ]
    paid = [payment for payment in found if payment.approved]
    return (paid or found or [None])[-1]


def _blank(call):
    return {
        "TransactionType": 0,
        "CreateDate": "",
        "OrderId": "",
        "BankResponseCode": "",
        "BankResponseMessage": "",
        "AuthCode": "",
        "HostReferenceNumber": "",
        "Amount": 0,
        "Currency": 0,
        "InstallmentCount": 0,
        "ClientId": int(call.terminal.client_id),
        "CardNo": "",
        "RequestStatus": 0,
        "RefundedAmount": 0,
        "PostAuthedAmount": 0,
        "TransactionId": 0,
        "CommissionStatus": "",
        "NetAmount": 0,
        "MerchantCommissionAmount": 0,
        "MerchantCommissionRate": 0,
        "CardBankId": 0,
        "CardTypeId": 0,
        "ValorDate": 0,
        "TransactionDate": 0,
        "BankValorDate": 0,
        "ExtraParameters": "",
    }


def _attempt(call, payment):
    """Tell a payment without money: it waits, or it failed."""
    waiting = payment.stage != DONE
    code, text = ("", "") if waiting else verdict(payment)
    return {
        **_blank(call),
        "TransactionType": codes.PREAUTH if payment.preauth else codes.SALE,
        "CreateDate": payment.fields["CreateDate"],
        "OrderId": payment.order_id,
        "BankResponseCode": code,
        "BankResponseMessage": text,
        "Amount": payment.amount_kurus,
        "Currency": int(payment.currency),
        "InstallmentCount": payment.installments,
        "CardNo": _card_number(payment.card.masked) if payment.card else "",
        "RequestStatus": codes.WAITING if waiting else codes.FAILED,
        "TransactionId": int(payment.fields["TransactionId"]),
        "NetAmount": payment.amount_kurus,
        "ExtraParameters": payment.fields["ExtraParameters"],
    }


def _sale(call, order, payment):
    sale = order.sale
    taken = sale.captured_kurus or sale.amount_kurus
    commission = commission_kurus(taken, sale.installments)
    return {
        **_row(call, order, sale),
        "TransactionType": codes.PREAUTH if sale.preauth else codes.SALE,
        "CreateDate": payment.fields["CreateDate"],
        "RequestStatus": _request_status(order),
        "RefundedAmount": order.refunded_kurus,
        "PostAuthedAmount": (sale.captured_kurus or 0) if sale.preauth else 0,
        "NetAmount": taken - commission,
        "MerchantCommissionAmount": commission,
        "MerchantCommissionRate": rate_number(sale.installments),
        "ExtraParameters": payment.fields["ExtraParameters"],
    }


def _row(call, order, row):
    """Tell what a sale and a refund have in common."""
    good = row.state != DECLINED
    return {
        **_blank(call),
        "CreateDate": row.authorised_at.strftime("%Y%m%d%H%M%S"),
        "OrderId": order.order_id,
        "BankResponseCode": row.code,
        "BankResponseMessage": codes.APPROVED_MESSAGE if good else row.text,
        "AuthCode": row.auth_code,
        "HostReferenceNumber": row.host_ref,
        "Amount": row.amount_kurus,
        "Currency": int(row.currency),
        "InstallmentCount": row.installments,
        "CardNo": _card_number(row.masked),
        "RequestStatus": codes.DONE if good else codes.FAILED,
        "TransactionId": int(transaction_id(row)) if row.host_ref else 0,
        "NetAmount": row.amount_kurus,
        "CardBankId": BANK_IDS.get(row.issuer, 0),
        "CardTypeId": CARD_TYPE_IDS.get(row.brand, 0),
        "TransactionDate": int(row.authorised_at.strftime("%Y%m%d")),
    }


def _request_status(order):
    sale, refunded = order.sale, order.refunded_kurus
    if sale.state == VOIDED:
        return codes.VOIDED
    if refunded:
        whole = refunded == sale.captured_kurus
        return codes.REFUNDED if whole else codes.PARTLY_REFUNDED
    if sale.preauth and sale.state in (CAPTURED, SETTLED):
        return codes.CAPTURED
    return codes.DONE


def _card_number(masked):
    return f"{masked[:6]}******{masked[-4:]}"


def list_day(call):
    """history: the rows of a day, oldest first, of one order or of all."""
    day, page, size = (
        _number(call, n) for n in ("transactiondate", "page", "pagesize")
    )
    if not page or not 0 < size <= MAX_PAGE_SIZE:
        raise ApiRefusal(*codes.VALIDATION)
    if not re.fullmatch("20[0-9]{6}", str(day)):
        raise ApiRefusal(*codes.VALIDATION)
    rows = [
        row
        for row in _rows(call, call.text("orderid"))
        if row["TransactionDate"] == day
    ]
    rows.sort(key=lambda row: row["CreateDate"])
    return {
        "Count": len(rows),
        "Transactions": rows[(page - 1) * size : page * size],
        "Code": 0,
        "Message": "Başarılı",
    }


def _number(call, name):
    text = call.text(name)
    if not text.isascii() or not text.isdigit():
        raise ApiRefusal(*codes.VALIDATION)
    return int(text)


def _rows(call, order_id):
    for order in call.bank.orders.values():
        if order.client_id != call.terminal.client_id:
            continue
        if order_id and order.order_id != order_id:
            continue
        for row in order.transactions:
            yield from _told_in_history(call, order, row)


def _told_in_history(call, order, row):
    """Yield a row, and the void of it as one more."""
    told = {**_row(call, order, row), "Code": 0, "Message": ""}
    if row.kind == REFUND:
        yield {**told, "TransactionType": codes.REFUND}
        return
    told["TransactionType"] = codes.PREAUTH if row.preauth else codes.SALE
    if row is order.sale:
        told["RequestStatus"] = _request_status(order)
        told["RefundedAmount"] = order.refunded_kurus
    yield told
    if row.state == VOIDED:
        yield {
            **told,
            "TransactionType": codes.VOID,
            "RequestStatus": codes.DONE,
            "CreateDate": row.voided_at.strftime("%Y%m%d%H%M%S"),
            "TransactionDate": int(row.voided_at.strftime("%Y%m%d")),
        }
