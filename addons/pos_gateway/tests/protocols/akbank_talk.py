"""Akbank: our side of the talk, for the tests of each subject."""

from datetime import date, datetime

from cases import akbank as bank
from pos_gateway.protocols import akbank
from talk import Talk

KEY = "DENEMECAGRIABCDEFGHJ"

talk = Talk(
    akbank,
    bank,
    key=KEY,
    nonce=KEY,
    at=datetime.fromisoformat("2026-11-21T09:01:00.5+00:00"),
    first_day=date(2026, 11, 21),
    last_day=date(2026, 11, 21),
)
built, verified, refusal = talk.built, talk.verified, talk.refusal


def meaning(fields, **changes):
    return talk.meaning(fields, bank.terminal(**changes))


def answered(operation, body, **changes):
    return talk.answered(operation, body, bank.order(**changes))
