from odoo import fields, models


class DealerRejectWizard(models.TransientModel):
    """Why declared cash or a cheque is not taken into the books."""

    _name = "dealer.reject.wizard"
    _description = "Reject Declared Payments"

    collection_ids = fields.Many2many("dealer.collection", required=True)
    reason = fields.Char(required=True, help="The dealer reads it.")

    def action_reject(self):
        self.ensure_one()
        self.collection_ids._check_staff_approves()
        for collection in self.collection_ids:
            collection.sudo()._reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
