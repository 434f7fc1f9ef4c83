"""NestPay (Payten EST), hash versions 3 and 1, and the CC5 XML API.

Written from the bank's side of the protocol description. Not played: storetype 3d (the
charge by a call of the merchant's server), hash version 2, loyalty points.
"""

from ..family import Family
from ..gate import accept, answer_form
from ..terminals import Terminal
from . import codes, form
from .api import answer_request
from .message import sign, word_messages

GATE = "/fim/est3Dgate"
API = "/fim/api"

TERMINALS = (
    Terminal(
        client_id="700655001",
        store_key="SimStore.Key|01",
        api_user="simapi",
        api_password="SimApi.Pass-1",
        name="Demo Bank",
        name_tr="Deneme Bankası",
    ),
    # An older shop: its forms may still be signed with version 1.
    Terminal(
        client_id="700655002",
        store_key="SIMOLDKEY1",
        api_user="simapi2",
        api_password="SimApi.Pass-2",
        name="Demo Bank",
        name_tr="Deneme Bankası",
        extra={"hash_versions": ["1", "3"]},
    ),
)


class NestPay(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "nestpay"
    bad_form_code = codes.FORM_REFUSED

    def routes(self):
        return (
            (GATE, ("POST",), self.gate),
            (API, ("POST",), self.api),
        )

    def gate(self, request):
        """Answer a posted form with a page of the bank, or with the reason why not."""
        return answer_form(self.bank, self, request, GATE)

    def open_payment(self, fields, client_ip, path=GATE):
        return accept(
            self.bank,
            path,
            lambda: form.open_payment(self.bank, self, fields, client_ip, path),
            terminal=fields.get("clientid", ""),
            order=fields.get("oid", ""),
        )

    def card_of(self, fields):
        return form.card_of(fields)

    def api(self, request):
        return answer_request(self.bank, request)

    def word(self, bank, order, payment):
        return word_messages(bank, order, payment)

    def sign(self, client_id, fields):
        return sign(fields, self.bank.terminals[client_id].store_key)

    def result_delay_seconds(self, payment):
        """Honour ``refreshtime``, but never above a second: tests and people wait."""
        return 0 if payment.fields.get("refreshtime") == "0" else 1


FAMILY = NestPay
