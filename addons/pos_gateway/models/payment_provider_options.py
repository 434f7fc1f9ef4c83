from odoo import api, fields, models
from odoo.exceptions import ValidationError


class PaymentProvider(models.Model):
    """What differs between contracts with one bank, e.g. the version of the hash."""

    _inherit = "payment.provider"

    gateway_options = fields.Char(
        "Contract Options",
        tracking=True,
        groups="base.group_system",
        help="Only if the bank says so: what is different about this contract, as"
        " name=value, with commas between. Empty: as the bank's contracts usually are.",
    )
    gateway_options_hint = fields.Char(compute="_compute_gateway_options_hint")

    @api.depends("code", "gateway_bank")
    def _compute_gateway_options_hint(self):
        for provider in self:
            traits = provider._gateway_traits()
            choices = traits.options if traits else {}
            provider.gateway_options_hint = "; ".join(
                f"{name} = {' | '.join(values)}" for name, values in choices.items()
            )

    @api.constrains("gateway_options", "gateway_bank")
    def _check_gateway_options(self):
        for provider in self:
            traits = provider._gateway_traits()
            for name, value in provider._gateway_contract_options().items():
                if not traits or value not in traits.options.get(name, ()):
                    raise ValidationError(
                        self.env._(
                            "The bank's protocol has no such option: %(option)s. It"
                            " has: %(choices)s",
                            option=f"{name}={value}",
                            choices=provider.gateway_options_hint or "-",
                        )
                    )

    def _gateway_contract_options(self):
        """:return: dict of name -> value, as they are typed in"""
        pieces = (self.sudo().gateway_options or "").split(",")
        pairs = (piece.partition("=") for piece in pieces if piece.strip())
        return {name.strip(): value.strip() for name, _equals, value in pairs}
