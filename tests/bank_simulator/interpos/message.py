"""The signed result that goes to OkUrl or FailUrl."""

from ..faults import signed
from ..money import parse_amount
from ..orders import Message
from ..payments import AUTHENTICATED, AUTHORISED, CANCELLED, REFUSED
from . import codes
from .amounts import format_comma
from .hashing import PARAMS, listed_values, return_hash

FULL_AUTHENTICATION_ECI = {"VISA": "05", "TROY": "05", "MASTERCARD": "02"}
HASH_NAME = "HASH"
ECHOED = ("ShopCode", "OrderId", "Currency", "OkUrl", "FailUrl")
EMPTY = (
    "Version",
    "MerchantID",
    "Exponent",
    "Description",
    "Description2",
    "RetCode",
    "RetDet",
    "VenderCode",
    "CavvAlg",
)


def word_message(bank, order, payment):
    """Return the message that the payer's browser carries."""
    good = payment.approved or payment.result == AUTHENTICATED
    fields = {
        **dict.fromkeys(EMPTY, ""),
        **{name: payment.fields.get(name, "") for name in ECHOED},
        "PurchAmount": format_comma(payment.charged_kurus),
        **_authentication_fields(bank, order, payment),
        **_result_fields(payment),
    }
    target = payment.fields["OkUrl" if good else "FailUrl"]
    return Message(target, sign(fields, payment.terminal.store_key, payment.faults))


def word_refusal(fields, terminal, code, text):
    """Return the message about a refused form, as that of a closed terminal was seen.

    That other refusals are answered in the same way is an assumption.
    """
    message = {
        **dict.fromkeys(EMPTY, ""),
        **{name: fields.get(name, "") for name in ECHOED},
        "PurchAmount": _comma_of(fields.get("PurchAmount", "")),
        "MD": "",
        "3DStatus": "0",
        "mdStatus": codes.MD_STATUS.get(code, "0"),
        "TxnStat": "N",
        "ProcReturnCode": "81" if code == codes.INACTIVE[1] else "99",
        "ErrorCode": code,
        "ErrorMessage": text,
        "Response": "",
        "AuthCode": "",
        "HostRefNum": "",
        "TransId": "",
        "TxnResult": "",
    }
    return Message(fields["FailUrl"], sign(message, terminal.store_key))


def sign(fields, store_key, faults=()):
    """Return the fields with ``HASHPARAMS``, ``HASHPARAMSVAL`` and ``HASH``."""
    unsigned = {"HASHPARAMS": PARAMS, **fields}
    unsigned.pop(HASH_NAME, None)
    unsigned["HASHPARAMSVAL"] = "".join(listed_values(unsigned))
    return signed(
        unsigned, HASH_NAME, lambda key: return_hash(unsigned, key), store_key, faults
    )


def _comma_of(text):
    try:
        return format_comma(parse_amount(text))
    except ValueError:
        return text


def _authentication_fields(bank, order, payment):
    card = payment.card
    good = payment.authenticated
    return {
        "MD": bank.nonce(order, 30) if card else "",
        "Eci": FULL_AUTHENTICATION_ECI.get(card.brand, "") if good else "",
        "PayerAuthenticationCode": bank.nonce(order) if good else "",
        "PayerTxnId": bank.nonce(order) if card else "",
        "PAResVerified": "True" if good else "False",
        "PAResSyntaxOK": "True" if good else "False",
        "Expiry": "****",
        "Pan": card.masked.replace("***", "******") if card else "",
        "3DStatus": "1" if good else "0",
        "mdStatus": "1" if good else "0",
        "TxnStat": "Y" if good else "N",
    }


def _result_fields(payment):
    done = payment.transaction
    response, (code, error, text) = _verdict(payment)
    return {
        "ProcReturnCode": code,
        "ErrorCode": error,
        "ErrorMessage": text,
        "Response": response,
        "AuthCode": done.auth_code if done else "",
        "HostRefNum": done.host_ref if done else "",
        "TransId": done.trans_id if done else "",
        "TRXDATE": done.authorised_at.strftime("%d.%m.%Y %H:%M:%S") if done else "",
        "TxnResult": "Success" if payment.approved else "Failed",
    }


def _verdict(payment):
    """Return Response, and ProcReturnCode, ErrorCode and ErrorMessage."""
    if payment.result == AUTHORISED:
        done = payment.transaction
        response = "Approved" if payment.approved else "Declined"
        return response, (done.code, "", done.text)
    if payment.result == REFUSED:
        return "Error", codes.REFUSALS[payment.refusal]
    if payment.result == AUTHENTICATED:
        return "", ("", "", "")
    cancelled = payment.result == CANCELLED
    return "", codes.CANCELLED if cancelled else codes.NOT_AUTHENTICATED
