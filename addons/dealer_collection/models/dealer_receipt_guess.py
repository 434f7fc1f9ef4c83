import hashlib
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

MOST_WRONG = 20
WINDOW = timedelta(minutes=10)


class DealerReceiptGuess(models.Model):
    """Wrong codes that one address has typed lately: nobody tries codes for long.

    Eighty bits are not guessed in any case; this keeps the trying from being work for
    the server, and from being worth beginning.
    """

    _name = "dealer.receipt.guess"
    _description = "Wrong Receipt Codes of an Address"
    _log_access = False

    address = fields.Char(required=True, help="A digest, not the address itself.")
    since = fields.Datetime(required=True)
    count = fields.Integer(required=True)

    _address_unique = models.Constraint("UNIQUE(address)", "One row for an address.")

    @api.model
    def _digest(self, address):
        secret = self.env["ir.config_parameter"].sudo().get_param("database.secret")
        return hashlib.sha256(f"{secret}|{address}".encode()).hexdigest()[:32]

    @api.model
    def _is_blocked(self, address):
        row = self.search([("address", "=", self._digest(address))])
        since = fields.Datetime.now() - WINDOW
        return bool(row and row.since > since and row.count >= MOST_WRONG)

    @api.model
    def _note_wrong(self, address):
        """One statement: many requests at once count as many."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO dealer_receipt_guess AS g (address, since, count)"
                " VALUES (%(address)s, %(now)s, 1)"
                " ON CONFLICT (address) DO UPDATE SET"
                " count = CASE WHEN g.since <= %(start)s THEN 1 ELSE g.count + 1 END,"
                " since = CASE WHEN g.since <= %(start)s THEN %(now)s ELSE g.since END",
                address=self._digest(address),
                now=fields.Datetime.now(),
                start=fields.Datetime.now() - WINDOW,
            )
        )

    @api.autovacuum
    def _gc_guesses(self):
        self.search([("since", "<=", fields.Datetime.now() - WINDOW)]).unlink()
