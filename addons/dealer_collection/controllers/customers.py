from werkzeug.exceptions import NotFound

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.http import request, route

from ..models.dealer_dealer_make import COMPANY_FIELDS
from .listing import listing, posted
from .sub_dealers import DealerSubDealersPortal, company_texts

URL = "/my/dealer/customers"


class DealerCustomersPortal(DealerSubDealersPortal):
    """The customers of the user's own dealer: not those of the dealers below it."""

    @route([URL, f"{URL}/page/<int:page>"], type="http", auth="user", website=True)
    def dealer_customers(self, page=1, **query):
        """Rule: the partners whose node is the user's own dealer. In sudo mode, as
        portal users read no partners; the domain decides.
        """
        own_sudo = self._dealer_or_404()
        _ = request.env._
        partners_sudo, values = listing(
            URL,
            own_sudo.env["res.partner"],
            own_sudo._customers_domain(),
            query | {"page": page},
            {
                "name": {"label": _("Name"), "order": "name, id"},
                "newest": {"label": _("Newest"), "order": "create_date desc, id desc"},
                "city": {"label": _("City"), "order": "city, name, id"},
            },
            self._customer_filters(),
            {
                "all": {
                    "label": _("Everything"),
                    "fields": ("name", "vat", "phone", "email", "city"),
                },
                "name": {"label": _("Name"), "fields": ("name",)},
                "vat": {"label": _("Tax number"), "fields": ("vat",)},
            },
        )
        balances = self._balances(partners_sudo.ids)
        values |= self._prepare_portal_layout_values() | {
            "page_name": "dealer_customers",
            "may_add": request.env.user._dealer_may("customers"),
            "rows": [
                {
                    "name": partner_sudo.name,
                    "url": f"{URL}/{partner_sudo.id}",
                    "tax_number": partner_sudo.vat or "",
                    "phone": partner_sudo.phone or "",
                    "email": partner_sudo.email,
                    "city": partner_sudo.city or "",
                    "balances": balances.get(partner_sudo.id, []),
                }
                for partner_sudo in partners_sudo
            ],
        }
        return request.render("dealer_collection.portal_customers", values)

    @route(
        f"{URL}/new", type="http", auth="user", methods=["GET", "POST"], website=True
    )
    def dealer_customer_new(self, **_form):
        """Rule: for the user's own dealer; owners and collectors, where the dealer may
        add some. What is taken: ``COMPANY_FIELDS``.
        """
        own_sudo = self._dealer_who_may("customers")
        if request.httprequest.method == "GET":
            return self._render_customer({}, is_editable=True)
        texts = posted(COMPANY_FIELDS)
        try:
            with request.env.cr.savepoint():
                partner_sudo = own_sudo._add_customer(texts)
        except UserError as error:
            return self._render_customer(texts, str(error), is_editable=True)
        return request.redirect(f"{URL}/{partner_sudo.id}?done=added", code=303)

    @route(
        f"{URL}/<int:partner_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def dealer_customer(self, partner_id, **_form):
        """Rule: a partner whose node is the user's own dealer; who may add customers
        may change those of which the company has no invoices. The same white list.
        """
        own_sudo = self._dealer_or_404()
        partner_sudo = own_sudo.env["res.partner"].search(
            own_sudo._customers_domain() & Domain("id", "=", partner_id)
        )
        if not partner_sudo:
            raise NotFound()
        if request.httprequest.method == "GET":
            may_edit = request.env.user._dealer_may("customers")
            return self._render_customer(
                company_texts(partner_sudo),
                known=partner_sudo,
                is_editable=may_edit and partner_sudo.can_edit_vat(),
            )
        own_sudo = self._dealer_who_may("customers")
        texts = posted(COMPANY_FIELDS)
        try:
            with request.env.cr.savepoint():
                own_sudo._edit_customer(
                    partner_sudo.with_context(**own_sudo.env.context), texts
                )
        except UserError as error:
            return self._render_customer(
                texts, str(error), known=partner_sudo, is_editable=True
            )
        return request.redirect(f"{URL}/{partner_sudo.id}?done=changed", code=303)

    @staticmethod
    def _customer_filters():
        _ = request.env._
        # The rule on accounts decides whose debts are counted.
        debts = request.env["dealer.account"]._search([("balance", ">", 0)])
        owing = [("id", "in", debts.subselect("debtor_id"))]
        return {
            "all": {"label": _("All"), "domain": []},
            "owing": {"label": _("With a balance"), "domain": owing},
        }

    def _render_customer(self, texts, error=None, known=None, is_editable=False):
        balances = self._balances(known.ids).get(known.id, []) if known else []
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_customer",
            "customer_name": known and known.name,
            "action": f"{URL}/{known.id}" if known else f"{URL}/new",
            "texts": texts,
            "error": error,
            "is_editable": is_editable,
            "balances": balances,
            "done": request.httprequest.args.get("done"),
        }
        return request.render(
            "dealer_collection.portal_customer", values, status=422 if error else 200
        )
