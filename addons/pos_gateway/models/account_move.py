from odoo import models

from ..const import PROVIDER_CODE


class AccountMove(models.Model):
    _inherit = "account.move"

    def _has_to_be_paid(self):
        """What was charged to a card is paid, also while it is not yet booked."""
        charged = self.transaction_ids.filtered(
            lambda transaction: (
                transaction.provider_code == PROVIDER_CODE
                and transaction.state == "done"
                and not transaction.is_post_processed
            )
        )
        return super()._has_to_be_paid() and not charged
