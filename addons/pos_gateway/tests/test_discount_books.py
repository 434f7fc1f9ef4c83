from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_operations import answer
from .test_refund_books import RefundBooksCommon


@tagged("post_install", "-at_install")
class TestEarlyPaymentDiscount(RefundBooksCommon):
    def discounted(self, computation="excluded", tax=False, amount=100.0, day=None):
        term = self.env["account.payment.term"].create(
            {
                "name": "5% within 10 days",
                "early_discount": True,
                "discount_percentage": 5,
                "discount_days": 10,
                "early_pay_discount_computation": computation,
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        return self.make_invoice(
            amount,
            due=False,
            invoice_date=day or fields.Date.today(),
            invoice_payment_term_id=term.id,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": amount,
                        "tax_ids": [Command.set(tax.ids if tax else [])],
                    }
                )
            ],
        )

    def write_off(self, *transactions):
        payments = self.env["account.payment"].union(
            *(transaction.payment_id for transaction in transactions)
        )
        lines = self.env["account.move.line"]
        for payment in payments:
            lines |= payment._seek_for_lines()[2]
        return round(sum(lines.mapped("balance")), 2)

    def test_with_a_surcharge_the_discount_is_given(self):
        invoice = self.discounted()
        charge = self.charge(invoice, 95.0, 2.0)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(self.write_off(charge), 5.0)
        self.assertEqual(self.open_items(), {})

    def test_without_a_surcharge_it_is_given_once(self):
        invoice = self.discounted()
        charge = self.charge(invoice, 95.0)
        self.assertEqual(self.write_off(charge), 5.0)
        self.assertEqual(self.open_items(), {})

    def test_a_captured_reservation_gets_it_too(self):
        self.provider.capture_manually = True
        for surcharge in (0.0, 2.0):
            with self.subTest(surcharge):
                invoice = self.discounted()
                charge = self.make_transaction(invoice, 95.0, surcharge)
                self.deliver(charge)
                capture = charge._capture()
                self.call_banks(answer())
                self.assertEqual(self.write_off(capture), 5.0)
                self.assertEqual(self.open_items(), {})

    def test_who_paid_in_time_gets_it_also_when_it_is_posted_later(self):
        today = fields.Date.today()
        invoice = self.discounted(day=fields.Date.subtract(today, days=12))
        charge = self.make_transaction(invoice, 95.0, 2.0)
        with patch.object(
            type(self.env["account.payment"]), "action_post", side_effect=ValueError
        ):
            self.deliver(charge)
        charge.last_state_change = fields.Datetime.subtract(
            charge.last_state_change, days=4
        )
        self.post(charge)
        self.assertEqual(self.open_items(), {})

    def test_another_amount_gets_no_discount(self):
        invoice = self.discounted()
        charge = self.charge(invoice, 94.0, 1.0)
        self.assertFalse(self.write_off(charge))
        self.assertEqual(invoice.amount_residual, 6.0)

    def test_a_whole_refund_takes_the_discount_back(self):
        for surcharge in (0.0, 2.0):
            with self.subTest(surcharge):
                before = self.open_items()
                invoice = self.discounted()
                charge = self.charge(invoice, 95.0, surcharge)
                child = self.refunded(95.0 + surcharge, charge)
                self.assertEqual(self.write_off(charge, child), 0.0)
                self.assertEqual(self.open_items(), {**before, invoice: 100.0})

    def test_in_parts_it_is_taken_back_pro_rata_to_the_kurus(self):
        invoice = self.discounted()
        charge = self.charge(invoice, 95.0, 2.0)
        children = []
        for amount in (33.33, 33.33, 30.34):
            children.append(self.refunded(amount, charge))
        self.assertEqual(self.write_off(charge, children[0]), 3.28)
        self.assertEqual(self.write_off(charge, *children), 0.0)
        self.assertEqual(self.open_items(), {invoice: 100.0})

    def test_of_a_cancelled_payment_there_is_no_discount_to_take_back(self):
        charge = self.charge(self.discounted(), 95.0, 2.0)
        charge.payment_id.action_draft()
        charge.payment_id.action_cancel()
        child = self.refunded(48.5, charge)
        self.assertFalse(self.write_off(child))

    def test_the_tax_of_the_discount_is_taken_back_with_it(self):
        tax = self.company_data["default_tax_sale"]
        invoice = self.discounted("included", tax)
        total = invoice.amount_total
        base = round(total * 0.95, 2)
        charge = self.charge(invoice, base, 2.0)
        self.assertEqual(invoice.payment_state, "paid")
        lines = charge.payment_id._seek_for_lines()[2]
        self.assertTrue(lines.tax_line_id and lines.tax_ids)
        child = self.refunded(base + 2.0, charge)
        back = child.payment_id._seek_for_lines()[2]
        for name in ("tax_ids", "tax_line_id", "tax_repartition_line_id", "account_id"):
            self.assertEqual(back[name], lines[name], name)
        self.assertEqual(
            sorted(back.mapped("balance")),
            sorted(-balance for balance in lines.mapped("balance")),
        )
        self.assertEqual(self.open_items(), {invoice: total})
