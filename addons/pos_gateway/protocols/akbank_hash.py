"""Akbank's signatures: HMAC-SHA512 over values that are glued together, in base64."""

import re
from collections.abc import Iterable, Mapping

from . import digest

FORM_NAMES = (
    "paymentModel txnCode merchantSafeId terminalSafeId orderId lang amount"
    " ccbRewardAmount pcbRewardAmount xcbRewardAmount currencyCode installCount okUrl"
    " failUrl emailAddress subMerchantId creditCard expiredDate cvv randomNumber"
    " requestDateTime b2bIdentityNumber"
).split()
RETURN_NAMES = (
    "txnCode responseCode responseMessage hostResponseCode hostMessage txnDateTime"
    " merchantSafeId terminalSafeId orderId secureId secureEcomInd secureData secureMd"
    " cardHolderName authCode rrn batchNumber stan additionalInstallCount deferingMonth"
    " ccbEarnedRewardAmount ccbBalanceRewardAmount ccbRewardDesc pcbEarnedRewardAmount"
    " pcbBalanceRewardAmount pcbRewardDesc xcbEarnedRewardAmount xcbBalanceRewardAmount"
    " xcbRewardDesc"
).split()
"""What may be signed in a return, in the bank's order; without a value: not named."""
ADDED_NAMES = frozenset(
    "mdStatus maskedCardNumber amount installCount okUrl failUrl".split()
)
"""What a return may also sign since 2026."""
_NEVER_LEFT_OUT = frozenset(
    "txnCode responseCode merchantSafeId terminalSafeId orderId".split()
)
_REFUSAL_NAMES = ["responseCode", "responseMessage", "orderId"]
_SHAPES = {
    name: re.compile(shape)
    for name, shape in {
        "txnCode": "[0-9]{4}",
        "responseCode": "VPS-[0-9]{4}",
        "hostResponseCode": "[0-9A-Z]{0,3}",
        "txnDateTime": r"([0-9-]{10}T[0-9:.+]{8,18})?",
        "authCode": "[0-9A-Za-z]{0,6}",
        "rrn": "[0-9]{0,12}",
        "mdStatus": "[0-9]?",
    }.items()
}


def form_hash(secret_key: str, fields: Mapping[str, str]) -> str:
    """The values of all fields that there are, in the bank's order."""
    return return_hash(secret_key, FORM_NAMES, fields)


def body_hash(secret_key: str, body: bytes) -> str:
    """Of the very bytes that are sent."""
    return digest.hmac_base64_of("sha512", secret_key, body)


def return_hash(secret_key: str, names: Iterable[str], fields: Mapping[str, str]):
    """The values of these fields in this order; what is absent adds nothing."""
    glued = digest.glued(names, fields)
    return digest.hmac_base64_of("sha512", secret_key, glued)


def signed_part(secret_key: str, fields: Mapping[str, str]) -> dict[str, str] | None:
    """:return: what the hash of a return covers, or ``None`` if it is not genuine"""
    names, their_hash = fields.get("hashParams", "").split("+"), fields.get("hash", "")
    if not (secret_key and their_hash and is_known_list(names)):
        return None
    if not digest.same(return_hash(secret_key, names, fields), their_hash):
        return None
    return {name: fields.get(name, "") for name in names}


def is_known_list(names: list[str]) -> bool:
    """Whether a list of signed names is one of the bank's.

    >>> is_known_list("responseCode+responseMessage+orderId".split("+"))
    True
    >>> is_known_list("responseCode+orderId".split("+"))
    False
    """
    if names == _REFUSAL_NAMES:
        return True
    old = [name for name in names if name not in ADDED_NAMES]
    in_order = [name for name in RETURN_NAMES if name in old]
    return (
        old == in_order and len({*names}) == len(names) and _NEVER_LEFT_OUT <= {*names}
    )


def is_in_shape(fields: Mapping[str, str]) -> bool:
    """Whether values look like their fields: else letters were moved between them."""
    return all(
        shape.fullmatch(fields[name])
        for name, shape in _SHAPES.items()
        if name in fields
    )
