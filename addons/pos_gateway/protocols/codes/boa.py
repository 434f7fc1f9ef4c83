"""Codes of BOA: two digits of the issuer, words of the gate itself.

MetaDataNotFound also says that the authentication was used before: a charge whose
answer was lost may be behind it. DbLayerError is any rule of the bank's books.
"""

from ..answers import Hint
from . import Codes, issuer, issuer_unsure, spread

BUSINESS_ERROR = "DbLayerError"

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "three_d_failed": "MPIAuthenticationStatusN",
            "configuration": "HashDataError InvalidTransactionSecurity EmptyMDException"
            " MerchantNotDefined",
            "not_found": "OrderDataNotFound NonResult",
            "not_possible": f"21 28 {BUSINESS_ERROR} InvalidRequestError",
        }
    ),
    uncertain=issuer_unsure() | spread({"duplicate": "MetaDataNotFound"}),
    hints={"21": Hint.DONE_BEFORE, "28": Hint.DONE_BEFORE},
    not_found=frozenset({"OrderDataNotFound", "NonResult"}),
)
