from werkzeug.exceptions import NotFound

from odoo.fields import Domain
from odoo.http import request, route
from odoo.tools import format_date

from odoo.addons.dealer_collection.controllers.home import DealerPortal

from ..report.dealer_tree import MEASURES, dealer_tree
from ..report.periods import DEFAULT_PERIOD, PERIODS, period_dates

LATEST_LIMIT = 20


class DealerReportsPortal(DealerPortal):
    """What the dealer and everything below it paid, in figures."""

    @route(
        "/my/dealer/reports/collections",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def dealer_report_collections(self, period=None, **_query):
        """Rule: the subtree rule on the collections analysis; only for dealers."""
        dealer_sudo = self._dealer_node()
        if not dealer_sudo or not request.env["dealer.collection.report"].has_access(
            "read"
        ):
            raise NotFound()
        period = period if period in PERIODS else DEFAULT_PERIOD
        domain = self._report_domain(period)
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_report_collections",
            "report_url": "/my/dealer/reports/collections",
            "period": period,
            "period_labels": self._period_labels(),
            "period_text": self._period_text(period),
            "dealer_name": dealer_sudo.name,
            "groups": self._report_groups(domain, dealer_sudo),
            "latest": self._latest_payments(domain),
            "latest_limit": LATEST_LIMIT,
        }
        return request.render("dealer_reports.portal_report_collections", values)

    # === PERIOD === #

    @staticmethod
    def _period_labels():
        return {
            "this_month": request.env._("This month"),
            "last_month": request.env._("Last month"),
            "this_year": request.env._("This year"),
            "all": request.env._("All"),
        }

    @staticmethod
    def _period_text(period):
        first, last = period_dates(period)
        if not first:
            return ""
        env = request.env
        return f"{format_date(env, first)} – {format_date(env, last)}"

    @staticmethod
    def _report_domain(period):
        first, last = period_dates(period)
        domain = Domain("state", "in", ("done", "error", "cancel"))
        if first:
            domain &= Domain("date", ">=", first) & Domain("date", "<=", last)
        return domain

    # === FIGURES: plain values, one group for each currency === #

    def _report_groups(self, domain, dealer_sudo):
        report = request.env["dealer.collection.report"]
        found = report._search(domain)  # the access rules of the user decide
        # sudo: the rows were found by rule; only staff may read the path, of which the
        # page uses what is below the dealer
        rows = report.sudo()._read_group(
            [("id", "in", found)],
            ["currency_id", "upline_path"],
            [*(f"{name}:sum" for name in MEASURES), "attempt_count:sum"],
        )
        paths, attempts = {}, {}
        for currency, path, *sums, attempt_count in rows:
            measures = dict(zip(MEASURES, sums, strict=True))
            paths.setdefault(currency.sudo(False), []).append((path, measures))
            attempts[currency.id] = attempts.get(currency.id, 0) + attempt_count
        groups = []
        for currency, currency_paths in paths.items():
            nodes = dealer_tree(currency_paths, dealer_sudo.id)
            groups.append(
                {
                    "currency": currency,
                    "attempt_count": attempts[currency.id],
                    "total": nodes[0].total,
                    "dealers": self._dealer_rows(nodes),
                }
            )
        return groups

    @staticmethod
    def _dealer_rows(nodes):
        # sudo: the names of dealers below at that time, wherever they stand today
        dealers_sudo = (
            request.env["dealer.dealer"]
            .sudo()
            .browse(dict.fromkeys(node.dealer_id for node in nodes))
        )
        names = {dealer_sudo.id: dealer_sudo.name for dealer_sudo in dealers_sudo}
        whole = nodes[0].total["amount_base"]

        def share(amount):
            return whole and round(100 * amount / whole, 1)

        return [
            {
                "name": names[node.dealer_id],
                "depth": node.depth,
                "own": node.own,
                "below": {name: node.total[name] - node.own[name] for name in MEASURES},
                "total": node.total,
                "share": share(node.total["amount_base"]),
                "share_own": share(node.own["amount_base"]),
            }
            for node in nodes
            if node.depth == 0 or node.total["success_count"]
        ]

    @staticmethod
    def _latest_payments(domain):
        rows = request.env["dealer.collection.report"].search(
            domain & Domain("state", "=", "done"),
            order="date desc, id desc",
            limit=LATEST_LIMIT,
        )
        return [
            {
                "name": row.collection_id.name,
                "url": row.collection_id.access_url,
                "date": row.date,
                # sudo: the name of the dealer under which it happened, wherever that
                # dealer stands today
                "dealer": row.sudo().dealer_id.name,
                "installments": row.installment_count,
                "amount_charged": row.amount_charged,
                "currency": row.currency_id,
            }
            for row in rows
        ]
