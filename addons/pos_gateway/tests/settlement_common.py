from datetime import datetime

from odoo.fields import Command

from ..pricing.cards import CardFacts, CardKind
from .common import GatewayCommon, WorkerMixin

WEDNESDAY = datetime(2026, 11, 25, 9, 0)


class SettlementCase(WorkerMixin, GatewayCommon):
    """A POS with an agreement: 2 % at once, 6 % and a fee in three parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cost_account = cls.provider.gateway_cost_account_id
        if not cls.cost_account:
            cls.cost_account = cls.company_data["default_account_expense"]
            cls.provider.gateway_cost_account_id = cls.cost_account
        cls.env["pos.gateway.agreement"].create(
            {
                "name": "2026",
                "provider_id": cls.provider.id,
                "date_from": "2026-01-01",
                "value_date_rule": "per_installment",
                "first_days": 1,
                "interval_days": 30,
                "line_ids": [
                    Command.create({"rate": 2}),
                    Command.create({"rate": 6, "installment_count": 3, "fee": 0.25}),
                ],
            }
        )

    def charge(self, invoice=None, base=1000.0, count=3, **values):
        """A payment priced by the agreement, charged and posted on a Wednesday."""
        card = CardFacts(self.program.id, CardKind.CREDIT)
        way = self.provider._gateway_way(
            self.company, self.payer, self.lira, round(base * 100), card, count,
            day=WEDNESDAY.date(),
        )  # fmt: skip
        quote = way.quote
        transaction = self.make_transaction(
            invoice,
            base,
            quote.surcharge / 100,
            **{
                "gateway_installment_count": count,
                **self.provider._gateway_quote_values(way, card),
                **values,
            },
        )
        transaction._gateway_apply(self.outcome(transaction))
        transaction.last_state_change = WEDNESDAY
        self.post(transaction)
        return transaction

    def slips(self, transaction):
        account = self.provider.gateway_slips_account_id
        lines = transaction.payment_id.move_id.line_ids
        return lines.filtered(lambda line: line.account_id == account).sorted("id")

    def refund(self, transaction, amount, on=WEDNESDAY):
        refund = transaction._create_child_transaction(amount, is_refund=True)
        refund._set_done()
        refund.last_state_change = on
        self.post(refund)
        return refund

    def pay(self, *items):
        """A line of a bank statement that pays these items."""
        amount = sum(item.amount_residual for item in items)
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.provider.journal_id.id,
                "date": "2026-11-26",
                "payment_ref": "POS",
                "amount": amount,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.provider.gateway_slips_account_id
        for item in items:
            (item + suspense).reconcile()
        return line

    def balance(self, account):
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return round(sum(lines.mapped("balance")), 2)
