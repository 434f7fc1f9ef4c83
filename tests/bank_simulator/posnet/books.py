"""capt, reverse and return: the messages about what happens after the sale."""

from ..api_answers import ApiRefusal
from . import codes
from .references import CURRENCIES, find_order, host_log_key
from .registration import read_amount
from .rules import capture_row, refund_row, reverse_row


def capture_order(call):
    order = _order(call)
    amount_kurus = read_amount(call.fields.get("amount", ""))
    _currency(call)
    row = capture_row(call.bank, order, amount_kurus)
    return _done(call, row, row.captured_at, host_log_key(row, captured=True))


def reverse(call):
    order = _order(call)
    transaction = call.fields.get("transaction", "")
    row = reverse_row(call.bank, order, transaction, call.fields.get("hostLogKey", ""))
    return _done(call, row, call.bank.clock.now(), host_log_key(row))


def give_back(call):
    order = _order(call)
    amount_kurus = read_amount(call.fields.get("amount", ""))
    row = refund_row(call.bank, call.terminal, order, amount_kurus, _currency(call))
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
