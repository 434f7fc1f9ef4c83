from odoo import fields, models


class DealerInviteWizard(models.TransientModel):
    """Staff invite a person of a dealer, as its owners do on the portal."""

    _name = "dealer.invite.wizard"
    _description = "Invite a Person of a Dealer"

    dealer_id = fields.Many2one("dealer.dealer", required=True, readonly=True)
    name = fields.Char(required=True)
    email = fields.Char("E-mail", required=True)
    role = fields.Selection(
        selection=lambda self: (
            self.env["dealer.user"]._fields["role"]._description_selection(self.env)
        ),
        required=True,
        default="owner",
    )

    def action_invite(self):
        self.ensure_one()
        self.dealer_id.check_access("write")
        self.dealer_id.sudo()._invite(self.name, self.email, self.role)
        return {"type": "ir.actions.act_window_close"}
