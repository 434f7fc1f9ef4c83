from decimal import Decimal

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestAttempt(DealerCase):
    """States of a collection, and the books, for attempts that the tests end."""

    def finish(self, transaction):
        transaction._set_done()
        transaction.with_context(gateway_worker=True)._post_process()

    def pay_otherwise(self, move, amount):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount})._create_payments()

    def test_the_state_follows_the_attempts(self):
        collection = self.open_collection("ege")
        attempt = self.make_attempt(collection)
        self.assertEqual(attempt.reference, collection.name)
        self.assertEqual(collection.state, "processing")
        attempt._set_pending()
        self.assertEqual(collection.state, "processing")
        attempt._set_error("declined")
        self.assertEqual(collection.state, "open")
        second = self.make_attempt(collection)
        self.assertNotEqual(second.reference, attempt.reference)
        second._set_done()
        self.assertEqual(collection.state, "paid")
        self.assertEqual(collection.amount_charged, collection.amount)

    def test_money_that_arrives_late_makes_a_closed_collection_paid(self):
        collection = self.open_collection("ege")
        attempt = self.make_attempt(collection)
        attempt._set_error("lost")
        collection.action_cancel()
        attempt._set_done()
        self.assertEqual(collection.state, "paid")

    def test_there_is_one_attempt_at_a_time(self):
        collection = self.open_collection("ege")
        attempt = self.make_attempt(collection)
        with self.assertRaisesRegex(UserError, "under way"):
            collection._start_attempt()
        with self.assertRaisesRegex(UserError, "at the bank"):
            collection.action_cancel()
        attempt._set_done()
        with self.assertRaisesRegex(UserError, "paid already"):
            collection._start_attempt()

    def test_an_invoice_is_not_paid_twice_through_two_collections(self):
        first = self.open_collection("ege")
        second = self.open_collection("ege", moves=self.invoices["ege"][0])
        attempt = self.make_attempt(first)
        with self.assertRaisesRegex(UserError, "is under way"):
            second._start_attempt()
        attempt._set_done()  # charged, but not yet in the books
        with self.assertRaisesRegex(UserError, "is under way"):
            second._start_attempt()
        with self.assertRaisesRegex(UserError, "under way"):
            self.open_collection("ege", moves=self.invoices["ege"][1])

    def test_an_invoice_paid_meanwhile_is_not_paid_again(self):
        collection = self.open_collection("ege")
        first, second = self.invoices["ege"]
        self.pay_otherwise(second, 100)
        with self.assertRaisesRegex(UserError, "can still be paid"):
            collection._start_attempt()
        self.pay_otherwise(first, 1000.10)
        with self.assertRaisesRegex(UserError, "paid meanwhile"):
            collection._start_attempt()

    def test_expired_and_cancelled_collections_are_not_paid(self):
        collection = self.open_collection("ege")
        collection.date_expiry = "2020-01-01 00:00:00"
        with self.assertRaisesRegex(UserError, "has expired"):
            collection._start_attempt()
        collection.action_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled"):
            collection._start_attempt()

    def test_the_books_close_as_the_collection_says(self):
        collection = self.open_collection("ege", Decimal("1200.00"))
        self.finish(self.make_attempt(collection))
        payment = collection.payment_ids
        self.assertEqual(len(payment), 1)
        self.assertEqual(payment.amount, 1200.00)
        self.assertEqual(payment.partner_id, self.ege.partner_id)
        self.assertEqual(payment.dealer_id, self.ege)
        late, later = self.invoices["ege"]
        self.assertEqual(late.amount_residual, 0)
        self.assertAlmostEqual(later.amount_residual, 300.35)
        self.assertEqual(
            [
                (line["amount"], line["is_full"])
                for line in collection._receipt_values()["lines"]
            ],
            [(1000.10, True), (199.90, False)],
        )

    def test_full_payments_come_before_the_partial_one(self):
        """Even when the partly paid invoice has the older due date."""
        early = self.invoices["ege"][0]
        late = self.invoices["ege"][1]
        collection = self.open_collection("ege")
        lines = {line.move_id: line for line in collection.line_ids}
        lines[early].amount = 400
        attempt = self.make_attempt(collection)
        self.assertEqual(attempt._gateway_allocation_moves(), late + early)
        self.finish(attempt)
        self.assertEqual(late.amount_residual, 0)
        self.assertAlmostEqual(early.amount_residual, 600.10)

    def test_the_surcharge_is_told_apart(self):
        collection = self.open_collection("ege")
        self.finish(self.make_attempt(collection, surcharge=45.05))
        self.assertEqual(collection.amount, 1500.35)
        self.assertEqual(collection.amount_surcharge, 45.05)
        self.assertAlmostEqual(collection.amount_charged, 1545.40)
        self.assertFalse(sum(self.invoices["ege"].mapped("amount_residual")))
        self.assertEqual(collection._receipt_values()["installments"], 3)

    def test_what_was_tried_stays(self):
        collection = self.open_collection("ege")
        self.make_attempt(collection)._set_error("declined")
        with self.assertRaises(UserError):
            collection.unlink()
        with self.assertRaises(UserError):
            collection.line_ids[0].amount = 1
        with self.assertRaises(UserError):
            collection.line_ids.unlink()
