from odoo import models

from ..const import PROVIDER_CODE


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        result = super().action_post()
        for payment in self:
            transaction = payment.payment_transaction_id
            if transaction.provider_code == PROVIDER_CODE:
                payment._gateway_allocate(transaction)
        return result

    def _gateway_allocate(self, transaction):
        """Close the transaction's invoices one by one, in the order that was agreed.

        Core then reconciles whatever is left over, by due date.
        """
        for move in transaction._gateway_allocation_moves():
            if move.state == "draft":
                move.action_post()
            own = self._gateway_open_lines(self.move_id)
            if not own:
                return
            (own + self._gateway_open_lines(move)).reconcile()

    def _gateway_open_lines(self, move):
        return move.line_ids.filtered(
            lambda line: (
                line.account_id == self.destination_account_id
                and line.parent_state == "posted"
                and not line.reconciled
            )
        )
