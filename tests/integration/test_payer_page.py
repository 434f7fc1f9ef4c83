"""The prices on the payer's page: by keyboard, to a screen reader, and how heavy."""

import os
import re

import pytest
import requests
from playwright.sync_api import expect

from tests.harness.browser import DESKTOP, PHONE, PayerBrowser, browser
from tests.harness.clerk_browser import ClerkBrowser
from tests.harness.dealer_client import APPROVED_CARD

DEBIT_PREFIX, UNKNOWN_PREFIX = "45436104", "40000000"
MOST_BYTES = 10_000
PICTURES = os.environ.get("DC_PICTURES")


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def open_page(stack, dealer, chromium):
    """:return: a function that opens the page of a debt of 1,550.10"""
    payers = []

    def open_page(size=DESKTOP, language="en"):
        dealer.invoice(1550.1)
        payer = PayerBrowser(chromium, stack.server.url, size, language, PICTURES)
        payers.append(payer)
        payer.log_in(dealer.login, dealer.login)
        payer.choose_invoices(1)
        return payer

    yield open_page
    for payer in payers:
        payer.close()


def type_prefix(page, prefix):
    field = page.locator(".o_pos_gateway_prefix")
    field.fill("")
    field.press_sequentially(prefix)
    page.wait_for_selector("input[name=o_pos_gateway_installments]")
    page.wait_for_load_state("networkidle")


def test_the_whole_payment_is_made_with_the_keyboard_alone(open_page, stack):
    payer = open_page()
    page = payer.page
    press = page.keyboard.press
    prefix = page.get_by_label("First 8 digits of the card")
    for _step in range(60):
        if prefix.evaluate("item => item === document.activeElement"):
            break
        press("Tab")
    expect(prefix).to_be_focused()
    page.keyboard.type(APPROVED_CARD[:8])
    ways = page.get_by_role("group", name="How would you like to pay?")
    first = ways.get_by_role("radio").first
    expect(first).to_be_checked()
    press("Tab")
    expect(first).to_be_focused()
    press("ArrowDown")
    press("ArrowDown")
    three = ways.get_by_role("radio", name=re.compile("3 installments"))
    expect(three).to_be_checked()
    expect(three).to_be_focused()
    press("Enter")
    page.wait_for_selector("#card-form")
    assert page.url.startswith(stack.bank.url)
    ((count,),) = stack.query(
        "SELECT gateway_installment_count FROM payment_transaction"
        " ORDER BY id DESC LIMIT 1"
    )
    assert count == 3


def test_a_screen_reader_is_told_names_prices_and_notes(open_page):
    page = open_page().page
    prefix = page.get_by_role("textbox", name="First 8 digits of the card")
    expect(prefix).to_have_accessible_description(re.compile("never reaches this"))
    type_prefix(page, APPROVED_CARD[:8])
    ways = page.get_by_role("group", name="How would you like to pay?")
    names = [
        re.sub(r"\s+", " ", radio.evaluate("item => item.labels[0].textContent"))
        for radio in ways.get_by_role("radio").all()
    ]
    assert len(names) == 4
    three = ways.get_by_role("radio", name=re.compile("3 installments"))
    # The name holds what is paid each month, the total, and what of it is surcharge.
    for text in ("531.42", "531.44", "1,594.28", "44.18"):
        expect(three).to_have_accessible_name(re.compile(re.escape(text)))
    best = ways.get_by_role("radio", name=re.compile("Best price"))
    expect(best).to_have_count(1)
    type_prefix(page, DEBIT_PREFIX)
    note = page.locator(".o_pos_gateway_note")
    expect(note).to_have_attribute("aria-live", "polite")
    expect(note).to_contain_text("debit or prepaid card")
    type_prefix(page, UNKNOWN_PREFIX)
    expect(note).to_contain_text("do not know these first digits")
    page.get_by_text("Installments by card program").click()
    # Programs with the same prices share a table.
    table = page.get_by_role("table", name=re.compile("World"))
    expect(table.get_by_role("columnheader", name="Total")).to_be_visible()
    expect(table.get_by_role("rowheader", name="3 installments")).to_be_visible()


def test_what_is_missing_is_said_where_it_is_missing(open_page):
    page = open_page().page
    page.locator(".o_pos_gateway_prefix").press_sequentially("4543")
    page.click("button[name=o_payment_submit_button]")
    expect(page.get_by_role("alert").filter(has_text="first 8 digits")).to_be_visible()
    expect(page.locator(".o_pos_gateway_prefix")).to_be_focused()


@pytest.mark.parametrize("language", ["tr", "en"])
@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_nothing_is_wider_than_the_page(open_page, size, language):
    payer = open_page(size, language)
    page = payer.page

    def look(name):
        payer.picture(name)
        assert page.evaluate(
            "() => document.documentElement.scrollWidth <= window.innerWidth"
        ), name

    for name, prefix in (
        ("ways", APPROVED_CARD[:8]),
        ("debit", DEBIT_PREFIX),
        ("unknown", UNKNOWN_PREFIX),
    ):
        type_prefix(page, prefix)
        look(name)
    page.locator(".o_pos_gateway_programs summary").click()
    page.wait_for_selector(".o_pos_gateway_tables table")
    look("programs")


def test_our_scripts_of_the_page_are_small(stack, open_page):
    page = open_page().page
    sources = page.locator("script[src*='web.assets_frontend'], script[data-src]").all()
    total = 0
    for source in sources:
        address = source.get_attribute("src") or source.get_attribute("data-src")
        text = requests.get(stack.server.url + address, timeout=60).text
        parts = re.split(r"^/\* (/\S+\.js) \*/$", text, flags=re.MULTILINE)
        for name, code in zip(parts[1::2], parts[2::2], strict=True):
            if name.startswith("/pos_gateway/"):
                total += len(code.strip().encode())
    assert 3_000 < total < MOST_BYTES


@pytest.mark.parametrize("language", ["tr_TR", "en_US"])
def test_staff_read_why_a_payment_cost_what_it_did(
    stack, dealer, admin, chromium, language
):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(1000)])
    fields = client.start_payment(collection_id, 3)
    stack.bank.post("charge", fields=fields, card_number=APPROVED_CARD)
    stack.bank.post(f"deliver/{fields['oid']}")
    transaction = dealer.wait_for_payment(collection_id)
    (user,) = admin.search_read("res.users", [("login", "=", "admin")], ["lang"])
    admin.call("res.users", "write", [user["id"]], {"lang": language})
    clerk = ClerkBrowser(
        chromium,
        stack.server.url,
        "admin",
        "admin",
        locale=language.replace("_", "-"),
        pictures=PICTURES,
    )
    try:
        clerk.open("payment.action_payment_transaction", transaction["id"])
        clerk.page.locator("details:has(.o_pos_gateway_explanation) > summary").click()
        box = clerk.page.locator(".o_pos_gateway_explanation")
        expect(box).to_be_visible()
        amount = {"tr_TR": "1.028,50", "en_US": "1,028.50"}[language]
        expect(box).to_contain_text(amount)
        clerk.picture("explanation")
        box.locator("ul, p").last.scroll_into_view_if_needed()
        clerk.picture("explanation-end")
    finally:
        clerk.close()
        admin.call("res.users", "write", [user["id"]], {"lang": user["lang"]})
