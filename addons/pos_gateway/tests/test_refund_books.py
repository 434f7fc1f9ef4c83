from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .test_operations import OperationsCommon, answer


class RefundBooksCommon(OperationsCommon):
    def charge(self, invoices, base, surcharge=0.0, **values):
        """Charged and posted, on a day that the bank has closed."""
        charge = self.make_transaction(invoices, base, surcharge, **values)
        self.deliver(charge)
        self.assertEqual(charge.state, "done")
        self.assertFalse(charge.gateway_posting_error)
        self.age_the_charge(charge)
        return charge

    def refunded(self, amount, charge):
        child = self.refund(amount, charge)
        self.call_banks(answer())
        self.assertEqual(child.state, "done")
        self.assertFalse(child.gateway_posting_error)
        return child

    def own_line(self, payment):
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_id == payment.destination_account_id
        )

    def match(self, payment, *invoices):
        """What an accountant does: take the payment apart, and close others with it."""
        line = self.own_line(payment)
        line.remove_move_reconcile()
        for invoice in invoices:
            (line + self.terms(invoice)).reconcile()

    def terms(self, move):
        return move.line_ids.filtered(lambda line: line.display_type == "payment_term")

    def open_items(self):
        """:return: what anybody owes still, or is owed, per document"""
        lines = self.env["account.move.line"].search(
            [
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("move_id", "!=", self.invoice.id),
            ]
        )
        return {line.move_id: line.amount_residual for line in lines}


@tagged("post_install", "-at_install")
class TestRefundBeforeThePosting(RefundBooksCommon):
    """The charge could not be posted, and was given back meanwhile."""

    def closed_period(self):
        return patch.object(
            type(self.env["account.payment"]),
            "action_post",
            side_effect=ValueError("The period is closed."),
        )

    def not_posted(self, invoice, base, surcharge=0.0):
        charge = self.make_transaction(invoice, base, surcharge)
        with self.closed_period():
            self.deliver(charge)
        self.assertEqual(charge.state, "done")
        self.assertTrue(charge.gateway_posting_error)
        self.age_the_charge(charge)
        return charge

    def test_the_charge_is_booked_first_and_then_its_refund(self):
        invoice = self.make_invoice(100.0)
        charge = self.not_posted(invoice, 100.0)
        child = self.refund(40.0, charge)
        charge.gateway_next_posting_at = False
        self.call_banks(answer())
        self.assertEqual(charge.payment_id.payment_type, "inbound")
        self.assertEqual(charge.payment_id.amount, 100.0)
        self.assertEqual(child.payment_id.payment_type, "outbound")
        self.assertTrue(charge.is_post_processed and child.is_post_processed)
        self.assertFalse(charge.gateway_posting_error)
        self.assertEqual(invoice.amount_residual, 40.0)

    def test_it_is_said_on_the_invoice_that_the_payment_was_posted(self):
        invoice = self.make_invoice(100.0)
        charge = self.not_posted(invoice, 100.0)
        self.refund(40.0, charge)
        charge.gateway_next_posting_at = False
        self.call_banks(answer())
        bodies = invoice.message_ids.mapped("body")
        self.assertTrue([b for b in bodies if charge.payment_id.name in b])

    def test_a_refund_waits_for_its_charge_without_a_failure_of_its_own(self):
        invoice = self.make_invoice(100.0)
        charge = self.not_posted(invoice, 100.0)
        child = self.refund(40.0, charge)
        with self.closed_period():
            self.call_banks(answer())
        self.assertEqual(child.state, "done")
        self.assertFalse(child.is_post_processed)
        self.assertFalse(child.payment_id)
        self.assertEqual(child.gateway_posting_attempts, 0)
        self.post(charge)
        self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertTrue(child.payment_id)
        self.assertEqual(invoice.amount_residual, 40.0)

    def test_the_surcharge_is_invoiced_and_credited(self):
        invoice = self.make_invoice(100.0)
        charge = self.not_posted(invoice, 100.0, 3.0)
        child = self.refund(103.0, charge)
        charge.gateway_next_posting_at = False
        self.call_banks(answer())
        self.assertEqual(charge.gateway_surcharge_invoice_id.amount_total, 3.0)
        self.assertEqual(child.gateway_surcharge_credit_id.amount_total, 3.0)
        self.assertEqual(self.open_items(), {invoice: 100.0})

    def test_the_same_for_what_was_captured_of_a_reservation(self):
        self.provider.capture_manually = True
        invoice = self.make_invoice(100.0)
        charge = self.make_transaction(invoice, base=100.0)
        self.deliver(charge)
        capture = charge._capture()
        with self.closed_period():
            self.call_banks(answer())
        self.assertEqual(capture.state, "done")
        self.assertFalse(capture.payment_id)
        self.age_the_charge(charge)
        child = self.refund(40.0, capture)
        with self.closed_period():
            self.call_banks(answer())
        self.assertEqual(child.state, "done")
        self.assertFalse(child.payment_id)
        self.assertFalse(child.gateway_posting_error)
        self.post(capture)
        self.post(child)
        self.assertFalse(charge.payment_id)
        self.assertEqual(capture.payment_id.amount, 100.0)
        self.assertEqual(invoice.amount_residual, 40.0)


@tagged("post_install", "-at_install")
class TestMatching(RefundBooksCommon):
    """A refund opens what the payment closes now, not what it closed once."""

    def test_what_was_matched_by_hand_stays_so(self):
        first, other = self.make_invoice(100.0), self.make_invoice(100.0)
        charge = self.charge(first, 100.0)
        self.match(charge.payment_id, other)
        self.refunded(30.0, charge)
        self.assertEqual((first.amount_residual, other.amount_residual), (100.0, 30.0))
        self.refunded(70.0, charge)
        self.assertEqual((first.amount_residual, other.amount_residual), (100.0, 100.0))

    def test_an_item_is_not_closed_by_more_than_before(self):
        """The first was paid in half by others, whose payment has been taken away."""
        first, second = self.make_invoice(100.0), self.make_invoice(100.0)
        others = self.charge(first, 50.0)
        charge = self.charge(first + second, 100.0)
        self.assertEqual((first.amount_residual, second.amount_residual), (0.0, 50.0))
        self.match(others.payment_id)
        self.assertEqual(first.amount_residual, 50.0)
        self.refunded(30.0, charge)
        self.assertEqual((first.amount_residual, second.amount_residual), (50.0, 80.0))

    def test_what_nothing_was_closed_with_is_given_back_first(self):
        invoice = self.make_invoice(60.0)
        charge = self.charge(invoice, 100.0)
        self.refunded(30.0, charge)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.refunded(30.0, charge)
        self.assertEqual(invoice.amount_residual, 20.0)

    def test_what_was_left_open_by_hand_stays_open(self):
        invoice = self.make_invoice(100.0)
        charge = self.charge(invoice, 100.0)
        self.match(charge.payment_id)
        self.refunded(30.0, charge)
        self.assertEqual(invoice.amount_residual, 100.0)
        self.assertEqual(
            self.open_items(), {invoice: 100.0, charge.payment_id.move_id: -70.0}
        )

    def test_instalments_are_opened_again_from_the_last(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "Two halves",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 50, "nb_days": days}
                    )
                    for days in (30, 60)
                ],
            }
        )
        invoice = self.make_invoice(100.0, due=False, invoice_payment_term_id=term.id)
        charge = self.charge(invoice, 100.0)
        self.refunded(30.0, charge)
        terms = self.terms(invoice).sorted("date_maturity")
        self.assertEqual(terms.mapped("amount_residual"), [0.0, 30.0])

    def test_in_parts_with_a_surcharge_the_oldest_stays_closed_longest(self):
        younger = self.make_invoice(300.0, due="2026-03-01")
        older = self.make_invoice(200.0, due="2026-02-01")
        charge = self.charge(younger + older, 500.0, 14.25)
        for amount, left in ((128.56, [0.0, 125.0]), (257.13, [75.0, 300.0])):
            self.refunded(amount, charge)
            self.assertEqual(
                [round(move.amount_residual, 2) for move in older + younger], left
            )
            self.assertEqual(charge.gateway_surcharge_invoice_id.amount_residual, 0.0)
        self.refunded(128.56, charge)
        self.assertEqual(self.open_items(), {older: 200.0, younger: 300.0})

    def test_a_surcharge_matched_by_hand_with_another_payment(self):
        invoice = self.make_invoice(1000.0)
        charge = self.charge(invoice, 1000.0, 28.5)
        surcharge = charge.gateway_surcharge_invoice_id
        self.match(charge.payment_id, invoice)
        child = self.refunded(1028.5, charge)
        self.assertEqual(child.gateway_surcharge_credit_id.amount_total, 28.5)
        self.assertEqual(surcharge.amount_residual, 0.0)
        self.assertEqual(self.open_items(), {invoice: 1000.0})

    def test_without_its_payment_a_refund_is_booked_by_itself(self):
        for taken_away in ("action_cancel", "unlink"):
            with self.subTest(taken_away):
                charge = self.charge(self.make_invoice(100.0), 100.0)
                charge.payment_id.action_draft()
                getattr(charge.payment_id, taken_away)()
                child = self.refunded(40.0, charge)
                self.assertEqual(child.payment_id.amount, 40.0)
                self.assertEqual(self.own_line(child.payment_id).amount_residual, 40.0)

    def test_in_another_currency_only_as_much_is_opened(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        today = fields.Date.today()
        dollar.rate_ids.unlink()

        def rate(day, liras):
            self.env["res.currency.rate"].create(
                {"currency_id": dollar.id, "name": day, "rate": 1 / liras}
            )

        rate("2020-01-01", 28)
        rate(fields.Date.subtract(today, days=1), 30)
        first, second = (
            self.make_invoice(100.0, due=due, currency_id=dollar.id)
            for due in ("2026-01-15", "2026-02-15")
        )
        charge = self.charge(first + second, 200.0, currency_id=dollar.id)
        self.assertEqual(self.open_items(), {})
        rate(today, 33)
        for amount, left in ((70.0, (0, 70)), (70.0, (40, 100)), (60.0, (100, 100))):
            self.refunded(amount, charge)
            self.assertEqual((first.amount_residual, second.amount_residual), left)
        self.assertEqual(set(self.open_items()), {first, second})


@tagged("post_install", "-at_install")
class TestAccounts(RefundBooksCommon):
    """What belongs together is on the same accounts, whatever was set up since."""

    def setUp(self):
        super().setUp()
        self.usual = self.company_data["default_account_receivable"]
        self.other = self.usual.copy()
        self.special = self.env["res.partner"].create(
            {"name": "Ayrı Hesap", "property_account_receivable_id": self.other.id}
        )

    def test_the_credit_note_is_like_the_surcharge_invoice(self):
        charge = self.charge(self.make_invoice(1000.0), 1000.0, 28.5)
        surcharge = charge.gateway_surcharge_invoice_id
        tax = self.provider.gateway_surcharge_tax_id
        self.provider.write(
            {
                "gateway_surcharge_tax_id": tax.copy(
                    {"name": "Half", "amount": tax.amount / 2}
                ).id,
                "gateway_surcharge_account_id": self.company_data[
                    "default_account_revenue"
                ]
                .copy()
                .id,
                "gateway_surcharge_product_id": self.env["product.product"]
                .create({"name": "Other surcharge", "type": "service"})
                .id,
            }
        )
        credit = self.refunded(1028.5, charge).gateway_surcharge_credit_id
        self.assertEqual(credit.amount_tax, surcharge.amount_tax)
        for name in ("product_id", "account_id", "tax_ids"):
            self.assertEqual(
                credit.invoice_line_ids[name], surcharge.invoice_line_ids[name], name
            )
        self.assertEqual(credit.partner_id, surcharge.partner_id)

    def test_a_credit_note_that_comes_to_another_amount_is_refused(self):
        charge = self.charge(self.make_invoice(1000.0), 1000.0, 28.5)
        self.env.cr.execute(
            "UPDATE account_tax SET price_include_override = 'tax_excluded'"
            " WHERE id = %s",
            (self.provider.gateway_surcharge_tax_id.id,),
        )
        self.env.invalidate_all()
        child = self.refund(1028.5, charge)
        self.call_banks(answer())
        self.assertEqual(child.state, "done")
        self.assertIn("28.5", child.gateway_posting_error)
        self.assertFalse(child.payment_id)

    def test_the_refund_is_on_the_account_of_its_charge(self):
        invoice = self.make_invoice(100.0, partner=self.special)
        charge = self.charge(invoice, 100.0, partner_id=self.special.id)
        self.special.property_account_receivable_id = self.usual
        child = self.refunded(40.0, charge)
        self.assertEqual(child.payment_id.destination_account_id, self.other)
        self.assertEqual(self.open_items(), {invoice: 40.0})

    def test_the_surcharge_is_on_the_account_of_the_debt(self):
        invoice = self.make_invoice(1000.0, partner=self.special)
        self.special.property_account_receivable_id = self.usual
        charge = self.charge(invoice, 1000.0, 28.5, partner_id=self.special.id)
        surcharge = charge.gateway_surcharge_invoice_id
        self.assertEqual(self.terms(surcharge).account_id, self.other)
        self.assertEqual(charge.payment_id.destination_account_id, self.other)
        self.assertEqual(self.open_items(), {})
        child = self.refunded(514.25, charge)
        self.assertEqual(
            self.terms(child.gateway_surcharge_credit_id).account_id, self.other
        )
        self.assertEqual(self.open_items(), {invoice: 500.0})

    def test_a_capture_is_on_the_account_of_the_debt(self):
        self.provider.capture_manually = True
        for surcharge in (0.0, 28.5):
            with self.subTest(surcharge):
                self.special.property_account_receivable_id = self.other
                invoice = self.make_invoice(1000.0, partner=self.special)
                self.special.property_account_receivable_id = self.usual
                charge = self.make_transaction(
                    invoice, 1000.0, surcharge, partner_id=self.special.id
                )
                self.deliver(charge)
                capture = charge._capture()
                self.call_banks(answer())
                self.assertEqual(capture.payment_id.destination_account_id, self.other)
                self.assertEqual(self.open_items(), {})
