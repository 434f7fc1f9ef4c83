"""Credit notes and advances of a dealer: shown, and used on its word."""

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.pos_gateway.models.locks import lock_document


class DealerDealer(models.Model):
    _inherit = "dealer.dealer"

    def _credit_lines(self, currency):
        """:return: journal items by which the company owes this dealer, oldest first"""
        self.ensure_one()
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("partner_id", "=", self.partner_id.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                    ("currency_id", "=", currency.id),
                    ("amount_residual_currency", "<", 0),
                ],
                order="date, id",
            )
        )

    def _credit(self, currency):
        """:return: what the company owes this dealer, a positive amount"""
        lines = self._credit_lines(currency)
        return currency.round(-sum(lines.mapped("amount_residual_currency")))

    def _use_credit(self, currency):
        """Let credit notes and advances close the oldest invoices, as an accountant
        would: by reconciling them. What is being paid at the bank stays as it is.

        :return: how much was used, in ``currency``
        :raise UserError: if there is nothing to use, or nothing to use it for
        """
        self.ensure_one()
        lock_document(self)
        credits_ = self._credit_lines(currency)
        if not credits_:
            raise UserError(self.env._("There is no credit to use."))
        items = self._open_moves(currency)._dealer_open_items()
        terms = [one.term for one in items if one.payable + one.discount == one.open]
        if not terms:
            raise UserError(
                self.env._(
                    "There is no open invoice that the credit could be used for."
                )
            )
        before = self._credit(currency)
        for account, own in credits_.grouped("account_id").items():
            for term in terms:
                left = own.filtered(lambda line: not line.reconciled)
                if term.account_id == account and not term.reconciled and left:
                    (left + term).reconcile()
        used = currency.round(before - self._credit(currency))
        self.sudo().message_post(
            body=self.env._(
                "Credit of %(amount)s was used for the oldest open invoices, by"
                " %(user)s.",
                amount=currency.format(used),
                user=self.env.user.name,
            )
        )
        return used
