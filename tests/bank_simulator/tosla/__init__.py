"""Tosla (AkÖde): registration by JSON, the hosted page or the merchant's card form.

Written from the provider's side of the protocol description. ``README.md`` beside this
file has the addresses, and what is not played.
"""

from ..family import Family
from ..terminals import Terminal
from .api import BASE, OPERATIONS, answer_request
from .page import (
    CARD_FORM,
    HOSTED,
    card_in_form,
    open_payment,
    show_hosted,
    sign_return,
    take_card_form,
    word_message,
)


class Tosla(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "tosla"

    def routes(self):
        return (
            (f"{HOSTED}/<session>", ("GET",), self.hosted),
            (CARD_FORM, ("POST",), self.card_form),
            *((f"{BASE}/{name}", ("POST",), self._api(name)) for name in OPERATIONS),
        )

    def _api(self, name):
        return lambda request: answer_request(self.bank, self, request, name)

    def hosted(self, request, session):
        return show_hosted(self.bank, session, request.remote_addr)

    def card_form(self, request):
        return take_card_form(self.bank, request)

    def open_payment(self, fields, client_ip, path=HOSTED):
        """Return the registered payment of ThreeDSessionId."""
        return open_payment(self.bank, fields, client_ip, path)

    def card_in_form(self, fields):
        return card_in_form(fields)

    def word(self, bank, order, payment):
        return word_message(payment), None

    def sign(self, client_id, fields):
        return sign_return(self.bank.terminals[client_id], fields, {})


FAMILY = Tosla

TERMINALS = (
    Terminal(
        client_id="1000077001",
        family=Tosla.name,
        name="Demo Pay",
        name_tr="Deneme Ödeme",
        api_user="SIM_POS_API",
        api_password="SimTosla*Pass1",
    ),
)
