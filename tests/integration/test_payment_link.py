"""A sub-dealer enters a debt, sends its link; the customer pays on a phone."""

import os
from decimal import Decimal

import pytest

from tests.harness.browser import DESKTOP, PHONE, PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD
from tests.harness.stack import wait_for

from .conftest import Dealer


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def tiers(stack, admin):
    """:return: (main dealer, sub-dealer, id of a customer of the sub-dealer)"""
    main = Dealer(stack, admin)
    sub = Dealer(stack, admin, parent=main)
    customer_id = admin.call(
        "res.partner",
        "create",
        {
            "name": f"Kordon Market {sub.dealer_id}",
            "is_company": True,
            "dealer_id": sub.dealer_id,
            "email": "kordon@example.com",
            "phone": "0532 555 01 01",
        },
    )
    return main, sub, customer_id


@pytest.fixture
def visit(stack, chromium):
    """A browser for each person of the story."""
    opened = []

    def visit(size, language):
        person = PayerBrowser(
            chromium, stack.server.url, size, language, os.environ.get("DC_PICTURES")
        )
        opened.append(person)
        return person

    yield visit
    for person in opened:
        person.close()


def enter_receivable(seller, customer_id, reference):
    seller.go("/my/dealer/receivables/new")
    seller.page.select_option("#debtor_id", str(customer_id))
    seller.page.fill("#amount", "1.500,00")
    seller.page.fill("#reference", reference)
    seller.picture("receivable-new")
    seller.page.click("#wrap button[type=submit]")
    seller.page.wait_for_url("**/my/dealer/receivables/*")
    seller.page.wait_for_load_state("networkidle")
    seller.picture("receivable")


def make_link(seller) -> str:
    """:return: the path of the payment page"""
    seller.page.click("a[href*='/my/dealer/links/new']")
    seller.page.wait_for_selector("#purpose")
    seller.page.select_option("#max_installments", "6")
    seller.picture("link-new")
    seller.page.click(".o_dealer_link_new button[type=submit]")
    seller.page.wait_for_selector("#link_address")
    seller.page.wait_for_load_state("networkidle")
    seller.picture("link")
    address = seller.page.input_value("#link_address")
    return address[address.index("/pay/") :]


@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "tr"), (DESKTOP, "en")], ids=["phone", "desktop"]
)
def test_a_customer_pays_a_link_in_three_installments(
    stack, admin, tiers, visit, size, language
):
    main, sub, customer_id = tiers
    seller = visit(size, language)
    seller.log_in(sub.login, sub.login)
    reference = f"BRN-{sub.dealer_id}"
    enter_receivable(seller, customer_id, reference)
    path = make_link(seller)

    payer = visit(size, language)
    payer.go(path)
    payer.picture("pay")
    payer.page.click(".o_dealer_pay button[type=submit]")
    payer.page.wait_for_url("**/my/dealer/collections/*")
    payer.page.wait_for_load_state("networkidle")
    payer.choose_installments(APPROVED_CARD, 3)
    payer.pay_at_bank(APPROVED_CARD, "738")
    payer.wait_for_receipt()

    payer.go(path)
    payer.picture("pay-again")
    assert not payer.page.locator(".o_dealer_pay button[type=submit]").count()

    ((code, statement),) = stack.query(
        "SELECT r.code, r.statement FROM dealer_receipt r"
        " JOIN dealer_collection c ON c.id = r.collection_id"
        " WHERE c.dealer_id = %s",
        (sub.dealer_id,),
    )
    assert '"debt":"1500.00"' in statement
    payer.go(f"/receipt/check?code={code}")
    payer.picture("receipt-check")
    assert payer.page.locator(".fa-check-circle").count() == 1
    payer.go("/receipt/check?code=0000-0000-0000-0000")
    payer.picture("receipt-check-wrong")
    assert payer.page.locator(".alert-danger").count() == 1

    seller.go("/my/dealer/receivables?filterby=all")
    seller.picture("receivables")
    assert reference in seller.page.content()
    seller.go("/my/dealer/links")
    seller.picture("links")
    ((state, amount_open),) = stack.query(
        "SELECT state, amount_open FROM dealer_receivable WHERE reference = %s",
        (reference,),
    )
    assert (state, amount_open) == ("paid", 0)
    # One link up, the sub-dealer owes the main dealer so much less; and the company
    # credits the main dealer, which is its customer.
    ((balance,),) = stack.query(
        "SELECT balance FROM dealer_account WHERE creditor_id = %s", (main.dealer_id,)
    )
    assert balance == Decimal("-1500.00")
    ((credited,),) = stack.query(
        "SELECT sum(l.balance) FROM account_move_line l"
        " JOIN account_account a ON a.id = l.account_id"
        " WHERE l.partner_id = %s AND l.parent_state = 'posted'"
        " AND a.account_type = 'asset_receivable'",
        (main.partner_id,),
    )
    assert credited == Decimal("-1500.00")


def test_two_tabs_of_one_link_are_charged_once(stack, admin, tiers, visit):
    _main, sub, customer_id = tiers
    receivable_id = admin.call(
        "dealer.receivable",
        "create",
        {"creditor_id": sub.dealer_id, "debtor_id": customer_id, "amount": 210.5},
    )
    link_id = admin.call(
        "dealer.payment.link",
        "create",
        {
            "dealer_id": sub.dealer_id,
            "partner_id": customer_id,
            "purpose": "two tabs",
            "amount_kind": "open",
            "receivable_ids": [(6, 0, [receivable_id])],
        },
    )
    ((token,),) = stack.query(
        "SELECT access_token FROM dealer_payment_link WHERE id = %s", (link_id,)
    )
    payer = visit(PHONE, "tr")
    tabs = [payer.page, payer.context.new_page()]
    for tab in tabs:
        payer.page = tab
        payer.go(f"/pay/{token}")
        tab.click(".o_dealer_pay button[type=submit]")
        tab.wait_for_url("**/my/dealer/collections/*")
        tab.wait_for_load_state("networkidle")
    payer.page = tabs[0]
    payer.choose_installments(APPROVED_CARD, 1)
    payer.page = tabs[1]
    prefix = payer.page.locator(".o_pos_gateway_prefix")
    prefix.click()
    prefix.press_sequentially(APPROVED_CARD[:8])
    payer.page.locator("input[name=o_pos_gateway_installments][value='1']").check()
    payer.page.click("button[name=o_payment_submit_button]")
    payer.page.wait_for_selector(".o_payment_error, .modal.show, [role=dialog]")
    payer.picture("second-tab")
    payer.page = tabs[0]
    payer.pay_at_bank(APPROVED_CARD, "738")
    payer.wait_for_receipt()
    count = wait_for(
        lambda: stack.query(
            "SELECT count(*) FROM payment_transaction t"
            " JOIN dealer_collection c ON c.id = t.dealer_collection_id"
            " WHERE c.link_id = %s",
            (link_id,),
        )
    )
    assert count == [(1,)]
