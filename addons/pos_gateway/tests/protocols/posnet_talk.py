"""PosNet XML: our side of the talk, for the tests of each subject."""

from cases import posnet as bank
from pos_gateway.protocols import posnet
from talk import Talk

KEY = "CAGRIABCDEFGHKLMNPQR"

talk = Talk(posnet, bank, key=KEY)
verified, answered = talk.verified, talk.answered


def order_with(**references):
    return bank.order(references=references)
