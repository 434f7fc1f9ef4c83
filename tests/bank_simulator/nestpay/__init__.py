"""NestPay (Payten EST), "3D pay hosting" with hash version 3 and the CC5 XML API.

Written from the bank's side of the protocol description. Not played: storetypes 3d and
3d_pay (the card in the merchant's form), hash versions 1 and 2, recurring orders,
loyalty points.
"""

from ..family import FormRefused
from ..hosted import card_page
from ..pages import refused_page
from ..payments import remember
from ..terminals import Terminal
from . import form
from .api import answer_request
from .hashing import HASH_NAME, compute_hash
from .message import word_messages

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
)


class NestPay:
    """The family object; see ``family.Family`` for the contract."""

    name = "nestpay"

    def __init__(self, bank):
        self.bank = bank

    def routes(self):
        return (
            (GATE, ("POST",), self.gate),
            (API, ("POST",), self.api),
        )

    def gate(self, request):
        """Answer a posted form with the card page, or with the reason why not."""
        pairs = list(request.form.items(multi=True))
        try:
            fields = form.single_fields(pairs)
            payment = self.open_payment(fields, request.remote_addr, GATE)
        except FormRefused as refused:
            return refused_page(refused, request.form.get("lang", ""))
        return card_page(self.bank, payment)

    def open_payment(self, fields, client_ip, path=GATE):
        """Verify a form and remember its payment; the journal has it either way."""
        about = {
            "terminal": fields.get("clientid", "")[:15],
            "order": fields.get("oid", "")[:64],
        }
        try:
            payment = form.open_payment(self.bank, self, fields, client_ip, path)
        except FormRefused as refused:
            code = f"{refused.code} {refused.text}"
            self.bank.journal.write(path, "3d_form", "refused", code=code, **about)
            raise
        self.bank.journal.write(path, "3d_form", "accepted", **about)
        return remember(self.bank, payment)

    def api(self, request):
        return answer_request(self.bank, request)

    def word(self, bank, order, payment):
        return word_messages(bank, order, payment)

    def sign(self, client_id, fields):
        unsigned = {k: v for k, v in fields.items() if k.lower() != "hash"}
        key = self.bank.terminals[client_id].store_key
        return {**unsigned, HASH_NAME: compute_hash(unsigned, key)}

    def result_delay_seconds(self, payment):
        """Honour ``refreshtime``, but never above a second: tests and people wait."""
        return 0 if payment.fields.get("refreshtime") == "0" else 1


FAMILY = NestPay
