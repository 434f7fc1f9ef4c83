from odoo import fields, models
from odoo.fields import Command


class PosGatewaySettlement(models.Model):
    """What the bank takes, as an entry of its own, item by item."""

    _inherit = "pos.gateway.settlement"

    cost_move_id = fields.Many2one(
        related="cost_line_id.move_id", string="Commission Entry"
    )

    def _book_cost(self, on=None):
        """Book commission, fee and BSMV, and take them off the POS slips.

        By the company's policy at once, or when the bank pays (then with ``on``). It is
        not part of the payment's entry: the payment stays what the card was charged.

        :param date on: the day on which the bank paid
        """
        to_book = self.filtered(
            lambda one: one.move_line_id and not one.cost_line_id and one._cost()
        )
        for payment, own in to_book.grouped("payment_id").items():
            at_capture = own.company_id.gateway_cost_policy == "capture"
            accounts = (
                payment.payment_transaction_id.provider_id._gateway_cost_accounts()
            )
            if accounts and (at_capture or on):
                own._book_cost_entry(payment, accounts, on)

    def _cost(self):
        return self.currency_id.round(self.gross - self.net)

    def _book_cost_entry(self, payment, accounts, on):
        slips = self[0].move_line_id.account_id
        company = self.company_id
        day = on or self[0].captured_on
        lines = []
        for one in self:
            label = self.env._(
                "Bank's cost of %(reference)s, value date %(due)s",
                reference=one.reference,
                due=one.due,
            )
            lines.append(one._cost_item(slips, -one._cost(), day, label, one.due))
        for name, amount in (
            ("cost", sum(one.commission + one.fee for one in self)),
            ("bsmv", sum(self.mapped("bsmv"))),
        ):
            amount = self.currency_id.round(amount)
            if amount:
                label = (
                    self.env._("Bank's commission of %s", self[0].reference)
                    if name == "cost"
                    else self.env._("BSMV of %s", self[0].reference)
                )
                lines.append(
                    self[0]._cost_item(accounts[name], amount, day, label, day)
                )
        move = (
            self.env["account.move"]
            .sudo()
            .with_company(company)
            .create(
                {
                    "move_type": "entry",
                    "journal_id": accounts["journal"].id,
                    "date": day,
                    "ref": self[0].reference,
                    "line_ids": [Command.create(values) for values in lines],
                }
            )
        )
        move.action_post()
        items = move.line_ids.filtered(lambda line: line.account_id == slips)
        for one, item in zip(self, items.sorted("id"), strict=True):
            one.cost_line_id = item
            (one.move_line_id + item).reconcile()

    def _cost_item(self, account, amount, day, label, due):
        balance = self.currency_id._convert(
            amount, self.company_id.currency_id, self.company_id, day
        )
        return {
            "name": label,
            "account_id": account.id,
            "partner_id": self.move_line_id.partner_id.id,
            "currency_id": self.currency_id.id,
            "amount_currency": amount,
            "balance": balance,
            "date_maturity": due,
        }

    def _offset(self):
        """Let a refund take of the part that the bank pays less of."""
        self.ensure_one()
        items = self.changes_id.move_line_id + self.move_line_id
        if self.changes_id and not any(items.mapped("reconciled")):
            items.reconcile()

    def _undo(self):
        """Take back what was booked of these, and forget them."""
        entries = self.cost_line_id.move_id
        entries.filtered(lambda entry: entry.state == "posted").button_draft()
        entries.button_cancel()
        self.unlink()
