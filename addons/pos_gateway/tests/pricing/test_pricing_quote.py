"""Quotes: what is offered and why not, what is kept of them."""

import json
from datetime import date

import pytest
from pos_gateway.pricing.agreement import Agreement, CostLine
from pos_gateway.pricing.business_days import Calendar
from pos_gateway.pricing.cards import UNKNOWN_CARD, CardFacts, CardKind
from pos_gateway.pricing.limits import Limit
from pos_gateway.pricing.offer import Bearer, Mode, Offer, OfferLine
from pos_gateway.pricing.quote import NotOffered, Quote, price
from pos_gateway.pricing.rates import rate
from pos_gateway.pricing.value_dates import ValueDate

DAY = date(2026, 11, 24)
CARD = CardFacts(7, CardKind.CREDIT, 62)
MONTHLY = ValueDate("per_installment", first_days=30, interval_days=30)
AGREEMENT = Agreement(
    1,
    "TRY",
    62,
    [
        CostLine(
            10, rate("2"), valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31)
        ),
        CostLine(11, rate("3.5"), fee=99, value_date=MONTHLY, program=7, count=3),
        CostLine(12, rate("100"), count=9),
        CostLine(13, rate("5"), count=2, valid_to=date(2026, 1, 1)),
    ],
)
OFFER = Offer(
    2,
    [
        OfferLine(20, 1, rate("0.5")),
        OfferLine(21, 2, bearer=Bearer.DEALER, extra=2),
        OfferLine(22, 3, rate("1.2345"), kind=CardKind.CREDIT, bearer=Bearer.SHARED),
        OfferLine(23, 6, mode=Mode.NET, minimum_total=90_000),
        OfferLine(24, 9, mode=Mode.NET),
        OfferLine(25, 12, bearer=Bearer.COMPANY),
    ],
    minimum_total=50_000,
    minimum_installment=10_000,
)


def quoted(count, base=100_000, card=CARD, agreement=AGREEMENT, limits=()):
    return price(base, DAY, card, count, OFFER, agreement, limits)


@pytest.mark.parametrize("kind", [CardKind.DEBIT, CardKind.PREPAID])
def test_debit_cards_pay_at_once(kind):
    card = CardFacts(7, kind, 62)
    for count in (2, 3, 4):
        assert quoted(count, card=card) == NotOffered(count, "debit")
    assert quoted(1, card=card).total == 100_500


@pytest.mark.parametrize("card", [UNKNOWN_CARD, CardFacts(7, None, 62)])
def test_cards_of_unknown_kind_pay_at_once(card):
    assert quoted(3, card=card) == NotOffered(3, "unknown_card")
    assert quoted(1, card=card).total == 100_500


def test_what_the_offer_does_not_have_is_not_offered():
    assert quoted(4) == NotOffered(4, "no_offer")
    commercial = CardFacts(7, CardKind.COMMERCIAL)
    assert quoted(3, card=commercial) == NotOffered(3, "no_offer")


def test_the_offers_own_minimums_hold_for_installments_only():
    assert quoted(2, base=49_999) == NotOffered(2, "minimum_total", "offer")
    assert quoted(3, base=50_000).surcharge == 617
    assert quoted(12, base=119_999) == NotOffered(12, "minimum_installment", "offer")
    assert quoted(12, base=120_000).total == 120_000
    assert quoted(6, base=60_000) == NotOffered(6, "minimum_total", "offer_line")
    assert quoted(1, base=1).total == 1


def test_a_limit_that_is_tighter_than_the_offer_is_named():
    limits = [Limit("POS A", minimum_total=80_000), Limit("Partner B", 2)]
    assert quoted(2, 70_000, limits=limits) == NotOffered(2, "minimum_total", "POS A")
    refusal = NotOffered(3, "max_installments", "Partner B")
    assert quoted(3, 70_000, limits=limits) == refusal
    loose = [Limit("POS A", minimum_total=100)]
    assert quoted(2, 49_999, limits=loose) == NotOffered(2, "minimum_total", "offer")


def test_a_minimum_is_compared_with_what_is_charged():
    limits = [Limit("POS A", minimum_total=100_500, maximum_total=100_500)]
    assert quoted(1, 100_000, limits=limits).total == 100_500
    assert quoted(1, 99_999, limits=limits).reason == "minimum_total"
    assert quoted(1, 100_001, limits=limits).reason == "maximum_total"


def test_without_an_agreement_the_cost_is_unknown():
    quote = quoted(3, agreement=None)
    assert (quote.total, quote.cost, quote.company_cost) == (101_235, None, None)
    assert quote.slices == ()
    assert quoted(9, agreement=None) == NotOffered(9, "no_agreement")


def test_an_agreement_that_is_silent_on_installments_does_not_have_them():
    silent = Agreement(1, "TRY", 62, [CostLine(1, 1, count=2)])
    assert quoted(3, agreement=silent) == NotOffered(3, "no_agreement")
    single = quoted(1, agreement=silent)
    assert (single.total, single.cost) == (100_500, None)


def test_a_bank_that_keeps_all_makes_a_net_total_impossible():
    assert quoted(9) == NotOffered(9, "impossible")


def test_a_line_that_has_ended_gives_way_to_a_plainer_one():
    assert quoted(2).cost_line.key == 10


@pytest.mark.parametrize("base", [0, -1, 100.0, "100", None])
def test_there_must_be_something_to_pay(base):
    with pytest.raises(ValueError, match="nothing to pay"):
        quoted(1, base)


@pytest.mark.parametrize("count", [0, -1, 2.0, None])
def test_installments_are_counted_from_one(count):
    with pytest.raises(ValueError, match="counted from 1"):
        quoted(count)


def test_huge_amounts_and_counts_stay_exact():
    base = 10**30 + 7
    quote = quoted(3, base)
    assert sum(quote.installments) == quote.total == base + quote.surcharge
    assert sum(part.net for part in quote.slices) == quote.cost.net
    assert quoted(10**9).reason == "no_offer"


@pytest.mark.parametrize("agreement", [AGREEMENT, None])
@pytest.mark.parametrize("count", [1, 2, 3, 6, 12])
def test_a_quote_is_read_back_as_it_was_kept(count, agreement):
    quote = quoted(count, 1_234_567, agreement=agreement)
    if isinstance(quote, NotOffered):
        assert quote.reason == "no_agreement"
        return
    kept = json.loads(json.dumps(quote.as_dict()))
    again = Quote.from_dict(kept)
    assert again == quote
    assert again.slices == quote.slices
    assert again.as_dict() == kept


def test_words_do_in_the_place_of_the_enumerations():
    line = OfferLine(1, 2, kind="credit", bearer="payer", mode="add")
    word = Offer(1, [line])
    quote = price(100, DAY, CardFacts(7, "credit"), 2, word)
    same = OfferLine(1, 2, 0, None, CardKind.CREDIT, Bearer.PAYER, Mode.ADD)
    other = price(100, DAY, CardFacts(7, CardKind.CREDIT), 2, Offer(1, [same]))
    assert quote.as_dict() == other.as_dict()
    assert type(quote.as_dict()["bearer"]) is str
    assert Quote.from_dict(quote.as_dict()) == quote


def test_what_was_said_is_not_changed_by_a_holiday_that_is_announced_later():
    quote = quoted(3)
    kept = quote.as_dict()
    first = quote.slices[0].due
    moved = price(100_000, DAY, CARD, 3, OFFER, AGREEMENT, calendar=Calendar([first]))
    assert moved.slices[0].due > first
    assert Quote.from_dict(kept).slices[0].due == first


def test_what_is_kept_tells_all():
    assert quoted(3).as_dict() == {
        "base": 100_000,
        "total": 101_235,
        "surcharge": 1_235,
        "surcharge_rate": "1.2345",
        "installment_count": 3,
        "extra": 0,
        "installments": [33_745, 33_745, 33_745],
        "bearer": "shared",
        "mode": "add",
        "day": "2026-11-24",
        "cost": {
            "commission": 3_543,
            "fee": 99,
            "bsmv": 182,
            "net": 97_411,
            "total": 3_824,
        },
        "company_cost": 2_589,
        "slices": [
            {
                "due": due,
                "gross": 33_745,
                "commission": 1_181,
                "fee": 33,
                "bsmv": bsmv,
                "net": 33_745 - 1_181 - 33 - bsmv,
            }
            for due, bsmv in (
                ("2026-12-24", 61),
                ("2027-01-25", 61),
                ("2027-02-22", 60),
            )
        ],
        "offer_line": 22,
        "offer_terms": {
            "key": 22,
            "count": 3,
            "surcharge": "1.2345",
            "program": None,
            "kind": "credit",
            "bearer": "shared",
            "mode": "add",
            "extra": 0,
            "minimum_total": 0,
            "minimum_installment": 0,
        },
        "cost_line": {
            "key": 11,
            "rate": "3.5",
            "fee": 99,
            "bsmv": "5",
            "value_date": {
                "rule": "per_installment",
                "days": 0,
                "first_days": 30,
                "interval_days": 30,
            },
            "program": 7,
            "kind": None,
            "on_us": None,
            "count": 3,
            "valid_from": None,
            "valid_to": None,
        },
        "version": f"{OFFER.digest}-{AGREEMENT.digest}",
    }
