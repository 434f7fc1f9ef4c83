"""SHA-1, base64, over glued values that end with the hash of the password."""

from ..digests import base64_of

HASH_NAME = "HashData"
_REQUEST = ("MerchantId", "MerchantOrderId", "Amount", "OkUrl", "FailUrl", "UserName")
_ANSWER = ("MerchantOrderId", "RRN", "ResponseCode", "OrderId")


def hash_password(password):
    return base64_of("sha1", password)


def request_hash(fields, hashed_password):
    """A message without addresses has empty text for them; so for anything absent."""
    return base64_of(
        "sha1", "".join(fields.get(n, "") for n in _REQUEST) + hashed_password
    )


def answer_hash(fields, hashed_password):
    """In the answer to an authentication there is no RRN yet."""
    return base64_of(
        "sha1", "".join(fields.get(n, "") for n in _ANSWER) + hashed_password
    )
