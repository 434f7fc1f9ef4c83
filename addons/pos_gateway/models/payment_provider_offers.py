from odoo import fields, models
from odoo.fields import Domain


class PaymentProvider(models.Model):
    """The offers that payments on a POS may be made under."""

    _inherit = "payment.provider"

    gateway_offer_count = fields.Integer("Offers", compute="_compute_offer_count")

    def _compute_offer_count(self):
        offers = self.env["pos.gateway.offer"]
        may_read = offers.has_access("read")
        for provider in self:
            domain = provider._gateway_offer_domain()
            provider.gateway_offer_count = may_read and offers.search_count(domain)

    def _gateway_offer_domain(self):
        self.ensure_one()
        return Domain("company_id", "=", self.company_id.id) & (
            Domain("provider_ids", "=", False) | Domain("provider_ids", "in", self.ids)
        )

    def action_gateway_view_offers(self):
        """Open the offers that hold for this POS."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_offer_action"
        )
        action["domain"] = list(self._gateway_offer_domain())
        action["context"] = {"default_company_id": self.company_id.id}
        return action
