"""Codes of PosNet, from its merchant documentation: XML (Yapı Kredi) and V1 (Albaraka).

Four digits under 0100 are the issuer's (ISO 8583, field 39); the other four digits are
the bank's, ``E`` and three digits its service's. ``mdStatus=N`` is a failed
authentication.
"""

from ..answers import Hint
from . import Codes, spread

CODES = Codes(
    refusals=spread(
        {
            "limit": "0001 0051 0065 0232 0233",
            "do_not_honour": "0005 0007 0444",
            "not_permitted": "0012 0015 0057 0058 0062",
            "invalid_card": "0014 0053",
            "lost_or_stolen": "0041 0043 0217",
            "expired": "0054",
            "fraud_rule": "0129",
            "three_d_failed": "mdStatus=0 mdStatus=2 mdStatus=3 mdStatus=4 mdStatus=5"
            " mdStatus=6 mdStatus=7 mdStatus=8 mdStatus=9",
            "amount_not_allowed": "0205",
            "configuration": "0146 0147 0148 0150 0180 0320 0321 0324 0325 0340 0341"
            " E117 E154 E190 E215 E216",
        }
    ),
    uncertain=spread(
        {
            "bank_unreachable": "0091 0302 0400 E997 E998 E999",
            # The first run of this order may have been charged.
            "duplicate": "0127",
        }
    ),
    hints={
        "0411": Hint.VOID_INSTEAD,
        "0211": Hint.REFUND_INSTEAD,
        "0218": Hint.DONE_BEFORE,
        "0220": Hint.DONE_BEFORE,
        "0370": Hint.DONE_BEFORE,
    },
    not_found=frozenset({"E219"}),
)

FOLLOW_UP_REFUSALS = spread(
    {
        "not_found": "0122 0123 E219",
        "not_possible": "0206 0211 0218 0219 0220 0223 0229 0370 0411 0450 0788",
    }
)
"""Said of a capture, void or refund only: nothing was done, and nothing will be."""

OTHER_SPELLING = frozenset({"E219", "0123"})
"""What also comes if the bank knows the order number with another prefix."""
