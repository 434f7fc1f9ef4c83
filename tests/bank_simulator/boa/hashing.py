"""SHA-1, base64, over glued values that end with the hash of the password."""

import base64
import hashlib
import hmac

HASH_NAME = "HashData"
_REQUEST = ("MerchantId", "MerchantOrderId", "Amount", "OkUrl", "FailUrl", "UserName")
_ANSWER = ("MerchantOrderId", "RRN", "ResponseCode", "OrderId")


def _sha1(text):
    return base64.b64encode(hashlib.sha1(text.encode()).digest()).decode()


def hash_password(password):
    return _sha1(password)


def request_hash(fields, hashed_password):
    """A message without addresses has empty text for them; so for anything absent."""
    return _sha1("".join(fields.get(n, "") for n in _REQUEST) + hashed_password)


def answer_hash(fields, hashed_password):
    """In the answer to an authentication there is no RRN yet."""
    return _sha1("".join(fields.get(n, "") for n in _ANSWER) + hashed_password)


def same_text(claimed, expected):
    return hmac.compare_digest(claimed.encode(), expected.encode())
