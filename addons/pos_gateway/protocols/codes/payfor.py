"""Codes of PayFor: the issuer's two digits, ``M`` for fields, ``V`` for the gateway."""

from ..answers import Hint
from . import Codes, issuer, issuer_unsure, spread

UNAUTHENTICATED = frozenset({"-1", "0"})


def _run(letter: str, first: int, last: int, but: str = "") -> str:
    codes = (f"{letter}{number:03d}" for number in range(first, last + 1))
    return " ".join(code for code in codes if code not in but.split())


CODES = Codes(
    refusals=issuer()
    | spread(
        {
            "security_code": "34 M005 M018",
            "invalid_card": "M006 M008 M041",
            "amount_not_allowed": "M004 M012 M019 V019 V027 V031",
            "installment_not_allowed": "M020 V023 V024 " + _run("V", 46, 60),
            "three_d_failed": "M049 V034 MR15",
            "configuration": _run("M", 1, 28, "M004 M005 M006 M008 M012 M018 M019 M020")
            + " M030 M038 M043 M044 M045 M047"
            " V001 V004 V006 V007 V008 V009 V010 V011 V030 V035 V038 V045",
            "not_possible": "V014 V015 V016 V017 V018 V025 V026 V032 V037",
        }
    ),
    uncertain=issuer_unsure()
    | spread(
        {
            "bank_unreachable": "V9196 V9199",
            # Still running, or authenticated only.
            "other": "V000 V020 V033",
            # Another attempt on the same order may have been charged.
            "duplicate": "V029 101310 P001",
        }
    ),
    hints={
        "V014": Hint.VOID_INSTEAD,
        "V017": Hint.DONE_BEFORE,
        "V025": Hint.DONE_BEFORE,
    },
    not_found=frozenset({"V013", "P002"}),
)
