"""Codes of NestPay, from the code table of its merchant documentation.

Codes of two digits are the issuer's (ISO 8583, sometimes written ``ISO8583-51``);
``CORE-``, ``HPP-``, ``3D-`` and ``BM-`` are NestPay's own; ``mdStatus=N`` is a failed
authentication that got no other code.
"""

from ..answers import Hint
from . import Codes, issuer, issuer_unsure, spread

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "not_permitted": "CORE-2205 CORE-2517",
            "invalid_card": "CORE-2011 CORE-2012 CORE-2015 HPP-1001",
            "security_code": "CORE-2208",
            "expired": "CORE-2010",
            "installment_not_allowed": "CORE-2124 CORE-2204 CORE-2601 CORE-2603",
            "three_d_failed": "CORE-2121 CORE-2206"
            " mdStatus=0 mdStatus=5 mdStatus=6 mdStatus=7 mdStatus=8 mdStatus=9",
            "fraud_rule": "CORE-2250 CORE-2251 CORE-2252 CORE-2253 CORE-2255 CORE-2256",
            "amount_not_allowed": "CORE-2009",
            "configuration": "3D-1004 CORE-2201 CORE-2202 CORE-2254 CORE-2301 "
            + " ".join(f"CORE-{number}" for number in range(1010, 1030)),
        }
    ),
    uncertain=issuer_unsure()
    | spread(
        {
            "bank_unreachable": "BM-9100 BM-9101 BM-9102 BM-9103 CORE-2016 CORE-2304",
            # Another attempt on the same order may have been charged.
            "duplicate": "CORE-2127 CORE-2302 CORE-2507",
        }
    ),
    hints={
        "CORE-2508": Hint.VOID_INSTEAD,
        "CORE-2008": Hint.REFUND_INSTEAD,
        "CORE-2511": Hint.REFUND_INSTEAD,
        "CORE-2504": Hint.DONE_BEFORE,
        "CORE-2506": Hint.DONE_BEFORE,
    },
)

FOLLOW_UP_REFUSALS = spread(
    {
        "not_possible": "CORE-2008 CORE-2115 CORE-2116 CORE-2117 CORE-2119 CORE-2120"
        " CORE-2122 CORE-2133 CORE-2503 CORE-2504 CORE-2505 CORE-2506 CORE-2508"
        " CORE-2509 CORE-2511 CORE-2512 CORE-2513 CORE-2514",
    }
)
"""Said of a capture, void or refund only: nothing was done, and nothing will be."""


def normal(code: str) -> str:
    """Write an issuer's code one way.

    >>> normal("ISO8583-51"), normal("CORE-2603")
    ('51', 'CORE-2603')
    """
    return code.removeprefix("ISO8583-")
