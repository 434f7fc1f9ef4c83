"""The one hash of this family: that of a registration, which the bank does not need."""

import base64
import hashlib

_SUFFIX = "VBank3DPay2014"


def compute_hash(fields, password):
    text = fields["HostMerchantId"] + fields["AmountCode"] + fields["Amount"]
    digest = hashlib.sha1((text + password + _SUFFIX).encode()).digest()
    return base64.b64encode(digest).decode()
