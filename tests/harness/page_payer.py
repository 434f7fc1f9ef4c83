"""A payer without a browser: sends what our pages and the bank's would send."""

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
from lxml import html

from .browser import CODE_3D
from .dealer_client import APPROVED_CARD

RETURN_PATH = "/payment/pos_gateway/return/"
LONGEST_WAY = 10


@dataclass(frozen=True)
class Card:
    number: str = APPROVED_CARD
    code: str = "123"
    holder: str = "DENEME BAYI"
    month: str = "12"
    year: str = "2030"

    def inputs(self):
        """:return: what is typed, by the id of the input on any of the pages"""
        short = self.year[2:]
        return {
            "holder": self.holder,
            "number": self.number,
            "month": self.month,
            "expiry": f"{self.month}{short}",
            "expiry_slash": f"{self.month}/{short}",
            "code": self.code,
            "otp": CODE_3D,
        }


@dataclass(frozen=True)
class Form:
    """What a browser sends next; at the end, the bank's message to us."""

    url: str
    fields: dict
    method: str = "post"

    def send(self, session=requests, **keywords) -> requests.Response:
        where = "params" if self.method == "get" else "data"
        keywords.setdefault("timeout", 90)
        return session.request(
            self.method, self.url, **{where: self.fields}, **keywords
        )

    def deliver(self) -> requests.Response:
        """Bring the bank's message to us, once."""
        return self.send(allow_redirects=False)

    def replaced(self, **fields) -> "Form":
        return Form(self.url, {**self.fields, **fields}, self.method)

    def without(self, name) -> "Form":
        fields = {key: text for key, text in self.fields.items() if key != name}
        return Form(self.url, fields, self.method)


def read_form(page: bytes | str, address: str, card: Card) -> Form:
    """:return: the first form of a page, filled in as a payer would"""
    form = html.fromstring(page).xpath("//form")[0]
    typed, fields = card.inputs(), {}
    for item in form.xpath(".//input[@name] | .//select[@name]"):
        kind = item.get("id")
        if kind == "year":
            # The bank offers four digits, our own page asks for two.
            text = card.year if item.tag == "select" else card.year[2:]
        else:
            text = typed.get(kind, item.get("value") or "")
        fields[item.get("name")] = text
    url = urljoin(address, form.get("action"))
    return Form(url, fields, (form.get("method") or "get").lower())


def walk(form: Form, card: Card | None = None, on_bank_page=None) -> Form | None:
    """Go through every page until the bank sends the payer back to us.

    :param on_bank_page: called once, when the bank first asks for something
    :return: the bank's message as the browser would bring it, not delivered; None if
        the line broke, or if our own server ended the way
    """
    session = requests.Session()
    for _step in range(LONGEST_WAY):
        if urlsplit(form.url).path.startswith(RETURN_PATH):
            return form
        try:
            answer = form.send(session)
        except requests.ConnectionError:
            return None
        if urlsplit(answer.url).path.startswith(("/payment/status", "/my")):
            return None
        form = read_form(answer.content, answer.url, card or Card())
        if on_bank_page and {"number", "otp"} & form.fields.keys():
            on_bank_page()
            on_bank_page = None
    raise AssertionError("the payer goes in circles")
