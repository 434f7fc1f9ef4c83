"""What a bank's answer does to a transaction: the whole table, and nothing beside it.

Rows are the state of the transaction, columns what the bank says. A pair that is not in
the table changes nothing.
"""

from ..protocols.answers import Result

STATES = ("draft", "pending", "authorized", "done", "cancel", "error")

TRANSITIONS = {
    # Money was taken: it is booked, whatever we believed before.
    ("draft", Result.APPROVED): "done",
    ("pending", Result.APPROVED): "done",
    ("error", Result.APPROVED): "done",
    ("cancel", Result.APPROVED): "done",
    # The bank refused, or the payer gave up: final unless the bank changes its mind.
    ("draft", Result.DECLINED): "error",
    ("pending", Result.DECLINED): "error",
    ("draft", Result.CANCELLED): "cancel",
    ("pending", Result.CANCELLED): "cancel",
    # Something happened, but what is not known: asked for until it is known.
    ("draft", Result.UNRESOLVED): "pending",
    ("draft", Result.AUTHENTICATED): "pending",
}

# A reservation is not money yet: what is reserved is captured or voided by a person.
RESERVED = {
    (state, Result.APPROVED): "authorized"
    for state in ("draft", "pending", "error", "cancel")
}


def next_state(state: str, result: Result, is_preauth: bool = False) -> str:
    """
    :param is_preauth: whether an approval only reserves the money

    >>> next_state("draft", Result.APPROVED), next_state("done", Result.DECLINED)
    ('done', 'done')
    """
    if is_preauth and (state, result) in RESERVED:
        return RESERVED[state, result]
    return TRANSITIONS.get((state, result), state)
