"""What PosNet's books allow after the sale; the XML and the JSON variant share it."""

from ..api_answers import ApiRefusal
from ..operations import capture, refund, void, void_capture
from ..orders import AUTHORISED, VOIDED
from . import codes
from .references import find_refund


def capture_row(bank, order, amount_kurus):
    """Capture the whole pre-authorisation or a part, without naming the original."""
    return capture(bank, order, amount_kurus, order.sale and order.sale.amount_kurus)


def reverse_row(bank, order, transaction, key=""):
    """Take back one row of the open group.

    :param transaction: sale, auth, capt or return
    :param key: hostlogkey of the row; a refund needs it when there are several
    """
    if transaction in ("sale", "auth"):
        return _reverse_sale(bank, order, transaction == "auth")
    if transaction == "capt":
        if order.refunded_kurus:
            raise ApiRefusal(*codes.ALREADY_REFUNDED)
        return void_capture(order)
    if transaction == "return":
        return _reverse_refund(bank, order, key)
    raise ApiRefusal(*codes.INVALID_TRANSACTION)


def _reverse_sale(bank, order, preauth):
    sale = order.sale
    if not sale or sale.preauth != preauth:
        raise ApiRefusal(*codes.NO_RECORD)
    if sale.state == VOIDED:
        raise ApiRefusal(*codes.ALREADY_VOIDED)
    if preauth and sale.state != AUTHORISED:
        raise ApiRefusal(*codes.CAPTURED_FIRST)
    if order.refunded_kurus:
        raise ApiRefusal(*codes.ALREADY_REFUNDED)
    return void(bank, order, sale.trans_id)


def _reverse_refund(bank, order, key):
    row = find_refund(order, key)
    if not row:
        raise ApiRefusal(*codes.NO_RECORD)
    if row.state == VOIDED:
        raise ApiRefusal(*codes.ALREADY_VOIDED)
    return void(bank, order, row.trans_id)


def refund_row(bank, terminal, order, amount_kurus, currency):
    """Give back, on the same day too unless the terminal is made not to."""
    if order.sale and order.sale.state == AUTHORISED:
        raise ApiRefusal(*codes.REFUSALS["not_settled"])
    same_day = terminal.extra.get("same_day_refunds", True)
    return refund(bank, order, amount_kurus, currency, same_day=same_day)
