"""Which POS takes a payment: the cheapest, unless something says other.

In this order: the POS that the partner is tied to; one of which a volume promise is
open, if it is no dearer than the promise allows; the one whose bank takes least; the
order that staff gave. A POS of which no agreement tells the cost comes after all
others, and one that is out of service never.

What the bank takes is compared, not what is left of it for the company: where the total
is the same for all they order alike, and where the debt is netted the payer pays the
difference, who would not thank us for the dearer bank.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from .agreement import Agreement
from .business_days import Calendar
from .cards import IN_INSTALLMENTS, CardFacts
from .limits import Limit
from .offer import Offer
from .quote import NotOffered, Quote, price
from .rates import share


@dataclass(frozen=True)
class Candidate:
    """A POS that could take the payment.

    :param key: comparable with those of the others
    :param priority: the lower goes first
    :param programs: whose cards it takes in installments; None: those of any program
    :param is_fixed: whether the partner is tied to it
    :param promise_open: kuruş that were promised to this bank and are still to come
    :param promise_extra: rate of the total that keeping the promise may cost more
    :param limits: of this POS alone
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
    limits: tuple[Limit, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """A POS that was not taken.

    :param company_cost: kuruş; None if it is not known, or it does not take the payment
    :param why: ``down``; ``not_fixed``: the partner is tied to another; ``dearer`` (its
        detail: ``by`` kuruş); ``promise``: it is cheaper (``saving`` kuruş), or as
        cheap, but another has a promise to keep; ``priority``: it costs the same and
        comes later; ``unknown_cost``; or the reason of a :class:`NotOffered` (with its
        ``source``)
    """

    key: Hashable
    name: str
    company_cost: int | None
    why: str
    detail: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Route:
    """:param reason: ``only``: no other could; ``fixed``, ``promise``, ``cheapest``,
    ``priority``: see above; ``failover``: a POS that is down would have been taken
    """

    chosen: Candidate
    quote: Quote
    reason: str
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, eq=False)
class _Able:
    """A POS that takes the payment, and at which price."""

    candidate: Candidate
    quote: Quote

    @property
    def bank_cost(self) -> int | None:
        return self.quote.cost and self.quote.cost.total

    @property
    def rank(self) -> tuple:
        cost = self.bank_cost
        return (cost is None, cost or 0, self.candidate.priority, self.candidate.key)


def route(
    base: int,
    day: date,
    card: CardFacts,
    count: int,
    offer: Offer,
    candidates: Iterable[Candidate],
    limits: Iterable[Limit] = (),
    calendar: Calendar | None = None,
) -> Route | NotOffered:
    """Choose the POS for one number of installments.

    :param candidates: all of them take the currency
    :param limits: that hold at every POS, beside the candidates' own
    """
    ask = partial(_priced, base, day, card, count, offer, tuple(limits), calendar)
    answers = [(candidate, ask(candidate)) for candidate in candidates]
    able = [_Able(*answer) for answer in answers if isinstance(answer[1], Quote)]
    working = [one for one in able if not one.candidate.is_down]
    if not working:
        return _nothing(count, answers, able)
    chosen, reason = _choose(working)
    if len(able) > len(working) and _choose(able)[0] is not chosen:
        reason = "failover"
    return Route(
        chosen.candidate,
        chosen.quote,
        reason,
        tuple(
            _alternative(candidate, answer, chosen)
            for candidate, answer in answers
            if candidate is not chosen.candidate
        ),
    )


def ways(
    base: int,
    day: date,
    card: CardFacts,
    offer: Offer,
    candidates: Iterable[Candidate],
    limits: Iterable[Limit] = (),
    calendar: Calendar | None = None,
) -> tuple[Route | NotOffered, ...]:
    """The whole price list of a card, fewest installments first.

    It has every number of installments that the offer has for any card.
    """
    candidates, limits = tuple(candidates), tuple(limits)
    return tuple(
        route(base, day, card, count, offer, candidates, limits, calendar)
        for count in offer.all_counts()
    )


def _priced(base, day, card, count, offer, limits, calendar, candidate):
    """:return: a quote at this POS, or why there is none"""
    if count > 1 and candidate.programs is not None:
        # A card without installments, or an offer without them, says more than this.
        is_possible = card.kind in IN_INSTALLMENTS and offer.line_for(card, count)
        if is_possible and card.program not in candidate.programs:
            return NotOffered(count, "program", candidate.name)
    limits = (*limits, *candidate.limits)
    return price(base, day, card, count, offer, candidate.agreement, limits, calendar)


def _nothing(count: int, answers: list, able: list[_Able]) -> NotOffered:
    """:return: why no POS does it; of several reasons that of the first POS in order"""
    if able:
        first = min((one.candidate for one in able), key=_place)
        return NotOffered(count, "down", first.name)
    if not answers:
        return NotOffered(count, "no_pos")
    return min(answers, key=lambda answer: _place(answer[0]))[1]


def _place(candidate: Candidate) -> tuple:
    return (
        candidate.is_down,
        not candidate.is_fixed,
        candidate.priority,
        candidate.key,
    )


def _choose(able: list[_Able]) -> tuple[_Able, str]:
    """:return: the best, and why it is"""
    best = min(able, key=lambda one: one.rank)
    fixed = [one for one in able if one.candidate.is_fixed]
    if fixed:
        return min(fixed, key=lambda one: one.rank), "fixed"
    if len(able) == 1:
        return best, "only"
    promised = [one for one in able if _keeps_promise(one, best)]
    if promised and best not in promised:
        return min(promised, key=lambda one: one.rank), "promise"
    others = [one.bank_cost for one in able if one is not best]
    is_tie = best.bank_cost is None or best.bank_cost in others
    return best, "priority" if is_tie else "cheapest"


def _keeps_promise(one: _Able, best: _Able) -> bool:
    """:return: whether a promise is open here, and is worth its cost"""
    if one.candidate.promise_open <= 0 or one.bank_cost is None:
        return False
    allowed = share(one.quote.total, one.candidate.promise_extra)
    return one.bank_cost - best.bank_cost <= allowed


def _alternative(candidate, answer, chosen: _Able) -> Alternative:
    because = partial(Alternative, candidate.key, candidate.name)
    if isinstance(answer, NotOffered):
        return because(None, answer.reason, {"source": answer.source})
    if candidate.is_down:
        return because(answer.company_cost, "down")
    if chosen.candidate.is_fixed:
        return because(answer.company_cost, "not_fixed")
    other = _Able(candidate, answer)
    if other.bank_cost is None:
        is_known = chosen.bank_cost is not None
        return because(None, "unknown_cost" if is_known else "priority")
    extra = other.bank_cost - chosen.bank_cost
    if other.rank < chosen.rank:
        return because(answer.company_cost, "promise", {"saving": -extra})
    if extra:
        return because(answer.company_cost, "dearer", {"by": extra})
    return because(answer.company_cost, "priority")
