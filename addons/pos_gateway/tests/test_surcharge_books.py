from odoo.tests import tagged

from ..pricing.agreement import cost
from .quote_common import QuoteCommon
from .test_refund_books import RefundBooksCommon


class PricedCommon(QuoteCommon, RefundBooksCommon):
    """Payments that are priced by the engine, charged by the bank, and posted."""

    def priced(self, invoice, count=3, **values):
        """Charged and posted, on a day that the bank has closed."""
        kurus = round(invoice.amount_residual * 100)
        way = self.way(kurus, count)
        quote = way.quote
        provider = self.provider.browse(way.chosen.key)
        return self.charge(
            invoice,
            quote.base / 100,
            quote.surcharge / 100,
            provider_id=provider.id,
            gateway_installment_count=count,
            **provider._gateway_quote_values(way, self.card()),
            **values,
        )

    def balance(self):
        """What the payer owes by the ledger, beside the invoice of the other tests."""
        return self.env.company.currency_id.round(sum(self.open_items().values()))

    def surcharge_at(self, percent):
        self.offer.line_ids.filtered(
            lambda line: line.installment_count == 3
        ).surcharge_percent = percent


@tagged("post_install", "-at_install")
class TestSurchargeInTheBooks(PricedCommon):
    """10 % on 1,000.00."""

    def setUp(self):
        super().setUp()
        self.surcharge_at(10)
        self.bill = self.make_invoice(1000.0)
        self.paid = self.priced(self.bill)
        self.extra = self.paid.gateway_surcharge_invoice_id

    def taxes(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "tax")

    def test_the_payer_pays_it_and_owes_nothing(self):
        self.assertEqual(self.paid.amount, 1100.0)
        self.assertEqual(self.paid.payment_id.amount, 1100.0)
        self.assertRecordValues(
            self.bill + self.extra,
            [
                {"amount_total": 1000.0, "amount_residual": 0, "payment_state": "paid"},
                {"amount_total": 100.0, "amount_residual": 0, "payment_state": "paid"},
            ],
        )
        self.assertEqual(self.balance(), 0)

    def test_its_tax_is_inside(self):
        usual = self.company.account_sale_tax_id.amount
        self.assertEqual(usual, 20)
        self.assertEqual(self.extra.amount_untaxed, 83.33)
        self.assertEqual(self.extra.amount_tax, 16.67)
        self.assertEqual(sum(self.taxes(self.extra).mapped("credit")), 16.67)
        # The invoice that is paid may have gone to the tax office: it stays as it was.
        self.assertFalse(self.taxes(self.bill))
        self.assertEqual(len(self.bill.invoice_line_ids), 1)

    def test_half_given_back_leaves_half_of_everything(self):
        child = self.refunded(550.0, self.paid)
        credit = child.gateway_surcharge_credit_id
        self.assertEqual(credit.amount_total, 50.0)
        self.assertEqual(credit.amount_tax, 8.33)
        self.assertEqual(credit.state, "posted")
        self.assertEqual(credit.reversed_entry_id, self.extra)
        self.assertEqual(self.open_items(), {self.bill: 500.0})
        self.assertEqual(self.bill.payment_state, "partial")
        self.assertEqual(self.extra.amount_residual, 0)
        self.assertEqual(credit.amount_residual, 0)
        self.assertEqual(child.payment_id.amount, 550.0)
        self.assertEqual(self.slips(), 550.0)

    def test_all_given_back_leaves_the_debt_and_no_surcharge(self):
        first = self.refunded(550.01, self.paid)
        second = self.refunded(549.99, self.paid)
        credits = (first + second).gateway_surcharge_credit_id
        self.assertEqual(sum(credits.mapped("amount_total")), 100.0)
        self.assertEqual(self.open_items(), {self.bill: 1000.0})
        self.assertEqual(self.slips(), 0)

    def test_what_is_open_after_a_refund_can_be_paid_again(self):
        self.refunded(550.0, self.paid)
        again = self.priced(self.bill)
        self.assertEqual(again.amount, 550.0)
        self.assertEqual(self.balance(), 0)
        self.assertEqual(self.bill.payment_state, "paid")
        self.assertEqual(self.slips(), 1100.0)

    def slips(self):
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.provider.gateway_slips_account_id.id),
                ("parent_state", "=", "posted"),
                ("move_id", "!=", self.transaction.payment_id.move_id.id),
            ]
        )
        return self.env.company.currency_id.round(sum(lines.mapped("balance")))


@tagged("post_install", "-at_install")
class TestNetInTheBooks(PricedCommon):
    """The payer pays so much that the bank pays out the debt."""

    def setUp(self):
        super().setUp()
        self.offer.mode = "net"
        self.make_agreement(
            self.provider,
            {"installment_count": 1, "rate": 1.79},
            {"installment_count": 3, "rate": 4.85},
        )

    def test_the_bank_pays_out_the_debt_to_the_kurus(self):
        debts = (0.01, 1.0, 99.99, 1000.0, 1234.57, 98765.43)
        # All invoices first: the worker numbers its own by a cursor of its own.
        bills = {
            (debt, count): self.make_invoice(debt) for debt in debts for count in (1, 3)
        }
        for (debt, count), bill in bills.items():
            with self.subTest(debt=debt, count=count):
                paid = self.priced(bill, count)
                self.assertEqual(paid.gateway_net_amount, debt)
                net = sum(part["net"] for part in paid.gateway_quote["slices"])
                self.assertEqual(net, round(debt * 100))
                extra = paid.gateway_surcharge_invoice_id.amount_total
                self.assertAlmostEqual(extra, paid.amount - debt, places=2)
                self.assertAlmostEqual(extra, paid.gateway_cost_amount, places=2)
                self.assertEqual(bill.payment_state, "paid")
        self.assertEqual(self.balance(), 0)

    def test_one_kurus_less_would_not_have_been_enough(self):
        quote = self.way(100_000, 3).quote
        line = quote.cost_line
        self.assertEqual(cost(quote.total, line).net, 100_000)
        self.assertLess(cost(quote.total - 1, line).net, 100_000)


@tagged("post_install", "-at_install")
class TestOtherBearers(PricedCommon):
    def setUp(self):
        super().setUp()
        self.make_agreement(self.provider, {"rate": 2.0})

    def test_where_the_company_bears_it_nothing_is_invoiced(self):
        self.offer.bearer = "company"
        paid = self.priced(self.make_invoice(1000.0))
        self.assertEqual((paid.amount, paid.gateway_cost_amount), (1000.0, 21.0))
        self.assertFalse(paid.gateway_surcharge_invoice_id)
        self.worker("payment.transaction", "_cron_invoice_costs")
        self.assertFalse(paid.gateway_cost_invoice_id)

    def test_where_the_dealer_bears_it_he_is_invoiced_what_the_bank_takes(self):
        self.offer.bearer = "dealer"
        paid = self.priced(self.make_invoice(1000.0))
        self.assertEqual(paid.amount, 1000.0)
        self.worker("payment.transaction", "_cron_invoice_costs")
        self.assertEqual(paid.gateway_cost_invoice_id.amount_untaxed, 21.0)
        self.assertEqual(self.balance(), paid.gateway_cost_invoice_id.amount_total)

    def test_where_it_is_shared_the_company_bears_what_is_left(self):
        self.offer.bearer = "shared"
        self.surcharge_at(1.5)
        paid = self.priced(self.make_invoice(1000.0))
        self.assertEqual(paid.amount, 1015.0)
        # 2 % of 1,015.00 is 20.30; its tax 1.02 (1.015 is rounded up).
        self.assertEqual(paid.gateway_cost_amount, 21.32)
        self.assertEqual(paid.gateway_quote["company_cost"], 632)
        self.assertEqual(self.balance(), 0)
