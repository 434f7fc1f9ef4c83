"""The signed result that goes to successurl or errorurl."""

from ..faults import signed
from ..orders import Message
from ..payments import AUTHENTICATED, AUTHORISED, CANCELLED, REFUSED
from .codes import REFUSALS, SYSTEM_ERROR
from .form import password_of
from .hashing import (
    RETURN_NAMES,
    form_hash,
    listed_values,
    return_hash,
    security_data,
)

# What of the form comes back; the card and the payer's data do not.
ECHOED = (
    "apiversion",
    "errorurl",
    "mode",
    "orderid",
    "secure3dhash",
    "secure3dsecuritylevel",
    "successurl",
    "terminalid",
    "terminalmerchantid",
    "terminalprovuserid",
    "terminaluserid",
    "txnamount",
    "txncurrencycode",
    "txninstallmentcount",
    "txntype",
)
FULL_AUTHENTICATION_ECI = {"VISA": "05", "TROY": "05", "MASTERCARD": "02"}
CANCELLED_TEXT = "Islem kart hamili tarafindan iptal edildi"
NOT_AUTHENTICATED_TEXT = "Not authenticated"


def word_message(bank, order, payment):
    """Return the message that the payer's browser carries."""
    good = payment.approved or payment.result == AUTHENTICATED
    target = payment.fields["successurl" if good else "errorurl"]
    fields = {
        **_echo(payment),
        **_authentication_fields(bank, order, payment),
        **_result_fields(payment),
        "clientid": payment.terminal.client_id,
        "oid": payment.order_id,
        "transid": payment.order_id,
        "MaskedPan": _masked(payment.card),
        "rnd": bank.nonce(order, 15),
    }
    return Message(target, sign(fields, payment.terminal.store_key, payment.faults))


def sign(fields, store_key, faults=()):
    """Return the fields with ``hashparams``, ``hashparamsval`` and ``hash``."""
    listed = {"hashparams": "".join(f"{name}:" for name in RETURN_NAMES), **fields}
    listed.pop("hash", None)
    listed["hashparamsval"] = "".join(listed_values(listed))
    return signed(
        listed, "hash", lambda key: return_hash(listed, key), store_key, faults
    )


def word_system_error(fields, text):
    """Return the unsigned mdstatus 7 of a form that the gate does not take."""
    echoed = {name: fields[name] for name in ECHOED if name in fields}
    return Message(
        fields["errorurl"],
        {
            **echoed,
            "mdstatus": "7",
            "mderrormessage": "Sistem Hatasi",
            "errmsg": text,
            "clientid": fields.get("terminalid", ""),
            "oid": fields.get("orderid", ""),
            "response": "Error",
            "procreturncode": SYSTEM_ERROR,
        },
    )


def _echo(payment):
    fields = {name: payment.fields.get(name, "") for name in ECHOED}
    if payment.charged_kurus != payment.amount_kurus:
        # The own hash is that of the form which the bank believes to have received.
        fields["txnamount"] = str(payment.charged_kurus)
        password = password_of(payment.terminal, fields["terminalprovuserid"])
        security = security_data(password, payment.terminal.client_id)
        key = payment.terminal.store_key
        fields["secure3dhash"] = form_hash(fields, key, security)
    return fields


def _authentication_fields(bank, order, payment):
    card = payment.card
    good = payment.authenticated
    return {
        "mdstatus": "1" if good else "0",
        "mderrormessage": "Authenticated" if good else NOT_AUTHENTICATED_TEXT,
        "txnstatus": "Y" if good else "N",
        "eci": FULL_AUTHENTICATION_ECI.get(card.brand, "") if good else "",
        "cavv": bank.nonce(order) if good else "",
        "xid": bank.nonce(order),
        "md": bank.nonce(order, 90) if card else "",
        "paressyntaxok": "true" if card else "",
        "paresverified": "true" if card else "",
        "version": "2.0",
    }


def _result_fields(payment):
    done = payment.transaction
    response, code, text = _verdict(payment)
    authcode = done.auth_code if done else ""
    if response == "Declined":
        authcode = " "  # a blank, which is signed
    return {
        "response": response,
        "procreturncode": code,
        "authcode": authcode,
        "hostrefnum": done.host_ref if done else "",
        "errmsg": text,
        "hostmsg": text,
    }


def _verdict(payment):
    """Return response, procreturncode and errmsg."""
    if payment.result == AUTHORISED:
        done = payment.transaction
        return "Approved" if payment.approved else "Declined", done.code, done.text
    if payment.result == REFUSED:
        code, _reason, text = REFUSALS[payment.refusal]
        return "Declined", code, text
    if payment.authenticated:
        return "", "", ""
    cancelled = payment.result == CANCELLED
    return "", "", CANCELLED_TEXT if cancelled else NOT_AUTHENTICATED_TEXT


def _masked(card):
    return f"{card.number[:8]}****{card.number[-4:]}" if card else ""
