"""Akbank's JSON virtual POS: hosted page, 3-D pay with the card in the form, API.

Written from the bank's side of the protocol description. Not played: payment model 3D
(and so 1000 with secureTransaction), payment links, reward points.
"""

from ..family import Family
from ..gate import accept, answer_form
from ..terminals import Terminal
from . import codes, form
from .api import PROCESS, REPORT, answer_request
from .hashing import HASH_NAME, PARAMS_NAME, compute_hash, return_text
from .message import word_messages

HOSTED = "/payhosting"
SECURE = "/securepay"
MODELS = {HOSTED: (form.HOSTING,), SECURE: (form.CARD_IN_FORM,)}

TERMINALS = (
    Terminal(
        family="akbank",
        client_id="2F6A1B0C9D8E47A5B3C2D1E0F9A8B7C6",
        store_key="53494d5f616b62616e6b5f7365637265745f303031",
        name="Demo Akbank",
        name_tr="Deneme Akbank",
        extra={"terminal_safe_id": "7E5D4C3B2A190817F6E5D4C3B2A19081"},
    ),
    Terminal(
        family="akbank",
        client_id="4B7C1D2E3F405162738495A6B7C8D9EA",
        store_key="53494d5f616b62616e6b5f7365637265745f303032",
        name="Demo Akbank 2024",
        name_tr="Deneme Akbank 2024",
        extra={
            "terminal_safe_id": "8F6E5D4C3B2A19080706F5E4D3C2B1A0",
            "return_shape": "2024",
        },
    ),
)


class Akbank(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "akbank"
    bad_form_code = codes.FORM_FIELD

    def routes(self):
        return (
            (HOSTED, ("POST",), self.hosted),
            (SECURE, ("POST",), self.secure),
            (PROCESS, ("POST",), lambda r: answer_request(self.bank, r, PROCESS)),
            (REPORT, ("POST",), lambda r: answer_request(self.bank, r, REPORT)),
        )

    def hosted(self, request):
        """Answer a form without a card with the bank's card page."""
        return answer_form(self.bank, self, request, HOSTED)

    def secure(self, request):
        """Answer a form with the card in it with the page of the one-time code."""
        return answer_form(self.bank, self, request, SECURE)

    def open_payment(self, fields, client_ip, path):
        """Verify a form and remember its payment; the journal has it either way."""
        models = MODELS.get(path, (form.HOSTING, form.CARD_IN_FORM))
        return accept(
            self.bank,
            path,
            lambda: form.open_payment(self.bank, self, fields, client_ip, path, models),
            terminal=fields.get("merchantSafeId", ""),
            order=fields.get("orderId", ""),
        )

    def card_in_form(self, fields):
        """Return number and security code of a form that has the card, else None."""
        if fields.get("paymentModel") != form.CARD_IN_FORM:
            return None
        return fields.get("creditCard", ""), fields.get("cvv", "")

    def word(self, bank, order, payment):
        return word_messages(bank, order, payment)

    def sign(self, client_id, fields):
        """Sign what ``hashParams`` names; without it, everything."""
        unsigned = {name: fields[name] for name in fields if name != HASH_NAME}
        unsigned.setdefault(PARAMS_NAME, "+".join(unsigned))
        key = self.bank.terminals[client_id].store_key
        return {**unsigned, HASH_NAME: compute_hash(return_text(unsigned), key)}


FAMILY = Akbank
