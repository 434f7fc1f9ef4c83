"""HMAC-SHA512, base64, over glued values. The secret key is used as text."""

import base64
import hashlib
import hmac

from ..digests import same

HASH_NAME = "hash"
PARAMS_NAME = "hashParams"

# The order in which the browser form is signed; an absent field is empty text.
FORM_NAMES = (
    "paymentModel",
    "txnCode",
    "merchantSafeId",
    "terminalSafeId",
    "orderId",
    "lang",
    "amount",
    "ccbRewardAmount",
    "pcbRewardAmount",
    "xcbRewardAmount",
    "currencyCode",
    "installCount",
    "okUrl",
    "failUrl",
    "emailAddress",
    "subMerchantId",
    "creditCard",
    "expiredDate",
    "cvv",
    "randomNumber",
    "requestDateTime",
    "b2bIdentityNumber",
)


def compute_hash(message, secret_key):
    """Return the signature of a text or of the exact bytes of a body."""
    if isinstance(message, str):
        message = message.encode()
    digest = hmac.digest(secret_key.encode(), message, hashlib.sha512)
    return base64.b64encode(digest).decode()


def form_text(fields):
    return "".join(fields.get(name, "") for name in FORM_NAMES)


def return_text(fields):
    """Return what is signed of a result: the values that ``hashParams`` names."""
    return "".join(fields.get(name, "") for name in fields[PARAMS_NAME].split("+"))


def is_genuine(claimed, message, secret_key):
    return same(claimed, compute_hash(message, secret_key))
