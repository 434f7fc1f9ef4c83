"""No card number and no security code stays anywhere: marked ones, and a search.

As many as ``DC_CANARIES`` says go every way on which a card can come near our server:
messages of banks that hold more than they should, hasty payers, and each mode in which
a card is typed. Then everything that our server keeps is searched.
"""

import itertools
import os

import pytest
import requests

from tests.harness import canaries
from tests.harness.browser import PayerBrowser, browser
from tests.harness.dealer_client import payment_form
from tests.harness.orders import Orders
from tests.harness.page_payer import Card, Form, walk
from tests.harness.pos import Pos

from .conftest import Dealer
from .contracts import CONTRACTS, PAGE_CONTRACTS

COUNT = int(os.environ.get("DC_CANARIES", 1000))
NESTPAY = CONTRACTS[0]
SERVER = next(one for one in CONTRACTS if one.card_entry == "server")

# Out of forty numbers so many go this way.
SHARES = {
    "a signed return that holds it": 14,
    "a forged return": 9,
    "a return in the address": 5,
    "instead of the first eight digits": 7,
    "on our page, posted to us": 4,
    "through the pages of a bank": 1,
}


def spellings(number):
    """The ways in which a number may stand in a message, one after another."""
    grouped = [number[n : n + 4] for n in range(0, 16, 4)]
    return (
        {"pan": number},
        {"Pan": " ".join(grouped)},
        {"note": f"kart {'-'.join(grouped)} ile"},
        {number: "x"},
        {"json": f'{{"number": "{number}", "cvv": "{canaries.code_of(number)}"}}'},
        {"xml": f"<Number>{number}</Number>"},
        {"cv2": canaries.code_of(number), "cardNumber": number},
        {"CardCVV2": canaries.code_of(number), "text": f"no{number}"},
    )


@pytest.fixture(scope="module")
def ways():
    """:return: the way -> its numbers"""
    plan = [way for way, share in SHARES.items() for _number in range(share)]
    numbers = canaries.numbers(COUNT, seed=26)
    return {
        way: [number for number, on in zip(numbers, itertools.cycle(plan)) if on == way]
        for way in SHARES
    }


@pytest.fixture(scope="module")
def dealer(stack, admin):
    return Dealer(stack, admin)


@pytest.fixture(scope="module", autouse=True)
def demo_is_published_again(stack, admin):
    yield
    ours = admin.call("payment.provider", "search", [("code", "=", "pos_gateway")])
    demo = admin.call("payment.provider", "search", [("name", "=", "Demo Bank POS")])
    admin.call("payment.provider", "write", ours, {"is_published": False})
    admin.call("payment.provider", "write", demo, {"is_published": True})


@pytest.fixture(scope="module")
def nestpay(stack, admin, dealer):
    Pos(stack, admin, NESTPAY).publish()
    return Orders(stack, dealer, NESTPAY)


def test_messages_of_a_bank_that_say_too_much(stack, nestpay, ways):
    order_id, message = nestpay.pay("33.10")
    with_cards = zip(
        ways["a signed return that holds it"], itertools.cycle(range(8)), strict=False
    )
    for turn, (number, spelling) in enumerate(with_cards):
        fields = message.replaced(**spellings(number)[spelling], rnd=f"r{turn}").fields
        signed = stack.bank.post("sign", client_id=NESTPAY.terminal, fields=fields)
        answer = Form(message.url, signed["fields"]).deliver()
        assert answer.status_code == 303
    nestpay.settle_down(order_id)


def test_forged_messages_and_messages_in_an_address(nestpay, ways):
    order_id, message = nestpay.pay("33.20")
    for way, method in (
        ("a forged return", "post"),
        ("a return in the address", "get"),
    ):
        for turn, number in enumerate(ways[way]):
            fields = {**message.fields, **spellings(number)[turn % 8]}
            answer = Form(message.url, fields, method).deliver()
            assert answer.status_code in (303, 403)
    nestpay.settle_down(order_id)


def test_a_hasty_payer_who_sends_the_whole_number(nestpay, ways):
    client = nestpay.client
    collection_id = client.open_collection([nestpay.dealer.invoice(55)])
    form = payment_form(client.get(f"/my/dealer/collections/{collection_id}").text)
    for number in ways["instead of the first eight digits"]:
        with pytest.raises(RuntimeError):
            client.rpc(
                "/payment/pos_gateway/offers",
                provider_id=form["provider_id"],
                amount=form["amount"],
                currency_id=form["currency_id"],
                card_prefix=number,
            )
    with pytest.raises(RuntimeError):
        client.redirect_form(collection_id, gateway_card_prefix=number)


def test_cards_that_are_typed_on_a_page_that_posts_to_us(stack, admin, dealer, ways):
    Pos(stack, admin, SERVER).publish()
    orders = Orders(stack, dealer, SERVER)
    numbers = ways["on our page, posted to us"]
    wrong = ({"month": "13"}, {"holder": "4"}, {"code": "12"}, {"extra": "x"})
    for turn, number in enumerate(numbers):
        if turn % 10 == 0:
            order_id, form = orders.start("44.10")
            target = f"{form.url}/card"
            # The bank breaks off, speaks rubbish, or refuses: none of it may tell.
            kind = ("api_drop", "api_garbage", "api_500")[turn // 10 % 3]
            stack.bank.post("fault", kind=kind, order_id=order_id)
        card = {
            "holder": "DENEME BAYI",
            "number": number,
            "month": "12",
            "year": "30",
            "code": canaries.code_of(number),
        }
        if turn % 3:
            card |= wrong[turn % len(wrong)]
        answer = requests.post(target, data=card, allow_redirects=False, timeout=60)
        assert answer.status_code in (200, 303, 503)
        assert number not in answer.text.replace(" ", "")


def test_cards_on_the_pages_of_every_bank(stack, admin, dealer, ways):
    known = admin.call("payment.provider", "fields_get", ["gateway_bank"])
    banks = dict(known["gateway_bank"]["selection"])
    contracts = [c for c in (*CONTRACTS, *PAGE_CONTRACTS) if c.bank in banks]
    numbers = ways["through the pages of a bank"]
    for place, contract in enumerate(contracts):
        Pos(stack, admin, contract).publish()
        orders = Orders(stack, dealer, contract)
        for number in numbers[place :: len(contracts)]:
            order_id, form = orders.start("66.10")
            message = walk(form, Card(number, canaries.code_of(number)))
            assert message.deliver().status_code == 303
            orders.settle_down(order_id)
            assert orders.read(order_id)["state"] == "error"


@pytest.mark.parametrize("contract", [SERVER, PAGE_CONTRACTS[0]], ids=lambda c: c.name)
def test_cards_that_a_browser_types_on_our_page(stack, admin, dealer, contract):
    Pos(stack, admin, contract).publish()
    (number,) = canaries.numbers(1, seed=f"browser {contract.name}")
    dealer.invoice(71)
    with browser() as chromium:
        payer = PayerBrowser(chromium, stack.server.url)
        payer.log_in(dealer.login, dealer.login)
        payer.choose_invoices(1)
        payer.choose_installments(number, 1, at_bank=False)
        payer.pay_on_our_page(number, canaries.code_of(number))
        payer.page.wait_for_url(f"{stack.server.url}/**")
        payer.close()


def test_nothing_of_them_is_found_anywhere(stack, ways):
    numbers = {*itertools.chain(*ways.values())}
    for contract in (SERVER, PAGE_CONTRACTS[0]):
        numbers |= {*canaries.numbers(1, seed=f"browser {contract.name}")}
    assert len(numbers) == COUNT + 2
    codes = {canaries.code_of(number) for number in numbers}
    searched, found = 0, {}
    for place, text in canaries.everything_kept(stack):
        hits = canaries.found_numbers(text, numbers) | canaries.found_codes(text, codes)
        searched += len(text)
        if hits:
            found[place] = sorted(hits)[:5]
    assert found == {}
    assert searched > 1_000_000


def test_the_search_finds_what_is_there():
    (number,) = canaries.numbers(1, seed=1)
    code = canaries.code_of(number)
    for fields in spellings(number):
        text = f"\t{fields}\t"
        assert canaries.found_numbers(text, {number}) == {number}
        if code in fields.values():
            assert canaries.found_codes(text, {code})
