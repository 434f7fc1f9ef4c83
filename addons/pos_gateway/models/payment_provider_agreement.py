from odoo import api, fields, models

from ..const import PROVIDER_CODE


class PaymentProvider(models.Model):
    """The bank agreements of a POS, and a word when none is in force."""

    _inherit = "payment.provider"

    gateway_agreement_ids = fields.One2many(
        "pos.gateway.agreement", "provider_id", "Bank Agreements"
    )
    gateway_agreement_count = fields.Integer(
        "Number of Agreements", compute="_compute_gateway_agreements"
    )
    gateway_has_no_agreement = fields.Boolean(
        "No Agreement in Force",
        compute="_compute_gateway_agreements",
        help="What the bank takes is not known: costs are not shown, and this POS is"
        " chosen last.",
    )

    @api.depends(
        "code",
        "state",
        "gateway_agreement_ids.date_from",
        "gateway_agreement_ids.date_to",
    )
    def _compute_gateway_agreements(self):
        # sudo: whoever sees the POS may know whether there are terms, not which.
        agreements = self.sudo().gateway_agreement_ids
        for provider in self:
            own = agreements.filtered(
                lambda agreement, provider=provider: agreement.provider_id == provider
            )
            provider.gateway_agreement_count = len(own)
            provider.gateway_has_no_agreement = (
                provider.code == PROVIDER_CODE
                and provider.state != "disabled"
                and "in_force" not in own.mapped("period_state")
            )

    def action_gateway_agreements(self):
        self.ensure_one()
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "pos_gateway.pos_gateway_agreement_action"
            ),
            "domain": [("provider_id", "=", self.id)],
            "context": {"default_provider_id": self.id},
        }
