"""Codes of PayFlex V4: ``00`` and two digits of the issuer, else of the gate itself.

Codes of the refund of old transactions (05xx, 09xx) are listed together by the bank:
only what is told of a single code has a hint.
"""

from ..answers import Hint
from . import Codes, issuer, issuer_unsure, spread

CODES = Codes(
    refusals=issuer("00", without=("93",))
    | spread(
        {
            "amount_not_allowed": "0013 1047 1049",
            "expired": "0033",
            "fraud_rule": "0034 0059",
            "do_not_honour": "0063",
            "not_permitted": "0093 0961",
            "security_code": "0312 1050",
            "invalid_card": "1051",
            "limit": "0315",
            "three_d_failed": "0400 0580 0581 0582 0583 0981 1114 1115 1116 1117 2053",
            "installment_not_allowed": "0501 0503 0504 0577 0978 0987 1044 1060 1103"
            " 1104",
            "not_found": "0540",
            "not_possible": "0320 0323 0541 0542 0971 0974 0982 0983 0984 1046 1059"
            " 1065 1083 1088 1101 1123 1124 2202 2203",
            "configuration": "1008 1052 1053 1054 1077 1078 1079 1080 1081 1082 1096"
            " 1105 1110 1111 1121 1126 1127 2030 2200 4000 4001 4002 4003 4004 4005"
            " 4006 4007 4008 5001 5002 9039 9065",
        }
    ),
    uncertain=issuer_unsure("00")
    | spread(
        {
            "bank_unreachable": "1001",
            # Another attempt on the same order may have been charged.
            "duplicate": "0966 1006 1061 1128",
            # The transaction referred to is still running.
            "other": "1074",
        }
    ),
    hints={
        "2202": Hint.REFUND_INSTEAD,
        "1059": Hint.DONE_BEFORE,
        "1065": Hint.DONE_BEFORE,
        "1083": Hint.DONE_BEFORE,
        "1088": Hint.DONE_BEFORE,
        "1101": Hint.DONE_BEFORE,
    },
)
