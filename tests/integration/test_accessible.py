"""The dealer's pages without eyes and without a mouse, and how few of them it takes."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import harness
from tests.harness.accessibility import audit, heading_problems
from tests.harness.browser import DESKTOP, PHONE, PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD

SECURITY_CODE = "738"
LISTS = ("collections", "sub-dealers", "customers", "receivables", "links")
PAGES = (
    "/my/dealer",
    "/my/dealer/open-items",
    "/my/dealer/statement",
    "/my/dealer/people",
    "/my/dealer/receivables/import",
    "/my/dealer/reports/collections",
    "/receipt/check",
    *(f"/my/dealer/{name}" for name in LISTS),
    *(f"/my/dealer/{name}/new" for name in LISTS[1:]),
)
MOST_SCREENS = 4
MOST_TABS = 200


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture
def make_visitor(stack, chromium):
    visitors = []

    def make_visitor(size=DESKTOP, language="tr"):
        visitors.append(
            PayerBrowser(
                chromium,
                stack.server.url,
                size,
                language,
                os.environ.get("DC_PICTURES"),
            )
        )
        return visitors[-1]

    yield make_visitor
    for visitor in visitors:
        visitor.close()


@pytest.fixture
def other_methods(admin, dealer):
    """The company takes bank transfers and cheques, as long as the test runs."""
    own = [("id", "=", dealer.dealer_id)]
    company = admin.search_read("dealer.dealer", own, ["company_id"])
    company = company[0]["company_id"][0]
    wires = [("custom_mode", "=", "wire_transfer"), ("company_id", "=", company)]
    wire = admin.search_read("payment.provider", wires, ["id"])[0]["id"]
    journal_id = admin.call(
        "account.journal", "create", {"name": "Çekler", "code": "CEK", "type": "cash"}
    )
    on = {"state": "enabled", "is_published": True, "name": "Havale"}
    admin.call("payment.provider", "write", [wire], on)
    admin.call(
        "res.company", "write", [company], {"dealer_cheque_journal_id": journal_id}
    )
    yield
    off = {"state": "disabled", "is_published": False}
    admin.call("payment.provider", "write", [wire], off)
    admin.call("res.company", "write", [company], {"dealer_cheque_journal_id": False})


def open_page(visitor, path):
    """Some pages are kept up to date and never fall silent: no waiting for that."""
    url = f"{visitor.url}/{visitor.language}{path}"
    answer = visitor.page.goto(url, wait_until="load")
    assert answer.ok, (path, answer.status)
    visitor.page.wait_for_timeout(300)


def documents(page, name):
    """:return: path of the first document that a list leads to, or nothing"""
    pattern = rf"^/(?:[a-z]{{2}}/)?my/dealer/{name}/\d+"
    hrefs = page.eval_on_selector_all(
        "#wrap a[href]", "all => all.map((one) => one.getAttribute('href'))"
    )
    return next((href for href in hrefs if re.match(pattern, href)), None)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["tr", "en"])
def test_each_page_of_the_dealer_has_names_headings_contrast_and_room(
    make_visitor, language, size
):
    visitor = make_visitor(size, language)
    visitor.log_in("ege", "ege")
    found, looked_at = {}, 0

    def look(path):
        nonlocal looked_at
        open_page(visitor, path)
        visitor.picture(path.strip("/").replace("/", "-"))
        if problems := audit(visitor.page, language):
            found[path] = problems
        looked_at += 1

    for path in PAGES:
        look(path)
    for name in LISTS:
        open_page(visitor, f"/my/dealer/{name}")
        document = documents(visitor.page, name)
        if document:
            look(document.removeprefix(f"/{language}"))
    assert looked_at > len(PAGES)
    assert not found


def test_waiting_for_a_transfer_and_for_approval_are_pages_for_all(
    other_methods, make_visitor, dealer
):
    dealer.invoice(84)
    dealer.invoice(42)
    for size, language in ((PHONE, "tr"), (DESKTOP, "en")):
        visitor = make_visitor(size, language)
        visitor.log_in(dealer.login, dealer.login)
        visitor.choose_invoices(1)
        page = visitor.page
        assert audit(page, language) == []
        page.locator("details:has(.o_dealer_declare) > summary").click()
        assert audit(page, language) == []
        if size is PHONE:
            page.click("label:text-is('Manuel Transfer')")
            page.click("button[name=o_payment_submit_button]")
            page.wait_for_selector(".o_dealer_copy_text")
        else:
            page.get_by_label("Cheque", exact=True).check()
            page.fill("#o_declare_number", "0012345")
            page.fill("#o_declare_due", "2030-01-31")
            page.click(".o_dealer_declare button[type=submit]")
            page.get_by_text("Waiting for approval").first.wait_for()
        page.wait_for_load_state("load")
        visitor.picture("waiting")
        assert audit(page, language) == []


BROKEN = {
    "id twice": '<p id="a">x</p><p id="a">y</p>',
    "wider than": '<div style="width: 3000px">x</div>',
    "order of tabs": '<p tabindex="3">x</p>',
    "contrast": '<p style="color: #999; background: #fff">pale</p>',
    "target": '<button style="width: 12px; height: 12px; padding: 0">x</button>',
    "button without a name": '<button style="width: 40px; height: 40px"></button>',
    "link without a name": '<a href="/x"><i class="icon"></i></a>',
    "textbox without a name": '<input type="text"/>',
    "2 headings of the first level": "<h1>again</h1>",
    "heading 4 after 1": "<h4>deep</h4>",
}


@pytest.mark.parametrize("problem", BROKEN)
def test_what_is_broken_on_a_page_is_found(make_visitor, problem):
    page = make_visitor(PHONE).page
    whole = '<html lang="tr"><head><title>t</title></head><body><main><h1>Sayfa</h1>{}'
    page.set_content(whole.format(""))
    assert audit(page, "tr") == []
    page.set_content(whole.format(BROKEN[problem]))
    assert any(problem in found for found in audit(page, "tr"))


def test_a_page_in_another_language_is_found(make_visitor):
    page = make_visitor(PHONE).page
    page.set_content('<html lang="en"><title>t</title><body><h1>Page</h1>')
    assert audit(page, "en") == []
    assert audit(page, "tr")


def test_headings_are_counted():
    assert heading_problems([(1, "a"), (2, "b"), (3, "c"), (2, "d")]) == []


# === WITHOUT A MOUSE === #

FOCUSED = (Path(harness.__file__).parent / "focused.js").read_text()


class Keyboard:
    """A visitor who has nothing else."""

    def __init__(self, visitor):
        self.page = visitor.page
        self.screens = []

    def screen(self):
        """Note a page that the visitor has to deal with; and it must be a good one."""
        self.screens.append(self.page.url)
        if "/my/dealer/" in self.page.url.partition("?")[0]:  # not core's login
            assert audit(self.page, "tr") == []

    def tab_to(self, wanted):
        """Press Tab until this has the focus, which must be seen.

        :param wanted: of what ``FOCUSED`` tells, whether it is the one
        """
        for _press in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(FOCUSED)
            if focused["tag"] == "BODY":
                continue
            assert focused["seen"], f"nobody sees that this has the focus: {focused}"
            if wanted(focused):
                return focused
        raise AssertionError("the keyboard does not get there")

    def type(self, text):
        self.page.keyboard.type(text)

    def press(self, key):
        self.page.keyboard.press(key)


def test_from_login_to_receipt_by_keyboard_alone_in_four_screens(
    stack, dealer, books, make_visitor
):
    invoices = [dealer.invoice(840.00)]
    visitor = make_visitor()
    keyboard, page = Keyboard(visitor), visitor.page
    page.goto(f"{stack.server.url}/tr/web/login?redirect=/my/dealer/open-items")
    keyboard.screen()
    keyboard.tab_to(lambda one: one["name"] == "login")
    keyboard.type(dealer.login)
    keyboard.tab_to(lambda one: one["name"] == "password")
    keyboard.type(dealer.login)
    keyboard.press("Enter")
    page.wait_for_url("**/my/dealer/open-items**")
    page.wait_for_load_state("networkidle")
    keyboard.screen()
    keyboard.tab_to(lambda one: one["name"] == "invoice_id")
    keyboard.press("Space")
    keyboard.tab_to(lambda one: one["type"] == "submit" and one["name"] != "choose_all")
    keyboard.press("Enter")
    page.wait_for_url("**/my/dealer/collections/*")
    page.wait_for_load_state("networkidle")
    keyboard.screen()
    keyboard.tab_to(
        lambda one: one["tag"] == "INPUT" and one["type"] in ("text", "tel")
    )
    keyboard.type(APPROVED_CARD)
    expect(page.locator("input[name=o_pos_gateway_installments]").first).to_be_visible()
    keyboard.tab_to(lambda one: one["name"] == "o_payment_submit_button")
    keyboard.press("Enter")
    page.wait_for_selector("#card-form")
    visitor.pay_at_bank(APPROVED_CARD, SECURITY_CODE)
    visitor.wait_for_receipt()
    keyboard.screen()
    assert len(keyboard.screens) <= MOST_SCREENS, keyboard.screens
    assert books.residuals(invoices) == [(invoices[0], 0, "paid")]
