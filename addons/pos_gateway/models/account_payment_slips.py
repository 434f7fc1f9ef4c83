from odoo import models
from odoo.fields import Command

from ..const import PROVIDER_CODE
from ..pricing import rounding
from ..pricing.splits import proportional


class AccountPayment(models.Model):
    """One item on the POS slips account for each value date of a card payment."""

    _inherit = "account.payment"

    def action_post(self):
        expected = {}
        for payment in self:
            transaction = payment.payment_transaction_id
            is_ours = transaction.provider_code == PROVIDER_CODE
            if is_ours and not payment._gateway_settlements():
                expected[payment] = payment._gateway_split_slips(transaction)
        result = super().action_post()
        for payment, values in expected.items():
            payment._gateway_make_settlements(values)
        return result

    def action_draft(self):
        """What was expected of the bank goes with the posting, and comes with it."""
        result = super().action_draft()
        for payment in self:
            payment._gateway_settlements()._undo()
            payment._gateway_join_slips()
        return result

    def _gateway_settlements(self):
        settlements = self.env["pos.gateway.settlement"].sudo()
        return settlements.search([("payment_id", "in", self.ids)])

    def _synchronize_to_moves(self, changed_fields):
        """Core expects one item on the liquidity account; they are split again when the
        payment is posted.
        """
        triggers = self._get_trigger_fields_to_synchronize()
        if any(name in changed_fields for name in triggers):
            self._gateway_join_slips()
        return super()._synchronize_to_moves(changed_fields)

    def _gateway_join_slips(self):
        for payment in self:
            transaction = payment.payment_transaction_id
            slips = payment._gateway_slips()
            if transaction.provider_code != PROVIDER_CODE or len(slips) < 2:
                continue
            if payment.move_id.state == "posted":
                continue
            whole = {
                "amount_currency": sum(slips.mapped("amount_currency")),
                "balance": sum(slips.mapped("balance")),
            }
            payment._gateway_write_slips(
                [
                    Command.update(slips[0].id, whole),
                    *(Command.delete(slip.id) for slip in slips[1:]),
                ]
            )

    def _gateway_slips(self):
        """:return: items on the POS slips account, in the order of the value dates"""
        if not self.move_id:
            return self.env["account.move.line"]
        liquidity, _counterpart, _written_off = self._seek_for_lines()
        return liquidity.sorted("id")

    def _gateway_split_slips(self, transaction):
        """:return: values of the settlements that the items now stand for"""
        values = transaction._gateway_settlement_values()
        slips = self._gateway_slips()
        total = round(sum(one["gross"] for one in values), 2)
        paid = self.amount if self.payment_type == "inbound" else -self.amount
        if len(slips) != 1 or self.currency_id.compare_amounts(total, paid):
            return []  # somebody has changed the payment: its item stands as it is
        grosses = [abs(rounding.to_kurus(one["gross"])) for one in values]
        # Balances in the company's currency sum to that of the whole item.
        balance = rounding.to_kurus(abs(slips.balance))
        balances = proportional(balance, grosses) if balance else [0] * len(grosses)
        sign = 1 if self.payment_type == "inbound" else -1
        items = [
            {
                "date_maturity": one["due"],
                "amount_currency": one["gross"],
                "balance": sign * float(rounding.to_major(part)),
            }
            for one, part in zip(values, balances, strict=True)
        ]
        first = slips[0]
        common = {
            "name": first.name,
            "account_id": first.account_id.id,
            "partner_id": first.partner_id.id,
            "currency_id": first.currency_id.id,
        }
        self._gateway_write_slips(
            [
                Command.update(first.id, items[0]),
                *(Command.create({**common, **item}) for item in items[1:]),
            ]
        )
        return values

    def _gateway_write_slips(self, commands):
        self.move_id.with_context(skip_invoice_sync=True).write({"line_ids": commands})

    def _gateway_make_settlements(self, values):
        """Make the settlements, each with its item, and let refunds take of the parts
        that the bank has not paid.
        """
        slips = self._gateway_slips()
        if not values or len(values) != len(slips):
            return
        settlements = self.env["pos.gateway.settlement"].sudo()
        made = settlements.create(
            [
                {**one, "payment_id": self.id, "move_line_id": slip.id}
                for one, slip in zip(values, slips, strict=True)
            ]
        )
        made._book_cost()
        for one in made:
            one._offset()
