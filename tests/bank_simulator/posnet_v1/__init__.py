"""Albaraka PosNet V1 JSON: 3-D authentication on the bank's pages, charge by JSON.

Written from the bank's side of the protocol description. ``README.md`` beside this file
has the addresses, and what is not played.
"""

from ..family import Family
from ..gate import answer_form
from ..terminals import Terminal
from . import form
from .api import BASE, OPERATIONS, answer_request
from .form import PAGE
from .message import sign_return, word_message


class PosNetV1(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "posnet_v1"
    bad_form_code = "0150"

    def routes(self):
        return (
            (PAGE, ("POST",), self.page),
            *((f"{BASE}/{name}", ("POST",), self._api(name)) for name in OPERATIONS),
        )

    def _api(self, name):
        return lambda request: answer_request(self.bank, request, name)

    def page(self, request):
        return answer_form(self.bank, self, request, PAGE)

    def open_payment(self, fields, client_ip, path=PAGE):
        return form.open_payment(self.bank, self, fields, client_ip, path)

    def card_in_form(self, fields):
        return form.card_in_form(fields)

    def word(self, bank, order, payment):
        return word_message(bank, order, payment), None

    def sign(self, client_id, fields):
        return sign_return(fields, self.bank.terminals[client_id].store_key, {})


FAMILY = PosNetV1

TERMINALS = (
    Terminal(
        client_id="67550021",
        family=PosNetV1.name,
        name="Demo Katılım",
        name_tr="Deneme Katılım",
        store_key="44,9,71,3,88,26,15,60",
        extra={"merchant_no": "6705500210", "posnet_id": "550021"},
    ),
)
