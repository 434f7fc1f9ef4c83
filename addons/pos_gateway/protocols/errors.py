"""Bank codes -> why a payment did not happen, for the payer's sentence and for parse.

Codes of two digits are the issuer's (ISO 8583); ``CORE-``, ``HPP-``, ``3D-`` and
``BM-`` are NestPay's own; ``mdStatus=N`` is a failed authentication that got no other
code.
Source: the code table of NestPay's merchant documentation.
"""

REASONS = (
    "limit",
    "expired",
    "do_not_honour",
    "invalid_card",
    "not_permitted",
    "three_d_failed",
    "installment_not_allowed",
    "bank_unreachable",
    "configuration",
    "fraud_rule",
    "cancelled",
    "other",
)

_FINAL = {
    "do_not_honour": "01 02 05",
    "not_permitted": "12 57 58 62 CORE-2205",
    "invalid_card": "14 15 82 CORE-2011 CORE-2012 CORE-2015 CORE-2208 HPP-1001",
    "limit": "51 61 65",
    "expired": "54 CORE-2010",
    "installment_not_allowed": "93 CORE-2124 CORE-2204 CORE-2601 CORE-2603",
    "three_d_failed": "CORE-2121 CORE-2206"
    " mdStatus=0 mdStatus=5 mdStatus=6 mdStatus=7 mdStatus=8 mdStatus=9",
    "fraud_rule": "CORE-2250 CORE-2251 CORE-2252 CORE-2253 CORE-2255 CORE-2256",
    "configuration": "3D-1004 CORE-2009 CORE-2201 CORE-2202 CORE-2254 CORE-2301 "
    + " ".join(f"CORE-{number}" for number in range(1010, 1030)),
}
REFUSALS = {code: key for key, codes in _FINAL.items() for code in codes.split()}
"""Nothing was charged, and the bank will not think otherwise later."""

UNCERTAIN = dict.fromkeys(
    ("91", "92", "96", "BM-9100", "BM-9101", "BM-9102", "BM-9103"), "bank_unreachable"
)
"""The money may have moved: only the bank's answer to an inquiry tells."""


def normal(code: str) -> str:
    """Write an issuer's code one way.

    >>> normal("ISO8583-51"), normal("CORE-2603")
    ('51', 'CORE-2603')
    """
    return code.removeprefix("ISO8583-")


def reason(code: str) -> str:
    """:return: one of ``REASONS``; ``"other"`` for a code that is not in the tables

    >>> reason("51"), reason("ISO8583-91"), reason("CORE-2254"), reason("77")
    ('limit', 'bank_unreachable', 'configuration', 'other')
    """
    key = normal(code)
    return REFUSALS.get(key) or UNCERTAIN.get(key, "other")
