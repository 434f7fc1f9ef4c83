"""Codes of Akbank: ``VPS-`` of the gate itself, two digits of the issuer behind it.

VPS-1005 only says that the host refused; why, and whether for certain, is in the host's
code: see ``told``.
"""

from ..answers import Hint
from . import Codes, issuer, issuer_unsure, spread

HOST_REFUSED = "VPS-1005"

CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "installment_not_allowed": "83",
            "three_d_failed": "VPS-1279",
            "configuration": "VPS-1055 VPS-1060 VPS-1061 VPS-1073 VPS-2229",
            "not_found": "VPS-1007 VPS-1059 VPS-1123",
            "not_possible": "VPS-1008",
        }
    ),
    uncertain=issuer_unsure()
    | spread(
        {
            "other": HOST_REFUSED,
            # Another attempt on the same order may have been charged.
            "duplicate": "VPS-1013",
        }
    ),
    hints={"VPS-1008": Hint.DONE_BEFORE},
    not_found=frozenset({"VPS-1123"}),
)


def told(code: str, host_code: str) -> tuple[str, ...]:
    """:return: the codes that say why, the finest one first

    >>> told("VPS-1005", "51"), told("VPS-1279", ""), told("VPS-1005", "")
    (('51',), ('VPS-1279',), ('VPS-1005',))
    """
    if code == HOST_REFUSED and host_code:
        return (host_code,)
    return (host_code, code) if host_code else (code,)
