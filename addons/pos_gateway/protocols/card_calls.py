"""What banks ask alike of calls that hold a card or are about a schedule.

A recurring sale charges the card now, and has the bank charge it again by a schedule; a
points inquiry shows what the card has earned. No page of a bank of ours knows either:
the card must be in our hands, and stays in the one request that is made of it.
"""

import re

from .fields import check_order, in_turkey
from .traits import Traits
from .types import Call, Card, Order, Schedule

_MOST = 999
"""What fits into the three digits that a bank has for it."""
_LATER = re.compile(r"[2-9]|[1-9][0-9]{1,3}")


def card_of(call: Call) -> Card:
    """:raise ValueError: if there is none"""
    if call.card is None:
        raise ValueError("The bank needs the card for this.")
    return call.card


def schedule_of(traits: Traits, order: Order, call: Call) -> Schedule:
    """
    :return: the schedule of a recurring sale, whose first payment is made at once
    :raise ValueError: with a sentence for staff, if no bank of the family takes it
    """
    check_order(traits, order)
    schedule = call.schedule
    if schedule is None:
        raise ValueError("A recurring payment needs a schedule.")
    if order.installment_count != 1 or order.preauth:
        raise ValueError("A recurring payment is charged at once and without parts.")
    if schedule.unit not in traits.recurring_units:
        units = ", ".join(traits.recurring_units)
        raise ValueError(f"The bank charges again after one of these only: {units}.")
    if not 2 <= schedule.count <= _MOST or not 1 <= schedule.every <= _MOST:
        raise ValueError(
            f"A schedule has 2 to {_MOST} payments, and time between them."
        )
    if schedule.first not in (None, in_turkey(call.at).date()):
        raise ValueError("The bank makes the first payment on the day of the order.")
    return schedule


def planned_number(call: Call) -> str:
    """
    :return: the number of the one payment to cancel, or nothing: all that are left
    :raise ValueError: if it is no number of a later payment

    >>> from .types import Operation
    >>> planned_number(Call(Operation.RECURRING_CANCEL, planned="2"))
    '2'
    """
    if call.planned and not _LATER.fullmatch(call.planned):
        raise ValueError("A planned payment is named by its number, from 2 on.")
    return call.planned
