from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.dealer_subtree import below

SHOWN = 12


class DealerMoveWizard(models.TransientModel):
    """Moves branches to another place in the tree, and says before what that means."""

    _name = "dealer.move.wizard"
    _description = "Move Dealers"

    dealer_ids = fields.Many2many("dealer.dealer", string="Dealers", required=True)
    company_id = fields.Many2one("res.company", compute="_compute_what_moves")
    excluded_ids = fields.Many2many(
        "dealer.dealer", compute="_compute_what_moves", string="Not Possible"
    )
    parent_id = fields.Many2one(
        "dealer.dealer",
        "New Dealer Above",
        domain="[('id', 'not in', excluded_ids), ('company_id', '=', company_id)]",
        help="Leave empty to have it buy from your company directly.",
    )
    count = fields.Integer("Dealers That Move", compute="_compute_what_moves")
    names = fields.Char("Among Them", compute="_compute_what_moves")
    open_debts = fields.Html(
        "Stays as It Is", compute="_compute_open_debts", sanitize=False
    )

    @api.depends("dealer_ids")
    def _compute_what_moves(self):
        for wizard in self:
            dealers = wizard.dealer_ids._origin
            branch = dealers.with_context(active_test=False).search(below(dealers))
            wizard.company_id = dealers[:1].company_id
            wizard.excluded_ids = branch
            wizard.count = len(branch)
            names = branch[:SHOWN].mapped("name")
            wizard.names = ", ".join(names) + (" …" if len(branch) > SHOWN else "")

    @api.depends("dealer_ids")
    def _compute_open_debts(self):
        """What is owed to the dealer above of now: it stays owed to it."""
        for wizard in self:
            dealers = wizard.dealer_ids._origin
            debts = self.env["dealer.account"].search(
                Domain("debtor_id", "in", dealers.partner_id.ids)
                & Domain("balance", "!=", 0)
            )
            wizard.open_debts = self.env["ir.qweb"]._render(
                "dealer_collection.move_open_debts",
                {
                    "rows": [
                        {
                            "debtor": debt.debtor_id.name,
                            "creditor": debt.creditor_id.name,
                            "balance": debt.currency_id.format(debt.balance),
                        }
                        for debt in debts[:SHOWN]
                    ],
                    "hidden": max(len(debts) - SHOWN, 0),
                },
            )

    def action_move(self):
        self.ensure_one()
        self.dealer_ids.check_access("write")
        if not self.dealer_ids:
            raise UserError(self.env._("Choose the dealers to move."))
        self.dealer_ids.write({"parent_id": self.parent_id.id})
        return {"type": "ir.actions.act_window_close"}
