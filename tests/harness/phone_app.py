"""The payer's phone: the app of the bank simulator in which a wallet is confirmed."""

import re

import requests
from lxml import html

CARD = "4543600100000002"


class PhoneApp:
    """A payment that waits for the phone, and the browser that waits beside it.

    :param bank: ``harness.simulator.Simulator``
    :param form: the fields that our page sends to the bank
    """

    def __init__(self, bank, form):
        self.url = bank.url
        page = requests.post(f"{self.url}/servlet/gt3dengine", data=form, timeout=30)
        found = re.search(r"/garantipay/([0-9a-f]+)/state", page.text)
        assert found, "the bank does not take the form"
        self.token = found[1]

    def approve(self, count: int = 0, card: str = CARD):
        self._answer("approve", card=card, installments=str(count))

    def refuse(self):
        self._answer("refuse")

    def _answer(self, verb, **data):
        url = f"{self.url}/garantipay/{self.token}/{verb}"
        requests.post(url, data=data, timeout=30).raise_for_status()

    def result(self) -> tuple[str, dict]:
        """:return: address and fields of what the waiting browser takes to us"""
        page = requests.get(f"{self.url}/hosted/{self.token}/result", timeout=30)
        (form,) = html.fromstring(page.text).xpath("//form[@id='result']")
        inputs = form.xpath(".//input[@type='hidden']")
        return form.get("action"), {one.get("name"): one.get("value") for one in inputs}

    def bring_result(self, **changes) -> requests.Response:
        address, fields = self.result()
        return requests.post(
            address, data=fields | changes, timeout=60, allow_redirects=False
        )
