from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..protocols.types import CardEntry
from .payment_provider_abilities import ALLOW_SERVER_CARD_ENTRY
from .pos_gateway_message import LEAST_DAYS
from .pos_gateway_message_policy import DAYS_PARAMETER, DEFAULT_DAYS


class ResConfigSettings(models.TransientModel):
    """Only system administrators come here: that is core's rule for this model."""

    _inherit = "res.config.settings"

    gateway_allow_server_card_entry = fields.Boolean(
        "Cards May Pass Through This Server",
        config_parameter=ALLOW_SERVER_CARD_ENTRY,
    )
    gateway_sector_id = fields.Many2one(
        related="company_id.gateway_sector_id", readonly=False
    )
    gateway_cap_guard = fields.Selection(
        related="company_id.gateway_cap_guard", readonly=False
    )
    gateway_surcharge_guard = fields.Selection(
        related="company_id.gateway_surcharge_guard", readonly=False
    )
    gateway_cost_rule = fields.Selection(
        related="company_id.gateway_cost_rule", readonly=False
    )
    gateway_cost_policy = fields.Selection(
        related="company_id.gateway_cost_policy", readonly=False
    )
    gateway_cost_product_id = fields.Many2one(
        related="company_id.gateway_cost_product_id", readonly=False
    )
    gateway_message_days = fields.Integer(
        "Keep Bank Messages (days)",
        config_parameter=DAYS_PARAMETER,
        default=DEFAULT_DAYS,
    )

    @api.constrains("gateway_message_days")
    def _check_gateway_message_days(self):
        for settings in self:
            if settings.gateway_message_days < LEAST_DAYS:
                raise ValidationError(
                    self.env._(
                        "The texts of bank messages are kept for at least %s days: tax"
                        " law wants records kept for five years.",
                        LEAST_DAYS,
                    )
                )

    def set_values(self):
        if not self.gateway_allow_server_card_entry:
            self._check_no_server_card_entry()
        return super().set_values()

    def _check_no_server_card_entry(self):
        # Of all companies: the setting is one for the whole server.
        used = (
            self.env["payment.provider"]
            .sudo()
            .search(
                [
                    ("gateway_card_entry", "=", CardEntry.SERVER.value),
                    ("state", "!=", "disabled"),
                ]
            )
        )
        if used:
            raise ValidationError(
                self.env._(
                    "Switch off first what has cards pass through this server: %s.",
                    ", ".join(used.mapped("name")),
                )
            )

    gateway_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    gateway_match_tolerance = fields.Monetary(
        related="company_id.gateway_match_tolerance",
        readonly=False,
        currency_field="gateway_currency_id",
    )
    gateway_delay_rate = fields.Float(
        related="company_id.gateway_delay_rate", readonly=False
    )
