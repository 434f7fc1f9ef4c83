"""PayFor: our side of the talk, for the tests of each subject."""

from datetime import date

from cases import payfor as bank
from pos_gateway.protocols import payfor
from talk import Talk

DAY = date(2026, 11, 21)

talk = Talk(payfor, bank, first_day=DAY, last_day=DAY)
built, verified, refusal = talk.built, talk.verified, talk.refusal
meaning, answered = talk.meaning, talk.answered
