from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import AccessError, MissingError
from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools import consteq

from odoo.addons.payment.controllers.portal import PaymentPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from .home import DealerPortal
from .listing import MOST_SEARCHED
from .pay import dealer_brand

STATE_COLORS = {
    "open": "bg-info-subtle text-info-emphasis",
    "processing": "text-bg-warning",
    "paid": "bg-success-subtle text-success-emphasis",
    "cancelled": "text-bg-light",
    "expired": "text-bg-light",
}


class DealerCollectionsPortal(DealerPortal, PaymentPortal):
    """The collections of the dealer and of everything below it."""

    _items_per_page = 40

    @route(
        ["/my/dealer/collections", "/my/dealer/collections/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def dealer_collections(
        self, page=1, sortby=None, filterby=None, search="", search_in="", **_query
    ):
        """Rule: the subtree rule on collections (history stays where it happened)."""
        collections = request.env["dealer.collection"]
        if not collections.has_access("read"):
            raise NotFound()
        sortings, filters = self._sortings(), self._filters()
        sortby = sortby if sortby in sortings else "date"
        filterby = filterby if filterby in filters else "all"
        inputs = self._search_inputs()
        search_in = search_in if search_in in inputs else next(iter(inputs))
        search = search.strip()[:MOST_SEARCHED]
        domain = Domain(filters[filterby]["domain"])
        if search:
            domain &= Domain(inputs[search_in]["field"], "ilike", search)
        count, totals = self._count_and_totals(domain)
        pager = portal_pager(
            url="/my/dealer/collections",
            url_args={
                "sortby": sortby,
                "filterby": filterby,
                "search": search,
                "search_in": search_in,
            },
            total=count,
            page=page,
            step=self._items_per_page,
        )
        found = collections.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_collections",
            "default_url": "/my/dealer/collections",
            "pager": pager,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "sortby": sortby,
            "filterby": filterby,
            "searchbar_inputs": inputs,
            "search": search,
            "search_in": search_in,
            "is_narrowed": bool(search) or filterby != "all",
            "rows": self._collection_rows(found),
            "totals": totals,
        }
        return request.render("dealer_collection.portal_collections", values)

    @route(
        "/my/dealer/collections/<int:collection_id>",
        type="http",
        auth="public",
        website=True,
    )
    def dealer_collection(self, collection_id, access_token=None, **_query):
        """Rule: the subtree rule on collections, or the document's own token."""
        collection_sudo = self._collection_check_access(collection_id, access_token)
        response = request.render(
            "dealer_collection.portal_collection",
            self._collection_page_values(collection_sudo, access_token),
        )
        response.headers["Cache-Control"] = "no-store"  # it shows a state of now
        return response

    @route(
        "/my/dealer/collections/<int:collection_id>/receipt.pdf",
        type="http",
        auth="public",
        website=True,
        readonly=True,
    )
    def dealer_collection_receipt(self, collection_id, access_token=None, **_query):
        """Rule: the subtree rule on collections, or the document's own token."""
        collection_sudo = self._collection_check_access(collection_id, access_token)
        if collection_sudo.state != "paid":
            raise NotFound()
        return self._show_report(
            collection_sudo, "pdf", "dealer_collection.action_report_receipt", True
        )

    # === ACCESS === #

    def _collection_check_access(self, collection_id, access_token):
        """:return: the collection in sudo mode; 404 and 403 tell a stranger nothing"""
        try:
            return self._document_check_access(
                "dealer.collection", collection_id, access_token
            )
        except MissingError as error:
            raise NotFound() from error
        except AccessError as error:
            raise Forbidden() from error

    @staticmethod
    def _is_payer(collection_sudo, access_token):
        """Whether the visitor may pay: its own dealer's people, or the link's holder.

        Dealers above see the collection by rule, but do not pay by accident; viewers
        pay nothing.
        """
        if access_token and consteq(collection_sudo.access_token, access_token):
            return True
        is_own = DealerPortal._dealer_node() == collection_sudo.dealer_id
        return is_own and request.env.user._dealer_may("pay")

    # === VALUES FOR THE TEMPLATES: plain, as the records are in sudo mode === #

    @staticmethod
    def _sortings():
        _ = request.env._
        return {
            "date": {"label": _("Newest"), "order": "create_date desc, id desc"},
            "amount": {"label": _("Amount"), "order": "amount desc, id desc"},
            "dealer": {"label": _("Dealer"), "order": "dealer_id, id desc"},
            "state": {"label": _("Status"), "order": "state, id desc"},
        }

    @staticmethod
    def _filters():
        _ = request.env._
        return {
            "all": {"label": _("All"), "domain": []},
            "open": {"label": _("Open"), "domain": [("state", "=", "open")]},
            "processing": {
                "label": _("At the bank"),
                "domain": [("state", "=", "processing")],
            },
            "paid": {"label": _("Paid"), "domain": [("state", "=", "paid")]},
            "closed": {
                "label": _("Cancelled or expired"),
                "domain": [("state", "in", ("cancelled", "expired"))],
            },
        }

    @staticmethod
    def _search_inputs():
        _ = request.env._
        return {
            "number": {"input": "number", "label": _("Number"), "field": "name"},
            "dealer": {
                "input": "dealer",
                "label": _("Dealer"),
                "field": "dealer_id.name",
            },
        }

    @staticmethod
    def _count_and_totals(domain):
        """:return: how many there are, and what was paid by currency: one query, as it
        reads all that the dealer may see
        """
        groups = request.env["dealer.collection"]._read_group(
            domain, ["currency_id", "state"], ["amount:sum", "__count"]
        )
        totals = [
            {"currency": currency, "amount": amount, "count": count}
            for currency, state, amount, count in groups
            if state == "paid"
        ]
        return sum(group[-1] for group in groups), totals

    @staticmethod
    def _state_values(collection):
        """What waits does not always wait for a bank."""
        labels = dict(
            collection._fields["state"]._description_selection(collection.env)
        )
        _ = request.env._
        waiting = {
            "transfer": _("Waiting for the transfer"),
            "cash": _("Waiting for approval"),
            "cheque": _("Waiting for approval"),
        }
        label = labels[collection.state]
        if collection.state == "processing":
            label = waiting.get(collection.method, label)
        return {
            "state": collection.state,
            "state_label": label,
            "state_color": STATE_COLORS[collection.state],
        }

    def _collection_rows(self, collections):
        own_sudo = self._dealer_node()
        return [
            {
                "name": collection.name,
                "url": collection.access_url,
                "date": collection._bank_time(
                    collection.date_paid or collection.create_date
                ),
                # sudo: the name of the dealer under which it happened, wherever that
                # dealer stands today
                "dealer": collection.sudo().dealer_id.name,
                "is_own": collection.dealer_id.id == own_sudo.id,
                "amount": collection.amount,
                "currency": collection.currency_id,
                **self._state_values(collection),
            }
            for collection in collections
        ]

    def _collection_page_values(self, collection_sudo, access_token):
        is_payer = self._is_payer(collection_sudo, access_token)
        attempt_sudo = collection_sudo._last_attempt().with_context(
            lang=request.env.lang
        )
        is_declined = collection_sudo.state == "open" and attempt_sudo.state in (
            "error",
            "cancel",
        )
        suffix = f"?access_token={access_token}" if access_token else ""
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_collection",
            "collection_name": collection_sudo.name,
            "collection_id": collection_sudo.id,
            "collection_url": collection_sudo.access_url + suffix,
            "receipt_url": f"{collection_sudo.access_url}/receipt.pdf{suffix}",
            "abandon_url": f"{collection_sudo.access_url}/abandon",
            "token": access_token,
            "is_payer": is_payer,
            "is_payable": collection_sudo._is_payable(),
            "is_expired": collection_sudo._is_overdue(),
            "date_expiry": request.env["dealer.collection"]._bank_time(
                collection_sudo.date_expiry
            ),
            "dealer_name": collection_sudo.dealer_id.name,
            "brand": collection_sudo.link_id
            and dealer_brand(collection_sudo.dealer_id),
            # A payer without a login has nowhere to go from here.
            "no_header": collection_sudo.link_id and request.env.user._is_public(),
            "no_breadcrumbs": collection_sudo.link_id and request.env.user._is_public(),
            "purpose": collection_sudo.link_id.purpose,
            "refusal": self._refusal(collection_sudo),
            "amount": collection_sudo.amount,
            "currency": request.env["res.currency"].browse(
                collection_sudo.currency_id.id
            ),
            # in the visitor's language; `_document_check_access` drops the context
            "receipt": collection_sudo.with_context(
                lang=request.env.lang
            )._receipt_values(),
            "attempt_state": attempt_sudo.state,
            "is_abandoned": bool(attempt_sudo.gateway_abandoned_at),
            "is_under_review": bool(attempt_sudo.gateway_review_reason),
            "declined_message": is_declined and attempt_sudo.gateway_payer_message,
            **self._state_values(collection_sudo),
        }
        if is_payer and values["is_payable"]:
            values |= self._payment_form_values(collection_sudo, access_token)
        return values

    @staticmethod
    def _refusal(collection_sudo):
        """:return: why the collection's payment link does not take it any more"""
        link_sudo = collection_sudo.link_id.with_context(lang=request.env.lang)
        if collection_sudo.state != "open" or not link_sudo:
            return ""
        return link_sudo._refusal(own=collection_sudo)

    def _payment_form_values(self, collection_sudo, access_token):
        """The context of core's `payment.form`, which needs providers in sudo mode."""
        partner_sudo = collection_sudo.partner_id
        report = {}
        providers_sudo = self._collection_providers(collection_sudo, report)
        methods_sudo = (
            request.env["payment.method"]
            .sudo()
            ._get_compatible_payment_methods(
                providers_sudo.ids,
                partner_sudo.id,
                currency_id=collection_sudo.currency_id.id,
                report=report,
            )
        )
        return {
            "reference_prefix": collection_sudo.name,
            # The page's prices are those of this document: it may have limits.
            "gateway_document": f"{collection_sudo._name},{collection_sudo.id}",
            "partner_id": partner_sudo.id,
            "providers_sudo": providers_sudo,
            "payment_methods_sudo": methods_sudo,
            "has_one_method": len(methods_sudo) < 2,
            "tokens_sudo": request.env["payment.token"].sudo().browse(),
            "availability_report": report,
            "show_tokenize_input_mapping": dict.fromkeys(providers_sudo.ids, False),
            "transaction_route": (
                f"/my/dealer/collection/{collection_sudo.id}/transaction"
            ),
            "landing_route": collection_sudo.access_url,
            "access_token": access_token,
        }

    @staticmethod
    def _collection_providers(collection_sudo, report=None):
        return (
            request.env["payment.provider"]
            .sudo()  # payers have no access to providers
            ._get_compatible_providers(
                collection_sudo.company_id.id,
                collection_sudo.partner_id.id,
                collection_sudo.amount,
                currency_id=collection_sudo.currency_id.id,
                report=report,
            )
        )
