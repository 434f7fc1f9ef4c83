"""Codes of Tosla, from its developer pages.

Three digits (and 1) are Tosla's own ``Code``; two digits are the bank's answer behind
it, as issuers give them (ISO 8583, field 39); ``MD:N`` stands in its place where the
3-D authentication ended with mdStatus N.
"""

from . import Codes, issuer, issuer_unsure, spread

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "configuration": "200 202 250 510 511 997 998",
            "invalid_card": "402",
            "expired": "401",
            "security_code": "400",
            "three_d_failed": "MD:0 MD:2 MD:3 MD:4 MD:5 MD:6 MD:7 MD:8 MD:9",
        }
    ),
    uncertain=issuer_unsure() | spread({"bank_unreachable": "999", "other": "100"}),
)

FOLLOW_UP_REFUSALS = spread(
    {"not_found": "101", "not_possible": "1", "amount_not_allowed": "103 104"}
)
"""Said of a capture, void or refund only: nothing was done, and nothing will be."""
