from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.pos_gateway.const import BANK_TIME_ZONE

# Name of the bucket -> first and last day of delay.
BUCKETS = {
    "not_due": (None, 0),
    "late_30": (1, 30),
    "late_60": (31, 60),
    "late_90": (61, 90),
    "late_more": (91, None),
}


class DealerReceivableAging(models.Model):
    """What is open between dealers, by how late it is today. Nothing is stored."""

    _name = "dealer.receivable.aging"
    _description = "Aging of Receivables"
    _auto = False
    _order = "date_due, id"
    _rec_name = "receivable_id"

    receivable_id = fields.Many2one("dealer.receivable", readonly=True)
    creditor_id = fields.Many2one("dealer.dealer", readonly=True)
    debtor_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    date_due = fields.Date("Due Date", readonly=True)
    days_late = fields.Integer(readonly=True, aggregator="max")
    is_disputed = fields.Boolean("Disputed", readonly=True)
    bucket = fields.Selection(
        [
            ("not_due", "Not Due"),
            ("late_30", "1-30 Days"),
            ("late_60", "31-60 Days"),
            ("late_90", "61-90 Days"),
            ("late_more", "Over 90 Days"),
        ],
        "Age",
        readonly=True,
    )
    amount_open = fields.Monetary("Open", readonly=True)
    not_due = fields.Monetary(readonly=True)
    late_30 = fields.Monetary("1-30 Days", readonly=True)
    late_60 = fields.Monetary("31-60 Days", readonly=True)
    late_90 = fields.Monetary("61-90 Days", readonly=True)
    late_more = fields.Monetary("Over 90 Days", readonly=True)

    @property
    def _table_query(self):
        """The day is the one in Türkiye, wherever the server stands."""
        late = SQL("((now() AT TIME ZONE %s)::date - date_due)", BANK_TIME_ZONE)
        amounts = [
            SQL(
                "CASE WHEN %s THEN amount_open ELSE 0 END AS %s",
                self._within(late, name),
                SQL.identifier(name),
            )
            for name in BUCKETS
        ]
        names = [
            SQL("WHEN %s THEN %s", self._within(late, name), name) for name in BUCKETS
        ]
        return SQL(
            "SELECT id, id AS receivable_id, creditor_id, debtor_id, company_id,"
            " currency_id, date_due, is_disputed, amount_open,"
            " GREATEST(%s, 0) AS days_late, CASE %s END AS bucket, %s"
            " FROM dealer_receivable WHERE amount_open > 0 AND active",
            late,
            SQL(" ").join(names),
            SQL(", ").join(amounts),
        )

    @api.model
    def _within(self, late, name):
        first, last = BUCKETS[name]
        if first is None:
            return SQL("%s <= %s", late, last)
        if last is None:
            return SQL("%s >= %s", late, first)
        return SQL("%s BETWEEN %s AND %s", late, first, last)

    def action_open_receivable(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "dealer.receivable",
            "view_mode": "form",
            "res_id": self.receivable_id.id,
        }
