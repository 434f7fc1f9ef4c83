"""One way to pay a debt: what the card is charged, and what the company gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from .agreement import Agreement, Cost, CostLine, cost, describe, smallest_total
from .business_days import Calendar
from .cards import IN_INSTALLMENTS, CardFacts
from .installments import split_installments
from .limits import cut
from .offer import Bearer, Mode, Offer, OfferLine
from .rates import rate_text, share
from .value_dates import slices

SURCHARGED = (Bearer.PAYER, Bearer.SHARED)


@dataclass(frozen=True)
class NotOffered:
    """Why a number of installments cannot be chosen.

    :param reason: ``debit``, ``unknown_card``, ``program``, ``minimum_total``,
        ``maximum_total``, ``minimum_installment``, ``max_installments``, ``cap``,
        ``surcharge``, ``no_agreement``, ``impossible``, ``no_offer`` or ``no_pos``
    :param source: which rule says so, where there are several, in words for people
    """

    installment_count: int
    reason: str
    source: str = ""


@dataclass(frozen=True)
class Quote:
    """Amounts are kuruş; parts sum to their wholes.

    :param cost: what the bank takes; None if no agreement says it
    :param extra: installments that the bank adds: shown, never sent
    """

    base: int
    total: int
    installment_count: int
    line: OfferLine
    day: date
    cost: Cost | None = None
    cost_line: CostLine | None = None
    versions: tuple = ()
    calendar: Calendar = field(default_factory=Calendar, repr=False, compare=False)

    @property
    def surcharge(self) -> int:
        return self.total - self.base

    @property
    def extra(self) -> int:
        return self.line.extra

    @property
    def bearer(self) -> Bearer:
        return self.line.bearer

    @property
    def mode(self) -> Mode:
        return self.line.mode

    @property
    def company_cost(self) -> int | None:
        """What is left of the bank's cost for the company; below zero it is a gain."""
        return None if self.cost is None else self.cost.total - self.surcharge

    @cached_property
    def installments(self) -> tuple[int, ...]:
        return split_installments(self.total, self.installment_count)

    @cached_property
    def slices(self) -> tuple:
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
        stored = {
            "base": self.base,
            "total": self.total,
            "surcharge": self.surcharge,
            "installment_count": self.installment_count,
            "extra": self.extra,
            "installments": list(self.installments),
            "bearer": self.bearer.value,
            "mode": self.mode.value,
            "surcharge_rate": rate_text(self.line.surcharge),
            "offer_line": self.line.key,
            "day": self.day.isoformat(),
            "version": "-".join(self.versions),
            "cost": None,
        }
        if self.cost is not None:
            stored["cost"] = {
                "commission": self.cost.commission,
                "fee": self.cost.fee,
                "bsmv": self.cost.bsmv,
                "net": self.cost.net,
                "total": self.cost.total,
            }
            stored["cost_line"] = describe(self.cost_line)
            stored["slices"] = [
                {
                    "due": part.due.isoformat(),
                    "gross": part.gross,
                    "commission": part.commission,
                    "fee": part.fee,
                    "bsmv": part.bsmv,
                    "net": part.net,
                }
                for part in self.slices
            ]
        return stored


def price(
    base: int,
    day: date,
    card: CardFacts,
    count: int,
    offer: Offer,
    agreement: Agreement | None = None,
    limits=(),
    calendar: Calendar | None = None,
) -> Quote | NotOffered:
    """Price a debt of ``base`` kuruş for one card and number of installments.

    :raises ValueError: if there is nothing to pay, or no such number of installments
    """
    if base <= 0 or count < 1:
        raise ValueError("there is nothing to pay, or in no installments")
    if count > 1 and card.kind not in IN_INSTALLMENTS:
        reason = "unknown_card" if card.kind is None else "debit"
        return NotOffered(count, reason)
    line = offer.line_for(card, count)
    if line is None:
        return NotOffered(count, "no_offer")
    cost_line = agreement and agreement.line_for(card, count, day)
    try:
        total = charged(base, line, cost_line)
    except ValueError:
        reason = "impossible" if cost_line else "no_agreement"
        return NotOffered(count, reason, "" if cost_line else "net")
    refusal = _refused(total, count, offer, line, limits)
    if refusal:
        return NotOffered(count, *refusal)
    return Quote(
        base,
        total,
        count,
        line,
        day,
        cost(total, cost_line) if cost_line else None,
        cost_line,
        (offer.digest, agreement.digest) if agreement else (offer.digest,),
        calendar or Calendar(),
    )


def charged(base: int, line: OfferLine, cost_line: CostLine | None) -> int:
    """:return: what the card is charged for a debt

    :raises ValueError: if it depends on the bank's cost, and that is not known
    """
    if line.bearer not in SURCHARGED:
        return base
    if line.mode is Mode.ADD:
        return base + share(base, line.surcharge)
    if cost_line is None:
        raise ValueError("no agreement says what the bank takes")
    return smallest_total(base, cost_line)


def _refused(total, count, offer, line, limits):
    installment = total // count
    if count > 1:
        # The offer's own: below them there is only the single payment.
        if total < max(offer.minimum_total, line.minimum_total):
            return "minimum_total", "offer"
        if installment < max(offer.minimum_installment, line.minimum_installment):
            return "minimum_installment", "offer"
    return cut(limits, total, count, installment) if limits else None
