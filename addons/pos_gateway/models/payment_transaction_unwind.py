from decimal import Decimal

from odoo import fields, models

from ..const import PROVIDER_CODE
from ..pricing import rounding


class PaymentTransaction(models.Model):
    """What a capture or refund takes of a surcharge, and how a refund unwinds the books.

    After a refund the ledger stands as if so much less had been paid: what the payment
    had closed is open again by the refunded amount, the surcharge is credited pro rata.
    """

    _inherit = "payment.transaction"

    gateway_surcharge_credit_id = fields.Many2one(
        "account.move", "Surcharge Credit Note", readonly=True, index="btree_not_null"
    )

    def _create_child_transaction(
        self, amount, is_refund=False, **custom_create_values
    ):
        if self.provider_code == PROVIDER_CODE:
            shares = self._gateway_shares(amount, is_refund)
            custom_create_values = {**shares, **custom_create_values}
        return super()._create_child_transaction(
            amount, is_refund=is_refund, **custom_create_values
        )

    def _gateway_shares(self, amount, is_refund):
        """Split what is captured or refunded into debt and surcharge.

        The shares of all refunds together are the share of their sum: no kuruş is lost
        or made, and a whole refund gives back the whole surcharge.

        :param float amount: of the child, positive
        """
        source = self._gateway_charged_transaction()
        whole = rounding.to_kurus(source.amount)
        surcharge = rounding.to_kurus(source.gateway_surcharge_amount)
        before = 0
        if is_refund:
            before = rounding.to_kurus(
                source._gateway_refunded("draft", "pending", "done")
            )
        after = before + rounding.to_kurus(amount)

        def share(part):
            return rounding.round_kurus(Decimal(surcharge * part) / whole)

        of_surcharge = share(after) - share(before)
        of_debt = after - before - of_surcharge
        sign = -1 if is_refund else 1
        return {
            "gateway_surcharge_amount": sign * float(rounding.to_major(of_surcharge)),
            "gateway_base_amount": sign * float(rounding.to_major(of_debt)),
            "gateway_installment_count": source.gateway_installment_count,
        }

    def _create_payment(self, **extra_create_values):
        payment = super()._create_payment(**extra_create_values)
        if self.provider_code == PROVIDER_CODE and self.operation == "refund":
            self._gateway_unwind(payment)
        return payment

    def _gateway_unwind(self, refund):
        """Take back from the closed items what was given back to the payer.

        :param account.payment refund: posted
        """
        charge = self.source_transaction_id.payment_id
        refunds = (
            refund | self.source_transaction_id._gateway_refunds("done").payment_id
        )
        lines = charge.move_id.line_ids.filtered(
            lambda line: line.account_id == charge.destination_account_id
        )
        closed = lines.matched_debit_ids.debit_move_id.sorted(
            lambda line: (line.date_maturity or line.date, line.id)
        )
        lines.remove_move_reconcile()
        self._gateway_credit_surcharge()
        (lines + charge._gateway_open_lines(refunds.move_id)).reconcile()
        charge._gateway_allocate(self.source_transaction_id)
        for line in closed - refunds.move_id.line_ids:
            own = charge._gateway_open_lines(charge.move_id)
            if own and not line.reconciled:
                (own + line).reconcile()

    def _gateway_credit_surcharge(self):
        """Credit the share of the surcharge against the invoice for it."""
        invoice = self.source_transaction_id.gateway_surcharge_invoice_id
        if not invoice or not self.gateway_surcharge_amount:
            return
        values = self.source_transaction_id._gateway_surcharge_values()
        line = values["invoice_line_ids"][0][2]
        line["price_unit"] = -self.gateway_surcharge_amount
        line["name"] = self.env._(
            "Surcharge given back, card payment %s",
            self.source_transaction_id.reference,
        )
        credit = self.env["account.move"].create(
            {
                **values,
                "move_type": "out_refund",
                "invoice_date": self._gateway_bank_date(),
                "reversed_entry_id": invoice.id,
            }
        )
        credit.action_post()
        self.gateway_surcharge_credit_id = credit
        (credit.line_ids + invoice.line_ids).filtered(
            lambda item: item.account_type == "asset_receivable" and not item.reconciled
        ).reconcile()
