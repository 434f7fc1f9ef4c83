"""InterPOS's two digests: of the form, and of the return message."""

from ..digests import base64_of

PARAMS = (
    "Version:PurchAmount:Exponent:Currency:OkUrl:FailUrl:MD:OrderId:ProcReturnCode"
    ":Response:mdStatus:"
)
FORM_NAMES = (
    "ShopCode",
    "OrderId",
    "PurchAmount",
    "OkUrl",
    "FailUrl",
    "TxnType",
    "InstallmentCount",
    "Rnd",
)


def form_hash(fields, store_key):
    """Return the ``Hash`` of a form."""
    return _digest([fields.get(name, "") for name in FORM_NAMES], store_key)


def return_hash(fields, store_key):
    """Return the ``HASH`` of a message, over what its ``HASHPARAMS`` lists."""
    return _digest(listed_values(fields), store_key)


def listed_values(fields):
    names = fields["HASHPARAMS"].split(":")
    return [fields.get(name, "") for name in names if name]


def _digest(values, store_key):
    return base64_of("sha1", "".join([*values, store_key]))
