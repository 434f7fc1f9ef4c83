"""The signed result that goes to okUrl, failUrl and callbackUrl."""

from ..faults import signed
from ..money import format_amount
from ..orders import Message
from ..payments import AUTHORISED, CANCELLED, REFUSED
from .codes import REFUSALS
from .form import is_old
from .hashing import (
    HASH_NAME,
    PARAMS_NAME,
    compute_hash,
    compute_old_return_hash,
    listed_values,
)

# What of the form is not echoed: it belongs to the form's own signature.
NOT_ECHOED = ("hash", "rnd", "encoding")
FULL_AUTHENTICATION_ECI = {"VISA": "05", "TROY": "05", "MASTERCARD": "02"}
SCHEME_NUMBERS = {"VISA": "1", "MASTERCARD": "2", "TROY": "3"}
# What version 1 signs, without and with a payment's result.
OLD_AUTHENTICATION_NAMES = "clientid:oid:mdStatus:cavv:eci:md:rnd:"
OLD_RESULT_NAMES = (
    "clientid:oid:AuthCode:ProcReturnCode:Response:mdStatus:cavv:eci:md:rnd:"
)
CANCELLED_TEXT = "Islem kart hamili tarafindan iptal edildi."
NOT_AUTHENTICATED_TEXT = "3D dogrulama basarisiz."


def word_messages(bank, order, payment):
    """Return the browser's message and the server notice, each with its own rnd."""
    target = payment.fields["okUrl" if payment.approved else "failUrl"]
    facts = _facts(bank, order, payment)
    returned = _sign(bank, order, payment, target, facts)
    callback_url = payment.fields.get("callbackUrl")
    if not callback_url:
        return returned, None
    return returned, _sign(bank, order, payment, callback_url, facts)


def _facts(bank, order, payment):
    """Return all fields of the message but rnd and HASH."""
    own = {
        **_order_fields(payment),
        **_authentication_fields(bank, order, payment),
    }
    if payment.authenticated or not is_old(payment.fields):
        own |= _result_fields(bank, payment)
    own_names = {name.lower() for name in own}
    echoed = {
        name: value
        for name, value in payment.fields.items()
        if name.lower() not in own_names and name.lower() not in NOT_ECHOED
    }
    return {**echoed, **own}


def _order_fields(payment):
    amount = payment.fields["amount"]
    if payment.charged_kurus != payment.amount_kurus:
        amount = format_amount(payment.charged_kurus)
    if payment.terminal.shorten_amounts:
        amount = amount.removesuffix(".00")
    return {
        "ReturnOid": payment.order_id,
        "oid": payment.order_id,
        "clientid": payment.terminal.client_id,
        "merchantID": payment.terminal.client_id,
        "amount": amount,
        "taksit": payment.fields.get("taksit", ""),
        "encoding": "utf-8",
        "clientIp": payment.client_ip,
        "maskedCreditCard": payment.card.masked if payment.card else "",
    }


def _authentication_fields(bank, order, payment):
    card = payment.card
    good = payment.authenticated
    status = "Y" if good else "N"
    # A cancel on the card page comes before any card.
    md = ""
    if card:
        packet = bank.token(order) + bank.token(order)
        md = (
            f"{card.number[:6]}:{packet.upper()}:{bank.digits(order, 4)}"
            f":##{payment.terminal.client_id}"
        )
    return {
        "mdStatus": "1" if good else "0",
        "mdErrorMsg": f"{status}-status/Challenge authentication via ACS",
        "txstatus": status,
        "paresTxStatus": status,
        "PAResVerified": "true" if card else "false",
        "PAResSyntaxOK": "true" if card else "false",
        "eci": FULL_AUTHENTICATION_ECI.get(card.brand, "") if good else "",
        "cavv": bank.nonce(order) if good else "",
        "xid": bank.nonce(order),
        "md": md,
        "dsId": SCHEME_NUMBERS.get(card.brand, "") if card else "",
        "protocol": "3DS2.2.0",
        "TDS2.transStatus": status,
        "TDS2.authenticationType": "02",
    }


def _result_fields(bank, payment):
    done = payment.transaction
    response, code, error, text = _verdict(payment)
    when = done.authorised_at if done else bank.clock.now()
    return {
        "Response": response,
        "ProcReturnCode": code,
        "AuthCode": done.auth_code if done else "",
        "HostRefNum": done.host_ref if done else "",
        "TransId": done.trans_id if done else "",
        "SettleId": done.settle_id if done else "",
        "ErrMsg": text,
        "EXTRA.TRXDATE": when.strftime("%Y%m%d %H:%M:%S"),
        "EXTRA.ERRORCODE": error,
        "EXTRA.CARDBRAND": payment.card.brand if payment.card else "",
        "EXTRA.CARDISSUER": payment.card.issuer if payment.card else "",
    }


def _verdict(payment):
    """Return Response, ProcReturnCode, ERRORCODE and ErrMsg."""
    if payment.result == AUTHORISED:
        done = payment.transaction
        response = "Approved" if payment.approved else "Declined"
        return response, done.code, "", done.text
    if payment.result == REFUSED:
        error, text = REFUSALS[payment.refusal]
        return "Error", "99", error, text
    cancelled = payment.result == CANCELLED
    return "Error", "99", "", CANCELLED_TEXT if cancelled else NOT_AUTHENTICATED_TEXT


def _sign(bank, order, payment, target, facts):
    fields = {**facts, "rnd": bank.nonce(order, 15)}
    if is_old(payment.fields):
        with_result = "ProcReturnCode" in fields
        names = OLD_RESULT_NAMES if with_result else OLD_AUTHENTICATION_NAMES
        fields[PARAMS_NAME] = names
    return Message(target, sign(fields, payment.terminal.store_key, payment.faults))


def sign(fields, store_key, faults=()):
    """Return the fields signed with version 1 if they have HASHPARAMS, else with 3."""
    unsigned = {n: v for n, v in fields.items() if n.lower() != "hash"}
    compute = compute_hash
    if PARAMS_NAME in unsigned:
        unsigned[f"{PARAMS_NAME}VAL"] = "".join(listed_values(unsigned))
        compute = compute_old_return_hash
    return signed(
        unsigned, HASH_NAME, lambda key: compute(unsigned, key), store_key, faults
    )
