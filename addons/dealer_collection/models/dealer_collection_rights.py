from odoo import models

# A suspended dealer pays what it owes itself, and nothing else.
COLLECTING = ("receivable", "customer")


class DealerCollection(models.Model):
    """Whether the dealer may collect, and within which limits of its own."""

    _inherit = "dealer.collection"

    def _check_payable(self):
        result = super()._check_payable()
        if self.kind in COLLECTING:
            self.dealer_id._check_may_collect()
        return result

    def _is_payable(self):
        may_collect = self.kind not in COLLECTING or not (
            self.sudo().dealer_id._why_not_collecting()
        )
        return may_collect and super()._is_payable()

    def _gateway_price_limits(self):
        """:return: tuple of ``pricing.limits.Limit``: those of the dealer"""
        return self.sudo().dealer_id._price_limits()
