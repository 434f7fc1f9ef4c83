from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .dealer_dealer import DEFAULT_MAX_DEPTH, MAX_DEPTH_PARAMETER

DEEPEST = 50


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    dealer_max_depth = fields.Integer(
        "Levels of the Dealer Tree",
        config_parameter=MAX_DEPTH_PARAMETER,
        default=DEFAULT_MAX_DEPTH,
    )
    dealer_approval = fields.Boolean(
        related="company_id.dealer_approval", readonly=False
    )

    dealer_oldest_first = fields.Boolean(
        related="company_id.dealer_oldest_first", readonly=False
    )
    dealer_credit_check = fields.Selection(
        related="company_id.dealer_credit_check", readonly=False
    )
    dealer_on_account = fields.Boolean(
        related="company_id.dealer_on_account", readonly=False
    )

    dealer_cash_journal_id = fields.Many2one(
        related="company_id.dealer_cash_journal_id", readonly=False
    )
    dealer_cheque_journal_id = fields.Many2one(
        related="company_id.dealer_cheque_journal_id", readonly=False
    )
    dealer_transfer_days = fields.Integer(
        related="company_id.dealer_transfer_days", readonly=False
    )

    @api.constrains("dealer_max_depth")
    def _check_dealer_max_depth(self):
        for settings in self:
            levels = settings.dealer_max_depth
            deepest = (
                self.env["dealer.dealer"].sudo().search([], order="level desc", limit=1)
            )
            if not 1 <= levels <= DEEPEST:
                raise ValidationError(
                    self.env._(
                        "The dealer tree has at least one and at most %s levels.",
                        DEEPEST,
                    )
                )
            if deepest.level > levels:
                raise ValidationError(
                    self.env._(
                        "The tree has %(level)s levels already: %(dealer)s stands at"
                        " the lowest.",
                        level=deepest.level,
                        dealer=deepest.name,
                    )
                )
