"""Recurring payments at Garanti: what is said of them, and of a card's points.

- The schedule has no name of its own: it is that of its order. One payment cannot be
  taken out of it, only all that are left.
- ``Recurring`` stands inside ``Order``, as in the bank's own published samples.
- Which of them were made the order's history tells, a row for each; those that are
  still to come are in no list. That each later payment is such a row, as the first one
  is, is unverified.
- Of an answer about points no recorded message was seen with a reward in it
  (unverified): ``RewardList`` holds one ``Reward`` a kind, with ``TotalAmount`` in
  kuruş. BNS (bonus) and FBB (the firm's own bonus) are lira and are summed up; other
  kinds are only listed. The same empty list stands in every answer of the bank: it does
  not say that there are no points.
"""

import re
from collections.abc import Mapping
from dataclasses import replace

from . import garanti_books, reading
from .answers import Outcome, Proven, Result
from .card_calls import card_of, planned_number, schedule_of
from .fields import in_turkey
from .traits import Traits
from .types import Call, Card, Operation, Order

REWARDS_AT = "Transaction.RewardInqResult.RewardList.Reward"

_IN_LIRA = ("BNS", "FBB")
_KIND = re.compile(r"[A-Z0-9]{1,8}")


def card_block(call: Call) -> tuple:
    card: Card = card_of(call)
    return (
        ("Number", card.number),
        ("ExpireDate", f"{card.month}{card.year}"),
        ("CVV2", card.code),
    )


def in_order(traits: Traits, order: Order, call: Call) -> tuple:
    """:return: what a call about a schedule says of its order beside the number

    :raise ValueError: with a sentence for staff
    """
    if call.operation is Operation.RECURRING_CANCEL and planned_number(call):
        raise ValueError("The bank cancels all payments that are left, no single one.")
    if call.operation is not Operation.RECURRING:
        return ()
    schedule = schedule_of(traits, order, call)
    told = (
        ("Type", "R"),
        ("TotalPaymentNum", str(schedule.count)),
        ("FrequencyType", schedule.unit),
        ("FrequencyInterval", str(schedule.every)),
        ("StartDate", f"{in_turkey(call.at):%Y%m%d}"),
    )
    return (("Recurring", told),)


def read_charge(proven: Proven) -> Outcome:
    """The first payment was made with 00 and the bank's reference of it."""
    outcome = garanti_books.outcome_of(proven, garanti_books.worked(proven))
    number = outcome.host_reference
    if outcome.result is Result.APPROVED and not number:
        outcome = replace(outcome, result=Result.UNRESOLVED, reason="other")
    if outcome.result is Result.UNRESOLVED:
        return replace(outcome, follow_up=Operation.INQUIRY)
    is_done = outcome.result is Result.APPROVED
    return replace(outcome, references={"retref_num": number} if is_done else {})


def read_status(proven: Proven) -> Outcome:
    """Lay out the payments that were tried, the oldest first."""
    outcome = garanti_books.read_history(proven)
    entries = tuple(e for e in reversed(outcome.entries) if e.kind == "sale")
    is_empty = outcome.result is Result.APPROVED and not entries
    result = Result.UNRESOLVED if is_empty else outcome.result
    return replace(outcome, result=result, entries=entries, standing=None)


def read_points(proven: Proven) -> Outcome:
    outcome = garanti_books.outcome_of(proven, garanti_books.worked(proven))
    worth = _worth(proven.rows) if outcome.result is Result.APPROVED else {}
    if outcome.result is Result.APPROVED and not worth:
        return replace(outcome, result=Result.UNRESOLVED, reason="other")
    if outcome.result is Result.NOT_FOUND:
        return replace(outcome, result=Result.UNRESOLVED, reason="not_found")
    total = sum(worth[kind] for kind in _IN_LIRA if kind in worth)
    data = {f"points_{kind.lower()}_kurus": str(n) for kind, n in worth.items()}
    if worth.keys() & {*_IN_LIRA}:
        data["points_kurus"] = str(total)
    return replace(outcome, data=data)


def _worth(rows: tuple[Mapping[str, str], ...]) -> dict[str, int]:
    """:return: kind of reward -> kuruş; nothing if one of them cannot be read"""
    worth: dict[str, int] = {}
    for row in rows:
        kind, amount = row.get("Type", ""), reading.kurus(row.get("TotalAmount"))
        if not _KIND.fullmatch(kind) or kind in worth or amount is None:
            return {}
        worth[kind] = amount
    return worth
