from odoo import models
from odoo.fields import Domain

from odoo.addons.pos_gateway.const import PROVIDER_CODE

from ..money import to_major, to_minor


class AccountMove(models.Model):
    _inherit = "account.move"

    def _dealer_open_amounts(self):
        """What can still be paid on each invoice: its residual less what is under way.

        Under way is what a payer may be paying at the bank right now, what is not yet
        known, and what was charged but is not yet in the books.

        :return: dict of invoice id -> amount (float, rounded as the currency is)
        """
        minor = {
            move.id: to_minor(move.amount_residual, move.currency_id.decimal_places)
            for move in self
        }
        # sudo: payers see neither transactions nor the collections of others
        for transaction_sudo in self._transactions_under_way():
            lines_sudo = transaction_sudo.dealer_collection_id.line_ids
            for move in transaction_sudo.invoice_ids & self:
                decimals = move.currency_id.decimal_places
                parts = lines_sudo.filtered(lambda row, move=move: row.move_id == move)
                if parts:
                    minor[move.id] -= sum(to_minor(p.amount, decimals) for p in parts)
                else:
                    minor[move.id] = 0
        return {
            move.id: float(
                to_major(max(minor[move.id], 0), move.currency_id.decimal_places)
            )
            for move in self
        }

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
