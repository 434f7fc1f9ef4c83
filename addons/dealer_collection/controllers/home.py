from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class DealerPortal(CustomerPortal):
    """The dealer's tiles on the portal's first page, and what all its pages share."""

    def _prepare_home_portal_values(self, counters):
        """Called by a readonly route: nothing may be written here.

        Rule: core's portal rule on invoices, narrowed to the user's own dealer.
        """
        values = super()._prepare_home_portal_values(counters)
        if "dealer_open_item_count" in counters:
            values["dealer_open_item_count"] = self._count_open_items()
        return values

    def _count_open_items(self):
        dealer_sudo = self._dealer_node()
        moves = request.env["account.move"]
        if not dealer_sudo or not moves.has_access("read"):
            return 0
        return moves.search_count(dealer_sudo._open_items_domain())

    def _prepare_portal_layout_values(self):
        return {
            **super()._prepare_portal_layout_values(),
            "is_dealer": bool(self._dealer_node()),
        }

    @staticmethod
    def _dealer_node():
        """:return: the dealer that the user acts for, if it is one of ours"""
        user = request.env.user
        if not user.has_group("dealer_collection.group_dealer_portal"):
            return request.env["dealer.dealer"].sudo().browse()
        return user._get_dealer_node()
