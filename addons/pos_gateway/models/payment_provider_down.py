from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..const import DOWN_AFTER_FAILURES, DOWN_MINUTES


class PaymentProvider(models.Model):
    """A POS that does not answer, or that staff have paused: others take its place.

    It counts as down as soon as so many calls in a row got no answer, and as up again
    with the first answer, or when the failures are so many minutes old: then the next
    payer tries it.
    """

    _inherit = "payment.provider"

    gateway_paused_until = fields.Datetime(
        "Paused Until",
        copy=False,
        tracking=True,
        help="No new payment is led to this POS before then. Payments that are under"
        " way go on.",
    )
    gateway_pause_reason = fields.Char("Paused Because", copy=False, tracking=True)
    gateway_is_down = fields.Boolean(
        "Out of Service",
        compute="_compute_gateway_is_down",
        help="Paused, or its last calls to the bank got no answer. Other POS take its"
        " place.",
    )

    gateway_sector_id = fields.Many2one(
        "pos.gateway.sector",
        "Sector at the Bank",
        help="By the merchant category of the contract. Empty: that of the company.",
    )

    def _compute_gateway_is_down(self):
        down = self._gateway_down()
        for provider in self:
            provider.gateway_is_down = provider in down

    def _gateway_down(self):
        """:return: those of these POS that are out of service; one query"""
        now = fields.Datetime.now()
        paused = self.filtered(
            lambda provider: (
                provider.gateway_paused_until and provider.gateway_paused_until > now
            )
        )
        # One that is not saved yet has called nobody.
        asked = (self - paused).filtered("id")
        return paused | (asked and asked._gateway_silent(now))

    def _gateway_silent(self, now):
        """:return: those whose bank was silent each of the last times"""
        rows = self.env.execute_query(self._gateway_silent_query(now))
        return self.browse(provider_id for (provider_id,) in rows) & self

    @api.model
    def _gateway_silent_query(self, now):
        """:return: a query of the ids of POS, of all companies"""
        return SQL(
            """
            WITH recent AS (
                SELECT provider_id, state, sent_at,
                       max(sent_at) FILTER (WHERE state = 'answered')
                           OVER (PARTITION BY provider_id) AS last_answer
                  FROM pos_gateway_call
                 WHERE sent_at > %(since)s
            )
            SELECT provider_id
              FROM recent
             WHERE state IN ('unanswered', 'waiting')
               AND (last_answer IS NULL OR sent_at > last_answer)
          GROUP BY provider_id
            HAVING count(*) >= %(failures)s
            """,
            since=now - timedelta(minutes=DOWN_MINUTES),
            failures=DOWN_AFTER_FAILURES,
        )

    def action_gateway_use_again(self):
        self.check_access("write")
        self.write({"gateway_paused_until": False, "gateway_pause_reason": False})
        return True

    # === LAW AND CONTRACT === #

    def _gateway_guards(self, company, card, day):
        """:return: tuple of ``Limit``: what is forbidden at this POS for such a card"""
        return self.env["pos.gateway.installment.cap"]._guards(
            company, self.gateway_sector_id or company.gateway_sector_id, card, day
        )
