"""Tosla: our side of the talk, for the tests of each subject."""

import json
from datetime import UTC, datetime

from cases import tosla as bank
from pos_gateway.protocols import tosla
from talk import Talk

KEY = "CAGRIABCDEFGHKLMNPQR"
AT = datetime(2026, 11, 21, 22, 59, 30, tzinfo=UTC)

talk = Talk(tosla, bank, key=KEY, at=AT, nonce=bank.NONCE)


def asked(operation, order=None, **changes):
    request = talk.request(operation, order=order, **changes)
    return request.url.rpartition("/")[2], json.loads(request.body)


def answered(operation, body, **changes):
    return talk.answered(operation, body, terminal=bank.terminal(**changes))
