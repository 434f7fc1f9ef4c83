"""Capture, void, refund, recurring sales, and the provision after a 3-D form."""

from ..operations import Refusal, capture, refund, void
from ..payments import charge_authenticated, find_authenticated
from . import codes
from .answer import APPROVED, Result
from .recurring import answer_cancel, is_recurring, orders_of, sell

NO_SALE = codes.NO_PERMISSION


def answer_capture(bank, terminal, fields):
    order, row = _original(bank, terminal, fields)
    if not row:
        return Result(codes.NOT_FOUND, "OriginalRetrefNum")
    amount_kurus = int(fields["Transaction/Amount"])
    row = capture(bank, order, amount_kurus, row.amount_kurus)
    return Result(APPROVED, row=row)


def answer_void(bank, terminal, fields):
    """The amount is only hashed; the transaction is the one of the reference."""
    order, row = _original(bank, terminal, fields)
    if not row:
        return Result(codes.NOT_FOUND, "OriginalRetrefNum")
    return Result(APPROVED, row=void(bank, order, row.trans_id))


def answer_refund(bank, terminal, fields):
    order, row = _original(bank, terminal, fields)
    if not row:
        return Result(codes.NOT_FOUND, "OriginalRetrefNum")
    amount_kurus = int(fields["Transaction/Amount"])
    currency = fields["Transaction/CurrencyCode"]
    return Result(APPROVED, row=refund(bank, order, amount_kurus, currency))


def answer_sale(bank, terminal, fields):
    """Charge what was authenticated with level 3D; a sale without is not permitted.

    But for a recurring one, which brings the card.
    """
    if is_recurring(fields):
        return sell(bank, terminal, fields)
    order_id = fields["Order/OrderID"]
    payment = find_authenticated(bank, terminal.client_id, order_id)
    if not payment or not _is_of(payment, fields):
        return Result(NO_SALE, "3-D Secure zorunlu")
    row, _repeated = charge_authenticated(bank, payment)
    outcome = APPROVED if row.succeeded else (row.code, row.code, row.text)
    lost = payment.charge_lost_after_seconds
    return Result(outcome, row=row, lost_after_seconds=lost)


def _is_of(payment, fields):
    """Tell whether a provision is that of an authentication, and of its amount."""
    returned, given = payment.returned.fields, "Transaction/Secure3D/"
    wanted = {
        f"{given}AuthenticationCode": returned["cavv"],
        f"{given}SecurityLevel": returned["eci"],
        f"{given}TxnID": returned["xid"],
        f"{given}Md": returned["md"],
        "Transaction/CardholderPresentCode": "13",
        "Transaction/Type": payment.fields["txntype"],
        "Transaction/Amount": payment.fields["txnamount"],
        "Transaction/CurrencyCode": payment.currency,
        "Transaction/InstallmentCnt": payment.fields.get("txninstallmentcount", ""),
    }
    return all(fields.get(name, "") == value for name, value in wanted.items())


def _original(bank, terminal, fields):
    """Return the order and its transaction of ``OriginalRetrefNum``, or None."""
    orders = orders_of(bank, terminal, fields["Order/OrderID"])
    if not any(order.sale for order in orders):
        if any(order.transactions for order in orders):
            raise Refusal("void_without_success")
        return None, None
    reference = fields.get("Transaction/OriginalRetrefNum")
    for order in orders:
        for row in order.transactions:
            if reference and row.host_ref == reference and row.succeeded:
                return order, row
    return orders[0], None


MOVES = {
    "sales": answer_sale,
    "preauth": answer_sale,
    "postauth": answer_capture,
    "void": answer_void,
    "refund": answer_refund,
    "recurringvoid": answer_cancel,
}
