"""Puts cases of prices to the engine.

The format, and what its numbers mean, is in ``cases/README.md``.
"""

from datetime import date

from pos_gateway.pricing.agreement import Agreement, CostLine
from pos_gateway.pricing.cards import CardFacts, CardKind
from pos_gateway.pricing.offer import Bearer, Mode, Offer, OfferLine
from pos_gateway.pricing.quote import NotOffered, price
from pos_gateway.pricing.rates import rate
from pos_gateway.pricing.value_dates import ValueDate

FORMAT = "pricing/1"
# Of this card everything is known that installments ask for.
CARD = CardFacts(kind=CardKind.COMMERCIAL)


def answer(case: dict) -> dict:
    """:return: what the engine says, in the words of ``expect``

    :raises Exception: if the case cannot be put to the engine
    """
    offered = price(
        case["base"],
        date.fromisoformat(case["captured_on"]),
        CARD,
        case["offer"]["installments"],
        Offer("case", [_offer_line(**case["offer"])]),
        Agreement("case", "TRY", None, [_cost_line(**case["agreement"])]),
    )
    if isinstance(offered, NotOffered):
        return {"not_offered": offered.reason}
    said = offered.as_dict()
    # `total` is what is charged; the cost has one of its own.
    return said["cost"] | said


def _offer_line(installments, bearer, mode, surcharge) -> OfferLine:
    return OfferLine(
        "case",
        installments,
        rate(surcharge),
        bearer=Bearer(bearer),
        mode=Mode(mode),
    )


def _cost_line(rate, fee, bsmv, value_date) -> CostLine:
    return CostLine(
        "case", _rate(rate), fee, _rate(bsmv), value_date=ValueDate(**value_date)
    )


_rate = rate
