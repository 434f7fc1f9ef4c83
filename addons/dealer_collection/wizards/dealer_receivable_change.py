from odoo import fields, models
from odoo.exceptions import UserError


class DealerReceivableChange(models.TransientModel):
    """Lower or cancel a receivable, dispute it for the debtor, or end a dispute; each
    with a reason that stays in its history.
    """

    _name = "dealer.receivable.change"
    _description = "Change a Receivable"

    receivable_id = fields.Many2one(
        "dealer.receivable", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="receivable_id.currency_id")
    amount_before = fields.Monetary(related="receivable_id.amount", string="Amount Now")
    kind = fields.Selection(
        [
            ("lower", "Lower"),
            ("cancel", "Cancel"),
            ("dispute", "Dispute for the Debtor"),
            ("end_dispute", "End the Dispute"),
        ],
        required=True,
        default="lower",
    )
    amount = fields.Monetary("New Amount")
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        receivable = self.receivable_id
        receivable.check_access("write")
        if self.kind == "lower" and self.amount <= 0:
            raise UserError(
                self.env._(
                    "The new amount is more than zero. To forgive it all, cancel."
                )
            )
        if self.kind == "lower":
            receivable._lower_to(self.amount, self.reason)
        elif self.kind == "cancel":
            receivable._lower_to(0.0, self.reason)
        elif self.kind == "dispute":
            receivable._dispute(self.reason)
        elif receivable.is_disputed:
            receivable._end_dispute(self.reason)
        return {"type": "ir.actions.act_window_close"}
