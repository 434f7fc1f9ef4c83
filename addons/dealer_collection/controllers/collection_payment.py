import logging

from werkzeug.exceptions import Forbidden

from odoo.exceptions import AccessError, MissingError, ValidationError
from odoo.http import request, route

from ..models.payment_provider import TRANSFER_MODE
from .collections import DealerCollectionsPortal

_logger = logging.getLogger(__name__)


class DealerCollectionPaymentPortal(DealerCollectionsPortal):
    """Paying a collection: start an attempt, watch it, give it up."""

    @route(
        "/my/dealer/collection/<int:collection_id>/transaction",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def dealer_collection_transaction(self, collection_id, access_token=None, **kwargs):
        """Start one payment attempt for what the document says.

        Rule: the subtree rule or the token; and only the dealer's own people or the
        holder of the token pay. Amount, currency, debtor and landing page come from the
        document, whatever the browser sends.
        """
        try:
            collection_sudo = self._document_check_access(
                "dealer.collection", collection_id, access_token
            )
        except (AccessError, MissingError) as error:
            raise ValidationError(
                request.env._("The access token is invalid.")
            ) from error
        if not self._is_payer(collection_sudo, access_token):
            raise ValidationError(
                request.env._("This collection is paid by the dealer it is for.")
            )
        self._validate_transaction_kwargs(kwargs)
        landing_route = collection_sudo.access_url
        if access_token:
            landing_route = f"{landing_route}?access_token={access_token}"
        create_values = collection_sudo._start_attempt()
        self._check_provider(collection_sudo, kwargs)
        kwargs |= {
            "amount": collection_sudo.amount,
            "currency_id": collection_sudo.currency_id.id,
            "partner_id": collection_sudo.partner_id.id,
            "landing_route": landing_route,
            "is_validation": False,
            "custom_create_values": create_values,
        }
        tx_sudo = self._create_transaction(**kwargs)
        _logger.info(
            "user %s starts attempt %s of collection %s",
            request.env.uid,
            tx_sudo.reference,
            collection_sudo.name,
        )
        if tx_sudo.provider_id.custom_mode == TRANSFER_MODE:
            collection_sudo._announce_transfer(tx_sudo)
            return tx_sudo._get_processing_values() | {
                "redirect_form_html": self._back_to(collection_sudo, access_token)
            }
        return tx_sudo._get_processing_values()

    @staticmethod
    def _back_to(collection_sudo, access_token):
        """:return: a form that takes the payer's browser to the collection's page"""
        return request.env["ir.qweb"]._render(
            "dealer_collection.back_to_collection",
            {"url": collection_sudo.access_url, "token": access_token},
        )

    def _check_provider(self, collection_sudo, kwargs):
        """Core takes any provider id from the browser; we take what we offered."""
        if kwargs.get("provider_id") not in self._collection_providers(
            collection_sudo
        ).ids or kwargs.get("flow") not in ("redirect", "direct"):
            raise ValidationError(request.env._("This way to pay is not available."))

    @staticmethod
    def _give_up(collection_sudo):
        """Of a transfer nothing has come yet; what was declared others answer."""
        if collection_sudo.method == "transfer":
            collection_sudo._give_up_transfer()
            collection_sudo.message_post(
                body=request.env._(
                    "%s does not pay by bank transfer.", request.env.user.name
                )
            )

    @route(
        "/my/dealer/collection/<int:collection_id>/status",
        type="jsonrpc",
        auth="public",
        website=True,
        readonly=True,
    )
    def dealer_collection_status(self, collection_id, access_token=None):
        """Rule: the subtree rule or the token. Reads only; the page polls it."""
        try:
            collection_sudo = self._document_check_access(
                "dealer.collection", collection_id, access_token
            )
        except (AccessError, MissingError) as error:
            raise Forbidden() from error
        return {
            "state": collection_sudo.state,
            "attempt_state": collection_sudo._last_attempt().state,
            "is_booked": bool(collection_sudo._receipt_transaction().payment_id),
        }

    @route(
        "/my/dealer/collections/<int:collection_id>/abandon",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def dealer_collection_abandon(self, collection_id, access_token=None, **_form):
        """The payer says that nothing was paid. The bank is asked, not believed him.

        Rule: as for the transaction.
        """
        collection_sudo = self._collection_check_access(collection_id, access_token)
        if not self._is_payer(collection_sudo, access_token):
            raise Forbidden()
        attempt_sudo = collection_sudo._last_attempt()
        if collection_sudo.state == "processing" and collection_sudo.method != "card":
            self._give_up(collection_sudo)
        elif collection_sudo.state == "processing" and attempt_sudo:
            attempt_sudo._gateway_ask_bank_soon(abandoned=True)
            _logger.info(
                "user %s gives up attempt %s", request.env.uid, attempt_sudo.reference
            )
        url = collection_sudo.access_url
        if access_token:
            url = f"{url}?access_token={access_token}"
        return request.redirect(url, code=303)
