"""The engine against ``reference.py``: the kept cases, and fresh ones."""

import json
import random
from datetime import date, timedelta

import pytest
from pos_gateway.tests.pricing import case_run, reference

KEPT = json.loads(reference.FILE.read_text())["cases"]


def test_the_kept_cases_are_what_the_reference_computes():
    assert reference.FILE.read_text() == reference.text()


def test_the_kept_cases_show_all_that_the_rules_tell_apart():
    assert len(KEPT) >= 100
    assert len({case["id"] for case in KEPT}) == len(KEPT)
    offers = [case["offer"] for case in KEPT]
    assert {(offer["bearer"], offer["mode"]) for offer in offers} == {
        ("company", "add"),
        ("dealer", "add"),
        ("payer", "add"),
        ("shared", "add"),
        ("payer", "net"),
    }
    uneven = [c for c in KEPT if c["expect"]["total"] % c["offer"]["installments"]]
    assert len(uneven) >= 20
    assert any(case["expect"]["company_cost"] < 0 for case in KEPT)
    assert any(case["expect"]["net"] < 0 for case in KEPT)
    years = {part["due"][:4] for case in KEPT for part in case["expect"]["slices"]}
    assert len(years) >= 3


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case["id"])
def test_the_engine_says_what_the_reference_says(case):
    said = case_run.answer(case)
    assert {key: said[key] for key in case["expect"]} == case["expect"]


def test_fresh_cases_agree_too():
    chance = random.Random(99)
    for number in range(1_500):
        is_net = number % 3 == 0
        bearer = "payer" if is_net else chance.choice(("company", "shared", "dealer"))
        case = reference.case_of(
            str(number),
            chance.randrange(1, 400 if is_net else 10 ** chance.randrange(1, 12)),
            (date(2025, 1, 1) + timedelta(chance.randrange(700))).isoformat(),
            (
                f"{chance.randrange(500_000) / 10_000:.4f}",
                chance.choice((0, 1, 99)),
                chance.choice(("0", "5", "33.3333", "100")) if not is_net else "5",
                chance.choice(reference.VALUE_DATES),
            ),
            (
                chance.randrange(1, 13),
                bearer,
                "net" if is_net else "add",
                chance.choice(("0", "0.0001", "2.5", "17.1234", "100")),
            ),
        )
        said = case_run.answer(case)
        assert {key: said[key] for key in case["expect"]} == case["expect"], case
