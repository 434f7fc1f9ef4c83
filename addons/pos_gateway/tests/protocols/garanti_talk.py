"""Garanti: our side of the talk, for the tests of each subject."""

from datetime import date

from cases import garanti as bank
from pos_gateway.protocols import garanti
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

KEY = bank.KEY

talk = Talk(
    garanti,
    bank,
    key=KEY,
    card_prefix="45436001",
    first_day=date(2026, 11, 1),
    last_day=date(2026, 11, 21),
)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered


def asked(operation, terminal=None, order=None, **changes):
    request = talk.request(operation, terminal, order, **changes)
    return flatten(parse_xml(request.body))[0]
