from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError


class PosGatewayCredential(models.Model):
    """The secrets of POS contracts, where no user can reach them.

    A field on the provider, whatever its groups, is still read, exported and searched
    by administrators, and by whoever takes over the browser of one. Here nobody has
    access rights, and none can be given: only code in superuser mode, on the server,
    reads this table. The provider has a write-only field in front of each secret.

    A secret that is replaced is kept for some days: orders that were sent before the
    change come back signed with the former one.
    """

    _name = "pos.gateway.credential"
    _description = "Secret of a POS Contract"
    _order = "id"
    _rec_name = "name"

    provider_id = fields.Many2one(
        "payment.provider", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, help="The attribute of the protocols' Terminal.")
    value = fields.Char(required=True, exportable=False)
    replaced_at = fields.Datetime(help="Empty: it is the one in use.")
    valid_until = fields.Datetime(help="Of a former secret: it is deleted then.")

    _in_use_unique = models.UniqueIndex(
        "(provider_id, name) WHERE replaced_at IS NULL",
        "A POS has one secret of a kind in use.",
    )

    def _check_access(self, operation):
        """Nobody, whatever access rights somebody wrote into the database."""
        if not self.env.su:
            return self, lambda: AccessError(
                self.env._("Secrets of POS contracts are not shown to anybody.")
            )
        return super()._check_access(operation)

    @api.model
    def _keep(self, provider, name, value):
        """Put a secret in use; nothing in its place means that it is forgotten.

        :return: whether another one was in use before
        """
        current = self._in_use(provider, name)
        if not value:
            self._forget(provider, name)
            return bool(current)
        if current.value == value:
            return False
        # Rounded up: an order of this very second was sent with the former one.
        now = fields.Datetime.now() + timedelta(seconds=1)
        days = provider.gateway_former_key_days
        if current and days:
            current.write(
                {"replaced_at": now, "valid_until": now + timedelta(days=days)}
            )
        else:
            current.unlink()
        # Flushed in between: the index allows one in use at any moment.
        self.env.flush_all()
        self.create({"provider_id": provider.id, "name": name, "value": value})
        return bool(current)

    @api.model
    def _forget(self, provider, name=None):
        """Delete what is in use and what was, of one kind or all."""
        domain = [("provider_id", "in", provider.ids)]
        self.search(domain + ([("name", "=", name)] if name else [])).unlink()

    @api.model
    def _in_use(self, provider, name=None):
        domain = [("provider_id", "in", provider.ids), ("replaced_at", "=", False)]
        domain += [("name", "=", name)] if name else []
        return self.search_fetch(domain, ["name", "value"])

    @api.model
    def _in_force(self, provider, moment=None):
        """:return: name -> value of the secrets in use, or of those at a moment"""
        values = {row.name: row.value for row in self._in_use(provider)}
        if moment:
            former = self.search(
                [*self._still_counting(provider), ("replaced_at", ">=", moment)],
                # The one that was replaced first after the moment comes last.
                order="replaced_at desc, id desc",
            )
            values |= {row.name: row.value for row in former}
        return values

    @api.model
    def _changes_since(self, provider, moment):
        """:return: when secrets that still count were replaced, the newest first"""
        rows = self.search(
            [*self._still_counting(provider), ("replaced_at", ">", moment)]
        )
        return sorted(set(rows.mapped("replaced_at")), reverse=True)

    @api.model
    def _still_counting(self, provider):
        return [
            ("provider_id", "=", provider.id),
            ("valid_until", ">", fields.Datetime.now()),
        ]

    @api.model
    def _cron_delete_former(self):
        self.search([("valid_until", "<=", fields.Datetime.now())]).unlink()
