from datetime import datetime, time, timedelta

import pytz
from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Domain

from odoo.addons.pos_gateway.const import BANK_TIME_ZONE

from .dealer_subtree import happened_below

NEXT_DUE, CHART_MONTHS = 5, 6


class DealerDealer(models.Model):
    """The figures of a dealer's own first page. A fixed number of queries, whatever the
    size of the tree; called in sudo mode for the user's own node only.
    """

    _inherit = "dealer.dealer"

    def _panel(self):
        """:return: dict of plain values in the company's currency, and dates"""
        self.ensure_one()
        currency = self.currency_id
        return {
            "currency": currency,
            "owed_to_company": self.open_balance,
            "overdue": self._overdue(currency),
            "owed_to_dealers": self._account_balance(
                Domain("debtor_id", "=", self.partner_id.id), currency
            ),
            "owed_by_others": self._account_balance(
                Domain("creditor_id", "=", self.id), currency
            ),
            "collected": self._collected(currency),
            "next_due": self._next_due(),
        }

    def _overdue(self, currency):
        """:return: what is past its due date in the company's ledger, without credit"""
        groups = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("partner_id", "=", self.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("currency_id", "=", currency.id),
                ("amount_residual", ">", 0),
                ("date_maturity", "<", fields.Date.today()),
            ],
            [],
            ["amount_residual:sum"],
        )
        return groups[0][0] or 0.0

    def _account_balance(self, domain, currency):
        groups = self.env["dealer.account"]._read_group(
            domain & Domain("currency_id", "=", currency.id), [], ["balance:sum"]
        )
        return groups[0][0] or 0.0

    # === COLLECTED === #

    def _collected(self, currency):
        """What was collected at this dealer and below, less what was given back.

        :return: dict of ``today``, ``month`` and ``months``: a list of (first day,
            amount), the oldest first
        """
        today = datetime.now(pytz.timezone(BANK_TIME_ZONE)).date()
        first = today.replace(day=1) - relativedelta(months=CHART_MONTHS - 1)
        months = [first + relativedelta(months=n) for n in range(CHART_MONTHS)]
        amounts = dict.fromkeys(months, 0.0)
        paid = (
            happened_below(self)
            & Domain("state", "=", "paid")
            & Domain("currency_id", "=", currency.id)
            & Domain("date_paid", ">=", self._start_of(first))
        )
        collections = self.env["dealer.collection"].with_context(tz=BANK_TIME_ZONE)
        for month, amount in collections._read_group(
            paid, ["date_paid:month"], ["amount_net:sum"]
        ):
            amounts[month.date() if isinstance(month, datetime) else month] = amount
        today_domain = paid & Domain("date_paid", ">=", self._start_of(today))
        ((of_today,),) = collections._read_group(today_domain, [], ["amount_net:sum"])
        return {
            "today": of_today or 0.0,
            "month": amounts[months[-1]],
            "months": sorted(amounts.items()),
        }

    @staticmethod
    def _start_of(day):
        """:return: the first moment of a day at the banks, as Odoo stores moments"""
        zone = pytz.timezone(BANK_TIME_ZONE)
        start = zone.localize(datetime.combine(day, time.min))
        return start.astimezone(pytz.utc).replace(tzinfo=None)

    # === NEXT DUE === #

    def _next_due(self):
        """:return: list of what this dealer must pay next: invoices and receivables"""
        until = fields.Date.today() + timedelta(days=365)
        moves = self.env["account.move"].search(
            self._open_items_domain() & Domain("invoice_date_due", "<=", until),
            order="invoice_date_due, id",
            limit=NEXT_DUE,
        )
        receivables = self.env["dealer.receivable"].search(
            Domain("debtor_id", "=", self.partner_id.id)
            & Domain("amount_open", ">", 0)
            & Domain("date_due", "<=", until),
            order="date_due, id",
            limit=NEXT_DUE,
        )
        rows = [
            {
                "name": move.name,
                "to": self.company_id.name,
                "date": move.invoice_date_due,
                "amount": move.amount_residual,
                "currency": move.currency_id,
            }
            for move in moves
        ] + [
            {
                "name": owed.reference or owed.name,
                "to": owed.creditor_id.name,
                "date": owed.date_due,
                "amount": owed.amount_open,
                "currency": owed.currency_id,
            }
            for owed in receivables
        ]
        return sorted(rows, key=lambda row: (row["date"], row["name"]))[:NEXT_DUE]
