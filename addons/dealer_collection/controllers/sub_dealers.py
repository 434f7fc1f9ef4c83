import logging

from werkzeug.exceptions import Forbidden, NotFound

from odoo.exceptions import UserError
from odoo.http import request, route

from ..models.dealer_dealer_make import COMPANY_FIELDS
from ..models.dealer_dealer_rights import CAPABILITIES
from .home import DealerPortal
from .listing import listing, posted

_logger = logging.getLogger(__name__)

URL = "/my/dealer/sub-dealers"
STATE_COLORS = {
    "active": "bg-success-subtle text-success-emphasis",
    "suspended": "text-bg-warning",
    "waiting": "bg-info-subtle text-info-emphasis",
    "refused": "text-bg-danger",
}
LIMITS = ("max_installments", "max_amount")


def company_texts(partner_sudo):
    """:return: what a form about a company shows: dict of ``COMPANY_FIELDS``"""
    fields = {"tax_number": "vat"}
    texts = {
        name: partner_sudo[fields.get(name, name)] or ""
        for name in COMPANY_FIELDS
        if name != "iban"
    }
    return texts | {"iban": partner_sudo.bank_ids[:1].acc_number or ""}


class DealerSubDealersPortal(DealerPortal):
    """The dealers below the user's own."""

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def dealer_sub_dealers(self, page=1, **query):
        """Rule: the subtree rule on dealers, without the user's own."""
        own_sudo = self._dealer_or_404()
        dealers, values = listing(
            URL,
            request.env["dealer.dealer"],
            [("id", "!=", own_sudo.id)],
            query | {"page": page},
            self._sub_dealer_sortings(),
            self._sub_dealer_filters(),
            self._sub_dealer_inputs(),
        )
        values |= self._prepare_portal_layout_values() | {
            "page_name": "dealer_sub_dealers",
            "may_add": request.env.user._dealer_may("sub_dealers"),
            "rows": self._sub_dealer_rows(dealers, own_sudo),
        }
        return request.render("dealer_collection.portal_sub_dealers", values)

    @route(
        f"{URL}/new", type="http", auth="user", methods=["GET", "POST"], website=True
    )
    def dealer_sub_dealer_new(self, **_form):
        """Rule: below the user's own dealer; owners, where the dealer may add some.
        What is taken: ``COMPANY_FIELDS``, ``CAPABILITIES``, the limits.
        """
        own_sudo = self._dealer_who_may("sub_dealers")
        if request.httprequest.method == "GET":
            return self._render_sub_dealer_form(
                own_sudo, dict.fromkeys(CAPABILITIES, 1)
            )
        texts = posted((*COMPANY_FIELDS, *LIMITS), CAPABILITIES)
        try:
            with request.env.cr.savepoint():
                dealer_sudo = own_sudo._add_sub_dealer(texts)
        except UserError as error:
            return self._render_sub_dealer_form(own_sudo, texts, str(error))
        return request.redirect(f"{URL}/{dealer_sudo.id}?done=added", code=303)

    @route(f"{URL}/<int:dealer_id>", type="http", auth="user", website=True)
    def dealer_sub_dealer(self, dealer_id, **_query):
        """Rule: the subtree rule on dealers, without the user's own."""
        return self._render_sub_dealer(self._sub_dealer(dealer_id))

    @route(
        f"{URL}/<int:dealer_id>/edit",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def dealer_sub_dealer_edit(self, dealer_id, **_form):
        """Rule: a dealer right below the user's own; owners. The same white list."""
        dealer_sudo = self._sub_dealer_to_change(dealer_id, direct=True)
        own_sudo = dealer_sudo.parent_id
        if request.httprequest.method == "GET":
            texts = company_texts(dealer_sudo.partner_id) | {
                name: dealer_sudo[name] for name in CAPABILITIES
            }
            texts |= {name: self._limit_text(dealer_sudo, name) for name in LIMITS}
            return self._render_sub_dealer_form(own_sudo, texts, known=dealer_sudo)
        texts = posted((*COMPANY_FIELDS, *LIMITS), CAPABILITIES)
        try:
            with request.env.cr.savepoint():
                dealer_sudo._edit_sub_dealer(texts)
        except UserError as error:
            return self._render_sub_dealer_form(
                own_sudo, texts, str(error), known=dealer_sudo
            )
        return request.redirect(f"{URL}/{dealer_sudo.id}?done=changed", code=303)

    @route(
        f"{URL}/<int:dealer_id>/<any(suspend,reactivate):verb>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def dealer_sub_dealer_state(self, dealer_id, verb, **_form):
        """Rule: a dealer below the user's own; owners. What the company suspended
        stays suspended.
        """
        dealer_sudo = self._sub_dealer_to_change(dealer_id)
        own_sudo = self._dealer_node()
        with_below = bool(request.httprequest.form.get("with_below"))
        verbs = {
            "suspend": dealer_sudo._suspend,
            "reactivate": dealer_sudo._reactivate,
        }
        changed = verbs[verb](with_below=with_below, by=own_sudo)
        if not changed:
            return self._render_sub_dealer(
                dealer_sudo,
                error=request.env._(
                    "This dealer was suspended by %s, who has to reactivate it.",
                    own_sudo.company_id.name,
                )
                if verb == "reactivate" and dealer_sudo.state == "suspended"
                else request.env._("Nothing was changed."),
                status=422,
            )
        return request.redirect(f"{URL}/{dealer_id}?done={verb}", code=303)

    @route(
        f"{URL}/<int:dealer_id>/invite",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def dealer_sub_dealer_invite(self, dealer_id, **_form):
        """Rule: a dealer right below the user's own; owners. Its first people are
        owners, who invite the others.
        """
        dealer_sudo = self._sub_dealer_to_change(dealer_id, direct=True)
        texts = posted(("name", "email"))
        try:
            with request.env.cr.savepoint():
                dealer_sudo._invite(texts["name"], texts["email"], "owner")
        except UserError as error:
            return self._render_sub_dealer(
                dealer_sudo, error=str(error), typed=texts, status=422
            )
        return request.redirect(f"{URL}/{dealer_id}?done=invited", code=303)

    # === ACCESS === #

    def _sub_dealer(self, dealer_id):
        """:return: a dealer below the user's own, in sudo mode"""
        own_sudo = self._dealer_or_404()
        found = request.env["dealer.dealer"].search(
            [("id", "=", dealer_id), ("id", "!=", own_sudo.id)]
        )
        if not found:
            raise NotFound()
        return found.sudo()

    def _sub_dealer_to_change(self, dealer_id, direct=False):
        own_sudo = self._dealer_who_may("sub_dealers")
        dealer_sudo = self._sub_dealer(dealer_id)
        if direct and dealer_sudo.parent_id != own_sudo:
            raise Forbidden()
        return dealer_sudo.with_context(**own_sudo.env.context)

    # === VALUES === #

    @staticmethod
    def _sub_dealer_sortings():
        _ = request.env._
        return {
            "name": {"label": _("Name"), "order": "name, id"},
            "code": {"label": _("Code"), "order": "code, name, id"},
            "newest": {"label": _("Newest"), "order": "create_date desc, id desc"},
            "state": {"label": _("Status"), "order": "state, name, id"},
        }

    @staticmethod
    def _sub_dealer_filters():
        _ = request.env._
        states = {
            "active": _("Active"),
            "suspended": _("Suspended"),
            "waiting": _("Waiting for approval"),
            "refused": _("Refused"),
        }
        return {"all": {"label": _("All"), "domain": []}} | {
            state: {"label": label, "domain": [("state", "=", state)]}
            for state, label in states.items()
        }

    @staticmethod
    def _sub_dealer_inputs():
        _ = request.env._
        return {
            "all": {"label": _("Name or code"), "fields": ("name", "code")},
            "code": {"label": _("Code"), "fields": ("code",)},
        }

    @staticmethod
    def _balances(partner_ids):
        """What is owed to dealers in the user's subtree, by the rule on accounts.

        :return: dict of partner id -> list of (amount, currency)
        """
        groups = request.env["dealer.account"]._read_group(
            [("debtor_id", "in", partner_ids), ("balance", "!=", 0)],
            ["debtor_id", "currency_id"],
            ["balance:sum"],
        )
        balances = {}
        for debtor, currency, balance in groups:
            balances.setdefault(debtor.id, []).append((balance, currency))
        return balances

    def _sub_dealer_rows(self, dealers, own_sudo):
        # sudo: the names of what stands between, which is in the user's subtree as well
        dealers_sudo = dealers.sudo()
        balances = self._balances(dealers_sudo.partner_id.ids)
        return [
            {
                "name": dealer_sudo.name,
                "code": dealer_sudo.code or "",
                "url": f"{URL}/{dealer_sudo.id}",
                "below": ""
                if dealer_sudo.parent_id == own_sudo
                else dealer_sudo.parent_id.name,
                "balances": balances.get(dealer_sudo.partner_id.id, []),
                **self._dealer_state(dealer_sudo),
            }
            for dealer_sudo in dealers_sudo
        ]

    @staticmethod
    def _dealer_state(dealer_sudo):
        labels = dict(dealer_sudo._fields["state"]._description_selection(request.env))
        return {
            "state": dealer_sudo.state,
            "state_label": labels[dealer_sudo.state],
            "state_color": STATE_COLORS[dealer_sudo.state],
        }

    @staticmethod
    def _limit_text(dealer_sudo, name):
        value = dealer_sudo[name]
        if not value:
            return ""
        return str(value) if name == "max_installments" else f"{value:.2f}"

    def _render_sub_dealer(self, dealer_sudo, error=None, typed=None, status=200):
        own_sudo = self._dealer_node()
        may_change = request.env.user._dealer_may("sub_dealers")
        is_direct = dealer_sudo.parent_id == own_sudo
        partner_sudo = dealer_sudo.partner_id
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_sub_dealer",
            "dealer_name": dealer_sudo.name,
            "code": dealer_sudo.code or "",
            "url": f"{URL}/{dealer_sudo.id}",
            "below": "" if is_direct else dealer_sudo.parent_id.name,
            "company": company_texts(partner_sudo),
            "balances": self._balances(partner_sudo.ids).get(partner_sudo.id, []),
            "refusal_reason": dealer_sudo.refusal_reason,
            "limits": {name: dealer_sudo[name] for name in (*LIMITS, *CAPABILITIES)},
            "currency": request.env["res.currency"].browse(dealer_sudo.currency_id.id),
            "has_below": bool(dealer_sudo.child_ids),
            "people": [
                {"name": person.name, "role_label": person._role_label()}
                for person in dealer_sudo.person_ids
            ],
            "may_change": may_change,
            "may_edit": may_change and is_direct,
            "may_invite": may_change
            and is_direct
            and dealer_sudo.state in ("active", "suspended"),
            "error": error,
            "typed": typed or {},
            "done": request.httprequest.args.get("done"),
            **self._dealer_state(dealer_sudo),
        }
        return request.render(
            "dealer_collection.portal_sub_dealer", values, status=status
        )

    def _render_sub_dealer_form(self, own_sudo, texts, error=None, known=None):
        limits = own_sudo._limits()
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_sub_dealer_form",
            "dealer_name": known and known.name,
            "url": f"{URL}/{known.id}" if known else URL,
            "action": f"{URL}/{known.id}/edit" if known else f"{URL}/new",
            "texts": texts,
            "error": error,
            "currency": request.env["res.currency"].browse(own_sudo.currency_id.id),
            "own": {name: own_sudo[name] for name in CAPABILITIES},
            "most": {name: limits[name][0] for name in limits},
            "needs_approval": not known and own_sudo.company_id.dealer_approval,
        }
        return request.render(
            "dealer_collection.portal_sub_dealer_form",
            values,
            status=422 if error else 200,
        )
