from odoo import api, fields, models


class DealerDealer(models.Model):
    """What is owed to a dealer from below, on its form."""

    _inherit = "dealer.dealer"

    owed_balance = fields.Monetary(
        "Owed to It",
        compute="_compute_owed_balance",
        groups="base.group_user",
        help="What sub-dealers and customers owe this dealer, less their credit, in the"
        " company's currency.",
    )
    link_count = fields.Integer(compute="_compute_link_count", groups="base.group_user")

    def _compute_owed_balance(self):
        groups = self.env["dealer.account"]._read_group(
            [("creditor_id", "in", self.ids)],
            ["creditor_id", "currency_id"],
            ["balance:sum"],
        )
        sums = {(dealer, currency): total for dealer, currency, total in groups}
        for dealer in self:
            dealer.owed_balance = sums.get((dealer, dealer.currency_id), 0.0)

    def _compute_link_count(self):
        groups = self.env["dealer.payment.link"]._read_group(
            [("dealer_id", "in", self.ids)], ["dealer_id"], ["__count"]
        )
        counts = {dealer.id: count for dealer, count in groups}
        for dealer in self:
            dealer.link_count = counts.get(dealer.id, 0)

    def action_view_receivables(self):
        self.ensure_one()
        return self._list_action(
            "dealer.receivable",
            [("creditor_id", "=", self.id)],
            self.env._("Receivables"),
            context={"default_creditor_id": self.id, "search_default_open": 1},
        )

    def action_view_payment_links(self):
        self.ensure_one()
        return self._list_action(
            "dealer.payment.link",
            [("dealer_id", "=", self.id)],
            self.env._("Payment Links"),
            context={"default_dealer_id": self.id},
        )


class DealerReceivable(models.Model):
    _inherit = "dealer.receivable"

    link_ids = fields.Many2many(
        "dealer.payment.link",
        "dealer_payment_link_receivable_rel",
        "receivable_id",
        "link_id",
        "Payment Links",
        groups="base.group_user",
    )
    link_count = fields.Integer(compute="_compute_link_count", groups="base.group_user")

    @api.depends("link_ids")
    def _compute_link_count(self):
        for receivable in self:
            receivable.link_count = len(receivable.link_ids)

    def action_view_links(self):
        """The links by which it can be paid, or a new one."""
        self.ensure_one()
        self.check_access("read")  # the answer names the debt
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Links"),
            "res_model": "dealer.payment.link",
            "view_mode": "list,form",
            "domain": [("receivable_ids", "in", self.ids)],
            "context": {
                "default_dealer_id": self.creditor_id.id,
                "default_partner_id": self.debtor_id.id,
                "default_currency_id": self.currency_id.id,
                "default_receivable_ids": self.ids,
                "default_amount_kind": "open",
                "default_purpose": self.reference or self.name,
            },
        }


class ResPartner(models.Model):
    _inherit = "res.partner"

    dealer_debt_count = fields.Integer(
        compute="_compute_dealer_debt_count", groups="base.group_user"
    )

    def _compute_dealer_debt_count(self):
        groups = (
            self.env["dealer.receivable"]._read_group(
                [("debtor_id", "in", self.ids), ("amount_open", ">", 0)],
                ["debtor_id"],
                ["__count"],
            )
            if self.env["dealer.receivable"].has_access("read")
            else ()
        )
        counts = {partner.id: count for partner, count in groups}
        for partner in self:
            partner.dealer_debt_count = counts.get(partner.id, 0)

    def action_view_dealer_debts(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Owed to Dealers"),
            "res_model": "dealer.receivable",
            "view_mode": "list,form",
            "domain": [("debtor_id", "=", self.id)],
        }
