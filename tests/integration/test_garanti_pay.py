"""GarantiPay through a real server: what the payer sees, and what anybody may send."""

import os
from decimal import Decimal
from urllib.parse import parse_qs

import pytest
import requests

from tests.harness.browser import PHONE, PayerBrowser, browser
from tests.harness.dealer_client import hidden_fields
from tests.harness.phone_app import PhoneApp
from tests.harness.pos import Pos
from tests.harness.stack import wait_for

from .contracts import GARANTI_PAY

OPEN = ("draft", "pending")
PICTURES = os.environ.get("DC_PICTURES")


@pytest.fixture(scope="module")
def pos(stack, admin):
    pos = Pos(stack, admin, GARANTI_PAY)
    pos.publish()
    yield pos
    demo = admin.call("payment.provider", "search", [("name", "=", "Demo Bank POS")])
    admin.call("payment.provider", "write", [pos.provider_id], {"is_published": False})
    admin.call("payment.provider", "write", demo, {"is_published": True})


class WalletPayment:
    """A payment that a dealer has begun: his browser holds the form for the bank."""

    def __init__(self, dealer, pos, amount, count=1):
        self.dealer, self.pos = dealer, pos
        client = dealer.client()
        self.collection_id = client.open_collection([dealer.invoice(amount)])
        self.form = hidden_fields(client.wallet_form(self.collection_id, count))
        self.order_id = self.form["orderid"]

    def notify(self, **changes):
        """Send a notice as anybody could make it up."""
        fields = {
            "oid": self.order_id,
            "terminalid": self.form["terminalid"],
            "response": "Approved",
            "procreturncode": "00",
            "mdstatus": "1",
            "authcode": "304917",
        }
        return requests.post(
            self.form["successurl"],
            data=fields | changes,
            timeout=60,
            allow_redirects=False,
        )

    def read(self):
        return self.pos.transaction(self.order_id)

    def count_of(self, kind):
        """:return: how many messages of this kind are kept"""
        ((count,),) = self.pos.stack.query(
            "SELECT count(*) FROM pos_gateway_message m"
            " JOIN payment_transaction t ON t.id = m.transaction_id"
            " WHERE t.gateway_order_id = %s AND m.kind = %s",
            (self.order_id, kind),
        )
        return count

    def wait_until_asked(self, times=1):
        wait_for(lambda: self.count_of("call_answer") >= times, 60, "the bank's answer")


@pytest.fixture
def bank(stack):
    return stack.bank


@pytest.fixture
def begin(dealer, pos):
    return lambda amount, count=1: WalletPayment(dealer, pos, amount, count)


@pytest.mark.parametrize("language", ["tr", "en"])
def test_the_payer_confirms_on_the_phone_and_gets_a_receipt(
    stack, dealer, pos, language
):
    before = pos.at_bank(), pos.in_books()
    invoice_id = dealer.invoice(1550.1)
    words = {"tr": ("Nasıl ödemek istersiniz?", "3 taksit"),
             "en": ("How would you like to pay?", "3 installments")}  # fmt: skip
    question, way = words[language]
    with browser() as chromium:
        payer = PayerBrowser(chromium, stack.server.url, PHONE, language, PICTURES)
        payer.log_in(dealer.login, dealer.login)
        payer.choose_invoices(1)
        page = payer.page
        page.get_by_text("GarantiPay", exact=True).click()
        three = page.get_by_role("group", name=question).get_by_role("radio", name=way)
        three.check()
        shown = int(three.get_attribute("data-total"))
        payer.picture("wallet")
        with page.expect_request("**/gt3dengine") as going:
            page.click("button[name=o_payment_submit_button]")
        sent = {name: text for name, (text,) in parse_qs(going.value.post_data).items()}
        page.wait_for_selector("a[target=phone]")
        payer.picture("bank-waits")
        with page.context.expect_page() as opened:
            page.click("a[target=phone]")
        phone = opened.value
        phone.set_viewport_size(PHONE)
        phone.wait_for_selector("#approve")
        payer.page, waiting = phone, page
        payer.picture("phone-app")
        phone.click("#approve")
        payer.page = waiting
        payer.wait_for_receipt()
        receipt = payer.page.inner_text("#wrap")
        payer.close()
    assert receipt.count("GarantiPay") == 1
    assert sent["garantipay"] == "Y"
    assert sent["txnamount"] == str(shown)
    assert shown > 155010
    assert sent["txninstallmentcount"] == "3"
    assert not [name for name in sent if name.startswith("card")]
    paid = Decimal(shown) / 100
    assert (pos.at_bank(), pos.in_books()) == (before[0] + paid, before[1] + paid)
    (invoice,) = pos.admin.call(
        "account.move", "read", [invoice_id], fields=["amount_residual"]
    )
    assert invoice["amount_residual"] == 0


def test_what_is_refused_in_the_app_is_not_booked(begin, pos, bank):
    before = pos.at_bank(), pos.in_books()
    payment = begin(430)
    app = PhoneApp(bank, payment.form)
    app.refuse()
    assert app.bring_result().status_code == 303
    payment.wait_until_asked()
    row = payment.read()
    assert row["state"] != "done"
    assert not row["payment_id"]
    assert (pos.at_bank(), pos.in_books()) == before


def test_silence_leaves_it_open_and_a_late_confirmation_is_found(begin, pos, bank):
    payment = begin(440)
    app = PhoneApp(bank, payment.form)
    row = payment.read()
    pos.ask(row["id"])
    payment.wait_until_asked()
    assert payment.read()["state"] in OPEN
    before = pos.in_books()
    app.approve()
    pos.ask(row["id"])
    assert pos.wait_until_final(row["id"])["state"] == "done"
    assert pos.in_books() == before + Decimal(str(row["amount"]))


def test_a_lost_return_is_found_at_the_bank_and_booked_once(begin, pos, bank):
    before = pos.at_bank(), pos.in_books()
    payment = begin(450)
    bank.post("fault", kind="dropped_connection", order_id=payment.order_id)
    app = PhoneApp(bank, payment.form)
    app.approve()
    with pytest.raises(requests.ConnectionError):
        app.result()
    row = payment.read()
    for _time in range(2):
        pos.ask(row["id"])
        assert pos.wait_until_final(row["id"])["state"] == "done"
    amount = Decimal(str(row["amount"]))
    assert (pos.at_bank(), pos.in_books()) == (before[0] + amount, before[1] + amount)


def test_a_return_that_comes_five_times_is_booked_once(begin, pos, bank):
    payment = begin(460)
    before = pos.in_books()
    app = PhoneApp(bank, payment.form)
    app.approve()
    for _time in range(5):
        assert app.bring_result().status_code == 303
    row = payment.read()
    assert pos.wait_until_final(row["id"])["state"] == "done"
    assert pos.in_books() == before + Decimal(str(row["amount"]))
    assert payment.count_of("page_return") == 1


def test_a_changed_return_is_refused_and_the_true_one_still_taken(begin, pos, bank):
    payment = begin(470)
    app = PhoneApp(bank, payment.form)
    app.refuse()
    lies = {"response": "Approved", "procreturncode": "00", "mdstatus": "1"}
    assert app.bring_result(**lies).status_code == 403
    assert payment.count_of("page_return") == 0
    assert app.bring_result().status_code == 303
    payment.wait_until_asked()
    assert not payment.read()["payment_id"]


def test_another_amount_than_asked_is_not_booked(begin, pos, bank):
    payment = begin(480)
    before = pos.in_books()
    bank.post("fault", kind="changed_amount", order_id=payment.order_id)
    app = PhoneApp(bank, payment.form)
    app.approve()
    assert app.bring_result().status_code == 403
    pos.ask(payment.read()["id"])
    wait_for(lambda: payment.read()["gateway_review_reason"], 60, "the review")
    row = payment.read()
    assert row["state"] in OPEN
    assert "480.00 -> 481.00" in row["gateway_review_reason"]
    assert not row["payment_id"]
    assert pos.in_books() == before


def test_it_is_voided_on_its_day_and_refunded_later(begin, pos, bank):
    before = pos.at_bank(), pos.in_books()
    rows = []
    for amount in (490, 500):
        payment = begin(amount)
        app = PhoneApp(bank, payment.form)
        app.approve()
        app.bring_result()
        rows.append(payment.read())
        assert pos.wait_until_final(rows[-1]["id"])["state"] == "done"
        if amount == 490:
            assert pos.refund(rows[0]["id"], rows[0]["amount"])["state"] == "done"
            assert (pos.at_bank(), pos.in_books()) == before
            bank.post("settle")
    bank.post("settle")
    assert pos.refund(rows[1]["id"], 120.5)["state"] == "done"
    left = Decimal(str(rows[1]["amount"])) - Decimal("120.5")
    assert (pos.at_bank(), pos.in_books()) == (before[0] + left, before[1] + left)


def test_a_forged_notice_books_nothing(begin, pos):
    before = pos.at_bank(), pos.in_books()
    payment = begin(400)
    assert payment.notify().status_code == 303
    payment.wait_until_asked()
    row = payment.read()
    assert row["state"] in OPEN
    assert not row["payment_id"]
    assert (pos.at_bank(), pos.in_books()) == before


def test_a_wrong_signature_and_a_notice_of_another_order_are_refused(begin):
    payment, other = begin(410), begin(411)
    names = "clientid:oid:authcode:procreturncode:response:mdstatus:cavv:eci:md:rnd:"
    forged = {"hashparams": names, "hash": "0" * 128, "clientid": "30770101"}
    assert payment.notify(**forged).status_code == 403
    assert payment.notify(oid=other.order_id).status_code == 403
    assert payment.notify(terminalid="30770199").status_code == 403
    assert payment.count_of("page_return") == 0


def test_a_repeated_notice_is_one_question(begin):
    payment = begin(420)
    for _time in range(5):
        assert payment.notify().status_code == 303
    payment.wait_until_asked()
    assert payment.count_of("page_return") == 1
    assert payment.count_of("call") == 1
