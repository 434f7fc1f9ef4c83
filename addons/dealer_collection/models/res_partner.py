from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResPartner(models.Model):
    _inherit = "res.partner"

    dealer_id = fields.Many2one(
        "dealer.dealer",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="Where this company stands in the dealer tree: a dealer at its own node, a"
        " customer of a dealer at the node of that dealer.",
    )
    dealer_ids = fields.One2many(
        "dealer.dealer",
        "partner_id",
        "Dealer Nodes",
        context={"active_test": False},
        groups="base.group_user",
    )

    def _commercial_fields(self):
        """People of a company stand where their company stands."""
        return [*super()._commercial_fields(), "dealer_id"]

    @api.constrains("dealer_id")
    def _check_dealer(self):
        for partner_sudo in self.sudo():
            nodes_sudo = partner_sudo.dealer_ids
            if nodes_sudo and partner_sudo.dealer_id not in nodes_sudo:
                raise ValidationError(
                    self.env._(
                        "%s is a dealer and stands at its own node of the tree.",
                        partner_sudo.name,
                    )
                )

    def write(self, vals):
        """Forget cached record rules when people come to stand at another node.

        They are cached for each user together with the node that was found then.
        """
        moved = {"dealer_id", "parent_id", "is_company"} & vals.keys()
        result = super().write(vals)
        if moved and self._has_users():
            self.env.registry.clear_cache()
        return result

    def _has_users(self):
        users_sudo = self.env["res.users"].sudo().with_context(active_test=False)
        companies_sudo = self.sudo().commercial_partner_id
        return bool(
            users_sudo.search_count(
                [("partner_id.commercial_partner_id", "in", companies_sudo.ids)],
                limit=1,
            )
        )
