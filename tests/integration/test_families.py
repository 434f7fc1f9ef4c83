"""Every protocol family through a real server, browser and bank, to the kuruş."""

import os

import pytest

from tests.harness.browser import PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD
from tests.harness.pos import Pos
from tests.harness.stack import wait_for

from .contracts import CONTRACTS, PAGE_CONTRACTS

DECLINED_CARD = "4543620500000006"


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module", params=CONTRACTS, ids=lambda c: c.name)
def contract(request):
    return request.param


@pytest.fixture
def pos(stack, admin, contract):
    pos = Pos(stack, admin, contract)
    pos.publish()
    yield pos
    demo = admin.call("payment.provider", "search", [("name", "=", "Demo Bank POS")])
    admin.call("payment.provider", "write", [pos.provider_id], {"is_published": False})
    admin.call("payment.provider", "write", demo, {"is_published": True})


class Payer:
    """A dealer in a browser, at the POS under test."""

    def __init__(self, dealer, chromium, stack, contract):
        self.dealer, self.stack, self.contract = dealer, stack, contract
        pictures = os.environ.get("DC_PICTURES")
        folder = pictures and f"{pictures}/{contract.name}"
        self.browser = PayerBrowser(chromium, stack.server.url, pictures=folder)
        self.browser.log_in(dealer.login, dealer.login)

    def pay(self, amount, count=1, card=APPROVED_CARD):
        """:return: the bank order of the attempt"""
        self.dealer.invoice(amount)
        self.browser.choose_invoices(1)
        self.browser.choose_installments(
            card, count, at_bank=self.contract.card_entry == "hosted"
        )
        if self.contract.card_entry == "hosted":
            self.browser.pay_at_bank(card, "123")
        else:
            self.browser.pay_on_our_page(card, "123")
        return self.last_order()

    def last_order(self):
        ((order_id,),) = self.stack.query(
            "SELECT gateway_order_id FROM payment_transaction"
            " WHERE gateway_order_id IS NOT NULL AND partner_id = %s"
            " ORDER BY id DESC LIMIT 1",
            (self.dealer.partner_id,),
        )
        return order_id


@pytest.fixture
def payer(dealer, chromium, stack, contract, pos):
    payer = Payer(dealer, chromium, stack, contract)
    yield payer
    payer.browser.close()


def paid(pos, order_id, state="done"):
    """:return: the transaction, once it is in this state and in the books"""

    def ready():
        row = pos.transaction(order_id)
        is_booked = row["payment_id"] or state != "done"
        return row if row["state"] == state and is_booked else None

    return wait_for(ready, 60, f"order {order_id} as {state}")


def test_sales_voids_and_refunds_leave_both_ledgers_equal(payer, pos, contract, stack):
    one = paid(pos, payer.pay(1234.57))
    six = paid(pos, payer.pay(600, count=6))
    assert pos.at_bank() == pos.in_books() > 0

    assert pos.refund(one["id"], one["amount"])["state"] == "done"
    assert pos.at_bank() == pos.in_books()

    stack.bank.post("settle")
    assert pos.refund(six["id"], 100.01)["state"] == "done"
    assert pos.refund(six["id"], 0.99)["state"] == "done"
    assert pos.at_bank() == pos.in_books()
    rest = round(six["amount"] - 101, 2)
    assert pos.refund(six["id"], rest)["state"] == "done"
    assert pos.at_bank() == pos.in_books() == 0


def test_a_declined_card_charges_nothing_and_says_why(payer, pos):
    before = pos.at_bank(), pos.in_books()
    order_id = payer.pay(700, card=DECLINED_CARD)
    row = paid(pos, order_id, "error")
    assert row["gateway_reason"] == "limit"
    assert (pos.at_bank(), pos.in_books()) == before


def test_an_order_that_the_bank_never_saw_is_unknown_there(dealer, pos):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(300)])
    client.start_payment(collection_id)
    (row,) = dealer.transactions(collection_id)
    pos.ask(row["id"])
    wait_for(
        lambda: pos.stack.query(
            "SELECT 1 FROM pos_gateway_call WHERE transaction_id = %s"
            " AND operation = 'inquiry' AND result = 'not_found'",
            (row["id"],),
        ),
        what="the bank's answer that it knows no such order",
    )
    (row,) = dealer.transactions(collection_id)
    assert row["state"] in ("draft", "pending")


def test_what_is_reserved_is_booked_when_it_is_captured(payer, pos, contract):
    if not contract.reserves:
        pytest.skip("this family's page cannot reserve money")
    pos.publish(reserve=True)
    before = pos.at_bank(), pos.in_books()
    order_id = payer.pay(450.25)
    row = paid(pos, order_id, "authorized")
    assert (pos.at_bank(), pos.in_books()) == before
    assert pos.capture(row["id"])["state"] == "done"
    assert pos.at_bank() - before[0] == pos.in_books() - before[1] > 0


@pytest.mark.parametrize("contract", PAGE_CONTRACTS, ids=lambda c: c.name)
def test_a_card_typed_on_our_page_goes_to_the_bank_and_not_to_us(payer, pos, stack):
    row = paid(pos, payer.pay(345.67))
    assert pos.at_bank() == pos.in_books() > 0
    assert pos.refund(row["id"], row["amount"])["state"] == "done"
    assert pos.at_bank() == pos.in_books() == 0
    log = stack.server.log.read_text(errors="replace")
    assert APPROVED_CARD not in log
    assert "/start/" in log
