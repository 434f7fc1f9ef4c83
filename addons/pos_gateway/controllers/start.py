import logging
from urllib.parse import urlsplit

from werkzeug.exceptions import Forbidden

from odoo import SUPERUSER_ID, api
from odoo.http import Controller, request, route

from ..const import CARDS_PER_ORDER, MESSAGE_SIZE_LIMIT
from ..models import locks
from ..models.payment_transaction import START_PATH
from ..models.pos_gateway_inbox import CONFLICT_RETRIES, CONFLICTS
from ..protocols.answers import Refused
from ..protocols.types import CardEntry, Form, Operation
from . import card_pages
from .bank import BankController
from .dispatcher import BankMessageDispatcher

_logger = logging.getLogger(__name__)

LOOPBACK = ("localhost", "127.0.0.1")


class StartController(Controller):
    """Where the payer goes before the bank's page, if the bank must be called first or
    the card is typed on a page of ours.

    No route here changes a transaction: each plans a call, in a database transaction of
    its own, makes it, and shows what the bank answered.
    """

    @route(
        f"{START_PATH}/<string:order_id>",
        type=BankMessageDispatcher.routing_type,
        auth="public",
        methods=["GET", "POST"],
        csrf=False,  # it carries nothing but the order's number, which nobody can guess
        save_session=False,
        max_content_length=MESSAGE_SIZE_LIMIT,
        sitemap=False,
    )
    def start(self, order_id, body):
        """Show the page on which the card is typed, wherever that is."""
        transaction_sudo = BankController._find_transaction(order_id)
        if transaction_sudo.state != "draft":
            return request.redirect("/payment/status", code=303)
        traits = transaction_sudo._gateway_family().TRAITS
        entry = CardEntry(transaction_sudo.gateway_card_entry)
        if entry is CardEntry.SERVER:
            self._check_server_entry(transaction_sudo)
            form = Form(f"{START_PATH}/{order_id}/card", card=card_pages.INPUTS)
        elif traits.start is Operation.PAGE and entry is CardEntry.HOSTED:
            # The payer was given the form of the bank's page with the payment.
            return request.redirect("/payment/status", code=303)
        elif traits.start is Operation.PAGE:
            form = self._built_form(transaction_sudo)
        else:
            return self._open(transaction_sudo, Operation.REGISTER)
        return self._show(transaction_sudo, form)

    @route(
        f"{START_PATH}/<string:order_id>/card",
        type=BankMessageDispatcher.routing_type,
        auth="public",
        methods=["POST"],
        csrf=False,  # who can post a card and knows the order's number may pay it
        save_session=False,
        max_content_length=MESSAGE_SIZE_LIMIT,
    )
    def card(self, order_id, body):
        """Take the card in the one mode in which we see it; it is not kept."""
        transaction_sudo = BankController._find_transaction(order_id)
        if transaction_sudo.state != "draft":
            return request.redirect("/payment/status", code=303)
        self._check_server_entry(transaction_sudo)
        card = card_pages.read_card(body)
        if not card:
            form = Form(f"{START_PATH}/{order_id}/card", card=card_pages.INPUTS)
            return self._show(transaction_sudo, form, is_refused=True)
        return self._open(transaction_sudo, Operation.CARD_PAGE, card)

    # === OPENING THE BANK'S PAGE === #

    def _open(self, transaction_sudo, operation, card=None):
        """Have the bank open its page, and send the payer there."""
        call_id = self._planned_call(transaction_sudo.id, operation)
        if not call_id:
            return request.redirect("/payment/status", code=303)
        # Nothing was written here. Ended all the same: no database transaction is open
        # while the bank is spoken to.
        request.env.cr.commit()  # pylint: disable=invalid-commit
        calls = request.env["pos.gateway.call"].sudo()
        outcome = calls._carry_out(call_id, card) or self._told_before(call_id)
        if outcome and outcome.page:
            return self._show(transaction_sudo, outcome.page)
        if outcome:  # refused: the worker has written down why
            return request.redirect("/payment/status", code=303)
        return self._page(
            "pos_gateway.bank_unreachable",
            transaction_sudo,
            {"again": f"{START_PATH}/{transaction_sudo.gateway_order_id}"},
            status=503,
        )

    @classmethod
    def _planned_call(cls, transaction_id, operation):
        """:return: the call that opens the page: a new one if the last got no answer

        A card is handed over anew each time it is typed, unless that is over: ``None``.
        """
        for attempt in range(CONFLICT_RETRIES):
            try:
                return cls._plan_once(transaction_id, operation)
            except CONFLICTS:  # a second click: it finds the call of the first
                if attempt == CONFLICT_RETRIES - 1:
                    raise

    @classmethod
    def _plan_once(cls, transaction_id, operation):
        with request.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            transaction = env["payment.transaction"].browse(transaction_id)
            locks.lock_transaction(transaction)
            calls = transaction.gateway_call_ids.filtered(
                lambda call: (
                    call.operation == operation.value
                    and call.state not in ("unanswered", "dropped")
                )
            )
            if operation is Operation.CARD_PAGE:
                under_way = calls.filtered(lambda call: call.state != "answered")
                if not under_way and not cls._takes_another_card(transaction, calls):
                    return None
                calls = under_way
            return (calls[:1] or calls._plan(transaction, operation)).id

    @staticmethod
    def _takes_another_card(transaction, calls):
        """A card that was charged, or may be, is not followed by another one."""
        charges = transaction.gateway_call_ids.filtered(
            lambda call: call.operation == Operation.SALE.value
        )
        return not charges and len(calls) < CARDS_PER_ORDER

    @staticmethod
    def _told_before(call_id):
        """:return: what the bank answered to an earlier request of the same payer"""
        with request.env.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            message = env["pos.gateway.message"].search(
                [("call_id", "=", call_id), ("kind", "=", "call_answer")], limit=1
            )
            if not message:
                return None
            call = env["pos.gateway.call"].browse(call_id)
            try:
                return call.transaction_id._gateway_read_answer(call, message)
            except Refused:
                return None

    @staticmethod
    def _built_form(transaction_sudo):
        family = transaction_sudo._gateway_family()
        form = family.build(
            transaction_sudo._gateway_terminal(), transaction_sudo._gateway_order()
        )
        transaction_sudo._gateway_keep_form(form)
        return form

    # === THE CARD === #

    @staticmethod
    def _check_server_entry(transaction_sudo):
        """The switch may have been turned off after the payment was started."""
        is_right = transaction_sudo.gateway_card_entry == CardEntry.SERVER.value
        if (
            not is_right
            or not transaction_sudo.provider_id._gateway_server_card_entry_is_allowed()
        ):
            raise Forbidden()

    # === PAGES === #

    def _show(self, transaction_sudo, form, is_refused=False):
        """Send the payer's browser where the form says."""
        if form.url.startswith("/"):
            address = form.url
        else:
            address = self._checked_address(form.url, transaction_sudo.is_live)
        if form.method == "get":
            return request.redirect(address, code=303, local=False)
        template = "pos_gateway.card_page" if form.card else "pos_gateway.bank_page"
        values = {"url": address, "form": form, "is_refused": is_refused}
        return self._page(template, transaction_sudo, values)

    @staticmethod
    def _checked_address(url, is_live):
        """Only a bank that was reached over TLS sends us somewhere; still, look."""
        parts = urlsplit(url)
        is_test = not is_live and parts.hostname in LOOPBACK
        if parts.scheme != "https" and not (is_test and parts.scheme == "http"):
            _logger.warning("the bank names an address without encryption: refused")
            raise Forbidden()
        return url

    @staticmethod
    def _page(template, transaction_sudo, values, status=200):
        lang = transaction_sudo.gateway_language or transaction_sudo.partner_lang
        env = transaction_sudo.env(context={"lang": lang})
        return card_pages.bare_page(
            template,
            {**values, "transaction": transaction_sudo.with_env(env)},
            env,
            to_test_system=not transaction_sudo.is_live,
            status=status,
        )
