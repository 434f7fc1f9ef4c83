import doctest
import random
from decimal import Decimal

from odoo.tests import BaseCase, tagged

from odoo.addons.dealer_collection import money


@tagged("post_install", "-at_install")
class TestMoney(BaseCase):
    def test_the_examples_in_the_docstrings_are_true(self):
        self.assertFalse(doctest.testmod(money).failed)

    def test_parts_sum_to_the_payment_and_at_most_one_invoice_stays_partly_open(self):
        rng = random.Random(20260101)
        for _case in range(500):
            debts = [rng.randint(1, 10**7) for _ in range(rng.randint(1, 12))]
            amount = rng.randint(1, sum(debts))
            parts = money.allocate(amount, debts)
            self.assertEqual(sum(parts), amount)
            partial = [
                index
                for index, (part, debt) in enumerate(zip(parts, debts, strict=True))
                if 0 < part < debt
            ]
            self.assertLessEqual(len(partial), 1)
            if partial:
                self.assertFalse(any(parts[partial[0] + 1 :]))

    def test_what_is_not_open_is_not_allocated(self):
        for amount in (0, -1, 101):
            with self.assertRaises(ValueError):
                money.allocate(amount, [60, 40])

    def test_amounts_are_read_in_turkish_and_in_english_notation(self):
        for text, amount in {
            "1.250,40": "1250.40",
            "1250.40": "1250.40",
            "1250,4": "1250.4",
            " 1250 ": "1250",
            "1.000.000,01": "1000000.01",
            "1,250.40": "1250.40",
        }.items():
            self.assertEqual(money.parse_amount(text), Decimal(amount), text)

    def test_what_is_not_an_amount_is_refused(self):
        for text in (
            "", "abc", "-1", "+1", "1e5", "1.25.00", "1,2,3", "1.250.4", "0x10", "NaN",
            "٣٤", "1 250", "12,345,67", "1250.401", "9" * 21,
        ):  # fmt: skip
            self.assertIsNone(money.parse_amount(text), text)
