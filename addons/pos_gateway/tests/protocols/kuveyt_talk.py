"""Kuveyt Türk: our side of the talk, for the tests of each subject."""

from datetime import UTC, datetime

from cases import kuveyt as bank
from pos_gateway.protocols import kuveyt
from pos_gateway.protocols.types import Card, Operation
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

CARD = Card("4543600100000002", "11", "30", "123", "DENEME KART")
AT = datetime(2026, 11, 21, 9, 1, tzinfo=UTC)

talk = Talk(kuveyt, bank, key="DENEMECAGRIABCDEFGHJ", at=AT)
verified, refusal, meaning = talk.verified, talk.refusal, talk.meaning


def asked(operation, terminal=None, order=None, **changes):
    card = CARD if operation is Operation.CARD_PAGE else None
    return talk.request(operation, terminal, order, **{"card": card} | changes)


def texts_of(request):
    return flatten(parse_xml(request.body))[0]


def answered(operation, body, terminal=None, amount_kurus=None, **changes):
    order = bank.order(**changes)
    return talk.answered(operation, body, order, terminal, amount_kurus=amount_kurus)
