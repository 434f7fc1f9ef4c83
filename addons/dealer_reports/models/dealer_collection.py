from odoo import api, fields, models
from odoo.exceptions import UserError


class DealerCollection(models.Model):
    """Remembers in which order the dealers stood above each other."""

    _inherit = "dealer.collection"

    # `upline_ids` tells which dealers stood above, and decides who sees the document.
    # Sums by tier need their order too, and the tree of today may say another one.
    upline_path = fields.Char(
        "Path in the Dealer Tree",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The dealers above and the dealer itself, from the first tier down, as"
        " they stood when this came about.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            # sudo: whoever may create the document need not see the dealers above
            dealer_sudo = self.env["dealer.dealer"].sudo().browse(vals.get("dealer_id"))
            vals["upline_path"] = dealer_sudo.parent_path
        return super().create(vals_list)

    def write(self, vals):
        if "upline_path" in vals:
            raise UserError(
                self.env._("A document stays with the dealer it was made for.")
            )
        return super().write(vals)
