"""A dealer in a real browser, from the login to the receipt."""

import os
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urljoin

from playwright.sync_api import Page, expect, sync_playwright

PHONE = {"width": 375, "height": 800}
DESKTOP = {"width": 1280, "height": 900}
CODE_3D = "147258"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def browser():
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["DC_CHROMIUM"], args=ARGUMENTS
        )
        try:
            yield chromium
        finally:
            chromium.close()


class PayerBrowser:
    """One visitor with a session of its own.

    :param language: of the portal pages, ``tr`` or ``en``
    :param pictures: folder for a picture of each step, or nothing
    """

    def __init__(self, chromium, url, size=DESKTOP, language="tr", pictures=None):
        self.url = url
        self.language = language
        self.pictures = pictures and Path(pictures)
        self.context = chromium.new_context(
            viewport=size,
            locale={"tr": "tr-TR", "en": "en-US"}[language],
            timezone_id="Europe/Istanbul",
        )
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.step = 0

    def close(self):
        self.context.close()

    def picture(self, name: str):
        if not self.pictures:
            return
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.step += 1
        width = self.page.viewport_size["width"]
        file = f"{self.language}-{width}-{self.step:02}-{name}.png"
        self.page.screenshot(path=self.pictures / file, full_page=True)

    def go(self, path: str):
        prefix = "/tr" if self.language == "tr" else "/en"
        self.page.goto(f"{self.url}{prefix}{path}", wait_until="networkidle")

    def log_in(self, login: str, password: str):
        self.go("/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click(".oe_login_buttons button[type=submit]")
        self.page.wait_for_url("**/my**")
        self.go("/my")
        self.picture("home")

    def choose_invoices(self, count: int):
        """Tick the first ``count`` payable invoices and go on to the collection."""
        self.go("/my/dealer/open-items")
        self.picture("open-items")
        boxes = self.page.locator("input[name=invoice_id]:enabled")
        for number in range(count):
            boxes.nth(number).check()
        self.picture("chosen")
        self.page.click(".o_dealer_open_items button[type=submit]")
        self.page.wait_for_url("**/my/dealer/collections/*")
        self.page.wait_for_load_state("networkidle")
        self.picture("collection")

    def choose_installments(self, card_number: str, count: int, at_bank=True):
        """Type as a hasty payer would: the whole number; only 8 digits may stay.

        :param at_bank: whether the card is typed on the bank's page, not on ours
        """
        prefix = self.page.locator(".o_pos_gateway_prefix")
        prefix.click()
        prefix.press_sequentially(card_number)
        expect(prefix).to_have_value(f"{card_number[:4]} {card_number[4:8]}")
        self.page.locator(
            f"input[name=o_pos_gateway_installments][value='{count}']"
        ).check()
        self.picture("installments")
        self.page.click("button[name=o_payment_submit_button]")
        self.page.wait_for_selector("#card-form" if at_bank else "#number")
        self.picture("bank-card" if at_bank else "our-card")

    def pay_at_bank(self, card_number: str, security_code: str):
        page = self.page
        page.fill("#holder", "DENEME BAYI")
        page.fill("#number", card_number)
        page.select_option("#month", index=12)
        page.select_option("#year", index=3)
        page.fill("#code", security_code)
        page.click("#pay")
        self._confirm()

    def pay_on_our_page(self, card_number: str, security_code: str):
        page = self.page
        values = {
            "#holder": "DENEME BAYI",
            "#number": card_number,
            "#month": "12",
            "#year": "30",
            "#expiry": "1230",
            "#expiry_slash": "12/30",
            "#code": security_code,
        }
        for selector, text in values.items():
            if page.locator(selector).count():
                page.fill(selector, text)
        page.click("button[type=submit]")
        self._confirm()

    def _confirm(self):
        page = self.page
        page.wait_for_selector("#otp")
        self.picture("bank-code")
        page.fill("#otp", CODE_3D)
        page.click("#confirm")

    def wait_for_receipt(self):
        self.page.wait_for_selector("a[href*='receipt.pdf']")
        # The page reloads by itself once the payment is in the books.
        self.page.wait_for_selector(".o_dealer_collection_wait", state="detached")
        self.page.wait_for_load_state("networkidle")
        self.picture("receipt")
        if self.pictures:
            self._keep_paper()

    def _keep_paper(self):
        """The receipt's PDF, beside the pictures."""
        link = self.page.locator("a[href*='receipt.pdf']").first
        address = urljoin(self.page.url, link.get_attribute("href"))
        answer = self.page.context.request.get(address)
        (self.pictures / f"{self.language}-receipt.pdf").write_bytes(answer.body())
