"""The two calls of the merchant's server after the return: resolve, and the charge."""

from ..api_answers import ApiRefusal
from ..digests import same
from ..faults import signed
from ..operations import Refusal
from ..payments import NOT_AUTHENTICATED, charge_authenticated
from . import codes
from .macs import mac
from .packets import BANK, MERCHANT, BadPacket
from .references import CURRENCY_NAMES, host_log_key


def resolve(call):
    """oosResolveMerchantData: tell what the packets of the return say."""
    fields = call.fields
    try:
        payment = call.family.payment_of_pair(
            (MERCHANT, BANK),
            (fields.get("merchantData", ""), fields.get("bankData", "")),
            fields.get("sign", ""),
        )
    except BadPacket:
        raise ApiRefusal(*codes.BAD_PACKET) from None
    _check_request(call, payment)
    faults = {**payment.faults, **call.faults}
    amount_kurus = _told_amount(call, payment.amount_kurus)
    md_status, md_message = _md_status(payment)
    answer = {
        "xid": payment.order_id,
        "amount": str(amount_kurus),
        "currency": CURRENCY_NAMES[payment.currency],
        "installment": f"{payment.installments:02d}",
        "point": "0",
        "pointAmount": "0",
        "txStatus": "Y" if payment.authenticated else "N",
        "mdStatus": md_status,
        "mdErrorMessage": md_message,
    }
    return {
        "approved": "1",
        "respCode": "",
        "respText": "",
        "oosResolveMerchantDataResponse": _with_mac(
            answer, payment, (md_status,), amount_kurus, faults
        ),
    }


def charge(call):
    """oosTranData: move the money. Nothing here looks at the 3-D result."""
    try:
        payment = call.family.payment(BANK, call.fields.get("bankData", ""))
    except BadPacket:
        raise ApiRefusal(*codes.BAD_PACKET) from None
    _check_request(call, payment)
    if call.fields.get("wpAmount", "0") not in ("", "0"):
        raise ApiRefusal(*codes.NO_PERMISSION)
    order = call.bank.order(payment.terminal.client_id, payment.order_id)
    try:
        row, repeated = charge_authenticated(call.bank, payment, enforce=False)
    except Refusal as refusal:
        if refusal.reason != "already_paid":
            raise
        row, repeated = order.sale, True  # by another registration of this XID
    if not row.succeeded:
        code, text = codes.issuer_answer(row.code)
        return {"approved": "0", "respCode": code, "respText": text}
    if repeated:
        code, text = codes.ALREADY_PAID
        return {"approved": "2", "respCode": code, "respText": text, **_booked(row)}
    call.lost_after_seconds = payment.charge_lost_after_seconds
    key = host_log_key(row)
    answer = {"approved": "1", "respCode": "", "respText": ""}
    amount_kurus = _told_amount(call, row.amount_kurus)
    answer = _with_mac(answer, payment, (key,), amount_kurus, call.faults)
    return {**answer, **_booked(row), **_plan(row)}


def _check_request(call, payment):
    """Refuse a call that is not the payment's terminal's, or has the wrong MAC."""
    if payment.terminal != call.terminal:
        raise ApiRefusal(*codes.BAD_PACKET)
    currency = CURRENCY_NAMES[payment.currency]
    expected = mac(
        payment.terminal, payment.amount_kurus, (), payment.order_id, currency
    )
    if not same(call.fields.get("mac", ""), expected):
        raise ApiRefusal(*codes.BAD_MAC)


def _told_amount(call, amount_kurus):
    """Return the amount, or another if this very call was made to tell another."""
    if "changed_amount" not in call.faults:
        return amount_kurus
    return call.faults["changed_amount"].get("amount_kurus", amount_kurus + 100)


def _with_mac(answer, payment, first, amount_kurus, faults):
    currency = CURRENCY_NAMES[payment.currency]
    terminal, xid = payment.terminal, payment.order_id
    return signed(
        answer,
        "mac",
        lambda key: mac(terminal, amount_kurus, first, xid, currency, key=key),
        terminal.store_key,
        faults,
    )


def _md_status(payment):
    if payment.authenticated:
        return "1", "Authenticated"
    if payment.result == NOT_AUTHENTICATED:
        return "6", "3-D Secure error"
    return "0", "Not authenticated"


def _booked(row):
    return {
        "hostlogkey": host_log_key(row),
        "authCode": row.auth_code,
        "tranDate": row.authorised_at.strftime("%y%m%d%H%M%S"),
    }


def _plan(row):
    each = row.amount_kurus // row.installments if row.installments else 0
    return {
        "instInfo": {"inst1": f"{row.installments:02d}", "amnt1": f"{each:012d}"},
        "pointInfo": {
            "point": "0" * 8,
            "pointAmount": "0" * 12,
            "totalPoint": "0" * 8,
            "totalPointAmount": "0" * 12,
        },
    }
