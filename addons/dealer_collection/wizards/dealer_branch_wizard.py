from odoo import api, fields, models
from odoo.fields import Domain

from ..models.dealer_subtree import below


class DealerBranchWizard(models.TransientModel):
    """Suspends or reactivates dealers, alone or with all that stands below them."""

    _name = "dealer.branch.wizard"
    _description = "Suspend or Reactivate a Branch"

    dealer_ids = fields.Many2many("dealer.dealer", string="Dealers", required=True)
    verb = fields.Selection(
        [("suspend", "Suspend"), ("reactivate", "Reactivate")], required=True
    )
    reach = fields.Selection(
        [("only", "Only this dealer"), ("branch", "With all dealers below it")],
        required=True,
        default="only",
    )
    count = fields.Integer("Dealers Concerned", compute="_compute_count")

    @api.depends("dealer_ids", "verb", "reach")
    def _compute_count(self):
        for wizard in self:
            dealers = wizard.dealer_ids._origin
            domain = below(dealers)
            if wizard.reach == "only":
                domain &= Domain("id", "in", dealers.ids)
            state = "active" if wizard.verb == "suspend" else "suspended"
            domain &= Domain("state", "=", state)
            wizard.count = dealers.search_count(domain)

    def action_apply(self):
        self.ensure_one()
        self.dealer_ids.check_access("write")
        verb = {
            "suspend": self.dealer_ids._suspend,
            "reactivate": self.dealer_ids._reactivate,
        }[self.verb]
        verb(with_below=self.reach == "branch")
        return {"type": "ir.actions.act_window_close"}


class DealerRefuseWizard(models.TransientModel):
    _name = "dealer.refuse.wizard"
    _description = "Refuse a Dealer"

    dealer_ids = fields.Many2many("dealer.dealer", string="Dealers", required=True)
    reason = fields.Char(required=True, help="The dealer above reads it.")

    def action_refuse(self):
        self.ensure_one()
        self.dealer_ids.check_access("write")
        self.dealer_ids._refuse(self.reason)
        return {"type": "ir.actions.act_window_close"}
