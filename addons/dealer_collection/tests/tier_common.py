from odoo import fields
from odoo.fields import Command

from .common import DealerCase


class TierCase(DealerCase):
    """The tree of ``DealerCase``, of which only the first dealers are the company's own
    customers, with a customer of bornova below it: ege, izmir, bornova, customer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Kordon Market", cls.bornova)

    @classmethod
    def make_customer(cls, name, dealer):
        return cls.env["res.partner"].create(
            {"name": name, "is_company": True, "dealer_id": dealer.id}
        )

    @classmethod
    def make_receivable(cls, creditor, debtor, amount, due="2026-01-15", **values):
        return cls.env["dealer.receivable"].create(
            {
                "creditor_id": creditor.id,
                "debtor_id": debtor.id,
                "amount": amount,
                "date_due": due,
                **values,
            }
        )

    @classmethod
    def collect(cls, receivables, amounts=None, on_account=0.0):
        """A collection of what one debtor owes one dealer."""
        debts = receivables.sorted(lambda row: (row.date_due, row.id))
        amounts = amounts or debts.mapped("amount_open")
        return cls.env["dealer.collection"].create(
            {
                "kind": "receivable",
                "dealer_id": debts.creditor_id.id,
                "partner_id": debts.debtor_id.id,
                "currency_id": cls.company.currency_id.id,
                "amount_on_account": on_account,
                "line_ids": [
                    Command.create({"receivable_id": debt.id, "amount": amount})
                    for debt, amount in zip(debts, amounts, strict=True)
                ],
            }
        )

    @classmethod
    def pay(cls, collection, surcharge=0.0):
        """The bank has taken the money, and the worker posts it."""
        attempt = cls.make_attempt(collection, surcharge)
        attempt._set_done()
        attempt.with_context(gateway_worker=True)._post_process()
        return attempt

    @classmethod
    def give_back(cls, charge, amount):
        child = charge._create_child_transaction(amount, is_refund=True)
        child._set_done()
        child.with_context(gateway_worker=True)._post_process()
        return child

    def account(self, debtor, creditor):
        return self.env["dealer.account"].search(
            [("debtor_id", "=", debtor.id), ("creditor_id", "=", creditor.id)]
        )

    def owed_to_company(self, dealer):
        """:return: what a dealer owes according to the ledger"""
        lines = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", dealer.partner_id.id),
            ]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    @staticmethod
    def today():
        return fields.Date.today()
