from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    gateway_recurring_count = fields.Integer(
        "Recurring Card Payments",
        compute="_compute_gateway_recurring_count",
        groups="pos_gateway.group_pos_gateway_user",
    )

    def _compute_gateway_recurring_count(self):
        counts = dict(
            self.env["pos.gateway.recurring"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.gateway_recurring_count = counts.get(partner, 0)
