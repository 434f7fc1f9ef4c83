import random
from datetime import timedelta
from decimal import Decimal

from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from ..models.dealer_day_rate import DayRate
from .test_open_items import PayCase


class RateCase(PayCase):
    """A dealer with debts in euro, and a company that keeps the rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.today = cls.env["payment.provider"]._gateway_today()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        (cls.euro + cls.lira).rate_ids.filtered(
            lambda rate: rate.company_id in (cls.company, cls.company.browse())
        ).unlink()
        cls.set_rate("40", days_ago=30)
        cls.set_rate("48.1234")

    @classmethod
    def set_rate(cls, lira, days_ago=0):
        day = cls.today - timedelta(days=days_ago)
        rates = cls.env["res.currency.rate"]
        own = [("currency_id", "=", cls.euro.id), ("name", "=", day)]
        rates.search([*own, ("company_id", "=", cls.company.id)]).unlink()
        return rates.create(
            {
                "currency_id": cls.euro.id,
                "company_id": cls.company.id,
                "name": day,
                "inverse_company_rate": float(lira),
            }
        )

    @classmethod
    def make_euro(cls, amount, days_ago=20, **values):
        return cls.make_move(
            amount, days_ago=days_ago, currency_id=cls.euro.id, **values
        )

    def collect(self, moves, amount=None):
        collections = self.env["dealer.collection"].sudo()
        moves = self.env["account.move"].concat(*moves)
        return collections._open_for(self.dealer, moves, amount, at_rate=True)

    def exchanged(self, move):
        """:return: the exchange differences that core booked for an invoice"""
        items = move.line_ids.filtered(lambda line: line.matched_credit_ids)
        entries = items.matched_credit_ids.exchange_move_id
        return sum(
            entries.line_ids.filtered(
                lambda line: line.account_id.account_type == "asset_receivable"
            ).mapped("balance")
        )


@tagged("post_install", "-at_install")
class TestDayRate(RateCase, TransactionCase):
    def test_a_debt_in_euro_is_charged_in_lira_at_the_days_rate(self):
        move = self.make_euro(100.01)
        collection = self.collect([move])
        line = collection.line_ids
        self.assertEqual(collection.currency_id, self.lira)
        # 100.01 x 48.1234 = 4,812.821234
        self.assertEqual(collection.amount, 4812.82)
        self.assertEqual(
            (line.debt_amount, line.debt_currency_id, line.rate, line.rate_date),
            (100.01, self.euro, 48.1234, self.today),
        )

    def test_the_invoice_is_closed_and_the_difference_is_booked_by_core(self):
        move = self.make_euro(100.01)
        transaction = self.pay(self.collect([move]))
        self.assertEqual(move.payment_state, "paid")
        self.assertFalse(self.dealer._credit(self.lira))
        self.assertEqual(transaction.payment_id.amount, 4812.82)
        # The invoice stood at 40: 4,000.40.
        self.assertEqual(self.lira.round(self.exchanged(move)), 812.42)
        self.assertFalse(self.dealer.open_balance)

    def test_a_part_closes_as_much_as_was_told(self):
        old, new = self.make_euro(100.01, 25), self.make_euro(33.33, 20)
        collection = self.collect([old, new], Decimal("120.51"))
        self.pay(collection)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 12.83))
        self.assertFalse(self.dealer._credit(self.lira))
        (first, second) = collection._receipt_values()["lines"]
        self.assertEqual((first["is_full"], second["is_full"]), (True, False))
        # 20.50 x 48.1234 = 986.5297
        self.assertEqual((first["amount"], second["amount"]), (4812.82, 986.53))
        self.assertIn("48.1234", second["rate"])

    def test_the_rate_that_was_told_holds_when_the_bank_takes_the_money_later(self):
        move = self.make_euro(500)
        collection = self.collect([move])
        transaction = self.make_attempt(collection)
        self.set_rate("55")  # while the payer is at the bank
        self.approve(transaction)
        self.assertEqual(move.payment_state, "paid")
        self.assertFalse(self.dealer._credit(self.lira))

    def test_another_rate_must_be_shown_before_it_is_charged(self):
        collection = self.collect([self.make_euro(500)])
        self.set_rate("48.1235")
        with self.assertRaisesRegex(UserError, "exchange rate has changed"):
            self.make_attempt(collection)
        self.assertFalse(collection.transaction_ids)

    def test_a_choice_at_another_rate_is_another_collection(self):
        move = self.make_euro(500)
        first = self.collect([move])
        self.assertEqual(self.collect([move]), first)
        self.set_rate("50")
        second = self.collect([move])
        self.assertNotEqual(second, first)
        self.assertEqual(second.amount, 25000)

    def test_what_is_at_the_bank_in_lira_blocks_the_debt_in_euro(self):
        move = self.make_euro(500)
        self.make_attempt(self.collect([move], Decimal("200")))
        (one,) = move._dealer_open_items()
        self.assertEqual(one.payable, 30000)

    def test_no_rate_or_an_old_one_is_never_taken_for_todays(self):
        move = self.make_euro(500)
        rates = self.env["res.currency.rate"].search(
            [("currency_id", "=", self.euro.id), ("company_id", "=", self.company.id)]
        )
        self.set_rate("48.1234", days_ago=11)
        rates.filtered(lambda rate: rate.name == self.today).unlink()
        with self.assertRaisesRegex(UserError, "no exchange rate of today for EUR"):
            self.collect([move])
        self.set_rate("48.1234", days_ago=10)
        self.assertEqual(self.collect([move]).line_ids.rate, 48.1234)
        self.env["res.currency.rate"].search(
            [("currency_id", "=", self.euro.id)]
        ).unlink()
        self.assertIsNone(self.dealer._day_rate(self.euro))

    def refund(self, transaction, amount):
        refund = transaction._create_child_transaction(amount, is_refund=True)
        refund._set_done()
        refund.with_context(gateway_worker=True)._post_process()

    def test_a_refund_opens_so_much_of_the_euro_debt_again(self):
        move = self.make_euro(100)
        transaction = self.pay(self.collect([move]))
        self.refund(transaction, 1203.09)
        # 1,203.09 / 48.1234 = 25.0001...
        self.assertEqual(move.amount_residual, 25.0)
        self.assertFalse(self.dealer._credit(self.lira))
        self.refund(transaction, transaction.amount - 1203.09)
        self.assertEqual(move.amount_residual, 100.0)
        self.assertEqual(self.dealer.open_balance, 4000.0)

    def test_a_refund_of_less_than_the_exchange_difference_opens_the_debt_too(self):
        old, new = self.make_euro(100, 25), self.make_euro(30)
        transaction = self.pay(self.collect([old, new]))
        self.refund(transaction, 96.25)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 2.0))
        self.refund(transaction, 10.00)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 2.21))
        self.assertFalse(self.dealer._credit(self.lira))

    def test_the_discount_of_an_invoice_is_not_given_at_a_rate(self):
        move = self.make_euro(100, days_ago=2, term=self.early)
        (one,) = move._dealer_open_items()
        self.assertEqual((one.payable, one.discount), (9800, 200))
        collection = self.collect([move])
        self.assertEqual(collection.line_ids.debt_amount, 100)
        self.pay(collection)
        self.assertEqual(move.payment_state, "paid")

    def test_any_debts_at_any_rate_are_closed_without_a_rest(self):
        chance = random.Random(20261125)
        for _turn in range(12):
            rate = Decimal(chance.randrange(100, 990000)).scaleb(-4)
            self.set_rate(rate)
            moves = [
                self.make_euro(chance.randrange(1, 2000000) / 100, chance.randrange(25))
                for _one in range(chance.randrange(1, 4))
            ]
            whole = sum(Decimal(str(one.amount_total)) for one in moves)
            amount = whole - Decimal(chance.choice((0, 1, 7))).scaleb(-2)
            if amount <= 0:
                amount = whole
            collection = self.collect(moves, amount)
            if not collection.amount:
                continue
            self.pay(collection)
            left = sum(Decimal(str(one.amount_residual)) for one in moves)
            self.assertEqual(left, whole - amount)
            self.assertFalse(self.dealer._credit(self.lira))
            rest = self.env["account.move"].concat(*moves)
            rest = rest.filtered("amount_residual")
            if rest:
                self.pay(self.collect(rest))
            self.assertFalse(self.dealer._open_moves(self.euro))

    def test_the_statement_foots_in_both_currencies(self):
        self.make_euro(10)
        move = self.make_euro(100)
        self.pay(self.collect([move]))
        day = self.today
        lira, euro = self.dealer._statements(day - timedelta(days=40), day)
        self.assertEqual((lira.closing, sum(lira.aging)), (0, 0))
        self.assertEqual((euro.closing, sum(euro.aging)), (1000, 1000))
        self.assertIn("Paid in another currency", [row.label for row in euro.rows])

    def test_halves_are_rounded_up(self):
        rate = DayRate(self.euro, Decimal("0.5"), self.today, 2)
        self.assertEqual([rate.to_own(minor) for minor in (1, 2, 3)], [1, 1, 2])


@tagged("post_install", "-at_install")
class TestDayRatePage(RateCase, HttpCase):
    def page(self):
        self.authenticate("t_konya", "t_konya_password")
        return self.url_open("/my/dealer/open-items")

    def test_a_pos_that_takes_no_euro_leaves_the_lira_and_states_the_rate(self):
        move = self.make_euro(100)
        self.provider.available_currency_ids = self.lira
        page = self.page()
        self.assertIn("1 EUR = 48.1234 TRY", page.text)
        self.assertIn("Continue in", page.text)
        answer = self.url_open(
            "/my/dealer/collections/new",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "currency": "EUR",
                "invoice_id": move.id,
                "pay_at_rate": "1",
            },
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("48.1234", answer.text)
        self.assertIn("4,812.34", answer.text)

    def test_without_a_rate_of_today_nothing_is_offered_in_lira(self):
        self.make_euro(100)
        self.provider.available_currency_ids = self.lira
        self.euro.rate_ids.unlink()
        page = self.page()
        self.assertIn("There is no exchange rate of today", page.text)
        self.assertNotIn("pay_at_rate", page.text)
