"""From a main dealer that staff make to a customer who pays on a phone, and back.

After the first line nobody of the company does anything, until a refund: each dealer
follows its own invitation, and each sees its own part alone.
"""

import html
import os
import re
from decimal import Decimal

import pytest

from tests.harness.browser import DESKTOP, PHONE, PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD
from tests.harness.stack import wait_for

PASSWORD = "Uzun-Parola-4815"
TAX_NUMBERS = {"sub": "1234567890", "customer": "3456789006"}


class Person:
    """One of the story, with a browser of its own."""

    def __init__(self, stack, chromium, email, size, language="tr"):
        self.stack, self.email = stack, email
        self.browser = PayerBrowser(
            chromium, stack.server.url, size, language, os.environ.get("DC_PICTURES")
        )
        self.page = self.browser.page

    def invitation(self):
        """:return: path of the address in the newest invitation to this person"""

        def newest():
            rows = self.stack.query(
                """
                SELECT m.body_html
                  FROM mail_mail m
                 WHERE m.body_html LIKE '%%signup%%'
                   AND (m.email_to ILIKE %(like)s OR EXISTS (
                        SELECT 1
                          FROM mail_mail_res_partner_rel r
                          JOIN res_partner p ON p.id = r.res_partner_id
                         WHERE r.mail_mail_id = m.id AND p.email = %(email)s))
                 ORDER BY m.id DESC
                """,
                {"like": f"%{self.email}%", "email": self.email},
            )
            return rows and rows[0][0]

        body = html.unescape(wait_for(newest))
        address = re.search(r'href="([^"]*signup[^"]*)"', body)[1]
        return re.sub(r"^https?://[^/]+", "", address)

    def follow_invitation(self):
        """Open the address of the mail, choose a password, and be in."""
        self.page.goto(f"{self.stack.server.url}{self.invitation()}")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.fill("input[name=confirm_password]", PASSWORD)
        self.browser.picture("invitation")
        self.page.click(".oe_signup_form button[type=submit]")
        self.page.wait_for_url("**/my**")
        self.browser.go("/my")
        self.browser.picture("home")

    def send_form(self, done):
        """Press the page's button, and wait until its address looks like ``done``."""
        self.page.click("#wrap form:has(#name) button[type=submit]")
        self.page.wait_for_url(done)
        self.page.wait_for_load_state("load")

    def look_at(self, path, name):
        """Open a page that is kept up to date, and so never falls silent."""
        self.page.goto(f"{self.stack.server.url}/tr{path}", wait_until="load")
        self.browser.picture(name)

    def close(self):
        self.browser.close()


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def make_person(stack, chromium):
    people = []

    def make_person(email, size=DESKTOP):
        people.append(Person(stack, chromium, email, size))
        return people[-1]

    yield make_person
    for person in people:
        person.close()


def staff_make_main_dealer(admin, email):
    """The first line: a dealer with an open invoice, and an invitation.

    :return: ids of the dealer, its partner and its invoice
    """
    turkey = admin.search_read("res.country", [("code", "=", "TR")], ["id"])
    partner_id = admin.call(
        "res.partner",
        "create",
        {
            "name": "Masal Ana Bayi A.Ş.",
            "is_company": True,
            "country_id": turkey[0]["id"],
            "lang": "tr_TR",
        },
    )
    dealer_id = admin.call("dealer.dealer", "create", {"partner_id": partner_id})
    invoice_id = admin.call(
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "partner_id": partner_id,
            "invoice_line_ids": [
                (0, 0, {"name": "Mal", "price_unit": 4000, "tax_ids": [(5,)]})
            ],
        },
    )
    admin.call("account.move", "action_post", [invoice_id])
    wizard_id = admin.call(
        "dealer.invite.wizard",
        "create",
        {"dealer_id": dealer_id, "name": "Ayşe Masal", "email": email},
    )
    admin.call("dealer.invite.wizard", "action_invite", [wizard_id])
    return dealer_id, partner_id, invoice_id


def ledger_debt(stack, partner_id):
    """:return: what the ledger says that a partner owes"""
    ((debt,),) = stack.query(
        "SELECT COALESCE(sum(l.balance), 0) FROM account_move_line l"
        " JOIN account_account a ON a.id = l.account_id"
        " WHERE l.partner_id = %s AND l.parent_state = 'posted'"
        " AND a.account_type = 'asset_receivable'",
        (partner_id,),
    )
    return debt


def tier_balances(stack, main_dealer_id):
    """:return: what the customer owes the sub-dealer, and it the main dealer"""
    rows = dict(
        stack.query(
            "SELECT a.creditor_id, a.balance FROM dealer_account a"
            " JOIN dealer_dealer d ON d.id = a.creditor_id"
            " WHERE d.id = %(main)s OR d.parent_id = %(main)s",
            {"main": main_dealer_id},
        )
    )
    main = rows.pop(main_dealer_id)
    (sub,) = rows.values()
    return sub, main


def test_the_story_of_a_main_dealer_a_sub_dealer_and_a_customer(
    stack, admin, make_person
):
    ayse, burak = "ayse@masal.example", "burak@masal.example"
    dealer_id, partner_id, invoice_id = staff_make_main_dealer(admin, ayse)

    # The main dealer follows its invitation, adds a sub-dealer and invites its owner.
    main = make_person(ayse)
    main.follow_invitation()
    main.browser.go("/my/dealer/sub-dealers/new")
    main.page.fill("#name", "Masal Alt Bayi Ltd.")
    main.page.fill("#tax_number", TAX_NUMBERS["sub"])
    main.send_form("**/my/dealer/sub-dealers/*done=added*")
    main.page.fill("#invite_name", "Burak Masal")
    main.page.fill("#invite_email", burak)
    main.browser.picture("sub-dealer")
    main.page.click("form[action$='/invite'] button[type=submit]")
    main.page.wait_for_url("**done=invited*")

    # The sub-dealer adds a customer, enters what it owes, and makes a link.
    sub = make_person(burak, PHONE)
    sub.follow_invitation()
    sub.browser.go("/my/dealer/customers/new")
    sub.page.fill("#name", "Masal Market")
    sub.page.fill("#tax_number", TAX_NUMBERS["customer"])
    sub.send_form(re.compile(r"/my/dealer/customers(?!/new)"))
    sub.browser.go("/my/dealer/receivables/new")
    sub.page.select_option("#debtor_id", label="Masal Market")
    sub.page.fill("#amount", "1.500,00")
    sub.page.fill("#reference", "MASAL-1")
    sub.page.click("#wrap form:has(#amount) button[type=submit]")
    sub.page.wait_for_url("**/my/dealer/receivables/*")
    sub.page.click("a[href*='/my/dealer/links/new']")
    sub.page.wait_for_selector("#purpose")
    sub.page.click(".o_dealer_link_new button[type=submit]")
    sub.page.wait_for_selector("#link_address")
    address = sub.page.input_value("#link_address")

    # The customer pays on a phone, without a login, in three installments.
    payer = make_person("nobody@masal.example", PHONE)
    payer.browser.go(address[address.index("/pay/") :])
    assert "Masal Alt Bayi" in payer.page.content()
    assert "Masal Ana Bayi" not in payer.page.content()
    payer.page.click(".o_dealer_pay button[type=submit]")
    payer.page.wait_for_url("**/my/dealer/collections/*")
    payer.page.wait_for_load_state("networkidle")
    payer.browser.choose_installments(APPROVED_CARD, 3)
    payer.browser.pay_at_bank(APPROVED_CARD, "738")
    payer.browser.wait_for_receipt()

    # The chain is closed, and the company credits the main dealer.
    assert ledger_debt(stack, partner_id) == Decimal("2500.00")
    assert tier_balances(stack, dealer_id) == (0, Decimal("-1500.00"))
    see_own_part_alone(main, sub)

    # A refund of 500.00 unwinds on every tier.
    ((transaction_id,),) = stack.query(
        "SELECT t.id FROM payment_transaction t"
        " JOIN dealer_collection c ON c.id = t.dealer_collection_id"
        " JOIN dealer_receivable r ON r.reference = 'MASAL-1'"
        " JOIN dealer_collection_line l ON l.collection_id = c.id"
        "  AND l.receivable_id = r.id",
    )
    stack.bank.post("settle")
    given_back = refund(admin, stack, transaction_id)
    wait_for(
        lambda: tier_balances(stack, dealer_id) == (Decimal(500), Decimal(-1000)), 60
    )
    assert ledger_debt(stack, partner_id) == Decimal("3000.00")
    ((residual, state),) = stack.query(
        "SELECT amount_residual, payment_state FROM account_move WHERE id = %s",
        (invoice_id,),
    )
    assert (residual, state) == (Decimal("3000.00"), "partial")
    ((amount_open,),) = stack.query(
        "SELECT amount_open FROM dealer_receivable WHERE reference = 'MASAL-1'"
    )
    assert amount_open == Decimal("500.00")
    see_the_refund(main, sub, payer, given_back)


def see_own_part_alone(main, sub):
    """Both see the collection. The main dealer sees what is owed below it; the
    sub-dealer nothing of the one above it.
    """
    for person, knows in ((main, True), (sub, False)):
        person.look_at("/my/dealer/collections", "collections")
        assert "1.500,00" in person.page.content()
        person.look_at("/my/dealer", "panel")
        content = person.page.content()
        assert ("4.000,00" in content or "2.500,00" in content) == knows
        assert "1.500,00" in content
    sub.browser.go("/my/dealer/sub-dealers")
    shown = sub.page.locator("#wrap").inner_text()
    assert "Masal Alt Bayi" not in shown and "Masal Ana Bayi" not in shown
    main.browser.go("/my/dealer/receivables?filterby=all")
    assert "Masal Market" in main.page.locator("#wrap").inner_text()


def see_the_refund(main, sub, payer, given_back):
    """Each sees on its own pages what the refund has opened again for it."""
    main.look_at("/my/dealer", "panel-after-refund")
    assert "3.000,00" in main.page.locator("#wrap").inner_text()
    sub.browser.go("/my/dealer/receivables")
    shown = sub.page.locator("#wrap").inner_text()
    assert "Masal Market" in shown and "500,00" in shown
    sub.look_at("/my/dealer", "panel-after-refund")
    assert "3.000,00" not in sub.page.locator("#wrap").inner_text()
    # The payer, without a login, on the page of its receipt.
    payer.page.reload(wait_until="load")
    shown = payer.page.locator("#wrap").inner_text()
    assert turkish(given_back) in shown
    assert "Masal Ana Bayi" not in shown
    payer.browser.picture("receipt-after-refund")


def turkish(amount):
    """
    >>> turkish(Decimal("1234.50"))
    '1.234,50'
    """
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def refund(admin, stack, transaction_id):
    """Staff give 500.00 of the debt back, with its share of the surcharge.

    :return: what the card gets back
    """
    ((base, amount),) = stack.query(
        "SELECT gateway_base_amount, amount FROM payment_transaction WHERE id = %s",
        (transaction_id,),
    )
    share = (Decimal(500) * amount / base).quantize(Decimal("0.01"))
    admin.call("payment.transaction", "action_refund", [transaction_id], float(share))
    return share
