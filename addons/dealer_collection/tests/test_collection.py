import random
from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestCollection(DealerCase):
    def test_without_an_amount_everything_selected_is_paid(self):
        collection = self.open_collection("ege")
        self.assertEqual(collection.amount, 1500.35)
        self.assertEqual(collection.state, "open")
        self.assertEqual(collection.partner_id, self.ege.partner_id)
        self.assertRegex(collection.name, r"TAH/\d{4}/\d{5}")

    def test_a_part_payment_closes_the_oldest_due_date_first(self):
        collection = self.open_collection("ege", Decimal("1200.00"))
        self.assertEqual(collection.line_ids.mapped("amount"), [1000.10, 199.90])
        collection = self.open_collection("ege", Decimal("0.01"))
        self.assertEqual(collection.line_ids.move_id, self.invoices["ege"][0])

    def test_lines_always_sum_to_the_amount(self):
        rng = random.Random(7)
        moves = self.env["account.move"].union(
            *(self.make_invoice(self.ege, rng.randint(1, 99999) / 100) for _ in "12345")
        )
        total = round(sum(moves.mapped("amount_residual")) * 100)
        for _case in range(20):
            amount = Decimal(rng.randint(1, total)).scaleb(-2)
            collection = self.open_collection("ege", amount, moves)
            self.assertEqual(Decimal(str(collection.amount)), amount)

    def test_a_form_that_is_sent_twice_makes_one_collection(self):
        first = self.open_collection("ege", Decimal("100"))
        self.assertEqual(self.open_collection("ege", Decimal("100")), first)
        self.assertNotEqual(self.open_collection("ege", Decimal("101")), first)

    def test_amounts_out_of_range_are_refused(self):
        for amount in ("0", "1500.36", "0.001"):
            with self.assertRaises(UserError):
                self.open_collection("ege", Decimal(amount))
        with self.assertRaisesRegex(UserError, "at least one"):
            self.open_collection("ege", moves=self.env["account.move"])

    def test_one_payment_has_one_currency(self):
        self.env.ref("base.EUR").active = True
        foreign = self.make_invoice(self.ege, 10, currency=self.env.ref("base.EUR"))
        with self.assertRaisesRegex(UserError, "one currency"):
            self.open_collection("ege", moves=self.invoices["ege"] + foreign)

    def test_a_foreign_invoice_never_gets_into_a_collection(self):
        collection = self.open_collection("ege")
        with self.assertRaisesRegex(ValidationError, "not a posted invoice"):
            collection.line_ids = [
                Command.create({"move_id": self.invoices["anadolu"][0].id, "amount": 1})
            ]

    def test_no_line_pays_more_than_is_open(self):
        collection = self.open_collection("ege")
        with self.assertRaisesRegex(ValidationError, "More is to be paid"):
            collection.line_ids[0].amount = 1000.11

    def test_results_cannot_be_written_by_hand(self):
        collection = self.open_collection("ege")
        for values in (
            {"state": "paid"},
            {"amount_charged": 5},
            {"close_reason": "cancelled"},
            {"access_token": "known"},
        ):
            with self.assertRaisesRegex(UserError, "by hand"):
                collection.write(values)

    def test_an_open_collection_can_be_cancelled_and_a_cancelled_one_not_again(self):
        collection = self.open_collection("ege")
        collection.action_cancel()
        self.assertEqual(collection.state, "cancelled")
        with self.assertRaises(UserError):
            collection.action_cancel()
        with self.assertRaises(UserError):
            collection.unlink()

    def test_an_untouched_collection_can_be_deleted(self):
        self.open_collection("ege").unlink()

    def test_collections_expire(self):
        collection = self.open_collection("ege")
        self.env["dealer.collection"]._cron_expire()
        self.assertEqual(collection.state, "open")
        collection.date_expiry = "2020-01-01 00:00:00"
        self.assertFalse(collection._is_payable())
        self.env["dealer.collection"]._cron_expire()
        self.assertEqual(collection.state, "expired")
