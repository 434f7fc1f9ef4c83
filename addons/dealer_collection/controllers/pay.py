import logging

from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.http import request, route
from odoo.tools import consteq
from odoo.tools.image import image_data_uri

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..money import parse_amount

_logger = logging.getLogger(__name__)

MAX_BODY = 8 * 1024
MOST_TOKEN = 64


def dealer_brand(dealer_sudo):
    """:return: dict of the name and logo (a data URI or nothing) of whoever is paid"""
    logo = dealer_sudo.partner_id.image_128
    return {
        "name": dealer_sudo.name,
        "logo": image_data_uri(logo) if logo else "",
        "company": dealer_sudo.company_id.name,
    }


class PaymentLinkPage(CustomerPortal):
    """The page that a payment link opens, for anybody who has its address."""

    @route("/pay/<string:token>", type="http", auth="public", website=True)
    def payment_link(self, token, **_query):
        """Rule: whoever has the address. It is only read: previews in chats open it
        too, and must not make anything.
        """
        return self._render_link(self._link(token))

    @route(
        "/pay/<string:token>/continue",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        max_content_length=MAX_BODY,
    )
    def payment_link_continue(self, token, amount="", payer_name="", **_form):
        """Rule: whoever has the address. What is paid is decided by the link alone."""
        link_sudo = self._link(token)
        try:
            with request.env.cr.savepoint():
                collection_sudo = link_sudo._use(
                    parse_amount(amount), payer_name, self._known(link_sudo)
                )
        except UserError as error:
            _logger.info("payment link %s: %s", link_sudo.name, error)
            return self._render_link(
                link_sudo, str(error), amount, payer_name, status=422
            )
        self._remember(link_sudo, collection_sudo)
        return request.redirect(
            f"{collection_sudo.access_url}?access_token={collection_sudo.access_token}",
            code=303,
        )

    # === WHAT THIS BROWSER MADE BEFORE === #

    @staticmethod
    def _known(link_sudo):
        made = request.session.get("dealer_links") or {}
        collections_sudo = request.env["dealer.collection"].sudo()
        return collections_sudo.browse(made.get(str(link_sudo.id), [])).exists()

    @staticmethod
    def _remember(link_sudo, collection_sudo):
        made = dict(request.session.get("dealer_links") or {})
        made[str(link_sudo.id)] = collection_sudo.ids
        request.session["dealer_links"] = made

    # === VALUES === #

    @staticmethod
    def _link(token):
        """:return: the link in sudo mode, in the visitor's language"""
        links_sudo = request.env["dealer.payment.link"].sudo()
        if not 16 <= len(token) <= MOST_TOKEN:
            raise NotFound()
        link_sudo = links_sudo.search([("access_token", "=", token)])
        if not link_sudo or not consteq(link_sudo.access_token, token):
            raise NotFound()
        return link_sudo.with_company(link_sudo.company_id)

    def _render_link(self, link_sudo, error="", amount="", payer_name="", status=200):
        values = {
            "page_name": "payment_link",
            "no_header": True,
            "is_portal": True,
            "brand": dealer_brand(link_sudo.dealer_id),
            "action": f"{link_sudo.access_url}/continue",
            "purpose": link_sudo.purpose,
            "debtor": link_sudo.partner_id.name,
            "refusal": link_sudo._refusal(),
            "state": link_sudo.state,
            "error": error,
            "is_range": link_sudo.amount_kind == "range",
            "amount": link_sudo._amount_text(),
            "bounds": self._bounds(link_sudo),
            "symbol": link_sudo.currency_id.symbol,
            "typed": amount,
            "payer_name": payer_name,
            "max_installments": link_sudo.max_installments,
            "date_expiry": request.env["dealer.collection"]._bank_time(
                link_sudo.date_expiry
            ),
            "items": self._items(link_sudo),
            "currency": request.env["res.currency"].browse(link_sudo.currency_id.id),
        }
        response = request.render(
            "dealer_collection.payment_link_page", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    @staticmethod
    def _items(link_sudo):
        payable = link_sudo.receivable_ids._payable_amounts()
        return [
            {
                "name": owed.reference or owed.name,
                "date_due": owed.date_due,
                "amount": payable[owed.id],
            }
            for owed in link_sudo.receivable_ids.sorted(
                lambda row: (row.date_due, row.id)
            )
            if payable[owed.id]
        ]

    @staticmethod
    def _bounds(link_sudo):
        _ = request.env._
        lowest = link_sudo.currency_id.format(link_sudo.amount_min)
        highest = link_sudo.currency_id.format(link_sudo.amount_max)
        if link_sudo.amount_min and link_sudo.amount_max:
            return _(
                "Between %(lowest)s and %(highest)s.", lowest=lowest, highest=highest
            )
        if link_sudo.amount_max:
            return _("At most %s.", highest)
        return _("At least %s.", lowest) if link_sudo.amount_min else ""
