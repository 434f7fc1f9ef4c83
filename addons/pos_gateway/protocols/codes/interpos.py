"""Codes of Denizbank's InterPOS: the issuer's two digits, and 81 of the gateway.

``ErrorCode`` refines a code: ``B`` and the code, then four digits (seen: ``B810002``,
the terminal is not active or our address not registered).
"""

import re

from . import Codes, issuer, issuer_unsure, spread

UNAUTHENTICATED = frozenset("056789")

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "configuration": "81 B810002",
            "three_d_failed": " ".join(
                f"mdStatus={n}" for n in sorted(UNAUTHENTICATED)
            ),
        }
    ),
    uncertain=issuer_unsure() | {"99": "other"},
)


def refines(error_code: str, code: str) -> bool:
    """Whether the finer code says nothing else than the code beside it.

    >>> refines("B810002", "81"), refines("", "81"), refines("B810002", "51")
    (True, True, False)
    """
    return not error_code or bool(
        re.fullmatch(f"B{re.escape(code)}[0-9]{{4}}", error_code)
    )
