import logging

from werkzeug.exceptions import Forbidden, NotFound

from odoo.http import Controller, request, route

from ..const import MESSAGE_SIZE_LIMIT, PROVIDER_CODE
from ..models.payment_transaction import RETURN_PATH
from ..protocols.types import Refused
from ..protocols.wire import parse_form
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
        methods=["POST"],
        csrf=False,
        save_session=False,  # a cross-site post must not replace the payer's session
        max_content_length=MESSAGE_SIZE_LIMIT,
    )
    def page_return(self, order_id, body):
        """The payer's browser, coming back from the bank's page with its message."""
        transaction_sudo = self._find_transaction(order_id)
        content_type = request.httprequest.headers.get("Content-Type", "")
        try:
            message = parse_form(body, content_type, limit=MESSAGE_SIZE_LIMIT)
            provider_sudo = transaction_sudo.provider_id
            proven = provider_sudo._gateway_family().verify(
                provider_sudo._gateway_terminal(transaction_sudo.is_live),
                order_id,
                message,
            )
        except Refused as refusal:
            _logger.warning(
                "refused a message for bank order %s from %s: %s",
                order_id,
                request.httprequest.remote_addr,
                refusal.reason,
            )
            raise Forbidden() from None
        _message_id, is_new = transaction_sudo.env["pos.gateway.message"]._store(
            "page_return",
            transaction_sudo,
            body.decode(),
            identity=proven.identity,
            content_type=content_type,
            source=request.httprequest.remote_addr,
            enqueue=True,
        )
        _logger.info(
            "bank order %s: a message was %s",
            order_id,
            "stored" if is_new else "stored before",
        )
        return request.redirect("/payment/status", code=303)

    @route(
        f"{RETURN_PATH}/<string:order_id>",
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def page_return_again(self, order_id):
        """A payer who reloads or types the address: there is no message in it."""
        self._find_transaction(order_id)
        return request.redirect("/payment/status", code=303)

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
