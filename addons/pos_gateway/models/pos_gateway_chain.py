from odoo import models


class PosGatewayChain(models.Model):
    """An empty table: whoever appends a bank message locks it. See ``locks.py``."""

    _name = "pos.gateway.chain"
    _description = "Lock of the Bank Messages"
    _log_access = False
