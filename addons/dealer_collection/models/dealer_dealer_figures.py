from odoo import api, fields, models

from .dealer_subtree import below


class DealerDealer(models.Model):
    """Figures on the dealer's form, and the lists behind them."""

    _inherit = "dealer.dealer"

    open_balance = fields.Monetary(
        compute="_compute_open_balance",
        compute_sudo=True,
        groups="base.group_user",
        help="What the dealer owes according to the books: open invoices less credit"
        " notes and payments on account.",
    )
    invoice_count = fields.Integer(
        compute="_compute_invoice_count", compute_sudo=True, groups="base.group_user"
    )
    collection_count = fields.Integer(
        compute="_compute_collection_count", groups="base.group_user"
    )
    child_count = fields.Integer(
        "Sub-dealer Count", compute="_compute_child_count", groups="base.group_user"
    )
    customer_count = fields.Integer(
        compute="_compute_customer_count", compute_sudo=True, groups="base.group_user"
    )
    portal_user_count = fields.Integer(
        compute="_compute_portal_user_count",
        compute_sudo=True,
        groups="base.group_user",
    )

    def _compute_open_balance(self):
        balances = dict.fromkeys(self.ids, 0.0)
        for company, dealers in self.grouped("company_id").items():
            groups = self.env["account.move.line"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", dealers.partner_id.ids),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ],
                ["partner_id"],
                ["amount_residual:sum"],
            )
            residuals = {partner.id: residual for partner, residual in groups}
            for dealer in dealers:
                balances[dealer.id] = residuals.get(dealer.partner_id.id, 0.0)
        for dealer in self:
            dealer.open_balance = balances.get(dealer.id, 0.0)

    def _compute_invoice_count(self):
        groups = self.env["account.move"]._read_group(
            [
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("state", "=", "posted"),
                ("commercial_partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ],
            ["commercial_partner_id", "company_id"],
            ["__count"],
        )
        counts = {(partner, company): count for partner, company, count in groups}
        for dealer in self:
            dealer.invoice_count = counts.get((dealer.partner_id, dealer.company_id), 0)

    def _compute_collection_count(self):
        groups = self.env["dealer.collection"]._read_group(
            [("dealer_id", "in", self.ids)], ["dealer_id"], ["__count"]
        )
        counts = {dealer.id: count for dealer, count in groups}
        for dealer in self:
            dealer.collection_count = counts.get(dealer.id, 0)

    @api.depends("child_ids")
    def _compute_child_count(self):
        for dealer in self:
            dealer.child_count = len(dealer.child_ids)

    def _compute_portal_user_count(self):
        groups = self.env["dealer.user"]._read_group(
            [("dealer_id", "in", self.ids)], ["dealer_id"], ["__count"]
        )
        counts = {dealer.id: count for dealer, count in groups}
        for dealer in self:
            dealer.portal_user_count = counts.get(dealer.id, 0)

    def _compute_customer_count(self):
        groups = self.env["res.partner"]._read_group(
            [
                ("dealer_id", "in", self.ids),
                ("parent_id", "=", False),
                ("id", "not in", self.partner_id.ids),
            ],
            ["dealer_id"],
            ["__count"],
        )
        counts = {dealer.id: count for dealer, count in groups}
        for dealer in self:
            dealer.customer_count = counts.get(dealer.id, 0)

    def _list_action(self, model, domain, name, **extra):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "list,form",
            "domain": list(domain),
            **extra,
        }

    def action_view_open_items(self):
        self.ensure_one()
        return self._list_action(
            "account.move", self._open_items_domain(), self.env._("Open Items")
        )

    def action_view_invoices(self):
        self.ensure_one()
        return self._list_action(
            "account.move",
            [
                ("move_type", "in", ("out_invoice", "out_refund")),
                ("commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            self.env._("Invoices"),
        )

    def action_view_collections(self):
        self.ensure_one()
        return self._list_action(
            "dealer.collection",
            [("dealer_id", "=", self.id)],
            self.env._("Collections"),
            context={"default_dealer_id": self.id},
        )

    def action_view_sub_dealers(self):
        self.ensure_one()
        return self._list_action(
            "dealer.dealer",
            [("parent_id", "=", self.id)],
            self.env._("Sub-dealers"),
            context={"default_parent_id": self.id},
        )

    def action_view_branch(self):
        self.ensure_one()
        return self._list_action(
            "dealer.dealer",
            below(self),
            self.env._("Branch of %s", self.name),
            view_mode="list,hierarchy,form",
        )

    def action_view_customers(self):
        self.ensure_one()
        return self._list_action(
            "res.partner",
            self._customers_domain(),
            self.env._("Customers"),
            context={"default_dealer_id": self.id, "default_is_company": True},
        )

    def action_view_portal_users(self):
        self.ensure_one()
        return self._list_action(
            "dealer.user",
            [("dealer_id", "=", self.id)],
            self.env._("People"),
            view_mode="list",
        )

    def action_invite(self):
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite a Person"),
            "res_model": "dealer.invite.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_dealer_id": self.id},
        }
