from datetime import date

import pytest
from pos_gateway.pricing.cards import UNKNOWN_CARD, CardFacts, CardKind
from pos_gateway.pricing.offer import Offer, OfferLine
from pos_gateway.pricing.quote import NotOffered, price
from pos_gateway.pricing.rates import rate

DAY = date(2026, 11, 25)
CREDIT = CardFacts(program="p", kind=CardKind.CREDIT)


def priced(base, percent, count=1, card=CREDIT):
    offer = Offer(1, [OfferLine(1, count, rate(percent))])
    return price(base, DAY, card, count, offer)


@pytest.mark.parametrize(
    ("base", "percent", "surcharge"),
    [
        (50, "1", 1),  # exactly half a kuruş
        (49, "1", 0),
        (10_000, "2.85", 285),
        (333, "1.5015", 5),
        (1, "0", 0),
    ],
)
def test_a_surcharge_is_rounded_half_up_once(base, percent, surcharge):
    quote = priced(base, percent)
    assert (quote.surcharge, quote.total) == (surcharge, base + surcharge)


@pytest.mark.parametrize("kind", [None, CardKind.DEBIT, CardKind.PREPAID])
def test_only_credit_cards_pay_in_installments(kind):
    refused = priced(10_000, "0", 3, CardFacts(kind=kind))
    assert isinstance(refused, NotOffered)
    assert refused.reason == ("debit" if kind else "unknown_card")


def test_an_unknown_card_pays_once():
    assert priced(10_000, "1", 1, UNKNOWN_CARD).total == 10_100


@pytest.mark.parametrize("base", [0, -1])
def test_nothing_cannot_be_paid(base):
    with pytest.raises(ValueError):
        priced(base, "0")
