from datetime import date, timedelta

from werkzeug.exceptions import NotFound

from odoo import fields
from odoo.http import content_disposition, request, route

from ..models.statement_sheet import statement_sheet
from .home import DealerPortal

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLDEST = date(2000, 1, 1)


class DealerStatementPortal(DealerPortal):
    """Statements of the accounts that the dealer is a party of."""

    @route(
        "/my/dealer/statement", type="http", auth="user", website=True, readonly=True
    )
    def dealer_statement(self, **query):
        """Rule: a dealer's people; its account with the company, and those between it
        and whoever is right above or below it.
        """
        dealer_sudo, account_sudo, first, last = self._asked(query)
        report = request.env["report.dealer_collection.report_statement"]
        values = self._prepare_portal_layout_values() | {
            "page_name": "dealer_statement",
            **report.sudo()._statement_values(dealer_sudo, account_sudo, first, last),
            "first": first.isoformat(),
            "last": last.isoformat(),
            "account_id": account_sudo.id,
            "accounts": self._account_choices(dealer_sudo),
            "presets": self._presets(),
            "query": f"first={first}&last={last}&account_id={account_sudo.id or ''}",
        }
        response = request.render("dealer_collection.portal_statement", values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @route(
        "/my/dealer/statement.<any(pdf, xlsx):kind>",
        type="http",
        auth="user",
        website=True,
        readonly=True,
    )
    def dealer_statement_file(self, kind, **query):
        """Rule: as for the page."""
        dealer_sudo, account_sudo, first, last = self._asked(query)
        report = request.env["report.dealer_collection.report_statement"].sudo()
        if kind == "pdf":
            data = {
                "date_from": first.isoformat(),
                "date_to": last.isoformat(),
                "account_id": account_sudo.id,
            }
            reports = request.env["ir.actions.report"].sudo()
            content, _type = reports._render_qweb_pdf(
                "dealer_collection.report_statement", dealer_sudo.ids, data=data
            )
            mimetype = "application/pdf"
        else:
            values = report._statement_values(dealer_sudo, account_sudo, first, last)
            content = statement_sheet(
                request.env,
                request.env._("Statement of account"),
                f"{values['creditor']} – {values['debtor']}",
                (account_sudo or dealer_sudo)._statements(first, last),
            )
            mimetype = XLSX
        name = f"{request.env._('Statement')} {last.isoformat()}.{kind}"
        return request.make_response(
            content,
            [
                ("Content-Type", mimetype),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )

    # === WHAT WAS ASKED FOR === #

    def _asked(self, query):
        """:return: the user's dealer, an account or none, first and last day"""
        dealer_sudo = self._dealer_or_404()
        accounts_sudo = self._accounts(dealer_sudo)
        number = query.get("account_id") or ""
        account_sudo = accounts_sudo.browse()
        if number:
            account_sudo = accounts_sudo.filtered(lambda one: str(one.id) == number)
            if not account_sudo:
                raise NotFound()
        elif accounts_sudo and not dealer_sudo._has_account_with_company():
            account_sudo = accounts_sudo[:1]
        today = fields.Date.context_today(request.env.user)
        first = self._day(query.get("first")) or today.replace(day=1)
        last = self._day(query.get("last")) or today
        return dealer_sudo, account_sudo, min(first, last), max(first, last)

    @staticmethod
    def _day(text):
        try:
            day = date.fromisoformat(text or "")
        except ValueError:
            return None
        return day if OLDEST <= day <= date(2100, 1, 1) else None

    @staticmethod
    def _accounts(dealer_sudo):
        """:return: accounts that this dealer is a party of, in sudo mode"""
        return dealer_sudo.env["dealer.account"].search(
            [
                "|",
                ("creditor_id", "=", dealer_sudo.id),
                ("debtor_id", "=", dealer_sudo.partner_id.id),
            ],
            order="id",
        )

    def _account_choices(self, dealer_sudo):
        """:return: list of (id or "", label)"""
        choices = []
        if dealer_sudo._has_account_with_company():
            choices.append(("", dealer_sudo.company_id.name))
        for one in self._accounts(dealer_sudo):
            is_mine = one.creditor_id == dealer_sudo
            other = one.debtor_id.name if is_mine else one.creditor_id.name
            label = (
                request.env._("%s owes me", other)
                if is_mine
                else request.env._("I owe %s", other)
            )
            choices.append((one.id, f"{label} ({one.currency_id.name})"))
        return choices

    @staticmethod
    def _presets():
        """:return: list of (label, first day, last day)"""
        _ = request.env._
        today = fields.Date.context_today(request.env.user)
        month = today.replace(day=1)
        before = month - timedelta(days=1)
        return [
            (_("This month"), month.isoformat(), today.isoformat()),
            (_("Last month"), before.replace(day=1).isoformat(), before.isoformat()),
            (
                _("This year"),
                today.replace(month=1, day=1).isoformat(),
                today.isoformat(),
            ),
            (_("Everything"), OLDEST.isoformat(), today.isoformat()),
        ]
