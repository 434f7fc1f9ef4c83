"""What PayFor signs and how: pure functions of keys and texts."""

from collections.abc import Mapping

from . import digest

_FORM_NAMES = (
    "MbrId OrderId PurchAmount OkUrl FailUrl TxnType InstallmentCount Rnd".split()
)
_RETURN_NAMES = "OrderId AuthCode ProcReturnCode 3DStatus ResponseRnd".split()
_DIGEST_OF_LENGTH = {28: "sha1", 44: "sha256"}
_DIGEST_OF_TYPE = {"Sha1": "sha1", "Sha256": "sha256"}


def form_hash(merchant_pass: str, fields: Mapping[str, str]) -> str:
    """The values of the form that are signed, glued together, then the 3-D password."""
    glued = digest.glued(_FORM_NAMES, fields)
    return digest.base64_of("sha1", glued + merchant_pass)


def return_hash(
    secret: Mapping[str, str], fields: Mapping[str, str], algorithm: str
) -> str:
    """:param secret: ``merchant_id``, ``merchant_pass`` and ``user_code``, of ours"""
    glued = digest.glued(_RETURN_NAMES, fields)
    head = secret["merchant_id"] + secret["merchant_pass"]
    return digest.base64_of(algorithm, head + glued + secret["user_code"])


def is_genuine_return(secret: Mapping[str, str], fields: Mapping[str, str]) -> bool:
    """Whether the bank signed this return; its type tells how, else its length."""
    their_hash, kind = fields.get("ResponseHash", ""), fields.get("HashType", "")
    by_length = _DIGEST_OF_LENGTH.get(len(their_hash))
    algorithm = _DIGEST_OF_TYPE.get(kind) if kind else by_length
    if not all(secret.values()) or not algorithm:
        return False
    return digest.same(return_hash(secret, fields, algorithm), their_hash)
