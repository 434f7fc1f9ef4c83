from odoo import models
from odoo.fields import Domain

from odoo.addons.pos_gateway.const import PROVIDER_CODE


class AccountMove(models.Model):
    _inherit = "account.move"

    def _transactions_under_way(self):
        at_bank = Domain("state", "in", ("pending", "authorized")) | (
            # A draft of another provider is only an open payment form.
            Domain("state", "=", "draft") & Domain("provider_code", "=", PROVIDER_CODE)
        )
        not_booked = Domain("state", "=", "done") & Domain(
            "is_post_processed", "=", False
        )
        return (
            self.env["payment.transaction"]
            .sudo()
            .search(
                Domain("invoice_ids", "in", self.ids)
                & Domain("operation", "!=", "refund")
                & (at_bank | not_booked)
            )
        )
