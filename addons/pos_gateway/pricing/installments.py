"""What the payer pays for a debt, by installment count.

A line of an offer table is (installment count, surcharge in percent). The surcharge is
added to the debt and rounded once; the parts on the card always sum to the total.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal

from .rounding import round_kurus
from .splits import split_installments


@dataclass(frozen=True)
class OfferLine:
    """:param surcharge_percent: of the debt, e.g. ``Decimal("2.5")``"""

    installment_count: int
    surcharge_percent: Decimal


SINGLE_PAYMENT = OfferLine(1, Decimal(0))


@dataclass(frozen=True)
class Quote:
    """One way to pay a debt of ``base`` kuruş. All amounts are kuruş."""

    installment_count: int
    surcharge_percent: str
    base: int
    surcharge: int
    total: int
    installments: tuple[int, ...]

    def as_dict(self) -> dict:
        return asdict(self) | {"installments": list(self.installments)}


def quote(base: int, line: OfferLine) -> Quote:
    """Price a debt of ``base`` kuruş with one line of an offer.

    >>> quote(100000, OfferLine(3, Decimal("2.5"))).total
    102500

    :raises ValueError: if there is nothing to pay, or the line makes no sense
    """
    if base <= 0:
        raise ValueError("there is nothing to pay")
    if line.installment_count < 1 or line.surcharge_percent < 0:
        raise ValueError(f"no such offer: {line}")
    surcharge = round_kurus(Decimal(base) * line.surcharge_percent / 100)
    total = base + surcharge
    return Quote(
        installment_count=line.installment_count,
        surcharge_percent=f"{line.surcharge_percent.normalize():f}",
        base=base,
        surcharge=surcharge,
        total=total,
        installments=split_installments(total, line.installment_count),
    )


def quotes(base: int, lines) -> tuple[Quote, ...]:
    """Price a debt with every line, fewest installments first.

    Without any line a single payment at no surcharge is offered.
    """
    ordered = sorted(lines, key=lambda line: line.installment_count)
    return tuple(quote(base, line) for line in ordered or [SINGLE_PAYMENT])
