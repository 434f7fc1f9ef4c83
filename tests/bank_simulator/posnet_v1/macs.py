"""MACs of PosNet V1: base64 SHA-256 over values put end to end, and the key."""

from ..digests import base64_of

SECURE_SALE = "MerchantNo:TerminalNo:SecureTransactionId:CavvData:Eci:MdStatus"
FOLLOW_UP = "MerchantNo:TerminalNo:ReferenceCode:OrderId"
PLAIN = "MerchantNo:TerminalNo"
RETURN = "ECI:CAVV:MdStatus:MdErrorMessage:MD:SecureTransactionId"

FORM_NAMES = ("MerchantNo", "TerminalNo", "CardNo", "Cvv", "ExpiredDate", "Amount")


def digest(values, key):
    text = "".join(values) + key
    return base64_of("sha256", text)


def form_mac(fields, key):
    """Return the MAC of the browser's form; with UseOOS=1 it has no card part."""
    return digest([fields.get(name, "") for name in FORM_NAMES], key)


def named_mac(params, message, key):
    """Return the MAC over the values that ``params`` names, wherever they are."""
    return digest([find(message, name) for name in params.split(":")], key)


def find(message, name):
    """Return the text of a value in nested objects; absent and null are empty."""
    value = _find(message, name)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _find(message, name):
    if name in message:
        return message[name]
    for value in message.values():
        if isinstance(value, dict) and (found := _find(value, name)) is not None:
            return found
    return None
