from odoo import models
from odoo.fields import Domain

from .payment_provider import DECLARED_MODES

# Paid straight to the company: the debtor has an account in its ledger.
OWED_TO_COMPANY = ("invoices", "customer")


class DealerCollection(models.Model):
    """Who is credited, and how one payment closes the debts of every tier it passes.

    A customer pays its dealer on the company's POS. The company has the money, so it
    credits the dealer that is its own customer: in the ledger, by an ordinary payment.
    Each tier in between owes so much less to the one above it: on the accounts between
    dealers. Each link of the chain is paid once.
    """

    _inherit = "dealer.collection"

    def _credited_dealer(self):
        """:return: the dealer that is credited in the company's books, in sudo mode"""
        self.ensure_one()
        return self.dealer_id._chain()[-1]

    def _credited_partner(self):
        """:return: whose account in the company's ledger the payment credits"""
        self.ensure_one()
        if self.kind in OWED_TO_COMPANY:
            return self.sudo().partner_id
        return self._credited_dealer().partner_id

    def _links(self):
        """:return: list of (debtor partner, creditor dealer), the payer's own first"""
        self.ensure_one()
        if self.kind in OWED_TO_COMPANY:
            return []
        links, debtor = [], self.sudo().partner_id
        for dealer in self.dealer_id._chain():
            if debtor != dealer.partner_id:
                links.append((debtor, dealer))
            debtor = dealer.partner_id
        # Cash stays with whoever took it: nobody above has got anything.
        return links[:1] if self.method in DECLARED_MODES else links

    def _settle_tiers(self, transaction, amount):
        """A card payment was posted: note it on each link of the chain.

        :param float amount: of the debt, without the surcharge
        """
        accounts = self.env["dealer.account"].sudo()
        chosen = self.sudo().line_ids.receivable_id
        for debtor, creditor in self._links():
            account = accounts._between(debtor, creditor, self.currency_id)
            account._pay(self, transaction, amount, chosen)

    def _unwind_tiers(self, charge, amount):
        """A part of it was given back: each link is owed so much more again.

        The links are those that the payment went up, wherever the dealers stand now.
        """
        payments = self.env["dealer.account.payment"].sudo()
        noted = payments.search([("transaction_id", "=", charge.id)], order="id")
        for payment in noted:
            accounts = self.env["dealer.account"].sudo()
            account = accounts._between(
                payment.debtor_id, payment.creditor_id, payment.currency_id
            )
            account._refund(payment, amount)

    def _credited_open_invoices(self):
        """:return: what the credited partner owes the company, the oldest first"""
        self.ensure_one()
        if self.kind in OWED_TO_COMPANY:
            return self.env["account.move"]
        domain = self._credited_dealer()._open_items_domain()
        return (
            self.env["account.move"]
            .sudo()
            .search(
                domain & Domain("currency_id", "=", self.currency_id.id),
                order="invoice_date_due, id",
            )
        )
