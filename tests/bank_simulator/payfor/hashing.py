"""PayFor's two digests: of the form, and of the return message."""

from ..digests import base64_of

FORM_NAMES = (
    "MbrId",
    "OrderId",
    "PurchAmount",
    "OkUrl",
    "FailUrl",
    "TxnType",
    "InstallmentCount",
    "Rnd",
)


def form_hash(fields, merchant_pass):
    """Return the ``Hash`` of a form."""
    text = "".join(fields.get(name, "") for name in FORM_NAMES) + merchant_pass
    return base64_of("sha1", text)


def return_hash(fields, merchant_id, user_code, merchant_pass):
    """Return the ``ResponseHash`` of a message; without HashType it is SHA-256."""
    names = ("OrderId", "AuthCode", "ProcReturnCode", "3DStatus", "ResponseRnd")
    values = [fields.get(name, "") for name in names]
    text = "".join([merchant_id, merchant_pass, *values, user_code])
    return base64_of("sha1" if fields.get("HashType") == "Sha1" else "sha256", text)
