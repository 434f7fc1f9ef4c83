"""The one hash of this family: that of a registration, which the bank does not need."""

from ..digests import base64_of

_SUFFIX = "VBank3DPay2014"


def compute_hash(fields, password):
    text = fields["HostMerchantId"] + fields["AmountCode"] + fields["Amount"]
    return base64_of("sha1", text + password + _SUFFIX)
