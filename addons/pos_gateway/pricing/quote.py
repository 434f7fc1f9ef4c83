"""One way to pay a debt: what the card is charged, and what the company gets."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from . import stored
from .agreement import Agreement, Cost, CostLine, cost
from .business_days import TURKISH, Calendar
from .cards import IN_INSTALLMENTS, CardFacts
from .limits import Limit, cut
from .offer import Bearer, Mode, Offer, OfferLine, charged
from .splits import split_installments
from .value_dates import Slice, slices


@dataclass(frozen=True)
class NotOffered:
    """Why a number of installments cannot be chosen.

    :param reason: a card takes no installments: ``debit`` (or prepaid),
        ``unknown_card``; a POS takes none of this card: ``program``; a limit is
        passed: ``max_installments``, ``cap``, ``minimum_total``, ``maximum_total``,
        ``minimum_installment``, ``surcharge`` (none is allowed); ``no_offer``: the
        offer has no such line; ``no_agreement``: the agreement has none, or none is
        there to compute a net total; ``impossible``: the bank would keep all;
        ``down``: every POS that could is out of service; ``no_pos``: there is none
    :param source: whose limit or which POS, in words for people; ``offer`` and
        ``offer_line`` for what they limit themselves
    """

    installment_count: int
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Quote:
    """Amounts are kuruş; parts sum to their wholes.

    :param day: on which the payment is priced and, it is taken, captured
    :param cost: what the bank takes; None if no agreement says it
    :param version: names the contents of the offer and agreement that were used
    """

    base: int
    total: int
    installment_count: int
    day: date
    offer_line: OfferLine
    cost_line: CostLine | None = None
    cost: Cost | None = None
    version: str = ""
    calendar: Calendar = field(default=TURKISH, repr=False, compare=False)

    @property
    def surcharge(self) -> int:
        return self.total - self.base

    @property
    def surcharge_rate(self) -> int:
        """What was added, as it was agreed; of no meaning in ``Mode.NET``."""
        return self.offer_line.surcharge

    @property
    def extra(self) -> int:
        """Installments that the bank adds by campaign: shown, never sent."""
        return self.offer_line.extra

    @property
    def bearer(self) -> Bearer:
        return self.offer_line.bearer

    @property
    def mode(self) -> Mode:
        return self.offer_line.mode

    @property
    def company_cost(self) -> int | None:
        """What the surcharge leaves of the bank's cost; below zero it is a gain.

        With ``Bearer.DEALER`` it is what the dealer is charged afterwards.
        """
        return None if self.cost is None else self.cost.total - self.surcharge

    @cached_property
    def installments(self) -> tuple[int, ...]:
        return split_installments(self.total, self.installment_count)

    @cached_property
    def slices(self) -> tuple[Slice, ...]:
        """What the bank pays out on which day; empty if no agreement says it."""
        if self.cost is None:
            return ()
        return slices(
            self.total,
            self.installment_count,
            self.cost,
            self.cost_line.value_date,
            self.day,
            self.calendar,
        )

    def as_dict(self) -> dict:
        """:return: all of it, JSON-able: it is kept with the payment"""
        return stored.as_dict(self)

    @classmethod
    def from_dict(cls, values: dict) -> Quote:
        """:return: the quote that was kept, its slices as they were computed then"""
        given, computed = stored.read(values)
        quote = cls(**given)
        # In the place where a cached property keeps what it has computed.
        vars(quote).update(computed)
        return quote


def price(
    base: int,
    day: date,
    card: CardFacts,
    count: int,
    offer: Offer,
    agreement: Agreement | None = None,
    limits: Iterable[Limit] = (),
    calendar: Calendar | None = None,
) -> Quote | NotOffered:
    """Price a debt of ``base`` kuruş for one card and number of installments.

    Without an agreement the cost is unknown. An agreement that has no line for several
    installments of such a card says that the bank does not take them; a single payment
    is taken at an unknown cost.

    :raises ValueError: if there is nothing to pay, or no such number of installments
    """
    _check(base, count)
    if count > 1 and card.kind not in IN_INSTALLMENTS:
        reason = "unknown_card" if card.kind is None else "debit"
        return NotOffered(count, reason)
    line = offer.line_for(card, count)
    if line is None:
        return NotOffered(count, "no_offer")
    cost_line = agreement and agreement.line_for(card, count, day)
    if cost_line is None and (line.is_net or (agreement and count > 1)):
        return NotOffered(count, "no_agreement")
    try:
        total = charged(base, line, cost_line)
    except ValueError:
        return NotOffered(count, "impossible")
    limits = (*limits, *offer.limits_of(line))
    passed = cut(limits, total, count, total - base, line.extra)
    if passed:
        return NotOffered(count, *passed)
    return Quote(
        base,
        total,
        count,
        day,
        line,
        cost_line,
        cost(total, cost_line) if cost_line else None,
        f"{offer.digest}-{agreement.digest}" if agreement else offer.digest,
        calendar or TURKISH,
    )


def _check(base: int, count: int) -> None:
    if not isinstance(base, int) or base <= 0:
        raise ValueError(f"there is nothing to pay: {base}")
    if not isinstance(count, int) or count < 1:
        raise ValueError(f"installments are counted from 1: {count}")
