from odoo import api, fields, models
from odoo.tools import SQL

from ..const import BANK_TIME_ZONE
from ..pricing import rounding


class PosGatewayVolumePromise(models.Model):
    """So much was promised to a bank to be taken at its POS: a goal for the routing."""

    _name = "pos.gateway.volume.promise"
    _description = "Volume Promise to a Bank"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, tracking=True)
    active = fields.Boolean(default=True)
    provider_id = fields.Many2one(
        "payment.provider",
        "POS",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('code', '=', 'pos_gateway')]",
        tracking=True,
    )
    company_id = fields.Many2one(related="provider_id.company_id", store=True)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    date_from = fields.Date("From", required=True, tracking=True)
    date_to = fields.Date("To", required=True, tracking=True)
    amount = fields.Monetary("Promised", required=True, tracking=True)
    extra_percent = fields.Float(
        "Allowed Extra Cost %",
        digits=(7, 4),
        tracking=True,
        help="A payment goes to this bank, though another one is cheaper, if it costs"
        " at most so much of the amount more.",
    )
    amount_taken = fields.Monetary("Taken So Far", compute="_compute_progress")
    amount_left = fields.Monetary("Still to Come", compute="_compute_progress")
    progress = fields.Float("Progress %", compute="_compute_progress")
    amount_forecast = fields.Monetary(
        "Forecast",
        compute="_compute_progress",
        help="What will have been taken at the end, if it goes on as until today.",
    )

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "What is promised is more than zero."
    )
    _extra_range = models.Constraint(
        "CHECK (extra_percent BETWEEN 0 AND 100)",
        "The allowed extra cost is between 0 and 100 percent.",
    )
    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A promise does not end before it begins."
    )

    @api.depends("provider_id", "currency_id", "date_from", "date_to", "amount")
    def _compute_progress(self):
        taken = self._taken()
        today = self.env["payment.provider"]._gateway_today()
        for promise in self:
            amount = taken.get(promise._origin.id, 0.0)
            kurus = rounding.to_kurus(amount)
            left = max(rounding.to_kurus(promise.amount) - kurus, 0)
            promise.amount_taken = amount
            promise.amount_left = float(rounding.to_major(left))
            promise.progress = 100 * amount / promise.amount if promise.amount else 0.0
            if promise.date_from and promise.date_to and today >= promise.date_from:
                whole = (promise.date_to - promise.date_from).days + 1
                passed = (min(today, promise.date_to) - promise.date_from).days + 1
                kurus = kurus * whole // passed
            promise.amount_forecast = float(rounding.to_major(kurus))

    def _taken(self):
        """:return: dict of promise id -> what was charged less what was given back"""
        if not self.ids:
            return {}
        self.env["payment.transaction"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, sum(tx.amount)
                  FROM pos_gateway_volume_promise promise
                  JOIN payment_transaction tx
                    ON tx.provider_id = promise.provider_id
                   AND tx.currency_id = promise.currency_id
                   AND tx.state = 'done'
                   AND tx.payment_id IS NOT NULL
                   AND (tx.last_state_change AT TIME ZONE 'UTC'
                        AT TIME ZONE %(zone)s)::date
                       BETWEEN promise.date_from AND promise.date_to
                 WHERE promise.id IN %(ids)s
              GROUP BY promise.id
                """,
                zone=BANK_TIME_ZONE,
                ids=tuple(self.ids),
            )
        )
        return dict(rows)

    @api.model
    def _open_promises(self, providers, currency, day):
        """:return: dict of provider -> (kuruş to come, allowed extra as a rate)"""
        promises = self.sudo().search(
            [
                ("provider_id", "in", providers.ids),
                ("currency_id", "=", currency.id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ]
        )
        taken = promises._taken()
        opened = {}
        for promise in promises:
            left = rounding.to_kurus(promise.amount) - rounding.to_kurus(
                taken.get(promise.id, 0)
            )
            if left > 0 and promise.provider_id not in opened:
                opened[promise.provider_id] = (
                    left,
                    rounding.to_rate(promise.extra_percent),
                )
        return opened
