"""PayFlex: our side of the talk, for the tests of each subject."""

from urllib.parse import parse_qsl

from cases import payflex as bank
from pos_gateway.protocols import payflex
from pos_gateway.protocols.types import Operation
from pos_gateway.protocols.wire import flatten, parse_xml
from talk import Talk

KEY = "DENEMECAGRIABCDEFGHJ"

talk = Talk(payflex, bank, key=KEY)
asked, verified, refusal = talk.request, talk.verified, talk.refusal


def fields_of(request):
    return dict(parse_qsl(request.body.decode(), keep_blank_values=True))


def xml_of(request):
    (only,) = fields_of(request).items()
    assert only[0] == "prmstr"
    return flatten(parse_xml(only[1].encode()))[0]


def answered(operation, body, **changes):
    return talk.answered(operation, body, bank.order(**changes))


def resolved(**changes):
    return answered(Operation.RESOLVE, bank.resolved(**changes))
