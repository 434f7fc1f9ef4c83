from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..protocols.types import Operation

# What is agreed with the payer: it does not change once the card has been asked for.
AGREED = frozenset(
    {
        "partner_id",
        "company_id",
        "provider_id",
        "currency_id",
        "amount",
        "count",
        "every",
        "unit",
    }
)
# What a user may write at all. The rest is what the payer said and the bank did.
FREE = frozenset({"active", "note", "bank_schedule"})
# While it is in one of these, payer, bank or both may still do something.
LIVE = ("waiting", "unclear", "running", "cancelling")


class PosGatewayRecurring(models.Model):
    """What can be agreed, and who may write what of it."""

    _inherit = "pos.gateway.recurring"

    @api.constrains("provider_id", "currency_id", "unit", "count", "company_id")
    def _check_offered(self):
        for recurring in self:
            provider = recurring.provider_id
            traits = provider._gateway_traits()
            if not traits or Operation.RECURRING not in traits.card_calls:
                raise ValidationError(
                    self.env._(
                        "The bank of %s takes no payments by a schedule.", provider.name
                    )
                )
            if recurring.unit not in traits.recurring_units:
                raise ValidationError(
                    self.env._(
                        "The bank of %s does not charge at such intervals.",
                        provider.name,
                    )
                )
            if recurring.currency_id.name not in traits.currencies:
                raise ValidationError(
                    self.env._(
                        "The bank of %(pos)s does not take %(currency)s.",
                        pos=provider.name,
                        currency=recurring.currency_id.name,
                    )
                )

    @api.constrains("active")
    def _check_archived(self):
        for recurring in self:
            if not recurring.active and recurring.state in LIVE:
                raise ValidationError(
                    self.env._("%s is not over. Cancel it first.", recurring.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            self._check_hands_off(values, AGREED | FREE)
            values["name"] = (
                self.env["ir.sequence"]
                .sudo()
                .with_company(values.get("company_id") or self.env.company.id)
                .next_by_code(self._name)
            )
        return super().create(vals_list)

    def write(self, vals):
        is_agreed = any(recurring.state != "draft" for recurring in self)
        self._check_hands_off(vals, FREE if is_agreed else AGREED | FREE)
        return super().write(vals)

    def _check_hands_off(self, values, writable):
        """What the payer agreed to and what the bank did is nobody's to write.

        :raise AccessError: if a user, not one of our own actions, tries
        """
        own = {name for name in values if name in self._fields}
        ours = {name for name in own if self._fields[name]._module == "pos_gateway"}
        if not self.env.su and ours - writable:
            raise AccessError(
                self.env._(
                    "A recurring card payment changes by what the payer agrees to and"
                    " by what the bank says. Use the buttons, or make another one."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(recurring.state != "draft" for recurring in self):
            raise UserError(
                self.env._("Only a draft can be deleted. Cancel it, then archive it.")
            )
