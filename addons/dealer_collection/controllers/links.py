import logging
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.exceptions import Forbidden, NotFound

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.addons.pos_gateway.const import BANK_TIME_ZONE

from ..models.dealer_payment_link import DEFAULT_LINK_DAYS, MOST_INSTALLMENTS
from ..money import parse_amount
from ..receivable_list.reading import read_date
from .receivable_actions import DealerReceivableActionsPortal

_logger = logging.getLogger(__name__)

STATE_COLORS = {
    "open": "bg-info-subtle text-info-emphasis",
    "used": "bg-success-subtle text-success-emphasis",
    "cancelled": "text-bg-light",
    "expired": "text-bg-light",
}
MOST_DAYS = 400
LONGEST_PURPOSE = 120


class DealerLinksPortal(DealerReceivableActionsPortal):
    """The payment links of the dealer and of those below it."""

    @route(
        ["/my/dealer/links", "/my/dealer/links/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def dealer_links(self, page=1, sortby=None, filterby=None, search=None, **_query):
        """Rule: the subtree rule on payment links."""
        dealer_sudo = self._dealer_or_404()
        links = request.env["dealer.payment.link"]
        sortings, filters = self._link_sortings(), self._link_filters()
        sortby = sortby if sortby in sortings else "newest"
        filterby = filterby if filterby in filters else "all"
        domain = filters[filterby]["domain"]
        if search:
            text = search[:100]
            domain &= Domain("name", "ilike", text) | Domain("purpose", "ilike", text)
        pager = portal_pager(
            url="/my/dealer/links",
            url_args={"sortby": sortby, "filterby": filterby, "search": search},
            total=links.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = links.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_links",
            "default_url": "/my/dealer/links",
            "may_add": self._may("links"),
            "pager": pager,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": {
                "all": {"input": "all", "label": request.env._("Search in links")}
            },
            "search_in": "all",
            "search": search,
            "sortby": sortby,
            "filterby": filterby,
            "is_searched": bool(search) or filterby != "all",
            "rows": [self._link_row(link, dealer_sudo) for link in found],
        }
        return request.render("dealer_collection.portal_links", values)

    @route("/my/dealer/links/new", type="http", auth="user", website=True)
    def dealer_link_new(self, receivable_id="", **_query):
        """Rule: an owner or collector of a dealer that may make links; a receivable
        that it starts from is one of its own.
        """
        dealer_sudo = self._dealer_who_may("links")
        form = {}
        if receivable_id.isascii() and receivable_id.isdecimal():
            receivable = self._receivable_or_404(int(receivable_id))
            if receivable.sudo().creditor_id != dealer_sudo:
                raise NotFound()
            form = {
                "receivable_id": receivable_id,
                "purpose": receivable.reference or receivable.name,
            }
        return self._render_link_new(form)

    @route(
        "/my/dealer/links/create",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=64 * 1024,
    )
    def dealer_link_create(self, **form):
        """Rule: as for the form. Dealer and company are the user's own; debtor and
        receivable are the dealer's; the rest is a white list.
        """
        dealer_sudo = self._dealer_who_may("links")
        try:
            with request.env.cr.savepoint():
                values = self._link_values(dealer_sudo, form)
                # sudo: portal users write nothing themselves; these values are ours
                link_sudo = (
                    request.env["dealer.payment.link"]
                    .sudo()
                    .with_company(dealer_sudo.company_id)
                    .create(values)
                )
        except UserError as error:
            _logger.info("user %s: no payment link: %s", request.env.uid, error)
            return self._render_link_new(form, str(error), status=422)
        link_sudo.message_post(body=request.env._("Made by %s.", request.env.user.name))
        return request.redirect(f"/my/dealer/links/{link_sudo.id}", code=303)

    @route("/my/dealer/links/<int:link_id>", type="http", auth="user", website=True)
    def dealer_link(self, link_id, sent="", **_query):
        """Rule: the subtree rule on payment links."""
        notice = request.env._("The link was sent.") if sent else ""
        return self._render_own_link(self._link_or_404(link_id), notice=notice)

    @route(
        "/my/dealer/links/<int:link_id>/<string:verb>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        max_content_length=8 * 1024,
    )
    def dealer_link_change(self, link_id, verb, **form):
        """Rule: owners and collectors of the dealer whose link it is."""
        link_sudo = self._link_or_404(link_id).sudo()
        if link_sudo.dealer_id != self._dealer_who_may("links"):
            raise Forbidden()
        try:
            with request.env.cr.savepoint():
                if verb == "cancel":
                    link_sudo._cancel()
                elif verb == "email":
                    link_sudo._send_email(form.get("email"))
                elif verb == "sms":
                    link_sudo._send_sms(form.get("phone"))
                else:
                    raise NotFound()
        except UserError as error:
            return self._render_own_link(link_sudo, str(error), typed=form, status=422)
        sent = "" if verb == "cancel" else "?sent=1"
        return request.redirect(f"/my/dealer/links/{link_id}{sent}", code=303)

    # === READING THE FORM === #

    def _link_values(self, dealer_sudo, form):
        _ = request.env._
        currency = dealer_sudo.company_id.currency_id
        receivable_sudo = self._chosen_receivable(dealer_sudo, form)
        purpose = " ".join(form.get("purpose", "").split())[:LONGEST_PURPOSE]
        if len(purpose) < 3:
            raise UserError(_("Say what the payment is for."))
        values = {
            "dealer_id": dealer_sudo.id,
            "currency_id": currency.id,
            "purpose": purpose,
            "max_installments": self._number(form, "max_installments"),
            "is_single_use": not form.get("is_many_use"),
            "date_expiry": self._expiry(form),
            "partner_id": self._link_debtor(dealer_sudo, form, receivable_sudo).id,
            "receivable_ids": [Command.set(receivable_sudo.ids)],
        }
        return values | self._link_amounts(form, receivable_sudo, currency)

    def _link_amounts(self, form, receivable_sudo, currency):
        kind = form.get("amount_kind", "")
        if kind not in ("open", "fixed", "range") or (
            kind == "open" and not receivable_sudo
        ):
            raise UserError(request.env._("Choose how much is to be paid."))
        amounts = {"amount_kind": kind}
        names = {"fixed": ("amount",), "range": ("amount_min", "amount_max")}
        for name in names.get(kind, ()):
            text = form.get(name, "").strip()
            amount = parse_amount(text) if text else 0
            if amount is None or amount >= 10**10:
                raise UserError(
                    request.env._(
                        "This is not an amount. Write it like 1250.40 or 1.250,40."
                    )
                )
            amounts[name] = self._exact(amount, currency) if amount else 0.0
        return amounts

    def _chosen_receivable(self, dealer_sudo, form):
        text = form.get("receivable_id", "")
        receivables_sudo = request.env["dealer.receivable"].sudo()
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            return receivables_sudo
        return receivables_sudo.search(
            [("id", "=", int(text)), ("creditor_id", "=", dealer_sudo.id)]
        )

    def _link_debtor(self, dealer_sudo, form, receivable_sudo):
        if receivable_sudo:
            return receivable_sudo.debtor_id
        chosen = form.get("debtor_id", "")
        return self._debtors(dealer_sudo).filtered(
            lambda partner: str(partner.id) == chosen
        )

    @staticmethod
    def _number(form, name):
        text = form.get(name, "") or "0"
        if not (text.isascii() and text.isdecimal() and len(text) < 4):
            raise UserError(request.env._("Choose the number of installments."))
        return int(text)

    @staticmethod
    def _expiry(form):
        """:return: the end of the chosen day, as the banks count days, in UTC"""
        _ = request.env._
        day = read_date(form.get("date_expiry", ""))
        zone = ZoneInfo(BANK_TIME_ZONE)
        today = datetime.now(zone).date()
        if day is None or not today <= day <= today + timedelta(days=MOST_DAYS):
            raise UserError(
                _("Choose the last day of the link: today, or a day of the next year.")
            )
        end = datetime.combine(day, time(23, 59, 59), zone)
        return end.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)

    # === VALUES FOR THE TEMPLATES: plain === #

    def _link_or_404(self, link_id):
        """:return: the link with the user's own rights"""
        self._dealer_or_404()
        links = request.env["dealer.payment.link"]
        link = links.search([("id", "=", link_id)]) if link_id < 2**31 else links
        if not link:
            raise NotFound()
        return link

    @staticmethod
    def _link_sortings():
        _ = request.env._
        return {
            "newest": {"label": _("Newest"), "order": "create_date desc, id desc"},
            "expiry": {"label": _("Last Day"), "order": "date_expiry, id"},
            "paid": {"label": _("Paid"), "order": "amount_paid desc, id desc"},
        }

    @staticmethod
    def _link_filters():
        _ = request.env._
        return {
            "all": {"label": _("All"), "domain": Domain.TRUE},
            "open": {"label": _("Open"), "domain": Domain("state", "=", "open")},
            "used": {"label": _("Paid"), "domain": Domain("state", "=", "used")},
            "closed": {
                "label": _("Cancelled or expired"),
                "domain": Domain("state", "in", ("cancelled", "expired")),
            },
        }

    @staticmethod
    def _link_row(link, dealer_sudo):
        link_sudo = link.sudo().with_context(lang=request.env.lang)
        labels = dict(link._fields["state"]._description_selection(request.env))
        is_over = link_sudo.state == "open" and link_sudo._is_overdue()
        state = "expired" if is_over else link_sudo.state
        return {
            "name": link_sudo.name,
            "url": f"/my/dealer/links/{link_sudo.id}",
            "purpose": link_sudo.purpose,
            "debtor": link_sudo.partner_id.name or "",
            "dealer": link_sudo.dealer_id.name,
            "is_own": link_sudo.dealer_id.id == dealer_sudo.id,
            "amount": link_sudo._amount_text(),
            "paid": link_sudo.amount_paid,
            "currency": request.env["res.currency"].browse(link_sudo.currency_id.id),
            "date_expiry": request.env["dealer.collection"]._bank_time(
                link_sudo.date_expiry
            ),
            "state": state,
            "state_label": labels[state],
            "state_color": STATE_COLORS[state],
        }

    def _render_own_link(self, link, error="", notice="", typed=None, status=200):
        dealer_sudo = self._dealer_or_404()
        link_sudo = link.sudo().with_context(lang=request.env.lang)
        row = self._link_row(link, dealer_sudo)
        is_open = row["state"] == "open"
        may_share = row["is_own"] and is_open and self._may("links")
        bank_time = request.env["dealer.collection"]._bank_time
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_link",
            "row": row,
            "address": link_sudo.url,
            "qr": f"data:image/png;base64,{link_sudo._qr_image()}",
            "may_share": may_share,
            "whatsapp_url": link_sudo._whatsapp_url() if may_share else "",
            "email": (typed or {}).get("email") or link_sudo.partner_id.email or "",
            "phone": (typed or {}).get("phone") or link_sudo.partner_id.phone or "",
            "max_installments": link_sudo.max_installments,
            "is_single_use": link_sudo.is_single_use,
            "is_range": link_sudo.amount_kind == "range",
            "collections": [
                {
                    "name": collection.name,
                    "url": collection.access_url,
                    "payer": collection.payer_name or collection.partner_id.name,
                    "date": bank_time(collection.date_paid or collection.create_date),
                    "amount": collection.amount,
                    **self._collection_state(collection),
                }
                for collection in link_sudo.collection_ids
            ],
            "error": error,
            "notice": notice,
        }
        response = request.render(
            "dealer_collection.portal_link", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _collection_state(collection_sudo):
        labels = dict(
            collection_sudo._fields["state"]._description_selection(request.env)
        )
        return {"state": collection_sudo.state, "label": labels[collection_sudo.state]}

    def _render_link_new(self, form, error="", status=200):
        dealer_sudo = self._dealer_or_404()
        receivable_sudo = self._chosen_receivable(dealer_sudo, form)
        chosen = form.get("debtor_id", "")
        day = fields.Date.context_today(request.env.user)
        last = day + timedelta(days=DEFAULT_LINK_DAYS)
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_link_new",
            "receivable": receivable_sudo
            and {
                "id": receivable_sudo.id,
                "name": receivable_sudo.reference or receivable_sudo.name,
                "debtor": receivable_sudo.debtor_id.name,
                "open": receivable_sudo.amount_open,
                "currency": request.env["res.currency"].browse(
                    receivable_sudo.currency_id.id
                ),
            },
            "debtors": [
                {"id": row.id, "name": row.name, "is_chosen": str(row.id) == chosen}
                for row in self._debtors(dealer_sudo)
            ],
            "symbol": dealer_sudo.company_id.currency_id.symbol,
            "typed": {
                "amount_kind": form.get("amount_kind")
                or ("open" if receivable_sudo else "fixed"),
                "date_expiry": form.get("date_expiry") or fields.Date.to_string(last),
                **{
                    name: form.get(name, "")
                    for name in (
                        "purpose",
                        "amount",
                        "amount_min",
                        "amount_max",
                        "max_installments",
                        "is_many_use",
                    )
                },
            },  # fmt: skip
            "today": fields.Date.to_string(day),
            "counts": [1, 2, 3, 4, 6, 9, 12, 18, 24, MOST_INSTALLMENTS],
            "error": error,
        }
        return request.render(
            "dealer_collection.portal_link_new", values, status=status
        )
