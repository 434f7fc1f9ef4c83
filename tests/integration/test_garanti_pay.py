"""GarantiPay through a real server: what the payer sees, and what anybody may send."""

from urllib.parse import parse_qs

import pytest
import requests

from tests.harness.browser import PHONE, PayerBrowser, browser
from tests.harness.dealer_client import hidden_fields
from tests.harness.pos import Pos
from tests.harness.stack import wait_for

from .contracts import GARANTI_PAY

OPEN = ("draft", "pending")


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
def begin(dealer, pos):
    return lambda amount, count=1: WalletPayment(dealer, pos, amount, count)


def test_the_payer_takes_the_wallet_on_a_phone(stack, dealer, pos):
    dealer.invoice(1550.1)
    with browser() as chromium:
        payer = PayerBrowser(chromium, stack.server.url, PHONE, "tr", None)
        payer.log_in(dealer.login, dealer.login)
        payer.choose_invoices(1)
        page = payer.page
        page.get_by_text("GarantiPay", exact=True).click()
        ways = page.get_by_role("group", name="Nasıl ödemek istersiniz?")
        three = ways.get_by_role("radio", name="3 taksit")
        three.check()
        shown = int(three.get_attribute("data-total"))
        with page.expect_request("**/gt3dengine") as going:
            page.click("button[name=o_payment_submit_button]")
        sent = {name: text for name, (text,) in parse_qs(going.value.post_data).items()}
        payer.close()
    assert sent["garantipay"] == "Y"
    assert sent["txnamount"] == str(shown)
    assert shown > 155010
    assert sent["txninstallmentcount"] == "3"
    assert not [name for name in sent if name.startswith("card")]


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
