from odoo import fields, models
from odoo.exceptions import UserError

from . import locks


class PosGatewayMatch(models.Model):
    """What a line of a bank statement may pay: a person accepts it, or does not."""

    _name = "pos.gateway.match"
    _description = "Possible Deposit"
    _order = "difference_size, id"

    statement_line_id = fields.Many2one(
        "account.bank.statement.line", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="statement_line_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_line_id.currency_id")
    settlement_ids = fields.Many2many("pos.gateway.settlement", string="Parts")
    settlement_count = fields.Integer("Number of Parts", readonly=True)
    provider_id = fields.Many2one("payment.provider", "POS", readonly=True)
    due = fields.Date("Value Date", readonly=True)
    amount = fields.Monetary(readonly=True, help="What the bank is to pay for these.")
    difference = fields.Monetary(
        readonly=True, help="What came, less what was to come. It is booked as a cost."
    )
    difference_size = fields.Monetary(readonly=True)
    reason = fields.Char(readonly=True)

    def action_accept(self):
        """Let the line pay these parts; what differs is booked as the bank's cost."""
        self.ensure_one()
        line = self.statement_line_id
        line.check_access("write")
        locks.lock_document(line)
        if not line._gateway_is_free():
            raise UserError(
                self.env._("Somebody has reconciled %s meanwhile.", line.payment_ref)
            )
        note = self.env._(
            "%(user)s accepted: %(reason)s",
            user=self.env.user.name,
            reason=self.reason,
        )
        # sudo: whoever may change the line may settle it; parts and costs follow
        line_sudo = line.sudo()
        line_sudo._gateway_book(self.sudo().settlement_ids, write_off=True)
        line_sudo.gateway_state = "accepted"
        line_sudo._gateway_note(note)
        return True

    def action_view_parts(self):
        """Open the parts that would be paid."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "pos_gateway.pos_gateway_settlement_action"
        )
        return action | {
            "domain": [("id", "in", self.settlement_ids.ids)],
            "context": {},
        }
