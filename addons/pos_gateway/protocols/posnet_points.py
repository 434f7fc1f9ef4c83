"""A card's points at PosNet: World points, and brand points that count here only.

The names are those of the bank's manual as published: ``point`` (how many) with
``pointAmount`` (what they are worth, in kuruş), the same for ``loyaltyPoint`` (brand
points, told on request only) and ``totalPoint`` (both together). Where the totals are
not told they are zeros: the greater number counts (unverified). The answer is not
signed; it moves no money.
"""

from collections.abc import Mapping
from dataclasses import replace

from . import posnet_result, reading
from .answers import Outcome, Proven, Result
from .card_calls import card_of
from .types import Call, Order, Terminal

_AT = "pointinfo"


def words(_terminal: Terminal, _order: Order, call: Call) -> tuple[str, tuple]:
    card = card_of(call)
    told = (("ccno", card.number), ("expDate", f"{card.year}{card.month}"))
    return "pointInquiry", told


def read(proven: Proven) -> Outcome:
    """APPROVED with what the card has; UNRESOLVED if that cannot be read."""
    outcome = posnet_result.read_card_call(proven)
    if outcome.result is not Result.APPROVED:
        return outcome
    told = reading.part(proven.fields, _AT)
    count = _greater(told, "point", "totalpoint")
    worth = _greater(told, "pointamount", "totalpointamount")
    if count is None or worth is None:
        return replace(outcome, result=Result.UNRESOLVED, reason="other")
    data = {"points": str(count), "points_kurus": str(worth)}
    if (brand := _number(told.get("loyaltypointamount"))) is not None:
        data["points_loyalty_kurus"] = str(brand)
    return replace(outcome, data=data)


def _greater(told: Mapping[str, str], name: str, total: str) -> int | None:
    numbers = [_number(told[n]) for n in (name, total) if told.get(n)]
    known = [number for number in numbers if number is not None]
    return max(known) if known and len(known) == len(numbers) else None


def _number(text: str | None) -> int | None:
    """The bank fills numbers up with zeros.

    >>> _number("000000003450"), _number("0000"), _number("34,50"), _number("")
    (3450, 0, None, None)
    """
    return reading.kurus(text.lstrip("0") or "0") if text else None
