"""A card's points at PayFor: ParaPuan, of which one is one lira.

No recorded answer with points in it was seen: their names are those that a public
integration reads (unverified), decimal numbers. An answer that says 00 and none of them
is unresolved: it does not say that there are no points.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from . import money, payfor_result, reading
from .answers import Outcome, Proven, Result
from .card_calls import card_of
from .types import Call, Order

_POINTS = "AvailablePoint"
_KINDS = {
    "bonus": "KullanilabilirBonusPuan",
    "travel": "KullanilabilirSeyahatAvansTutar",
}


def words(order: Order, call: Call) -> Iterator[tuple[str, str]]:
    """The number is no order's: the answer is told by it from others."""
    card = card_of(call)
    yield ("OrderId", order.order_id)
    yield ("Currency", money.currency_number(order.currency))
    yield ("Pan", card.number)
    yield ("Expiry", f"{card.month}{card.year}")
    yield ("Cvv2", card.code)


def read(proven: Proven) -> Outcome:
    """APPROVED with what the card has; what is no number is left out."""
    outcome = payfor_result.read_done(proven)
    if outcome.result is not Result.APPROVED:
        return outcome
    worth = _worth(proven.fields, _POINTS)
    if worth is None:
        return replace(outcome, result=Result.UNRESOLVED, reason="other")
    kinds = {kind: _worth(proven.fields, name) for kind, name in _KINDS.items()}
    data = {"points": money.to_short_text(worth), "points_kurus": str(worth)}
    told = {f"points_{k}_kurus": str(n) for k, n in kinds.items() if n is not None}
    return replace(outcome, data=data | told)


def _worth(fields: Mapping[str, str], name: str) -> int | None:
    return reading.amount(fields.get(name), money.from_decimal_text)
