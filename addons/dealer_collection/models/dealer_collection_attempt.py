from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.pos_gateway.models.locks import lock_document

from ..money import to_major


class DealerCollection(models.Model):
    """Whether a collection can be paid now, and what a payment attempt is made of."""

    _inherit = "dealer.collection"

    def _last_attempt(self):
        self.ensure_one()
        return self.sudo().transaction_ids.sorted("id", reverse=True)[:1]

    def _is_overdue(self):
        return bool(self.date_expiry and self.date_expiry <= fields.Datetime.now())

    def _is_payable(self):
        """:return: whether an attempt may start, as far as the document itself tells"""
        self.ensure_one()
        return self.state == "open" and not self._is_overdue() and self.amount > 0

    def _start_attempt(self):
        """Check that a payment attempt may be made now, and hold others back.

        :return: create values of the transaction
        :raise UserError: with a text for the payer
        """
        self.ensure_one()
        lock_document(self)
        # A change of the debtor's row: two attempts of one dealer, even through
        # different collections of the same invoice, cannot both be committed without
        # one having seen the other (serialization failure, Odoo replays the request).
        self.dealer_id.last_payment_attempt = fields.Datetime.now()
        for account in self.line_ids.receivable_id.account_id:
            lock_document(account)  # the same for what stands below the ledger
        self._check_payable()
        self._check_open_amounts()
        self.method = "card"  # whoever starts another one says so
        return {
            "dealer_collection_id": self.id,
            "invoice_ids": [Command.set(self.line_ids.move_id.ids)],
        }

    def _check_payable(self):
        if self.state == "paid":
            raise UserError(self.env._("This collection has been paid already."))
        if self.state == "processing":
            raise UserError(
                self.env._(
                    "A payment for this collection is under way at the bank. Wait for"
                    " its result before you try again."
                )
            )
        if self.state == "cancelled":
            raise UserError(self.env._("This collection was cancelled."))
        if self.state == "expired" or self._is_overdue():
            raise UserError(
                self.env._("This collection has expired. Choose the invoices again.")
            )
        if self.amount <= 0:
            raise UserError(self.env._("There is nothing to pay."))

    def _check_open_amounts(self):
        """The debts may have been paid by other means since they were chosen."""
        items = {one.key: one for one in self.line_ids.move_id._dealer_open_items()}
        wholes = self.line_ids.move_id._dealer_open_amounts()
        receivables = self.line_ids.receivable_id._payable_amounts()
        for line in self.line_ids:
            if line.receivable_id:
                open_amount = receivables[line.receivable_id.id]
            elif line.term_id:
                one = items.get((line.move_id.id, line.term_id.id))
                # Of a paid term, or of the last one, which is the whole invoice now.
                one = one or items.get((line.move_id.id, False))
                is_there = one and one.term == line.term_id
                open_amount = self._to_amount(line, one.payable) if is_there else 0.0
            else:
                open_amount = wholes[line.move_id.id]
            self._check_open_amount(line, open_amount)
            self._check_discount(line, items.get((line.move_id.id, False)))
            self._check_rate(line)

    @staticmethod
    def _to_amount(line, minor):
        return float(to_major(minor, line.debt_currency_id.decimal_places))

    def _check_open_amount(self, line, open_amount):
        debt = line.move_id or line.receivable_id
        if not open_amount:
            raise UserError(
                self.env._(
                    "%s has been paid meanwhile, or a payment for it is under way.",
                    debt.name,
                )
            )
        if line.debt_currency_id.compare_amounts(line.debt_amount, open_amount) > 0:
            raise UserError(
                self.env._(
                    "Of %(invoice)s only %(open)s can still be paid. Choose the"
                    " invoices again.",
                    invoice=debt.name,
                    open=line.debt_currency_id.format(open_amount),
                )
            )

    def _check_discount(self, line, one):
        """What is paid with a discount must still have it."""
        if not line.discount:
            return
        given = self._to_amount(line, one.discount) if one else 0.0
        if self.currency_id.compare_amounts(line.discount, given):
            raise UserError(
                self.env._(
                    "The early payment discount on %s has ended. Choose the invoices"
                    " again.",
                    line.move_id.name,
                )
            )

    def _check_rate(self, line):
        """What was shown at one rate is not charged on a day that has another."""
        if not line.rate:
            return
        now = self.dealer_id._day_rate(line.debt_currency_id)
        if not now or float(now.rate) != line.rate:
            raise UserError(
                self.env._(
                    "The exchange rate has changed since you chose the invoices. Choose"
                    " them again."
                )
            )
