"""Yapı Kredi PosNet XML: 3-D with the bank's own card page, and the follow-up messages.

Written from the bank's side of the protocol description. ``README.md`` beside this file
has the addresses, and what is not played.
"""

from ..family import Family
from ..terminals import Terminal
from .api import PATH, answer_request
from .packets import BadPacket, Sealer
from .page import open_payment, show_page, sign_return, word_messages
from .registration import PAGE


class PosNet(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "posnet"

    def __init__(self, bank):
        super().__init__(bank)
        self.sealer = Sealer(bank.seed)

    def routes(self):
        return (
            (PATH, ("POST",), self.api),
            (PAGE, ("POST",), self.page),
        )

    def api(self, request):
        return answer_request(self.bank, self, request)

    def page(self, request):
        return show_page(self.bank, self, request)

    def payment(self, kind, packet):
        """Return the payment of a packet; raise BadPacket when it is of none."""
        return self._payment_of(self.sealer.open(kind, packet))

    def payment_of_pair(self, kinds, packets, sign):
        """Return the payment of two packets and their signature."""
        return self._payment_of(self.sealer.open_pair(kinds, packets, sign))

    def _payment_of(self, token):
        payment = self.bank.payments.get(token)
        if not payment:
            raise BadPacket()
        return payment

    def open_payment(self, fields, client_ip, path=PAGE):
        """Return the payment that oosRequestData registered for this browser form."""
        return open_payment(self.bank, self, fields, client_ip, path)

    def word(self, bank, order, payment):
        return word_messages(bank, self, order, payment), None

    def sign(self, client_id, fields):
        """Sign the packets of a return; its other fields are not signed at all."""
        return sign_return(self, fields)


FAMILY = PosNet

TERMINALS = (
    Terminal(
        client_id="67440011",
        family=PosNet.name,
        name="Demo World Bank",
        name_tr="Deneme World Bankası",
        store_key="31,7,92,64,15,120,48,3",
        extra={"merchant_no": "6704400110", "posnet_id": "440011"},
    ),
    Terminal(
        client_id="67440012",
        family=PosNet.name,
        name="Demo World Bank (old habits)",
        name_tr="Deneme World Bankası (eski alışkanlıklar)",
        store_key="5,5,91,17,40,2,77,19",
        extra={
            "merchant_no": "6704400120",
            "posnet_id": "440012",
            "order_prefix": "TDSC",
            "same_day_refunds": False,
            "declares_utf_16": True,
        },
    ),
)
