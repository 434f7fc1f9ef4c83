"""A clerk in the web client, in a real browser."""

from pathlib import Path

from .browser import DESKTOP


class ClerkBrowser:
    """One internal user with a session of its own.

    :param locale: of the browser; the language of the pages is the user's
    :param pictures: folder for a picture of each step, or nothing
    """

    def __init__(self, chromium, url, login, password, locale="tr-TR", pictures=None):
        self.url = url
        self.locale = locale
        self.pictures = pictures and Path(pictures)
        self.context = chromium.new_context(
            viewport=DESKTOP, locale=locale, timezone_id="Europe/Istanbul"
        )
        self.context.grant_permissions(["clipboard-read", "clipboard-write"])
        self.context.set_default_timeout(30_000)
        self.page = self.context.new_page()
        self.page.goto(f"{url}/web/login")
        self.page.fill("input[name=login]", login)
        self.page.fill("input[name=password]", password)
        self.page.click(".oe_login_buttons button[type=submit]")
        self.page.wait_for_selector(".o_main_navbar")

    def close(self):
        self.context.close()

    def open(self, action: str, *path: object):
        """Open a window action by its external id, e.g. with a record's id."""
        parts = "/".join(["", "odoo", f"action-{action}", *map(str, path)])
        self.page.goto(f"{self.url}{parts}")
        self.wait_for_view()

    def reload(self):
        self.page.reload()
        self.wait_for_view()

    def wait_for_view(self):
        # The page never is idle: it listens for messages.
        self.page.wait_for_selector(".o_form_view, .o_list_view, .o_kanban_view")

    def picture(self, name: str):
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            file = f"clerk-{self.locale[:2]}-{name}.png"
            self.page.screenshot(path=self.pictures / file, full_page=True)

    def paste(self, text: str):
        """Paste into what has the focus, as from a spreadsheet."""
        self.page.evaluate("text => navigator.clipboard.writeText(text)", text)
        self.page.keyboard.press("Control+V")

    def save(self):
        with self.page.expect_response(lambda response: "/web_save" in response.url):
            self.page.click(".o_form_button_save")
        self.page.wait_for_selector(".o_form_button_save", state="hidden")
