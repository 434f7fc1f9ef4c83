"""What the shared suites know of every family: its case, and what to ask of it."""

import importlib
import inspect
import re
from datetime import UTC, date, datetime

from pos_gateway.protocols import FAMILIES
from pos_gateway.protocols.answers import Message, Refused, Result, differences
from pos_gateway.protocols.types import Call, Card, Operation, Schedule

CASES = {code: importlib.import_module(f"cases.{code}") for code in sorted(FAMILIES)}
CARD_NUMBER, CARD_CODE = "4543600100000002", "9146"
WITH_CARD = (Operation.CARD_PAGE, Operation.RECURRING, Operation.POINTS)
SCHEDULE = Schedule(3, 1, "M")
POSITIVE = (Result.APPROVED, Result.AUTHENTICATED)
FINAL = (*POSITIVE, Result.DECLINED, Result.CANCELLED)
_TABLE_OF = {"posnet_v1": "posnet", "kuveyt": "boa", "vakif_katilim": "boa"}
_TABLE_OF |= {"garanti_pay": "garanti"}
_LISTS = re.compile(r"(params|paramsval|parameters)$", re.IGNORECASE)
_KEY_NAMES = ("store_key", "key", "secret_key")


def table_name(code):
    """:return: the module in ``codes`` that a family uses"""
    return _TABLE_OF.get(code, code)


def held(operation):
    """:return: what a call with the card in our hands holds"""
    card = Card(CARD_NUMBER, "12", "30", CARD_CODE, "Deneme Kart")
    return {
        "card": card if operation in WITH_CARD else None,
        "schedule": SCHEDULE if operation is Operation.RECURRING else None,
    }


def call(operation, **changes):
    values = {
        "key": "DENEMECAGRIABCDEFGHJ",
        "at": datetime(2026, 11, 21, 9, 5, 30, tzinfo=UTC),
        "nonce": "c2FtcGxlcm5k",
        "first_day": date(2026, 11, 21),
        "last_day": date(2026, 11, 21),
        "card_prefix": "454360",
    } | held(operation)
    return Call(operation, **values | changes)


def message(code, pairs):
    """:return: the message as it is posted; some banks pack its fields into one"""
    pack = getattr(CASES[code], "pack", tuple)
    return Message(tuple(pack(pairs)))


def believed(code, pairs, terminal=None, order=None):
    """:return: the proven message, or None if it was refused"""
    case = CASES[code]
    try:
        return FAMILIES[code].verify(
            terminal or case.terminal(), order or case.order(), message(code, pairs)
        )
    except Refused:
        return None


def said(code, pairs, terminal=None, order=None):
    """:return: what a page's message means, or None if it was refused"""
    terminal = terminal or CASES[code].terminal()
    proven = believed(code, pairs, terminal, order)
    return proven and FAMILIES[code].parse(terminal, proven)


def answered(code, operation, body, order=None, **changes):
    """:return: what an answer means, or None if it was refused"""
    case, family = CASES[code], FAMILIES[code]
    asked = call(operation, **changes)
    try:
        proven = family.read(case.terminal(), order or case.order(), asked, body)
    except Refused:
        return None
    return family.parse(case.terminal(), proven)


def is_accepted(proven, outcome) -> bool:
    """Whether a message changes anything but that the bank is asked."""
    if proven is None:
        return False
    is_question = outcome.result is Result.UNRESOLVED and outcome.follow_up
    return not (proven.by == "nothing" and is_question)


def is_booked(order, outcome) -> bool:
    return (
        outcome is not None
        and outcome.result in POSITIVE
        and not differences(order, outcome)
    )


def proof_names(code):
    """What the bank adds to a message when it signs it: (digests, lists of names)"""
    case = CASES[code]
    signed = dict(case.sign(dict.fromkeys(dict(case.genuine()), "x")))
    added = [name for name, text in signed.items() if text != "x"]
    lists = [name for name in signed if _LISTS.search(name)]
    return [name for name in added if name not in lists], lists


def sign_with_key(code, fields, key):
    """:return: the message signed with another key, or None where nobody signs"""
    sign = CASES[code].sign
    name = next((n for n in _KEY_NAMES if n in inspect.signature(sign).parameters), "")
    return sign(fields, **{name: key}) if name else None


def is_signed(code):
    proven = believed(code, CASES[code].genuine())
    return proven.by != "nothing"
