from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import request, route
from odoo.tools import format_date

from .home import DealerPortal


class DealerPanelPortal(DealerPortal):
    """The dealer's own first page: what is owed, what came in, what is due next."""

    @route("/my/dealer", type="http", auth="user", website=True, readonly=True)
    def dealer_panel(self, **_query):
        """Rule: only a dealer's people; the figures of their own node and below."""
        dealer_sudo = self._dealer_node()
        if not dealer_sudo:
            raise NotFound()
        panel = dealer_sudo._panel()
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_panel",
            "dealer_name": dealer_sudo.name,
            "dealer_state": dealer_sudo.state,
            "panel": panel | {"currency": panel["currency"].sudo(False)},
            "next_due": self._due_rows(panel["next_due"]),
            "months": self._bars(panel["collected"]["months"]),
        }
        response = request.render("dealer_collection.portal_panel", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _due_rows(rows):
        today = fields.Date.context_today(request.env.user)
        return [
            row
            | {
                "currency": row["currency"].sudo(False),
                "date": format_date(request.env, row["date"]),
                "is_late": row["date"] < today,
            }
            for row in rows
        ]

    @staticmethod
    def _bars(months):
        """:return: list of dicts with ``label``, ``amount`` and ``share``, which is in
        percent of the highest month
        """
        highest = max((amount for _month, amount in months), default=0)
        return [
            {
                "label": format_date(request.env, month, date_format="LLL yyyy"),
                "amount": amount,
                "share": round(100 * amount / highest) if highest else 0,
            }
            for month, amount in months
        ]
