from odoo import api, fields, models
from odoo.tools import format_date

from .dealer_statement import BUCKETS


class DealerStatementReport(models.AbstractModel):
    """What the statement's PDF shows; the portal's page shows the same."""

    _name = "report.dealer_collection.report_statement"
    _description = "Statement of Account (PDF)"

    @api.model
    def _get_report_values(self, docids, data=None):
        """:param dict data: ``date_from``, ``date_to`` (ISO), and ``account_id`` of an
        account between dealers, or nothing for that with the company
        """
        data = data or {}
        dealer = self.env["dealer.dealer"].browse(docids)[:1]
        account = self.env["dealer.account"].browse(data.get("account_id") or [])
        date_to = fields.Date.to_date(data.get("date_to")) or fields.Date.today()
        date_from = fields.Date.to_date(data.get("date_from")) or date_to.replace(day=1)
        return {
            "docs": dealer,
            "company": dealer.company_id,
            **self._statement_values(dealer, account, date_from, date_to),
        }

    @api.model
    def _statement_values(self, dealer, account, date_from, date_to):
        """:return: plain values of the template that page and PDF have in common"""
        holder = account or dealer
        statements = holder.sudo()._statements(date_from, date_to)
        return {
            "creditor": account.creditor_id.name if account else dealer.company_id.name,
            "debtor": account.debtor_id.name if account else dealer.partner_id.name,
            "debtor_vat": (account.debtor_id if account else dealer.partner_id).vat,
            "day_from": format_date(self.env, date_from),
            "day_to": format_date(self.env, date_to),
            "statements": [self._described(one) for one in statements],
            "buckets": self._bucket_names(),
        }

    @api.model
    def _bucket_names(self):
        names, last = [self.env._("Not due")], 0
        for days in BUCKETS[1:]:
            names.append(
                self.env._("%(first)s–%(last)s days", first=last + 1, last=days)
            )
            last = days
        return [*names, self.env._("More than %s days", last)]

    @api.model
    def _described(self, one):
        return {
            "currency": one.currency.name,
            "opening": one.text(one.opening),
            "closing": one.text(one.closing),
            "debit": one.text(one.debit),
            "credit": one.text(one.credit),
            "aging": [one.text(minor) for minor in one.aging],
            "has_aging": any(one.aging),
            "is_owed": one.closing > 0,
            "rows": [
                {
                    "day": format_date(self.env, row.day),
                    "document": row.document,
                    "label": row.label,
                    "due": format_date(self.env, row.due) if row.due else "",
                    "debit": one.text(row.debit) if row.debit else "",
                    "credit": one.text(row.credit) if row.credit else "",
                    "balance": one.text(row.balance),
                    "move_id": row.move_id,
                }
                for row in one.rows
            ],
        }
