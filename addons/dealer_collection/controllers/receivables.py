from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.fields import Domain
from odoo.http import content_disposition, request, route
from odoo.tools import formatLang

from odoo.addons.portal.controllers.portal import pager as portal_pager

from .home import DealerPortal

STATE_COLORS = {
    "open": "bg-info-subtle text-info-emphasis",
    "partial": "text-bg-warning",
    "paid": "bg-success-subtle text-success-emphasis",
    "cancelled": "text-bg-light",
}
SIDES = ("owed", "owing")


class DealerReceivablesPortal(DealerPortal):
    """What is owed to the dealer from below, and what it owes another dealer."""

    _items_per_page = 40

    @route(
        ["/my/dealer/receivables", "/my/dealer/receivables/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def dealer_receivables(
        self,
        page=1,
        side="owed",
        sortby=None,
        filterby=None,
        search=None,
        search_in="all",
        **_query,
    ):
        """Rule: the portal rule on receivables (own subtree, and own debts)."""
        dealer_sudo = self._dealer_or_404()
        receivables = request.env["dealer.receivable"]
        side = side if side in SIDES else "owed"
        sortings, filters = self._receivable_sortings(), self._receivable_filters()
        sortby = sortby if sortby in sortings else "due"
        filterby = filterby if filterby in filters else "open"
        searches = self._receivable_searches()
        search_in = search_in if search_in in searches else "all"
        domain = self._side_domain(dealer_sudo, side) & filters[filterby]["domain"]
        if search:
            domain &= searches[search_in]["domain"](search[:100])
        pager = portal_pager(
            url="/my/dealer/receivables",
            url_args={
                "side": side,
                "sortby": sortby,
                "filterby": filterby,
                "search_in": search_in,
                "search": search,
            },
            total=receivables.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = receivables.search(
            domain,
            order=sortings[sortby]["order"],
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_receivables",
            "default_url": "/my/dealer/receivables",
            "side": side,
            "may_add": self._may("receivables"),
            "pager": pager,
            "searchbar_sortings": sortings,
            "searchbar_filters": filters,
            "searchbar_inputs": searches,
            "sortby": sortby,
            "filterby": filterby,
            "search": search,
            "search_in": search_in,
            "is_searched": bool(search) or filterby != "open",
            "rows": [self._receivable_row(owed, dealer_sudo) for owed in found],
            "totals": self._receivable_totals(domain & Domain("amount_open", ">", 0)),
        }
        return request.render("dealer_collection.portal_receivables", values)

    @route(
        "/my/dealer/receivables/<int:receivable_id>",
        type="http",
        auth="user",
        website=True,
    )
    def dealer_receivable(self, receivable_id, **_query):
        """Rule: the portal rule on receivables."""
        return self._render_receivable(self._receivable_or_404(receivable_id))

    @route(
        "/my/dealer/receivables/<int:receivable_id>/attachments/<int:attachment_id>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def dealer_receivable_attachment(self, receivable_id, attachment_id, **_query):
        """Rule: the portal rule on receivables; only what hangs on this one."""
        receivable = self._receivable_or_404(receivable_id)
        attachment_sudo = self._attachments(receivable).filtered(
            lambda row: row.id == attachment_id
        )
        if not attachment_sudo:
            raise NotFound()
        return request.make_response(
            attachment_sudo.raw,
            [
                ("Content-Type", "application/octet-stream"),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Disposition", content_disposition(attachment_sudo.name)),
            ],
        )

    # === ACCESS === #

    @staticmethod
    def _may(what):
        """Whether the user's role and its dealer's capabilities allow something."""
        return request.env.user._dealer_may(what)

    def _receivable_or_404(self, receivable_id):
        """:return: the receivable with the user's own rights"""
        self._dealer_or_404()
        receivables = request.env["dealer.receivable"]
        if not 0 < receivable_id < 2**31:
            raise NotFound()
        receivable = receivables.search([("id", "=", receivable_id)])
        if not receivable:
            raise NotFound()
        return receivable

    @staticmethod
    def _attachments(receivable):
        return (
            request.env["ir.attachment"]
            .sudo()  # the receivable may be read, so may what hangs on it
            .search(
                [
                    ("res_model", "=", receivable._name),
                    ("res_id", "=", receivable.id),
                    ("res_field", "=", False),
                ]
            )
        )

    @staticmethod
    def _side_domain(dealer_sudo, side):
        if side == "owing":
            return Domain("debtor_id", "=", dealer_sudo.partner_id.id)
        return Domain("debtor_id", "!=", dealer_sudo.partner_id.id)

    # === VALUES FOR THE TEMPLATES: plain === #

    @staticmethod
    def _receivable_sortings():
        _ = request.env._
        return {
            "due": {"label": _("Due Date"), "order": "date_due, id"},
            "newest": {"label": _("Newest"), "order": "id desc"},
            "amount": {"label": _("Open Amount"), "order": "amount_open desc, id"},
            "debtor": {"label": _("Debtor"), "order": "debtor_id, date_due, id"},
        }

    @staticmethod
    def _receivable_filters():
        _ = request.env._
        is_open = Domain("amount_open", ">", 0)
        return {
            "open": {"label": _("Open"), "domain": is_open},
            "overdue": {
                "label": _("Overdue"),
                "domain": Domain("is_overdue", "=", True),
            },
            "disputed": {
                "label": _("Disputed"),
                "domain": Domain("is_disputed", "=", True),
            },
            "paid": {"label": _("Paid"), "domain": Domain("state", "=", "paid")},
            "cancelled": {
                "label": _("Cancelled"),
                "domain": Domain("state", "=", "cancelled"),
            },
            "all": {"label": _("All"), "domain": Domain.TRUE},
        }

    @staticmethod
    def _receivable_searches():
        _ = request.env._

        def by_debtor(text):
            # sudo: a portal user cannot read the partners it knows the names of here
            partners_sudo = request.env["res.partner"].sudo()
            return Domain(
                "debtor_id", "in", partners_sudo._search([("name", "ilike", text)])
            )

        def by_number(text):
            return Domain("name", "ilike", text) | Domain("reference", "ilike", text)

        return {
            "all": {
                "input": "all",
                "label": _("Search in all"),
                "domain": lambda text: by_number(text) | by_debtor(text),
            },
            "number": {
                "input": "number",
                "label": _("Search in numbers and references"),
                "domain": by_number,
            },
            "debtor": {
                "input": "debtor",
                "label": _("Search in debtors"),
                "domain": by_debtor,
            },
        }

    @staticmethod
    def _receivable_totals(domain):
        groups = request.env["dealer.receivable"]._read_group(
            domain, ["currency_id"], ["amount_open:sum", "__count"]
        )
        return [
            {"currency": currency, "amount": amount, "count": count}
            for currency, amount, count in groups
        ]

    @staticmethod
    def _receivable_row(receivable, dealer_sudo):
        labels = dict(
            receivable._fields["state"]._description_selection(receivable.env)
        )
        owed_sudo = receivable.sudo()
        return {
            "name": receivable.name,
            "url": f"/my/dealer/receivables/{receivable.id}",
            "reference": receivable.reference,
            "debtor": owed_sudo.debtor_id.name,
            "creditor": owed_sudo.creditor_id.name,
            "is_own": owed_sudo.creditor_id.id == dealer_sudo.id,
            "date_due": receivable.date_due,
            "days_late": receivable.days_late,
            "amount": receivable.amount,
            "open": receivable.amount_open,
            "currency": receivable.currency_id,
            "is_disputed": receivable.is_disputed,
            "state": receivable.state,
            "state_label": labels[receivable.state],
            "state_color": STATE_COLORS[receivable.state],
        }

    def _render_receivable(self, receivable, error="", typed=None, status=200):
        dealer_sudo = self._dealer_or_404()
        owed_sudo = receivable.sudo()
        is_creditor = owed_sudo.creditor_id == dealer_sudo
        is_debtor = owed_sudo.debtor_id == dealer_sudo.partner_id
        is_open = receivable.state in ("open", "partial")
        may_change = is_creditor and self._may("receivables")
        row = self._receivable_row(receivable, dealer_sudo)
        payable = owed_sudo._payable_amounts()[owed_sudo.id]
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_receivable",
            "row": row,
            "note": receivable.note,
            "date": receivable.date,
            "dispute_reason": receivable.dispute_reason,
            "payments": self._payments(owed_sudo),
            "payable": payable,
            "payable_text": formatLang(
                request.env,
                payable,
                digits=owed_sudo.currency_id.decimal_places,
                grouping=False,
            ),
            "attachments": [
                {
                    "name": attachment.name,
                    "url": f"{row['url']}/attachments/{attachment.id}",
                }
                for attachment in self._attachments(receivable)
            ],
            "is_debtor": is_debtor,
            "may_change": may_change and bool(receivable.amount),
            "may_link": is_creditor and is_open and self._may("links"),
            "may_dispute": is_debtor
            and is_open
            and not receivable.is_disputed
            and self._may("pay"),
            "may_answer": may_change and receivable.is_disputed,
            "may_receive": is_creditor and is_open and self._may("collect"),
            "may_pay": is_debtor and is_open and self._may("pay"),
            "error": error,
            "typed": typed or {},
        }
        response = request.render(
            "dealer_collection.portal_receivable", values, status=status
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _payments(owed_sudo):
        bank_time = request.env["dealer.collection"]._bank_time
        return [
            {
                "date": bank_time(match.payment_id.date or fields.Datetime.now()),
                "collection": match.payment_id.collection_id.name,
                "amount": match.amount,
            }
            for match in owed_sudo.match_ids
        ]
