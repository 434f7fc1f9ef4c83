from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        """Forget cached record rules when a user becomes another person."""
        result = super().write(vals)
        if "partner_id" in vals:
            self.env.registry.clear_cache()
        return result
