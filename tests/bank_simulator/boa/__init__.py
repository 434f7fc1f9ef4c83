"""BOA of Kuveyt Türk and Vakıf Katılım.

Written from the bank's side of the protocol description. Kuveyt: 3-D model with the
card from the merchant's server, SOAP for what comes after. Vakıf Katılım: the same
model with its own XML, the hosted page, and XML operations. Not played: sale without
3-D (refused).
"""

from functools import partial

from lxml import etree
from werkzeug.exceptions import NotFound

from ..api_answers import answer_api
from ..cards import find_card
from ..family import Family, FormRefused
from ..gate import accept
from ..hosted import card_page, resume
from ..pages import gone_page, refused_page
from ..payments import give_card
from ..safe_xml import parse_xml
from ..terminals import Terminal
from . import codes, form, katilim, provision, soap
from .codes import BoaRefusal
from .hashing import HASH_NAME
from .message import RETURN_FIELD, sign_answer, unwrapped, word_messages, wrapped
from .wire import (
    KATILIM,
    KUVEYT,
    contract_answer,
    read_message,
    refusal_tree,
    self_posting_page,
)

HOMES = {KUVEYT: "/ServiceGateWay/Home/", KATILIM: katilim.HOME}
PAY_GATE = "ThreeDModelPayGate"
PROVISION_GATE = "ThreeDModelProvisionGate"
HOSTED = "/VirtualPOS.Gateway/CommonPaymentPage/CommonPaymentPage"
CODE_PAGE = "/ThreeDSecure/Authenticate"

TERMINALS = (
    Terminal(
        family="boa",
        client_id="59001",
        api_user="simkuveyt",
        api_password="SimKuveyt.1",
        name="Demo Kuveyt",
        name_tr="Deneme Kuveyt",
        extra={"bank": KUVEYT, "customer_id": "405001"},
    ),
    Terminal(
        family="boa",
        client_id="59101",
        api_user="simkatilim",
        api_password="SimKatilim.1",
        name="Demo Katılım",
        name_tr="Deneme Katılım",
        extra={"bank": KATILIM, "customer_id": "405101"},
    ),
    Terminal(
        family="boa",
        client_id="59102",
        api_user="simkatilim2",
        api_password="SimKatilim.2",
        name="Demo Katılım 2",
        name_tr="Deneme Katılım 2",
        extra={
            "bank": KATILIM,
            "customer_id": "405102",
            "declared_encoding": "utf-16",
            "unknown_order_code": "OrderDataNotFound",
        },
    ),
)


class Boa(Family):
    """The family object; see ``family.Family`` for the contract."""

    name = "boa"

    def routes(self):
        rows = [
            (HOSTED, ("POST",), self.hosted),
            (CODE_PAGE, ("POST",), self.code_page),
            (soap.PATH, ("POST",), lambda r: soap.answer_request(self.bank, r)),
            (f"{katilim.HOME}<name>", ("POST",), self.katilim),
        ]
        for kind, home in HOMES.items():
            rows.append((home + PAY_GATE, ("POST",), partial(self.pay_gate, kind)))
            rows.append((home + PROVISION_GATE, ("POST",), partial(self.provide, kind)))
        rows.append((f"{HOMES[KUVEYT]}Non3DPayGate", ("POST",), self.refuse_non_3d))
        return rows

    # -- before the money moves ------------------------------------------------------

    def pay_gate(self, kind, request):
        """Take card and order from the merchant's server; answer with a page.

        The page brings the payer's browser to the one-time code, or back to the
        merchant with the reason why not.
        """
        path = HOMES[kind] + PAY_GATE
        try:
            fields = read_message(request.get_data(), kind)
        except BoaRefusal as refused:
            self.bank.journal.write(path, "xml", "refused", code=refused.text)
            return contract_answer(refusal_tree(refused.code, refused.text))

        def execute(_faults):
            try:
                payment = self.open_payment(fields, request.remote_addr, path)
            except FormRefused as refused:
                return _refusal_page(kind, fields, refused)
            number, security_code = self.card_in_form(fields)
            give_card(self.bank, payment, find_card(number), security_code)
            target = request.host_url.rstrip("/") + CODE_PAGE
            return self_posting_page(target, {"token": payment.token})

        order_id = fields.get("MerchantOrderId", "")
        return answer_api(self.bank, path, "register", order_id, execute)

    def code_page(self, request):
        """Show the payment of a token to the payer who comes from the pay gate."""
        payment = self.bank.payments.get(request.form.get("token", ""))
        if not payment or payment.family is not self:
            return gone_page()
        return resume(self.bank, payment)

    def hosted(self, request):
        """Answer Vakıf Katılım's form without a card with the card page."""
        fields = request.form.to_dict()
        try:
            payment = self.open_payment(fields, request.remote_addr, HOSTED)
        except FormRefused as refused:
            return refused_page(refused, "tr")
        return card_page(self.bank, payment)

    def open_payment(self, fields, client_ip, path):
        """Verify what opens a payment and remember it; the journal has it either way.

        A message without a card is the hosted page's form.
        """
        on_page = path == HOSTED or not fields.get("CardNumber")
        terminal_id = fields.get("MerchantId", "")
        if on_page:
            read = partial(form.open_hosted, self.bank, self, fields)
        else:
            kind = self._kind(path, terminal_id)
            read = partial(form.open_signed, self.bank, self, fields, kind)
        return accept(
            self.bank,
            path,
            lambda: read(client_ip, path),
            terminal=terminal_id,
            order=fields.get("MerchantOrderId", ""),
            operation="3d_form" if on_page else "register",
        )

    def _kind(self, path, terminal_id):
        for kind, home in HOMES.items():
            if path == home + PAY_GATE:
                return kind
        terminal = self.bank.terminals.get(terminal_id)
        return terminal.extra.get("bank", KUVEYT) if terminal else KUVEYT

    def card_in_form(self, fields):
        """Return number and security code of a message that has the card, else None."""
        if not fields.get("CardNumber"):
            return None
        return fields["CardNumber"], fields.get("CardCVV2", "")

    # -- moving the money ------------------------------------------------------------

    def provide(self, kind, request):
        path = HOMES[kind] + PROVISION_GATE
        return provision.answer_request(self.bank, request, kind, path)

    def katilim(self, request, name):
        if name not in katilim.OPERATIONS:
            raise NotFound()
        return katilim.answer_request(self.bank, self, request, name)

    def refuse_non_3d(self, _request):
        """Kuveyt's gate for a sale without 3-D."""
        code, text = codes.BAD_SECURITY
        path = f"{HOMES[KUVEYT]}Non3DPayGate"
        self.bank.journal.write(path, "sale", "refused", code=code)
        return contract_answer(refusal_tree(code, text))

    # -- messages --------------------------------------------------------------------

    def word(self, bank, _order, payment):
        return word_messages(bank, payment)

    def sign(self, client_id, fields):
        """Sign a return of either shape."""
        terminal = self.bank.terminals[client_id]
        if RETURN_FIELD not in fields:
            return sign_answer(fields, terminal, {})
        root = parse_xml(unwrapped(fields))
        values = {child.tag: child.text or "" for child in root}
        element = root.find(HASH_NAME)
        if element is None:
            element = etree.SubElement(root, HASH_NAME)
        element.text = sign_answer(values, terminal, {})[HASH_NAME]
        return wrapped(root)


def _refusal_page(kind, fields, refused):
    """Return the page that brings a refusal back to the merchant, if it can."""
    order_id = fields.get("MerchantOrderId", "")
    tree = refusal_tree(refused.code, refused.text, order_id)
    target = fields.get("FailUrl", "")
    if not target.startswith(("http://", "https://")):
        return contract_answer(tree)
    if kind == KUVEYT:
        return self_posting_page(target, wrapped(tree))
    names = ("ResponseCode", "ResponseMessage", "MerchantOrderId", "OrderId")
    empty = dict.fromkeys(("ProvisionNumber", "RRN", "Stan", HASH_NAME, "MD"), "")
    return self_posting_page(target, {**{n: tree[n] for n in names}, **empty})


FAMILY = Boa
