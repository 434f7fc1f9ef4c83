from odoo import models


class AccountMoveLine(models.Model):
    """What an item is reconciled with."""

    _inherit = "account.move.line"

    def _gateway_matched_items(self):
        """:return: the items that these are reconciled with, wholly or in part"""
        return (
            self.matched_credit_ids.credit_move_id
            | self.matched_debit_ids.debit_move_id
        )

    def _gateway_is_suspense(self):
        """:return: whether it is what nobody has said yet of a statement line"""
        self.ensure_one()
        line = self.statement_line_id
        return bool(line) and self.account_id == line.journal_id.suspense_account_id
