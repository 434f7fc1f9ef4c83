"""The signed result that goes to okUrl or failUrl through the payer's browser."""

from ..faults import signed
from ..money import format_amount
from ..orders import Message
from ..payments import CANCELLED, REFUSED
from . import codes
from .hashing import HASH_NAME, PARAMS_NAME, compute_hash, return_text

# What the shape of 2026 signs beyond that of 2024; both send it.
SINCE_2026 = (
    "mdStatus",
    "maskedCardNumber",
    "amount",
    "installCount",
    "okUrl",
    "failUrl",
)
# A refused authentication signs only these; the others are sent empty.
SIGNED_REFUSAL = ("responseCode", "responseMessage", "orderId")
EMPTY_IN_REFUSAL = (
    "txnCode",
    "hostResponseCode",
    "hostMessage",
    "merchantSafeId",
    "terminalSafeId",
)
NO_AUTH_CODE = "000000"
ENTRY_CODES = {False: "1000", True: "1004"}


def word_messages(bank, _order, payment):
    """Return the browser's message; this bank sends no notice to the server."""
    target = payment.fields["okUrl" if payment.approved else "failUrl"]
    if payment.authenticated:
        fields, unsigned = _result(bank, payment)
    else:
        fields, unsigned = _refusal(payment)
    signed_names = [name for name in fields if name not in unsigned]
    fields = {**fields, PARAMS_NAME: "+".join(signed_names)}
    fields = signed(
        fields,
        HASH_NAME,
        lambda key: compute_hash(return_text(fields), key),
        payment.terminal.store_key,
        payment.faults,
    )
    return Message(target, fields), None


def _refusal(payment):
    code, text = codes.NOT_AUTHENTICATED
    if payment.result == CANCELLED:
        text = codes.CANCELLED_TEXT
    fields = {
        **dict.fromkeys(EMPTY_IN_REFUSAL, ""),
        "responseCode": code,
        "responseMessage": text,
        "orderId": payment.order_id,
    }
    return fields, [name for name in fields if name not in SIGNED_REFUSAL]


def _result(bank, payment):
    code, text, host_code = _verdict(payment)
    done = payment.transaction
    when = done.authorised_at if done else bank.clock.now()
    fields = {
        "txnCode": ENTRY_CODES[payment.preauth],
        "responseCode": code,
        "responseMessage": text,
        "hostResponseCode": host_code,
        "hostMessage": codes.host_text(host_code),
        "txnDateTime": format_time(when),
        "merchantSafeId": payment.terminal.client_id,
        "terminalSafeId": payment.terminal.extra["terminal_safe_id"],
        "orderId": payment.order_id,
        "authCode": (done and done.auth_code) or NO_AUTH_CODE,
        "rrn": done.host_ref if done else "0",
        "batchNumber": (done and done.settle_id) or "0",
        "stan": str(stan(done)),
        "mdStatus": "1",
        "maskedCardNumber": masked_number(payment.card.masked),
        "amount": format_amount(payment.charged_kurus),
        "installCount": str(payment.installments or 1),
        "okUrl": payment.fields["okUrl"],
        "failUrl": payment.fields["failUrl"],
    }
    shape = payment.terminal.extra.get("return_shape", "2026")
    return fields, SINCE_2026 if shape == "2024" else ()


def _verdict(payment):
    """Return responseCode, responseMessage and hostResponseCode."""
    if payment.result == REFUSED:
        return codes.REFUSALS[payment.refusal]
    if payment.approved:
        return *codes.SUCCESS, payment.transaction.code
    return *codes.DECLINED, payment.transaction.code


def stan(transaction):
    """Return the trace number, which this bank derives from the reference."""
    return int(transaction.host_ref[-6:]) if transaction else 0


def masked_number(masked):
    """``454360******0002``, as this bank's messages write it."""
    return f"{masked[:6]}******{masked[-4:]}"


def format_time(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3]
