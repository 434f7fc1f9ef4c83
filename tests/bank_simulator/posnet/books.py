"""capt, reverse and return: what moves money after the sale."""

from ..operations import capture, refund, void, void_capture
from ..orders import AUTHORISED, VOIDED
from . import codes
from .references import CURRENCIES, find_order, find_refund, host_log_key
from .refusals import ApiRefusal
from .registration import read_amount


def capture_order(call):
    """capt: the whole pre-authorisation or a part, without naming the original."""
    order = _order(call)
    amount_kurus = read_amount(call.fields.get("amount", ""))
    _currency(call)
    row = capture(
        call.bank, order, amount_kurus, order.sale and order.sale.amount_kurus
    )
    return _done(call, row, row.captured_at, host_log_key(row, captured=True))


def reverse(call):
    """reverse: take back one row of the open group."""
    reversers = {
        "sale": _reverse_sale,
        "auth": _reverse_sale,
        "capt": _reverse_capture,
        "return": _reverse_refund,
    }
    reverser = reversers.get(call.fields.get("transaction", ""))
    if not reverser:
        raise ApiRefusal(*codes.INVALID_TRANSACTION)
    order = _order(call)
    row = reverser(call, order)
    return _done(call, row, call.bank.clock.now(), host_log_key(row))


def _reverse_sale(call, order):
    sale = order.sale
    if not sale or sale.preauth != (call.fields["transaction"] == "auth"):
        raise ApiRefusal(*codes.NO_RECORD)
    if sale.state == VOIDED:
        raise ApiRefusal(*codes.ALREADY_VOIDED)
    if sale.preauth and sale.state != AUTHORISED:
        raise ApiRefusal(*codes.CAPTURED_FIRST)
    if order.refunded_kurus:
        raise ApiRefusal(*codes.ALREADY_REFUNDED)
    return void(call.bank, order, sale.trans_id)


def _reverse_capture(_call, order):
    if order.refunded_kurus:
        raise ApiRefusal(*codes.ALREADY_REFUNDED)
    return void_capture(order)


def _reverse_refund(call, order):
    row = find_refund(order, call.fields.get("hostLogKey", ""))
    if not row:
        raise ApiRefusal(*codes.NO_RECORD)
    if row.state == VOIDED:
        raise ApiRefusal(*codes.ALREADY_VOIDED)
    return void(call.bank, order, row.trans_id)


def give_back(call):
    """return: a part or all, on the same day too unless the terminal is made not to."""
    order = _order(call)
    amount_kurus = read_amount(call.fields.get("amount", ""))
    if order.sale and order.sale.state == AUTHORISED:
        raise ApiRefusal(*codes.REFUSALS["not_settled"])
    same_day = call.terminal.extra.get("same_day_refunds", True)
    row = refund(call.bank, order, amount_kurus, _currency(call), same_day=same_day)
    return _done(call, row, row.authorised_at, host_log_key(row))


def refuse_card_sale(_call):
    """sale and auth with a card number: this bank wants 3-D."""
    raise ApiRefusal(*codes.NO_PERMISSION)


def _order(call):
    order = find_order(call.bank, call.terminal, call.fields)
    if not order or not order.transactions:
        raise ApiRefusal(*codes.NO_RECORD)
    return order


def _currency(call):
    currency = CURRENCIES.get(call.fields.get("currencyCode", ""))
    if not currency:
        raise ApiRefusal(*codes.BAD_PACKET)
    return currency


def _done(call, row, when, key):
    answer = {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "hostlogkey": key,
        "authCode": row.auth_code,
    }
    if call.message.tran_date_required:
        answer["tranDate"] = when.strftime("%y%m%d%H%M%S")
    return answer
