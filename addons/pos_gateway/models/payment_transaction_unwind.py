from decimal import Decimal

from odoo import fields, models

from ..pricing import rounding


class PaymentTransaction(models.Model):
    """What a capture or refund takes of a surcharge; how a refund unwinds the books.

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
        if self._gateway_keeps_books():
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
        shares = {} if is_refund else source._gateway_cost_shares(amount)
        return shares | {
            "gateway_surcharge_amount": sign * float(rounding.to_major(of_surcharge)),
            "gateway_base_amount": sign * float(rounding.to_major(of_debt)),
            "gateway_installment_count": source.gateway_installment_count,
        }

    def _gateway_cost_shares(self, amount):
        """:return: what a capture takes of the price facts of its reservation"""
        part, whole = rounding.to_kurus(amount), rounding.to_kurus(self.amount)
        cost = rounding.to_kurus(self.gateway_cost_amount)
        share = rounding.round_kurus(Decimal(cost * part) / whole)
        return {
            "gateway_cost_amount": float(rounding.to_major(share)),
            "gateway_bearer": self.gateway_bearer,
            "gateway_card_program_id": self.gateway_card_program_id.id,
            "gateway_card_kind": self.gateway_card_kind,
            "gateway_card_issuer_id": self.gateway_card_issuer_id.id,
        }

    def _gateway_given_back_payment(self):
        """:return: of a refund the payment it gives back: the charge's or capture's"""
        return self.source_transaction_id._gateway_booked_transaction().payment_id

    def _gateway_payment_values(self):
        """A refund stands against its payment: same partner, same account, and with its
        share of the early payment discount, so that the whole debt is there again.
        """
        values = super()._gateway_payment_values()
        charge = self._gateway_given_back_payment()
        if self.operation == "refund" and charge:
            values.update(
                partner_id=charge.partner_id.id,
                destination_account_id=charge.destination_account_id.id,
                write_off_line_vals=self._gateway_discount_back(charge),
            )
        return values

    def _gateway_discount_back(self, charge):
        """Take the payment's write-off back pro rata, by the share of all refunds' sum.

        :param account.payment charge: given back by this refund
        """
        refunds = charge.payment_transaction_id._gateway_refunds("done") - self
        # Those in the books: whichever is posted last takes what is left.
        before = -sum(refunds.filtered("payment_id").mapped("amount"))
        after = before - self.amount
        _liquidity, _counterpart, written_off = charge._seek_for_lines()

        def share(line, name, currency):
            def until(part):
                return currency.round(line[name] * part / charge.amount)

            return currency.round(until(before) - until(after))

        return [
            {
                "name": line.name,
                "account_id": line.account_id.id,
                "partner_id": line.partner_id.id,
                "currency_id": line.currency_id.id,
                "amount_currency": share(line, "amount_currency", line.currency_id),
                "balance": share(line, "balance", line.company_currency_id),
                "analytic_distribution": line.analytic_distribution,
                "tax_ids": [fields.Command.set(line.tax_ids.ids)],
                "tax_tag_ids": [fields.Command.set(line.tax_tag_ids.ids)],
                "tax_repartition_line_id": line.tax_repartition_line_id.id,
                "group_tax_id": line.group_tax_id.id,
            }
            for line in written_off
        ]

    def _create_payment(self, **extra_create_values):
        payment = super()._create_payment(**extra_create_values)
        if self._gateway_keeps_books() and self.operation == "refund":
            charge = self._gateway_given_back_payment()
            self._gateway_credit_surcharge(charge)
            charge._gateway_give_back(payment)
        return payment

    def _gateway_credit_surcharge(self, charge):
        """Credit the share of the surcharge against the invoice for it.

        :param account.payment charge: what is left of it closes that invoice again
        """
        source = self.source_transaction_id._gateway_booked_transaction()
        invoice = source.gateway_surcharge_invoice_id
        if not invoice or not self.gateway_surcharge_amount:
            return
        credit = self.env["account.move"].create(self._gateway_credit_values(invoice))
        credit._gateway_put_on(invoice._gateway_terms().account_id)
        self._gateway_check_surcharge(credit, -self.gateway_surcharge_amount)
        credit.action_post()
        self.gateway_surcharge_credit_id = credit
        charge._gateway_matches().filtered(
            lambda match: match.debit_move_id in invoice.line_ids
        ).unlink()
        (credit._gateway_terms() + invoice._gateway_terms()).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        (
            charge._gateway_open_lines(charge.move_id)
            + charge._gateway_open_lines(invoice)
        ).reconcile()

    def _gateway_credit_values(self, invoice):
        """The invoice's own product, account and taxes: the set-up may have changed."""
        line = invoice.invoice_line_ids[:1]
        return {
            "move_type": "out_refund",
            "partner_id": invoice.partner_id.id,
            "company_id": invoice.company_id.id,
            "currency_id": invoice.currency_id.id,
            "journal_id": invoice.journal_id.id,
            "fiscal_position_id": invoice.fiscal_position_id.id,
            "invoice_date": self._gateway_bank_date(),
            "invoice_payment_term_id": False,
            "invoice_origin": invoice.invoice_origin,
            "reversed_entry_id": invoice.id,
            "invoice_line_ids": [
                fields.Command.create(
                    {
                        "product_id": line.product_id.id,
                        "account_id": line.account_id.id,
                        "analytic_distribution": line.analytic_distribution,
                        "name": self.env._(
                            "Surcharge given back, card payment %s",
                            invoice.invoice_origin,
                        ),
                        "quantity": 1,
                        "price_unit": -self.gateway_surcharge_amount,
                        "tax_ids": [fields.Command.set(line.tax_ids.ids)],
                    }
                )
            ],
        }
