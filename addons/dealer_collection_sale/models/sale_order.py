from odoo import models

from odoo.addons.dealer_collection.models.dealer_subtree import below


class SaleOrder(models.Model):
    """An order is confirmed within the credit limit of the dealer and its branches."""

    _inherit = "sale.order"

    def action_confirm(self):
        for order in self:
            dealer = order._dealer_of_customer()
            if dealer:
                dealer._check_order_credit(order, order._dealer_total(), order._ordered)
        return super().action_confirm()

    def _dealer_of_customer(self):
        """:return: the dealer that orders, in sudo mode"""
        dealers = self.env["dealer.dealer"].sudo()
        return dealers.search(
            [
                ("partner_id", "=", self.partner_id.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            limit=1,
        )

    def _dealer_total(self):
        """:return: the order's total in the company's currency"""
        return self.currency_id._convert(
            self.amount_total,
            self.company_id.currency_id,
            self.company_id,
            self.date_order.date(),
        )

    def _ordered(self, dealer, with_branch):
        """:return: what was ordered and is not invoiced yet, in the company's currency

        :param bool with_branch: whether the orders of all dealers below count as well
        """
        dealers = dealer
        if with_branch:
            dealers = dealer.sudo().search(below(dealer))
        orders = self.sudo().search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
                ("invoice_status", "!=", "invoiced"),
                ("partner_id", "child_of", dealers.partner_id.ids),
                ("id", "not in", self.ids),
            ]
        )
        return sum(
            order.currency_id._convert(
                max(order.amount_to_invoice, 0.0),
                order.company_id.currency_id,
                order.company_id,
                order.date_order.date(),
            )
            for order in orders
        )
