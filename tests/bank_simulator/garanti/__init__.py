"""Garanti BBVA's GVP: the 3-D gate of API version 512, and the XML API.

Written from the bank's side of the protocol description. GarantiPay, the wallet on the
same gate, is in ``wallet`` and ``phone``. Not played: API versions before 512, hosted
pages without 3-D, campaign codes, batch and settlement inquiries.
"""

from ..family import Family, FormRefused
from ..gate import accept, answer_form, is_web_address
from ..terminals import Terminal
from . import form, phone, phone_pages
from .api import answer_request
from .codes import SYSTEM_ERROR
from .message import sign, word_message, word_system_error
from .wallet import PHONE_STAGE

GATE = "/servlet/gt3dengine"
API = "/VPServlet"

TERMINALS = (
    Terminal(
        family="garanti",
        client_id="30770101",
        store_key="53696D47617261",
        name="Garanti Demo",
        extra={
            "merchant_id": "7007701",
            "provaut_password": "SimProvAut1/",
            "provrfn_password": "SimProvRfn2/",
            "provoos_password": "SimProvOos3/",
        },
    ),
    # A terminal with dealers, whose answers are all signed with PROVAUT's password.
    Terminal(
        family="garanti",
        client_id="30770102",
        store_key="53696D47617262",
        name="Garanti Demo",
        extra={
            "merchant_id": "7007702",
            "provaut_password": "SimProvAut4/",
            "provrfn_password": "SimProvRfn5/",
            "provoos_password": "SimProvOos6/",
            "answer_user": "PROVAUT",
            "submerchant_ids": ["D001", "D002"],
        },
    ),
)


class Garanti(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "garanti"
    bad_form_code = SYSTEM_ERROR

    def routes(self):
        return (
            (GATE, ("POST",), self.gate),
            (API, ("POST",), self.api),
            *phone.routes(self.bank),
        )

    def gate(self, request):
        return answer_form(self.bank, self, request, GATE)

    def open_payment(self, fields, client_ip, path=GATE):
        return accept(
            self.bank,
            path,
            lambda: self._read(fields, client_ip, path),
            terminal=fields.get("terminalid", ""),
            order=fields.get("orderid", ""),
        )

    def _read(self, fields, client_ip, path):
        try:
            return form.open_payment(self.bank, self, fields, client_ip, path)
        except FormRefused as refused:
            if is_web_address(fields.get("errorurl", "")):
                refused.returned = word_system_error(fields, refused.text)
            raise

    def card_of(self, fields):
        return form.card_of(fields)

    def own_page(self, payment):
        return phone_pages.wait_page(payment) if payment.stage == PHONE_STAGE else None

    def api(self, request):
        return answer_request(self.bank, request)

    def word(self, bank, order, payment):
        return word_message(bank, order, payment), None

    def sign(self, client_id, fields):
        return sign(fields, self.bank.terminals[client_id].store_key)

    def result_delay_seconds(self, payment):
        """Honour ``refreshtime``, but never above a second: tests and people wait."""
        return 0 if payment.fields.get("refreshtime") == "0" else 1


FAMILY = Garanti
