"""threeDPayment and threeDPreAuth: a session is opened for the payer's browser."""

import re

from ..api_answers import ApiRefusal
from ..payments import Payment, remember
from . import codes

CURRENCY = "949"
MAX_INSTALLMENTS = 12
MAX_URL = 1024
SESSION_START = "P"
TOKEN_LENGTH = 32


def register_sale(call):
    return _register(call, preauth=False)


def register_preauth(call):
    return _register(call, preauth=True)


def refuse_card_sale(_call):
    """Payment and PreAuth with a card number: this bank wants 3-D."""
    raise ApiRefusal(*codes.NOT_PERMITTED)


def _register(call, preauth):
    payment = _read(call, preauth)
    order = call.bank.order(payment.terminal.client_id, payment.order_id)
    if order.sale:
        raise ApiRefusal(*codes.DUPLICATE_ORDER)
    remember(call.bank, payment)
    session = SESSION_START + payment.token + call.bank.token(order)
    payment.fields["ThreeDSessionId"] = session.upper()
    payment.fields["TransactionId"] = "2" + call.bank.digits(order, 15)
    return {
        "ThreeDSessionId": payment.fields["ThreeDSessionId"],
        "TransactionId": payment.fields["TransactionId"],
        "Code": 0,
        "Message": "Başarılı",
    }


def _read(call, preauth):
    amount_kurus = call.kurus("amount")
    url, order_id = call.text("callbackurl"), call.text("orderid")
    good = (
        url.startswith(("http://", "https://"))
        and len(url) <= MAX_URL
        and re.fullmatch("[A-Za-z0-9_-]{1,20}", order_id)
        and call.text("currency") == CURRENCY
    )
    if not good:
        raise ApiRefusal(*codes.VALIDATION)
    if call.text("iscommission") not in ("", "0"):
        raise ApiRefusal(*codes.NOT_PERMITTED)
    return Payment(
        family=call.family,
        terminal=call.terminal,
        order_id=order_id,
        fields={
            "callbackUrl": url,
            "ExtraParameters": call.text("extraparameters"),
            "CreateDate": call.bank.clock.now().strftime("%Y%m%d%H%M%S"),
        },
        amount_kurus=amount_kurus,
        currency=CURRENCY,
        installments=0 if preauth else _installments(call),
        preauth=preauth,
        lang="tr",
        client_ip=call.client_ip,
        path="",
        charged_kurus=amount_kurus,
    )


def _installments(call):
    text = call.text("installmentcount") or "0"
    allowed = ("0", *(str(count) for count in range(2, MAX_INSTALLMENTS + 1)))
    if text not in allowed:
        raise ApiRefusal(*codes.VALIDATION)
    return int(text)


def find_payment(bank, session):
    """Return the payment of a session, or None."""
    token = session.removeprefix(SESSION_START)[:TOKEN_LENGTH].lower()
    payment = bank.payments.get(token)
    if payment and payment.fields.get("ThreeDSessionId") == session:
        return payment
    return None
