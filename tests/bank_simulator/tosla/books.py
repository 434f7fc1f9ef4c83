"""postAuth, void and refund."""

from ..api_answers import ApiRefusal
from ..operations import capture, refund, void
from ..orders import AUTHORISED, VOIDED
from . import codes
from .registration import CURRENCY


def transaction_id(row):
    """Return the number of 16 digits that Tosla names a row by."""
    return f"2{row.host_ref:0>15}"


def capture_order(call):
    order = _order(call)
    amount_kurus = call.kurus("amount")
    row = capture(call.bank, order, amount_kurus, order.sale.amount_kurus)
    return _done(order, row)


def void_order(call):
    """Void the sale of the open day, or a pre-authorisation that is not captured."""
    order = _order(call)
    sale = order.sale
    if sale.state == VOIDED:
        raise ApiRefusal(*codes.ALREADY_VOIDED)
    if sale.preauth and sale.state != AUTHORISED:
        raise ApiRefusal(*codes.CAPTURED_FIRST)
    return _done(order, void(call.bank, order, sale.trans_id))


def refund_order(call):
    order = _order(call)
    amount_kurus = call.kurus("amount")
    if amount_kurus > (order.sale.captured_kurus or amount_kurus):
        raise ApiRefusal(*codes.REFUND_ABOVE_SALE)
    return _done(order, refund(call.bank, order, amount_kurus, CURRENCY))


def _order(call):
    if not call.text("orderid"):
        raise ApiRefusal(*codes.VALIDATION)
    order = call.bank.find_order(call.text("orderid"), call.terminal.client_id)
    if not order or not order.sale:
        raise ApiRefusal(*codes.NOT_FOUND)
    return order


def _done(order, row):
    return {
        "OrderId": order.order_id,
        "BankResponseCode": "00",
        "BankResponseMessage": codes.APPROVED_MESSAGE,
        "AuthCode": row.auth_code,
        "HostReferenceNumber": row.host_ref,
        "TransactionId": transaction_id(row),
        "Code": 0,
        "Message": "Başarılı",
    }
