from odoo import models

CHANGED = "dealer_collection/changed"


class DealerCollection(models.Model):
    """Tells the open pages of whoever may see a collection that it has changed.

    The message holds nothing: the page asks again, and its route decides what is shown.
    """

    _inherit = "dealer.collection"

    def _tell_pages(self):
        for collection_sudo in self.sudo():
            for dealer in collection_sudo.upline_ids:
                self.env["bus.bus"]._sendone(dealer, CHANGED, {})


class IrWebsocket(models.AbstractModel):
    """A dealer's people listen to what happens at it and below it.

    The server adds the channel: a record cannot be asked for by the browser.
    """

    _inherit = "ir.websocket"

    def _build_bus_channel_list(self, channels):
        channels = super()._build_bus_channel_list(channels)
        user = self.env.user
        if user.has_group("dealer_collection.group_dealer_portal"):
            node_sudo = user._get_dealer_node()
            if node_sudo:
                channels.append(node_sudo)
        return channels
