from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Payers see the texts of our scripts in their own language as well."""
        return [*super()._get_translation_frontend_modules_name(), "pos_gateway"]
