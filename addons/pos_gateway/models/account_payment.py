from odoo import models


class AccountPayment(models.Model):
    _inherit = "account.payment"

    def action_post(self):
        result = super().action_post()
        for payment in self:
            transaction = payment.payment_transaction_id
            if transaction and transaction._gateway_keeps_books():
                payment._gateway_allocate(transaction)
        return result

    def _gateway_allocate(self, transaction):
        """Close the transaction's invoices one by one, in the order that was agreed.

        Core then reconciles whatever is left over, by due date.
        """
        for move in transaction._gateway_allocation_moves():
            if move.state == "draft":
                move.action_post()
            own = self._gateway_open_lines(self.move_id)
            if not own:
                return
            lines = transaction._gateway_allocation_lines(move)
            items = own + (self._gateway_open_lines(move) & lines)
            self._gateway_reconcile(items, transaction._gateway_allocation_rate(move))

    @staticmethod
    def _gateway_reconcile(items, rate):
        """:param rate: units of the foreign currency for one of the company's, or None
        for core's own
        """
        if rate:
            # Core's own way to hold a rate that somebody agreed to.
            items = items.with_context(forced_rate_from_register_payment=rate)
        items.reconcile()

    def _gateway_lines(self, move):
        """:return: of a posted document the items that this payment can close"""
        return move.line_ids.filtered(
            lambda line: (
                line.account_id == self.destination_account_id
                and line.parent_state == "posted"
            )
        )

    def _gateway_open_lines(self, move):
        return self._gateway_lines(move).filtered(lambda line: not line.reconciled)

    def _gateway_matches(self):
        """:return: what this payment closes, the latest match first, the surcharge last

        Not what a currency's change makes core match beside it: that follows by itself.
        """
        surcharge = self.payment_transaction_id.gateway_surcharge_invoice_id
        matches = self._gateway_lines(self.move_id).matched_debit_ids
        followed = matches.exchange_move_id.line_ids
        return matches.filtered(
            lambda match: (
                match.credit_amount_currency and match.debit_move_id not in followed
            )
        ).sorted(
            lambda match: (match.debit_move_id.move_id != surcharge, match.id),
            reverse=True,
        )

    def _gateway_give_back(self, refund):
        """Let the refund take of this payment what it gives back.

        What closes nothing goes first, then as many matches as it takes, the latest
        first. All others stay as they are, also those that somebody made by hand.

        :param account.payment refund: posted, on the same account as this
        """
        given_back = self._gateway_open_lines(refund.move_id)
        amount = sum(given_back.mapped("amount_residual_currency"))
        refunds = self.payment_transaction_id._gateway_refunds(
            "done"
        ).payment_id.move_id
        opened = self.env["account.move.line"]
        for match in self._gateway_matches():
            item = match.debit_move_id
            if self.currency_id.compare_amounts(self._gateway_left(), amount) >= 0:
                break
            if item.move_id not in refunds:
                match.unlink()
                opened = item
        (self._gateway_open_lines(self.move_id) + given_back).reconcile()
        # Of the last match more may have been opened than was given back.
        left = self._gateway_open_lines(self.move_id)
        if opened and left:
            transaction = self.payment_transaction_id
            rate = transaction._gateway_allocation_rate(opened.move_id)
            self._gateway_reconcile(left + opened, rate)

    def _gateway_left(self):
        """:return: how much of this payment closes nothing; a positive amount"""
        lines = self._gateway_lines(self.move_id)
        return -sum(lines.mapped("amount_residual_currency"))
