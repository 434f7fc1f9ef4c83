"""What a bank's answer does to a transaction: the whole table, and nothing beside it.

Rows are the state of the transaction, columns what the bank says. A pair that is not in
the table changes nothing.
"""

from ..protocols.types import Result

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
}


def next_state(state: str, result: Result) -> str:
    """
    >>> next_state("draft", Result.APPROVED), next_state("done", Result.DECLINED)
    ('done', 'done')
    """
    return TRANSITIONS.get((state, result), state)
