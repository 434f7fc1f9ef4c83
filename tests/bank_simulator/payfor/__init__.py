"""PayFor: QNB (MbrId 5) and Ziraat Katılım (MbrId 12).

Written from the bank's side of the protocol description. Not played: sales without 3-D,
paying with points, recurring orders, payment plans of commercial cards.
"""

from ..family import Family, FormRefused
from ..gate import accept, answer_form, card_with_expiry, is_web_address
from ..terminals import Terminal
from . import form
from .api import answer_pairs, answer_xml
from .codes import MISSING
from .message import sign, word_message, word_refusal

# QNB has its pages below the first, Ziraat Katılım below the second.
FOLDERS = ("/Gateway", "/Mpi")
HOSTED = "/3DHost.aspx"
DEFAULT = "/Default.aspx"
XML = "/XMLGate.aspx"

TERMINALS = (
    Terminal(
        family="payfor",
        client_id="085300000077001",
        store_key="SimPass01",
        api_user="SIM_API",
        api_password="SimUser.1",
        name="QNB Demo",
        extra={"mbr_id": "5"},
    ),
    Terminal(
        family="payfor",
        client_id="120000000077002",
        store_key="SimPass02",
        api_user="SIM_KATILIM",
        api_password="SimUser.2",
        name="Katılım Demo",
        extra={"mbr_id": "12", "broken_return_hash": True},
    ),
)


class PayFor(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "payfor"
    bad_form_code = MISSING[0]

    def routes(self):
        rows = []
        for folder in FOLDERS:
            rows += (
                (folder + HOSTED, ("POST",), self.hosted),
                (folder + DEFAULT, ("POST",), self.default),
                (folder + XML, ("POST",), self.xml),
            )
        return rows

    def hosted(self, request):
        return answer_form(self.bank, self, request, request.path)

    def default(self, request):
        """A payer's 3-D form, or a server's request as form fields."""
        if request.form.get("SecureType") in form.SECURE_TYPES:
            return answer_form(self.bank, self, request, request.path)
        return answer_pairs(self.bank, request)

    def xml(self, request):
        return answer_xml(self.bank, request)

    def open_payment(self, fields, client_ip, path):
        return accept(
            self.bank,
            path,
            lambda: self._read(fields, client_ip, path),
            terminal=fields.get("MerchantID", ""),
            order=fields.get("OrderId", ""),
        )

    def _read(self, fields, client_ip, path):
        """The hosted page is for forms without a card, the other for those with."""
        secure_type = fields.get("SecureType")
        try:
            if path.endswith(".aspx"):
                if path.endswith(HOSTED) != (secure_type == form.HOSTED):
                    raise FormRefused("V010", "SecureType does not fit the address")
            return form.open_payment(self.bank, self, fields, client_ip, path)
        except FormRefused as refused:
            terminal = self.bank.terminal_of(self.name, fields.get("MerchantID", ""))
            if terminal and is_web_address(fields.get("FailUrl", "")):
                refused.returned = word_refusal(
                    self.bank, fields, terminal, refused.code, refused.text
                )
            raise

    def card_of(self, fields):
        return card_with_expiry(fields)

    def word(self, bank, order, payment):
        return word_message(bank, order, payment), None

    def sign(self, client_id, fields):
        return sign(fields, self.bank.terminals[client_id])


FAMILY = PayFor
