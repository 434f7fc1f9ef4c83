"""Denizbank's InterPOS: hosted page, 3-D pay with the card in the form, server calls.

Written from the bank's side of the protocol description. Not played: sales without 3-D,
points, campaigns.
"""

from ..family import Family, FormRefused
from ..gate import accept, answer_form, card_with_expiry, is_web_address
from ..terminals import Terminal
from . import codes, form
from .api import answer_call
from .message import sign, word_message, word_refusal

HOSTED = "/mpi/3DHost.aspx"
DEFAULT = "/mpi/Default.aspx"

TERMINALS = (
    Terminal(
        family="interpos",
        client_id="7701",
        store_key="SimDn1",
        api_user="SIM_INTER",
        api_password="SimInter.1",
        name="Deniz Demo",
    ),
    # As one whose server's address was not registered: everything answers 81.
    Terminal(
        family="interpos",
        client_id="7702",
        store_key="SimDn2",
        api_user="SIM_INTER2",
        api_password="SimInter.2",
        name="Deniz Demo",
        extra={"inactive": True},
    ),
)


class InterPos(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "interpos"
    bad_form_code = codes.BAD_VALUE[1]

    def routes(self):
        return (
            (HOSTED, ("POST",), self.hosted),
            (DEFAULT, ("POST",), self.default),
        )

    def hosted(self, request):
        return answer_form(self.bank, self, request, HOSTED)

    def default(self, request):
        """A payer's 3-D form, or a call of the merchant's server."""
        if request.form.get("SecureType") in form.SECURE_TYPES:
            return answer_form(self.bank, self, request, DEFAULT)
        return answer_call(self.bank, request)

    def open_payment(self, fields, client_ip, path):
        return accept(
            self.bank,
            path,
            lambda: self._read(fields, client_ip, path),
            terminal=fields.get("ShopCode", ""),
            order=fields.get("OrderId", ""),
        )

    def _read(self, fields, client_ip, path):
        """The hosted page is for forms without a card, the other for those with."""
        try:
            hosted = fields.get("SecureType") == form.HOSTED
            if path in (HOSTED, DEFAULT) and (path == HOSTED) != hosted:
                form.refuse(codes.BAD_VALUE, "SecureType")
            return form.open_payment(self.bank, self, fields, client_ip, path)
        except FormRefused as refused:
            terminal = self.bank.terminal_of(self.name, fields.get("ShopCode", ""))
            if terminal and is_web_address(fields.get("FailUrl", "")):
                refused.returned = word_refusal(
                    fields, terminal, refused.code, refused.text
                )
            raise

    def card_of(self, fields):
        return card_with_expiry(fields)

    def word(self, bank, order, payment):
        return word_message(bank, order, payment), None

    def sign(self, client_id, fields):
        return sign(fields, self.bank.terminals[client_id].store_key)


FAMILY = InterPos
