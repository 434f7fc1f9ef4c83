"""Which POS takes a payment, and why not the others."""

import random
from datetime import date

import pytest
from pos_gateway.pricing.agreement import Agreement, CostLine
from pos_gateway.pricing.cards import CardFacts, CardKind
from pos_gateway.pricing.limits import Limit
from pos_gateway.pricing.offer import Bearer, Mode, Offer, OfferLine
from pos_gateway.pricing.quote import NotOffered, price
from pos_gateway.pricing.rates import rate
from pos_gateway.pricing.route import Candidate, Route, route, ways
from pos_gateway.tests.pricing import reference

DAY = date(2026, 11, 24)
BASE = 1_000_000
BONUS = CardFacts("bonus", CardKind.COMMERCIAL)
OFFER = Offer(
    1,
    [
        OfferLine(1, 1, bearer=Bearer.COMPANY),
        OfferLine(2, 3, rate("2")),
        OfferLine(3, 6, mode=Mode.NET),
    ],
)


def pos(key, percent=None, **values):
    lines = [] if percent is None else [CostLine(1, rate(percent), bsmv=0)]
    agreement = Agreement(key, "TRY", None, lines) if lines else None
    return Candidate(key, f"POS {key}", agreement, **values)


def routed(*candidates, count=1, card=BONUS, offer=OFFER, limits=()):
    return route(BASE, DAY, card, count, offer, candidates, limits)


def told(*candidates, **values):
    """:return: (chosen, reason), and of each other (why, detail)"""
    made = routed(*candidates, **values)
    others = {other.key: (other.why, other.detail) for other in made.alternatives}
    return (made.chosen.key, made.reason), others


def test_a_single_pos_is_the_only_one():
    assert told(pos(1)) == ((1, "only"), {})


def test_the_cheapest_wins():
    assert told(pos(1, "2"), pos(2, "1.5"), pos(3)) == (
        (2, "cheapest"),
        {1: ("dearer", {"by": 5_000}), 3: ("unknown_cost", {})},
    )


def test_a_tie_is_broken_by_the_order_of_staff_then_by_the_key():
    one, two = pos(1, "2", priority=20), pos(2, "2", priority=10)
    assert told(one, two) == ((2, "priority"), {1: ("priority", {})})
    assert told(pos(4, "2"), pos(3, "2"))[0] == (3, "priority")


def test_without_any_known_cost_the_order_of_staff_decides():
    assert told(pos(1, priority=2), pos(2, priority=1)) == (
        (2, "priority"),
        {1: ("priority", {})},
    )


def test_the_pos_that_a_partner_is_tied_to_goes_before_cheaper_ones():
    assert told(pos(1, "9", is_fixed=True), pos(2, "1"), pos(3)) == (
        (1, "fixed"),
        {2: ("not_fixed", {}), 3: ("not_fixed", {})},
    )


def test_where_the_tied_pos_cannot_another_does():
    tied = pos(1, "1", is_fixed=True, programs=frozenset({"world"}))
    assert told(tied, pos(2, "2"), count=3) == (
        (2, "only"),
        {1: ("program", {"source": "POS 1"})},
    )
    assert told(tied, pos(2, "2"), count=1)[0] == (1, "fixed")


def test_a_promise_wins_a_tie_and_no_more_by_itself():
    promised = pos(2, "2", promise_open=1, priority=9)
    assert told(pos(1, "2"), promised) == (
        (2, "promise"),
        {1: ("promise", {"saving": 0})},
    )
    assert told(pos(1, "1.9999"), promised)[0] == (1, "cheapest")


def test_a_promise_may_cost_as_much_more_as_was_allowed():
    promised = pos(2, "2.25", promise_open=1, promise_extra=rate("0.25"))
    assert told(pos(1, "2"), promised) == (
        (2, "promise"),
        {1: ("promise", {"saving": 2_500})},
    )
    assert told(pos(1, "1.9999"), promised)[0] == (1, "cheapest")


def test_a_promise_that_is_kept_counts_no_more():
    kept = pos(2, "2", promise_open=0, promise_extra=rate("100"))
    assert told(pos(1, "1"), kept)[0] == (1, "cheapest")


def test_of_two_promises_the_cheaper_is_kept():
    extra = rate("1")
    one = pos(1, "2.5", promise_open=9, promise_extra=extra)
    two = pos(2, "2.4", promise_open=1, promise_extra=extra)
    assert told(one, two, pos(3, "2")) == (
        (2, "promise"),
        {1: ("dearer", {"by": 1_000}), 3: ("promise", {"saving": 4_000})},
    )


def test_where_the_promised_pos_is_the_cheapest_that_is_the_reason():
    assert told(pos(1, "1", promise_open=1), pos(2, "2"))[0] == (1, "cheapest")


@pytest.mark.parametrize(
    "down",
    [
        pos(1, "1", is_down=True),
        pos(1, "9", is_down=True, is_fixed=True),
        pos(1, "2", is_down=True, promise_open=1),
    ],
)
def test_where_the_best_is_down_the_next_one_takes_over(down):
    assert told(down, pos(2, "2"), pos(3, "3")) == (
        (2, "failover"),
        {1: ("down", {}), 3: ("dearer", {"by": 10_000})},
    )


def test_a_pos_that_is_down_and_would_not_have_won_changes_nothing():
    assert told(pos(1, "9", is_down=True), pos(2, "2"), pos(3, "3"))[0] == (
        2,
        "cheapest",
    )


def test_the_limits_of_a_pos_are_its_own():
    small = pos(1, "1", limits=(Limit("POS 1", maximum_total=BASE - 1),))
    assert told(small, pos(2, "2")) == (
        (2, "only"),
        {1: ("maximum_total", {"source": "POS 1"})},
    )


def test_a_limit_of_all_is_a_limit_everywhere():
    limits = [Limit("Partner A", max_installments=2)]
    made = routed(pos(1, "1"), pos(2, "2"), count=3, limits=limits)
    assert made == NotOffered(3, "max_installments", "Partner A")


def test_where_debts_are_netted_the_payer_gets_the_lowest_total():
    made = routed(pos(1, "3"), pos(2, "2"), pos(3), count=6)
    assert made.chosen.key == 2
    assert made.quote.cost.net == BASE
    assert [other.why for other in made.alternatives] == ["dearer", "no_agreement"]


def test_a_card_of_no_program_has_no_installments_at_a_pos_of_programs():
    plain = CardFacts(None, CardKind.CREDIT)
    bound = pos(1, "1", programs=frozenset({"bonus"}))
    assert routed(bound, card=plain, count=3) == NotOffered(3, "program", "POS 1")
    assert routed(bound, card=plain).chosen.key == 1


def test_what_no_pos_could_do_is_said_of_the_card_not_of_a_pos():
    bound = pos(1, "1", programs=frozenset({"world"}))
    debit = CardFacts("bonus", CardKind.DEBIT)
    assert routed(bound, card=debit, count=3) == NotOffered(3, "debit")
    assert routed(bound, count=4) == NotOffered(4, "no_offer")


def test_where_none_is_left_the_reason_is_told():
    assert routed() == NotOffered(1, "no_pos")
    assert routed(pos(1, "1", is_down=True)) == NotOffered(1, "down", "POS 1")
    limited = pos(2, "1", limits=(Limit("Small", maximum_total=1),), priority=5)
    bound = pos(3, "1", programs=frozenset(), priority=9)
    refusal = NotOffered(3, "maximum_total", "Small")
    assert routed(bound, limited, count=3) == refusal


def test_the_price_list_has_every_number_of_installments():
    made = ways(BASE, DAY, BONUS, OFFER, iter([pos(1, "1")]), iter([Limit("A", 3)]))
    assert [type(way) for way in made] == [Route, Route, NotOffered]
    assert [way.quote.total for way in made[:2]] == [1_000_000, 1_020_000]
    assert made[2] == NotOffered(6, "max_installments", "A")


def naive_choice(count, offer, candidates, limits):
    """The rules once more: filter, then compare everything with everything."""
    quotes = {}
    for one in candidates:
        if one.is_down or (
            count > 1 and one.programs is not None and BONUS.program not in one.programs
        ):
            continue
        quote = price(
            BASE, DAY, BONUS, count, offer, one.agreement, (*limits, *one.limits)
        )
        if not isinstance(quote, NotOffered):
            quotes[one] = quote
    pool = [one for one in quotes if one.is_fixed] or list(quotes)
    known = [one for one in pool if quotes[one].cost]
    if known:
        least = min(quotes[one].cost.total for one in known)
        promised = [
            one
            for one in known
            if one.promise_open
            and quotes[one].cost.total - least
            <= reference.half_up(quotes[one].total * one.promise_extra / 10**6)
        ]
        if promised and not pool[0].is_fixed:
            known = promised
            least = min(quotes[one].cost.total for one in known)
        pool = [one for one in known if quotes[one].cost.total == least]
    return min(pool, key=lambda one: (one.priority, one.key), default=None)


def test_the_choice_is_that_of_a_plain_comparison():
    chance = random.Random(13)
    reasons = set()
    for _ in range(4_000):
        candidates = [
            pos(
                key,
                chance.choice((None, "1", "1.5", "1.5", "2", "3")),
                priority=chance.randrange(3),
                programs=chance.choice((None, None, frozenset({"world"}))),
                is_down=chance.random() < 0.2,
                is_fixed=chance.random() < 0.1,
                promise_open=chance.choice((0, 0, 100)),
                promise_extra=rate(chance.choice(("0", "0.5", "1"))),
                limits=chance.choice(((), (), (Limit("A", 3),))),
            )
            for key in range(chance.randrange(6))
        ]
        chance.shuffle(candidates)
        count = chance.choice((1, 3, 6))
        made = routed(*candidates, count=count)
        expected = naive_choice(count, OFFER, candidates, ())
        if expected is None:
            assert isinstance(made, NotOffered)
            reasons.add(made.reason)
            continue
        assert made.chosen is expected
        others = [other.key for other in made.alternatives]
        assert sorted([*others, made.chosen.key]) == sorted(c.key for c in candidates)
        reasons |= {made.reason, *(other.why for other in made.alternatives)}
    assert reasons == {
        *("only", "fixed", "promise", "cheapest", "priority", "failover"),
        *("down", "not_fixed", "dearer", "unknown_cost", "program", "no_pos"),
        *("max_installments", "no_agreement"),
    }
