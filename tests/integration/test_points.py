"""A card's points, on a page of ours, at every bank that tells them."""

import re

import pytest
import requests

from tests.harness import canaries
from tests.harness.page_payer import Card
from tests.harness.pos import Pos

from .conftest import Dealer
from .contracts import CONTRACTS

FAMILIES = ("garanti", "payfor", "posnet")
MODEL = "pos.gateway.points.request"
# Test cards of the bank simulator, and what it says of their points.
WORTH = {
    "4543600100000002": "25,00",
    "5400610200000009": "130,75",
    "9792040300000006": "0,00",
    "4543620500000006": "9,99",
}
NOT_SAID = "Banka bu kartın puanını bildirmedi"


class PointsPage:
    """The page behind a link that staff have made."""

    def __init__(self, stack, admin, provider_id, partner_id):
        self.stack, self.admin = stack, admin
        values = {"partner_id": partner_id, "provider_id": provider_id}
        self.id = admin.call(MODEL, "create", values)
        link = self.read("link")["link"]
        self.url = f"{stack.server.url}{link[link.index('/payment/') :]}"

    def read(self, *names):
        (row,) = self.admin.call(MODEL, "read", [self.id], fields=list(names))
        return row

    def type_card(self, number, **changes):
        """:return: what the payer reads then"""
        card = Card(number=number, code=canaries.code_of(number))
        fields = {
            "holder": card.holder,
            "number": card.number,
            "month": card.month,
            "year": card.year[2:],
            "code": card.code,
        } | changes
        page = requests.post(f"{self.url}/card", data=fields, timeout=120)
        assert page.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())

    def asked_at_bank(self):
        return [
            row
            for row in self.stack.bank.get("log")["log"]
            if row["operation"] == "points"
        ]


@pytest.fixture(
    params=[one for one in CONTRACTS if one.family in FAMILIES], ids=lambda c: c.name
)
def page(request, stack, admin):
    admin.call(
        "ir.config_parameter",
        "set_param",
        "pos_gateway.allow_server_card_entry",
        "True",
    )
    stack.bank.post("reset")
    pos = Pos(stack, admin, request.param)
    return PointsPage(stack, admin, pos.provider_id, Dealer(stack, admin).partner_id)


def test_the_points_of_each_card_are_shown_and_nothing_is_charged(page):
    for asked, (number, worth) in enumerate(WORTH.items(), 1):
        text = page.type_card(number)
        assert worth in text, text
        assert len(page.asked_at_bank()) == asked
        row = page.read("state", "worth")
        assert (row["state"], f"{row['worth']:.2f}") == (
            "told",
            worth.replace(",", "."),
        )
    assert page.stack.bank.get("charges")["charges"] == []


@pytest.mark.parametrize("fault", ["api_drop", "api_garbage", "api_500"])
def test_without_a_clear_answer_the_page_says_so_and_the_next_card_is_taken(
    page, fault
):
    number = "4543600100000002"
    page.stack.bank.post("fault", kind=fault, operation="points")
    assert NOT_SAID in page.type_card(number)
    assert page.read("state")["state"] == "unclear"
    assert WORTH[number] in page.type_card(number)


def test_a_card_that_the_bank_does_not_take_has_no_points(page):
    assert NOT_SAID in page.type_card("5400630600000003")


def test_no_card_stays_anywhere(page):
    numbers = canaries.numbers(4, seed=f"points {page.id}")
    faults = (None, "api_garbage", "api_drop", "api_500")
    for number, fault in zip(numbers, faults, strict=True):
        if fault:
            page.stack.bank.post("fault", kind=fault, operation="points")
        page.type_card(number)
        page.type_card(number, month="13")
    assert page.read("card_count")["card_count"] == len(numbers)
    codes = {canaries.code_of(number) for number in numbers}
    for place, text in canaries.everything_kept(page.stack):
        found = canaries.found_numbers(text, {*numbers})
        found |= canaries.found_codes(text, codes)
        assert not found, f"{place}: {found}"
