from werkzeug.exceptions import Forbidden, NotFound

from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal

from ..models.dealer_dealer_make import QUIET


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
            "dealer_role": self._dealer_node() and request.env.user._dealer_role(),
        }

    @staticmethod
    def _dealer_node():
        """:return: the dealer that the user acts for, if it is one of ours"""
        user = request.env.user
        if not user.has_group("dealer_collection.group_dealer_portal"):
            return request.env["dealer.dealer"].sudo().browse()
        return user._get_dealer_node()

    @classmethod
    def _dealer_or_404(cls):
        """:return: the dealer that the user acts for, in sudo mode"""
        dealer_sudo = cls._dealer_node()
        if not dealer_sudo:
            raise NotFound()
        return dealer_sudo

    @classmethod
    def _dealer_who_may(cls, what):
        """:param what: as in `res.users._dealer_may`

        :return: the dealer that the user acts for, in sudo mode
        """
        dealer_sudo = cls._dealer_or_404()
        if not request.env.user._dealer_may(what):
            raise Forbidden()
        return dealer_sudo.with_context(**QUIET)
