from odoo.fields import Command
from odoo.tests import tagged

from ..pricing import rounding
from .common import PREFIX
from .test_refund_books import RefundBooksCommon


@tagged("post_install", "-at_install")
class TestPriceBooks(RefundBooksCommon):
    """From a price to the ledger: what was agreed, charged and posted is one amount."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offer.line_ids = [
            Command.clear(),
            Command.create({"installment_count": 3, "surcharge_percent": 10.0}),
        ]
        cls.agreement = cls.env["pos.gateway.agreement"].create(
            {
                "name": "Contract",
                "provider_id": cls.provider.id,
                "date_from": "2025-01-01",
                "line_ids": [
                    Command.create({"installment_count": 0, "rate": 6.4}),
                ],
            }
        )

    def priced(self, invoice, count=3):
        """A charge as the payment route would make it for this invoice."""
        card = self.provider._gateway_card_facts(PREFIX)
        way = self.provider._gateway_way(
            self.company,
            self.payer,
            self.lira,
            rounding.to_kurus(invoice.amount_residual),
            card,
            count,
            hint=self.provider,
        )
        quote = way.quote
        return way, self.charge(
            invoice,
            float(rounding.to_major(quote.base)),
            float(rounding.to_major(quote.surcharge)),
            gateway_installment_count=count,
            **self.provider._gateway_quote_values(way, card),
        )

    def balance(self):
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.payer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return self.lira.round(sum(lines.mapped("balance")))

    def test_ten_percent_on_a_thousand(self):
        invoice = self.make_invoice(1000.0)
        way, charge = self.priced(invoice)
        self.assertEqual((way.quote.total, charge.amount), (110_000, 1100.0))
        surcharge = charge.gateway_surcharge_invoice_id
        paid = ("paid", "in_payment")
        self.assertIn(invoice.payment_state, paid)
        self.assertIn(surcharge.payment_state, paid)
        self.assertEqual(surcharge.amount_total, 100.0)
        self.assertEqual(surcharge.amount_tax, 16.67)  # 20 % of it, included
        self.assertEqual(self.balance(), 0.0)
        self.assertEqual(charge.payment_id.amount, 1100.0)

    def test_half_of_it_given_back_leaves_everything_consistent(self):
        invoice = self.make_invoice(1000.0)
        _way, charge = self.priced(invoice)
        child = self.refunded(550.0, charge)
        self.assertEqual(invoice.amount_residual, 500.0)
        credit = child.gateway_surcharge_credit_id
        self.assertEqual(credit.amount_total, 50.0)
        self.assertEqual(self.balance(), 500.0)
        self.refunded(550.0, charge)
        self.assertEqual(invoice.amount_residual, 1000.0)
        self.assertEqual(self.balance(), 1000.0)

    def test_what_the_bank_takes_is_kept_with_the_payment(self):
        _way, charge = self.priced(self.make_invoice(1000.0))
        # 6.4 % of 1,100.00 is 70.40; 5 % BSMV on it 3.52.
        self.assertEqual(charge.gateway_cost_amount, 73.92)
        self.assertEqual(charge.gateway_net_amount, 1026.08)
        self.assertEqual(charge.gateway_bearer, "payer")
        text = charge.gateway_explanation
        for amount in ("1,000.00", "100.00", "1,100.00", "70.40", "3.52", "1,026.08"):
            self.assertIn(amount, text)
        self.assertIn("only POS", text)

    def test_in_mode_net_the_company_nets_its_debt(self):
        self.offer.mode = "net"
        invoice = self.make_invoice(1000.0)
        _way, charge = self.priced(invoice)
        self.assertEqual(charge.gateway_net_amount, 1000.0)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.balance(), 0.0)

    def test_a_dealer_that_bears_the_cost_pays_the_debt_alone(self):
        self.offer.bearer = "dealer"
        self.company.gateway_cost_rule = "per_payment"
        _way, charge = self.priced(self.make_invoice(1000.0))
        self.assertEqual(charge.amount, 1000.0)
        self.worker("payment.transaction", "_cron_invoice_costs")
        invoice = charge.gateway_cost_invoice_id
        self.assertEqual(invoice.amount_untaxed, 67.2)  # 64.00 and 3.20
        self.assertEqual(self.balance(), invoice.amount_total)
