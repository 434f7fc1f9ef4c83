"""GVP's four digests, of API version 512."""

import hashlib

RETURN_NAMES = (
    "clientid",
    "oid",
    "authcode",
    "procreturncode",
    "response",
    "mdstatus",
    "cavv",
    "eci",
    "md",
    "rnd",
)
_FORM_NAMES = (
    "terminalid",
    "orderid",
    "txnamount",
    "txncurrencycode",
    "successurl",
    "errorurl",
    "txntype",
    "txninstallmentcount",
)


def security_data(password, terminal_id):
    """Only here is the terminal id padded to nine digits."""
    text = password + terminal_id.rjust(9, "0")
    return hashlib.sha1(text.encode()).hexdigest().upper()


def form_hash(fields, store_key, security):
    """Return the ``secure3dhash`` of a form."""
    return _sha512([fields.get(name, "") for name in _FORM_NAMES], store_key, security)


def return_hash(fields, store_key):
    """Return the ``hash`` of a return message, over what its ``hashparams`` lists."""
    return _sha512(listed_values(fields), store_key)


def listed_values(fields):
    names = fields["hashparams"].split(":")
    return [fields.get(name, "") for name in names if name]


def request_hash(fields, security):
    """Return the ``Terminal/HashData`` of an XML request."""
    names = (
        "Order/OrderID",
        "Terminal/ID",
        "Card/Number",
        "Transaction/Amount",
        "Transaction/CurrencyCode",
    )
    return _sha512([fields.get(name, "") for name in names], security)


def answer_hash(values, security, *, old_version=False):
    """Return the ``Transaction/HashData`` of an XML answer.

    :param values: Code, RetrefNum, AuthCode, ProvDate and OrderID
    :param old_version: SHA-1, as requests with a version before 512 are answered
    """
    if old_version:
        text = "".join([*values, security])
        return hashlib.sha1(text.encode()).hexdigest().upper()
    return _sha512(values, security)


def _sha512(values, *secrets):
    text = "".join([*values, *secrets])
    return hashlib.sha512(text.encode()).hexdigest().upper()
