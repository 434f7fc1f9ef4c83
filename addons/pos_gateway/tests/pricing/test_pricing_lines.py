"""Which line of an agreement or an offer applies."""

import random
from datetime import date, timedelta

import pytest
from pos_gateway.pricing.agreement import Agreement, CostLine, conflicts
from pos_gateway.pricing.cards import UNKNOWN_CARD, CardFacts, CardKind
from pos_gateway.pricing.offer import SINGLE_PAYMENT, Bearer, Mode, Offer, OfferLine

DAY = date(2026, 11, 24)
PROGRAMS = ("bonus", "world", "axess")
COUNTS = (1, 2, 3, 6, 9, 12)
BONUS = CardFacts("bonus", CardKind.COMMERCIAL, issuer="0062")


def agreement(*lines, acquirer="0062"):
    return Agreement("pos", "TRY", acquirer, lines)


def naive_line(lines, acquirer, card, count, day):
    """Throw out what does not fit, sort the rest by how specific it is."""

    def fits(line):
        is_on_us = card.issuer is not None and acquirer is not None
        return (
            line.program in (None, card.program)
            and line.kind in (None, card.kind)
            and (
                line.on_us is None
                or (is_on_us and line.on_us == (card.issuer == acquirer))
            )
            and line.count in (None, count)
            and (line.valid_from is None or line.valid_from <= day)
            and (line.valid_to is None or day <= line.valid_to)
        )

    fitting = sorted(
        filter(fits, lines),
        key=lambda line: (
            line.program is None,
            line.kind is None,
            line.on_us is None,
            line.count is None,
            date.max - (line.valid_from or date.min),
        ),
    )
    return fitting[0] if fitting else None


def random_lines(chance, number):
    for key in range(number):
        first = DAY + timedelta(chance.randrange(-60, 30))
        last = first + timedelta(chance.randrange(90))
        yield CostLine(
            key,
            chance.randrange(400_000),
            program=chance.choice((None, *PROGRAMS)),
            kind=chance.choice((None, None, *CardKind)),
            on_us=chance.choice((None, None, True, False)),
            count=chance.choice((None, *COUNTS)),
            valid_from=chance.choice((None, first)),
            valid_to=chance.choice((None, last)),
        )


def random_card(chance):
    return CardFacts(
        chance.choice((None, "unheard of", *PROGRAMS)),
        chance.choice((None, *CardKind)),
        chance.choice((None, "0062", "0046")),
    )


def test_the_line_is_that_of_a_plain_search():
    chance = random.Random(8)
    found = 0
    for _ in range(150):
        lines = list(random_lines(chance, chance.choice((0, 3, 30, 200))))
        acquirer = chance.choice((None, "0062", "0062", "0046"))
        compiled = agreement(*lines, acquirer=acquirer)
        for _ in range(150):
            card, count = random_card(chance), chance.choice((*COUNTS, 5))
            day = DAY + timedelta(chance.randrange(-90, 60))
            line = naive_line(lines, acquirer, card, count, day)
            assert compiled.line_for(card, count, day) is line
            found += line is not None
    assert found > 5_000


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        ({"program": "bonus"}, {"kind": "commercial", "on_us": True, "count": 6}),
        ({"kind": "commercial"}, {"on_us": True, "count": 6}),
        ({"on_us": True}, {"count": 6}),
        ({"count": 6}, {"valid_from": DAY}),
        ({"valid_from": DAY}, {"valid_from": DAY - timedelta(1)}),
        ({"valid_from": DAY}, {}),
    ],
    ids=str,
)
def test_what_is_more_specific_wins_in_this_order(stronger, weaker):
    lines = [CostLine("strong", 1, **stronger), CostLine("weak", 2, **weaker)]
    for order in (lines, lines[::-1]):
        assert agreement(*order).line_for(BONUS, 6, DAY).key == "strong"


def test_a_line_holds_from_its_first_to_its_last_day():
    line = CostLine(1, 1, valid_from=DAY, valid_to=DAY + timedelta(1))
    days = [DAY + timedelta(n) for n in (-1, 0, 1, 2)]
    found = [agreement(line).line_for(BONUS, 1, day) for day in days]
    assert found == [None, line, line, None]


def test_an_unknown_card_is_never_guessed_about():
    lines = [
        CostLine("program", 1, program="bonus"),
        CostLine("kind", 1, kind=CardKind.CREDIT),
        CostLine("on us", 1, on_us=True),
        CostLine("not on us", 1, on_us=False),
    ]
    assert agreement(*lines).line_for(UNKNOWN_CARD, 1, DAY) is None
    plain = CostLine("plain", 1)
    assert agreement(*lines, plain).line_for(UNKNOWN_CARD, 1, DAY) is plain


def test_without_an_acquirer_no_card_is_on_us_or_not():
    lines = [CostLine(1, 1, on_us=True), CostLine(2, 1, on_us=False)]
    assert agreement(*lines, acquirer=None).line_for(BONUS, 1, DAY) is None


@pytest.mark.parametrize("name", ["program", "kind", "issuer"])
def test_what_is_not_known_is_none(name):
    # An issuer of False would make every card "not on us".
    with pytest.raises(ValueError, match="None, not False"):
        CardFacts(**{name: False})
    with pytest.raises(ValueError, match="None, not False"):
        agreement(acquirer=False)


def test_cards_of_a_thousand_programs_leave_no_trace():
    compiled = agreement(CostLine(1, 1), CostLine(2, 1, program="bonus"))
    for number in range(1_000):
        compiled.line_for(CardFacts(number, CardKind.CREDIT, number), number + 1, DAY)
    assert len(compiled._in_order) <= 8


@pytest.mark.parametrize(
    "values",
    [
        {"rate": -1},
        {"rate": 1_000_001},
        {"rate": 2.5},
        {"rate": 1, "bsmv": 1_000_001},
        {"rate": 1, "fee": -1},
        {"rate": 1, "fee": 0.5},
        {"rate": 1, "count": 0},
        {"rate": 1, "count": 100},
        {"rate": 1, "kind": "gold"},
        {"rate": 1, "program": False},
        {"rate": 1, "valid_to": False},
        {"rate": 1, "valid_from": DAY, "valid_to": DAY - timedelta(1)},
    ],
    ids=str,
)
def test_a_line_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValueError):
        CostLine(1, **values)


def test_conflicts_are_those_that_a_comparison_of_all_pairs_finds():
    chance = random.Random(9)
    seen = set()
    for _ in range(60):
        lines = list(random_lines(chance, 150))
        pairs = {frozenset((a.key, b.key)): why for a, b, why in conflicts(lines)}
        expected = {}
        for i, one in enumerate(lines):
            for other in lines[:i]:
                is_disjoint = (
                    one.last_day < other.first_day or other.last_day < one.first_day
                )
                if one.conditions == other.conditions and not is_disjoint:
                    is_same = one.first_day == other.first_day
                    why = "same_start" if is_same else "overlap"
                    expected[frozenset((one.key, other.key))] = why
        assert pairs == expected
        seen |= set(pairs.values())
    assert seen == {"same_start", "overlap"}


def test_periods_that_follow_on_each_other_are_no_conflict():
    old = CostLine(1, 1, valid_to=DAY)
    new = CostLine(2, 2, valid_from=DAY + timedelta(1))
    assert conflicts([new, old]) == ()
    late = CostLine(3, 3, valid_from=DAY)
    assert conflicts([late, old]) == ((old, late, "overlap"),)


def offer_lines():
    return [
        OfferLine("plain", 3, 100),
        OfferLine("kind", 3, 200, kind=CardKind.COMMERCIAL),
        OfferLine("program", 3, 300, program="bonus"),
        OfferLine("both", 3, 400, program="bonus", kind=CardKind.COMMERCIAL),
        OfferLine("six", 6, program="bonus"),
    ]


@pytest.mark.parametrize(
    ("card", "key"),
    [
        (BONUS, "both"),
        (CardFacts("bonus", CardKind.CREDIT), "program"),
        (CardFacts("world", CardKind.COMMERCIAL), "kind"),
        (CardFacts(None, CardKind.COMMERCIAL), "kind"),
        (CardFacts("world", CardKind.CREDIT), "plain"),
        (UNKNOWN_CARD, "plain"),
    ],
)
def test_an_offer_looks_at_the_program_first_then_at_the_kind(card, key):
    assert Offer(1, offer_lines()).line_for(card, 3).key == key


def test_a_line_for_the_program_goes_before_one_for_the_kind():
    _plain, kind, program, *_others = offer_lines()
    assert Offer(1, [kind, program]).line_for(BONUS, 3) is program


def test_an_offer_knows_its_numbers_of_installments():
    offer = Offer(1, offer_lines())
    assert offer.all_counts() == (1, 3, 6)
    assert offer.counts(BONUS) == (1, 3, 6)
    assert offer.counts(CardFacts("world", CardKind.CREDIT)) == (1, 3)
    assert offer.line_for(CardFacts("world"), 6) is None


def test_a_single_payment_is_always_possible():
    assert Offer(1, []).line_for(UNKNOWN_CARD, 1) is SINGLE_PAYMENT
    assert Offer(1, []).all_counts() == (1,)
    dear = OfferLine("dear", 1, 500)
    assert Offer(1, [dear]).line_for(UNKNOWN_CARD, 1) is dear


@pytest.mark.parametrize(
    "values",
    [
        {"count": 0},
        {"count": None},
        {"count": 100},
        {"count": 3, "surcharge": -1},
        {"count": 3, "surcharge": 1_000_001},
        {"count": 3, "extra": -1},
        {"count": 3, "minimum_total": -1},
        {"count": 3, "minimum_installment": 0.5},
        {"count": 3, "kind": "gold"},
        {"count": 3, "program": False},
        {"count": 3, "bearer": "bank"},
        {"count": 3, "mode": "multiply"},
        {"count": 3, "bearer": Bearer.SHARED, "mode": Mode.NET},
    ],
    ids=str,
)
def test_an_offer_line_that_makes_no_sense_is_refused(values):
    with pytest.raises(ValueError):
        OfferLine(1, **values)


def test_two_lines_of_an_offer_for_the_same_cards_are_refused():
    with pytest.raises(ValueError, match="two lines for 3 installments"):
        Offer(1, [OfferLine(1, 3), OfferLine(2, 3, 100)])


def test_a_digest_names_contents_not_their_order_or_place():
    lines = list(random_lines(random.Random(1), 20))
    moved = [CostLine(**vars(line) | {"key": line.key + 100}) for line in lines]
    assert agreement(*lines).digest == agreement(*moved[::-1]).digest
    changed = [CostLine(**vars(lines[0]) | {"fee": lines[0].fee + 1}), *lines[1:]]
    digests = {
        agreement(*lines).digest,
        agreement(*changed).digest,
        agreement(*lines[1:]).digest,
        agreement(*lines, acquirer="0046").digest,
    }
    assert len(digests) == 4


def test_a_digest_is_the_same_tomorrow():
    # Of what is kept with payments nothing may depend on the process or the version.
    line = CostLine(1, 25_000, program=7, kind=CardKind.CREDIT, valid_from=DAY)
    assert Agreement(1, "TRY", 4, [line]).digest == "3e091cad55cd"
    assert Offer(1, [OfferLine(1, 3, 25_000)]).digest == "2a6f577e0e14"
