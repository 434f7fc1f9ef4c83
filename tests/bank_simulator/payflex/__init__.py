"""PayFlex of VakıfBank: common payment page, VPOS and search.

Written from the bank's side of the protocol description. Not played: enrolment with
the card at the merchant, a card in the registration, recurring orders, points.
"""

from ..api_answers import answer_api
from ..family import Family, FormRefused
from ..gate import accept
from ..hosted import resume
from ..pages import gone_page
from ..terminals import Terminal
from . import codes, registration, search, vpos
from .message import query_tree, word_messages
from .vpos import xml_answer

REGISTER = "/CommonPayment/api/RegisterTransaction"
PAGE = "/CommonPayment/SecurePayment"
QUERY = "/CommonPayment/api/VposTransaction"

TERMINALS = (
    Terminal(
        family="payflex",
        client_id="000100000099001",
        api_password="SimVakif.1",
        name="Demo VakıfBank",
        name_tr="Deneme VakıfBank",
        extra={"terminal_no": "VP900001"},
    ),
    Terminal(
        family="payflex",
        client_id="000100000099002",
        api_password="SimVakif.2",
        name="Demo VakıfBank 2",
        name_tr="Deneme VakıfBank 2",
        extra={
            "terminal_no": "VP900002",
            "return_method": "POST",
            "decimal_mark": ".",
        },
    ),
)


class PayFlex(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "payflex"

    def routes(self):
        return (
            (REGISTER, ("POST",), self.register),
            (PAGE, ("GET",), self.page),
            (QUERY, ("POST",), self.query),
            (vpos.PATH, ("POST",), lambda r: vpos.answer_request(self.bank, r)),
            (search.PATH, ("POST",), lambda r: search.answer_request(self.bank, r)),
        )

    def register(self, request):
        """Take a registration; answer with the token and the address of the page."""
        fields = registration.normalise(request.form.to_dict())

        def execute(_faults):
            tree = {
                "CommonPaymentUrl": "",
                "PaymentToken": "",
                "ErrorCode": "",
                "ResponseMessage": "",
            }
            try:
                payment = self.open_payment(fields, request.remote_addr, REGISTER)
            except FormRefused as refused:
                tree.update(ErrorCode=refused.code, ResponseMessage=refused.text)
            else:
                tree["CommonPaymentUrl"] = request.host_url.rstrip("/") + PAGE
                tree["PaymentToken"] = payment.token
            return xml_answer("RegisterTransactionResult", tree)

        order_id = fields.get("OrderID", "")
        return answer_api(self.bank, REGISTER, "register", order_id, execute)

    def page(self, request):
        """Show the payment of a token: card, one-time code or result."""
        payment = self._payment(request.args.get("Ptkn", ""))
        return resume(self.bank, payment) if payment else gone_page()

    def query(self, request):
        """Answer what became of a payment, to whoever has token, id and password."""
        form = request.form
        payment = self._payment(form.get("PaymentToken", ""))
        merchant_id = form.get("HostMerchantId", "")
        order_id = payment.order_id if payment else ""

        def execute(_faults):
            with self.bank.lock:
                try:
                    tree = self._query(form, payment)
                except FormRefused as refused:
                    tree = {
                        "Rc": "",
                        "ErrorCode": refused.code,
                        "ResponseMessage": refused.text,
                    }
            code = tree["Rc"] or tree["ErrorCode"]
            self.bank.journal.write(
                QUERY,
                "status",
                "approved" if code == codes.SUCCESS[0] else "refused",
                code=code,
                terminal=merchant_id[:15],
                order=order_id,
            )
            return xml_answer("VposTransactionResult", tree)

        return answer_api(self.bank, QUERY, "status", order_id, execute)

    def _query(self, form, payment):
        terminal = registration.find_terminal(
            self.bank, form.get("HostMerchantId", ""), form.get("Password", "")
        )
        if not payment or payment.terminal is not terminal:
            raise FormRefused(*codes.UNKNOWN_TOKEN)
        if form.get("TransactionId") != payment.fields["TransactionId"]:
            raise FormRefused(*codes.UNKNOWN_TOKEN)
        return query_tree(payment)

    def _payment(self, token):
        payment = self.bank.payments.get(token)
        return payment if payment and payment.family is self else None

    def open_payment(self, fields, client_ip, path):
        """Verify a registration and remember its payment; the journal has it anyway."""
        fields = registration.normalise(fields)
        return accept(
            self.bank,
            path,
            lambda: registration.open_payment(self.bank, self, fields, client_ip, path),
            terminal=fields.get("HostMerchantId", ""),
            order=fields.get("OrderID", ""),
            operation="register",
        )

    def word(self, _bank, _order, payment):
        return word_messages(payment)

    def sign(self, _client_id, fields):
        """Return the fields as they are: this bank signs nothing."""
        return fields


FAMILY = PayFlex
