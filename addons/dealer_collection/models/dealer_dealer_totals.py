from odoo import api, fields, models
from odoo.tools import SQL

from .dealer_subtree import pairs


class DealerDealer(models.Model):
    """Totals of a dealer with everything below it: one query for a whole list."""

    _inherit = "dealer.dealer"

    subtree_count = fields.Integer(
        "Dealers in Branch",
        compute="_compute_subtree_totals",
        compute_sudo=True,
        groups="base.group_user",
        help="The dealer and everything below it, archived dealers left out.",
    )
    subtree_balance = fields.Monetary(
        "Branch Balance",
        compute="_compute_subtree_totals",
        compute_sudo=True,
        groups="base.group_user",
        help="What the dealer and the dealers below it owe your company, in the books.",
    )
    subtree_overdue = fields.Monetary(
        "Branch Overdue",
        compute="_compute_subtree_totals",
        compute_sudo=True,
        groups="base.group_user",
        help="What of the invoices in that balance is past its due date.",
    )
    subtree_receivable = fields.Monetary(
        "Branch Receivables",
        compute="_compute_subtree_totals",
        compute_sudo=True,
        groups="base.group_user",
        help="What sub-dealers and customers owe the dealer and the dealers below it,"
        " in the currency of your company. It is not in your books.",
    )

    @api.depends_context("uid")
    def _compute_subtree_totals(self):
        names = ("count", "balance", "overdue", "receivable")
        totals = {row["root_id"]: row for row in self._read_subtree_totals()}
        for dealer in self:
            row = totals.get(dealer._origin.id, {})
            for name in names:
                dealer[f"subtree_{name}"] = row.get(name) or 0

    def _read_subtree_totals(self):
        """:return: list of dicts with root_id, count, balance, overdue, receivable"""
        if not self._origin.ids:
            return []
        for model in ("dealer.dealer", "account.move.line", "dealer.receivable"):
            self.env[model].flush_model()
        query = SQL(
            """
            WITH pair AS MATERIALIZED (%(pairs)s),
            node AS MATERIALIZED (
                SELECT DISTINCT dealer_id, partner_id, company_id FROM pair
            ),
            book AS (
                SELECT node.dealer_id, SUM(line.amount_residual) AS balance,
                       SUM(line.amount_residual) FILTER (
                           WHERE line.amount_residual > 0
                             AND line.date_maturity < %(today)s) AS overdue
                  FROM node
                  JOIN account_move_line line
                    ON line.partner_id = node.partner_id
                   AND line.company_id = node.company_id
                   AND line.parent_state = 'posted'
                   AND line.reconciled IS NOT TRUE
                  JOIN account_account account
                    ON account.id = line.account_id
                   AND account.account_type = 'asset_receivable'
              GROUP BY node.dealer_id
            ),
            owed AS (
                SELECT node.dealer_id, SUM(receivable.amount_open) AS receivable
                  FROM node
                  JOIN res_company company ON company.id = node.company_id
                  JOIN dealer_receivable receivable
                    ON receivable.creditor_id = node.dealer_id
                   AND receivable.currency_id = company.currency_id
                   AND receivable.active
              GROUP BY node.dealer_id
            )
            SELECT pair.root_id,
                   COUNT(*) FILTER (WHERE dealer.active) AS count,
                   SUM(book.balance) AS balance,
                   SUM(book.overdue) AS overdue,
                   SUM(owed.receivable) AS receivable
              FROM pair
              JOIN dealer_dealer dealer ON dealer.id = pair.dealer_id
              LEFT JOIN book ON book.dealer_id = pair.dealer_id
              LEFT JOIN owed ON owed.dealer_id = pair.dealer_id
          GROUP BY pair.root_id
            """,
            pairs=pairs(self._origin),
            today=fields.Date.context_today(self),
        )
        return self.env.execute_query_dict(query)
