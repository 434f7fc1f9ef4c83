"""Codes of Garanti's GVP: the issuer's two digits, ``92/REASON`` of the gate itself.

92 alone, as the 3-D page says it, tells nothing: it also refuses an order that is paid
already. ``UNAUTHENTICATED`` are the 3-D results that say that nothing was charged.
"""

from . import Codes, issuer, spread

UNAUTHENTICATED = frozenset("056789")

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "amount_not_allowed": "13",
            "not_possible": "92/0208",
            # 06xx: the hash, the user or its rights
            "configuration": "92/0002 92/0809 "
            + " ".join(f"92/{number:04d}" for number in range(600, 700)),
            "three_d_failed": " ".join(
                f"mdstatus={n}" for n in sorted(UNAUTHENTICATED)
            ),
        }
    ),
    uncertain=spread({"bank_unreachable": "91 96 99", "other": "92"}),
    not_found=frozenset({"92/0108", "92/0110"}),
)


def told(code: str, reason_code: str) -> str:
    """Write the two codes of an answer as one, as far as the second one adds to it.

    >>> told("92", "0208"), told("92", ""), told("51", "51")
    ('92/0208', '92', '51')
    """
    return f"{code}/{reason_code}" if code == "92" and reason_code else code
