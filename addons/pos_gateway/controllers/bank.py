import logging

from werkzeug.exceptions import Forbidden, NotFound

from odoo.http import Controller, request, route

from ..const import (
    MESSAGE_SIZE_LIMIT,
    PROVIDER_CODE,
    UNSIGNED_LATE,
    UNSIGNED_MESSAGES,
)
from ..models.payment_transaction import RETURN_PATH
from ..protocols.answers import Refused
from ..protocols.redact import no_cards, own_numbers
from ..protocols.wire import FORM_TYPE, parse_form
from .dispatcher import BankMessageDispatcher

_logger = logging.getLogger(__name__)


class BankController(Controller):
    """Where banks and payers returning from banks arrive.

    A request that brings a message does this and no more: limit the size, verify, store
    the raw message, commit, wake the worker, answer. It changes no transaction.
    """

    @route(
        f"{RETURN_PATH}/<string:order_id>",
        type=BankMessageDispatcher.routing_type,
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,  # a cross-site post must not replace the payer's session
        max_content_length=MESSAGE_SIZE_LIMIT,
        sitemap=False,
    )
    def page_return(self, order_id, body):
        """The payer's browser, coming back from the bank's page with its message.

        Some banks send it in the address. An address without one is a payer who
        reloads: there is nothing to believe.
        """
        transaction_sudo = self._find_transaction(order_id)
        http = request.httprequest
        content_type = http.headers.get("Content-Type", "")
        if http.method == "GET":
            body, content_type = http.query_string, FORM_TYPE
        if http.method == "POST" or body:
            self._take_message(transaction_sudo, body, content_type)
        return request.redirect("/payment/status", code=303)

    @staticmethod
    def _take_message(transaction_sudo, body, content_type):
        """Verify and store a message; the worker applies it."""
        order_id = transaction_sudo.gateway_order_id
        address = request.httprequest.remote_addr
        try:
            message = parse_form(body, content_type, limit=MESSAGE_SIZE_LIMIT)
            proven, _outcome = transaction_sudo._gateway_prove_return(message)
        except Refused as refusal:
            _logger.warning(
                "refused a message for bank order %s from %s: %s",
                order_id,
                address,
                refusal.reason,
            )
            raise Forbidden() from None
        is_unsigned = proven.by == "nothing"
        if is_unsigned and not BankController._keeps_unsigned(transaction_sudo):
            _logger.info("bank order %s: one more unsigned message is left", order_id)
            return
        _message_id, is_new = transaction_sudo.env["pos.gateway.message"]._store(
            "page_return",
            transaction_sudo,
            body.decode(),
            identity=proven.identity,
            content_type=content_type,
            source=address,
            enqueue=True,
            keep=no_cards(proven) | own_numbers(transaction_sudo._gateway_terminal()),
        )
        _logger.info(
            "bank order %s: a message was %s",
            order_id,
            "stored" if is_new else "stored before",
        )

    @staticmethod
    def _keeps_unsigned(transaction_sudo):
        """Anybody can make up what nobody signs: of each order only a few are kept.

        Also of one that was closed unpaid: it may be all that tells of a late payment.
        """
        domain = [
            ("transaction_id", "=", transaction_sudo.id),
            ("kind", "=", "page_return"),
        ]
        match transaction_sudo.state:
            case "draft" | "pending":
                most = UNSIGNED_MESSAGES
            case "error" | "cancel":
                most = UNSIGNED_LATE
                domain.append(("at", ">=", transaction_sudo.last_state_change))
            case _:
                return False
        messages_sudo = transaction_sudo.env["pos.gateway.message"]
        return messages_sudo.search_count(domain, limit=most) < most

    @staticmethod
    def _find_transaction(order_id):
        """sudo: the bank is nobody here; what it may do is decided by its signature."""
        transaction_sudo = (
            request.env["payment.transaction"]
            .sudo()
            .search([("gateway_order_id", "=", order_id)])
        )
        if not transaction_sudo or transaction_sudo.provider_code != PROVIDER_CODE:
            _logger.info("a message for an unknown bank order was refused")
            raise NotFound()
        return transaction_sudo
