"""Which POS takes a payment: the cheapest for the company, unless something says other.

In this order: the POS that the partner is tied to; the one of which a volume promise
is open, if it is no dearer than the promise allows; the lowest cost for the company;
the order that staff gave. A POS of which no agreement tells the cost comes after all
others, and one that is out of service never.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from .agreement import Agreement
from .quote import NotOffered, Quote, price
from .rates import share


@dataclass(frozen=True)
class Candidate:
    """A POS that could take the payment.

    :param priority: the lower the better
    :param programs: whose cards it takes in installments; None: those of any program
    :param is_fixed: whether the partner is tied to it
    :param promise_open: kuruş that were promised to this bank and are still to come
    :param promise_extra: rate of the total that keeping the promise may cost more
    """

    key: Hashable
    name: str
    agreement: Agreement | None = None
    priority: int = 0
    programs: frozenset | None = None
    is_down: bool = False
    is_fixed: bool = False
    promise_open: int = 0
    promise_extra: int = 0
    limits: tuple = ()


@dataclass(frozen=True)
class Alternative:
    """A POS that was not taken.

    :param company_cost: kuruş; None if it is not known, or does not take the payment
    :param why: ``dearer`` (``by`` kuruş), ``priority``, ``unknown_cost``,
        ``not_fixed``, ``promise``, ``down``, or the reason of a :class:`NotOffered`
        (with ``source``)
    """

    key: Hashable
    name: str
    company_cost: int | None
    why: str
    detail: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """:param reason: ``only``, ``fixed``, ``promise``, ``cheapest``, ``priority`` or
    ``failover`` (a POS that is down would have been taken)
    """

    chosen: Candidate
    quote: Quote
    reason: str
    alternatives: tuple[Alternative, ...] = ()


def route(base, day, card, count, offer, candidates, limits=(), calendar=None):
    """Choose the POS for one number of installments.

    :param limits: that hold at every POS, beside the candidates' own
    :return: a :class:`Route`, or a :class:`NotOffered`
    """
    priced = [
        (candidate, _priced(base, day, card, count, offer, candidate, limits, calendar))
        for candidate in candidates
    ]
    possible = [pair for pair in priced if isinstance(pair[1], Quote)]
    working = [pair for pair in possible if not pair[0].is_down]
    if not working:
        return _nothing(count, priced, possible)
    chosen, quote, reason = _choose(working)
    if len(priced) > 1:
        if len(possible) > len(working) and _choose(possible)[0] is not chosen:
            reason = "failover"
    alternatives = tuple(
        _alternative(candidate, other, chosen, quote, reason)
        for candidate, other in priced
        if candidate is not chosen
    )
    return Route(chosen, quote, reason, alternatives)


def ways(base, day, card, offer, candidates, limits=(), calendar=None):
    """The whole price list of a card.

    :return: tuple of :class:`Route` and :class:`NotOffered`, fewest installments first
    """
    return tuple(
        route(base, day, card, count, offer, candidates, limits, calendar)
        for count in offer.all_counts()
    )


def _priced(base, day, card, count, offer, candidate, limits, calendar):
    if count > 1 and candidate.programs is not None and card.kind is not None:
        if card.program not in candidate.programs:
            return NotOffered(count, "program", candidate.name)
    return price(
        base,
        day,
        card,
        count,
        offer,
        candidate.agreement,
        (*limits, *candidate.limits),
        calendar,
    )


def _nothing(count, priced, possible):
    if possible or not priced:
        return NotOffered(count, "no_pos")
    return min((refusal for _candidate, refusal in priced), key=_how_general)


# What holds at every POS tells the payer more than what holds at one of them.
_GENERAL = ("debit", "unknown_card", "no_offer", "minimum_total", "minimum_installment")


def _how_general(refusal):
    reason = refusal.reason
    return _GENERAL.index(reason) if reason in _GENERAL else len(_GENERAL)


def _rank(pair):
    candidate, quote = pair
    cost = quote.company_cost
    return cost is None, cost or 0, candidate.priority, str(candidate.key)


def _choose(working):
    """:return: candidate, quote, reason"""
    fixed = [pair for pair in working if pair[0].is_fixed]
    best = min(working, key=_rank)
    if fixed:
        return *min(fixed, key=_rank), "fixed"
    if len(working) == 1:
        return *best, "only"
    promised = [pair for pair in working if _keeps_promise(pair, best)]
    if promised and not best[0].promise_open:
        return *min(promised, key=_rank), "promise"
    costs = [pair[1].company_cost for pair in working]
    is_tie = costs.count(best[1].company_cost) > 1
    return *best, "priority" if is_tie else "cheapest"


def _keeps_promise(pair, best):
    candidate, quote = pair
    if not candidate.promise_open or quote.company_cost is None:
        return False
    if best[1].company_cost is None:
        return True
    allowed = share(quote.total, candidate.promise_extra)
    return quote.company_cost - best[1].company_cost <= allowed


def _alternative(candidate, other, chosen, quote, reason):
    def because(why, cost=None, **detail):
        return Alternative(candidate.key, candidate.name, cost, why, detail)

    if isinstance(other, NotOffered):
        return because(other.reason, source=other.source)
    cost = other.company_cost
    if candidate.is_down:
        return because("down", cost)
    if reason == "fixed":
        return because("not_fixed", cost)
    if cost is None:
        return because("unknown_cost" if quote.company_cost is not None else "priority")
    if quote.company_cost is None:
        return because("priority", cost)
    by = cost - quote.company_cost
    if by > 0:
        return because("dearer", cost, by=by)
    return because("promise" if by < 0 or reason == "promise" else "priority", cost)
