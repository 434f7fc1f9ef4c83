from datetime import timedelta
from decimal import Decimal

from odoo import fields, http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged

from odoo.addons.pos_gateway.protocols.answers import Outcome, Result

from .common import DealerCase


class PayCase(DealerCase):
    """A dealer without invoices, to which a test adds what it is about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lira = cls.company.currency_id
        cls.dealer = cls.make_dealer("konya")
        cls.dealers["konya"], cls.users["konya"] = cls.dealer, None
        cls.users["konya"] = cls.make_user("konya", cls.dealer)
        cls.thirds = cls.env["account.payment.term"].create(
            {
                "name": "Three parts",
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": part,
                                    "nb_days": days})
                    for part, days in ((50, 0), (30, 30), (20, 60))
                ],
            }
        )  # fmt: skip
        cls.early = cls.env["account.payment.term"].create(
            {
                "name": "2 % within ten days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "line_ids": [
                    Command.create({"value": "percent", "value_amount": 100,
                                    "nb_days": 30})
                ],
            }
        )  # fmt: skip

    @classmethod
    def make_move(cls, amount, days_ago=0, term=None, **values):
        today = cls.env["payment.provider"]._gateway_today()
        if not term:
            values.setdefault("invoice_date_due", today - timedelta(days=days_ago))
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": cls.dealer.partner_id.id,
                "invoice_date": today - timedelta(days=days_ago),
                "invoice_payment_term_id": term.id if term else False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "goods", "price_unit": amount, "tax_ids": []}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def items(self):
        return self.dealer._open_moves(self.lira)._dealer_open_items()

    def terms(self, move):
        return move._dealer_terms()

    def make_collection(self, moves=(), amount=None, terms=None):
        collections = self.env["dealer.collection"].sudo()
        moves = self.env["account.move"].concat(*moves)
        if not moves and not terms:
            return collections._open_for_amount(self.dealer, self.lira, amount)
        return collections._open_for(self.dealer, moves, amount, terms)

    def lines(self, collection):
        return [
            (line.move_id, line.term_id, line.amount) for line in collection.line_ids
        ]

    def pay(self, collection):
        return self.approve(self.make_attempt(collection))

    def approve(self, transaction):
        order = transaction._gateway_order()
        transaction._gateway_apply(
            Outcome(
                Result.APPROVED,
                order_id=order.order_id,
                amount_kurus=order.amount_kurus,
                currency=order.currency,
                installment_count=order.installment_count,
                authorisation_code="1",
            )
        )
        transaction.with_context(gateway_worker=True)._post_process()
        self.assertTrue(transaction.payment_id)
        return transaction


@tagged("post_install", "-at_install")
class TestDueTerms(PayCase, TransactionCase):
    def test_each_due_term_is_an_item(self):
        move = self.make_move(1000, term=self.thirds)
        self.assertEqual([one.payable for one in self.items()], [50000, 30000, 20000])
        self.assertEqual([one.move for one in self.items()], [move] * 3)
        self.assertFalse(any(one.is_whole for one in self.items()))

    def test_a_term_that_is_chosen_is_the_one_that_is_paid(self):
        move = self.make_move(1000, term=self.thirds)
        first, second, third = self.terms(move)
        collection = self.make_collection(terms=second)
        self.assertEqual(self.lines(collection), [(move, second, 300)])
        self.pay(collection)
        self.assertEqual(
            [line.amount_residual for line in (first, second, third)], [500, 0, 200]
        )
        self.assertEqual(move.amount_residual, 700)
        (line,) = collection._receipt_values()["lines"]
        self.assertEqual((line["amount"], line["is_full"]), (300, True))
        self.assertEqual(line["date_due"], second.date_maturity)

    def test_two_terms_of_two_invoices_each_get_their_own(self):
        old = self.make_move(1000, 5, term=self.thirds)
        new = self.make_move(100.10, 1, term=self.thirds)
        chosen = self.terms(old)[2] + self.terms(new)[0]
        collection = self.make_collection(terms=chosen, amount=Decimal("240.05"))
        # The half of 100.10 is due first, then 190.00 of the last fifth of 1,000.00.
        self.assertEqual([line[2] for line in self.lines(collection)], [50.05, 190.0])
        self.pay(collection)
        self.assertEqual(self.terms(new).mapped("amount_residual"), [30.03, 20.02])
        self.assertEqual(
            self.terms(old).mapped("amount_residual"), [500.0, 300.0, 10.0]
        )

    def test_a_term_under_way_cannot_be_paid_a_second_time(self):
        move = self.make_move(1000, term=self.thirds)
        second = self.terms(move)[1]
        one, other = (
            self.make_collection(terms=second),
            self.make_collection(terms=second, amount=Decimal("299")),
        )
        self.make_attempt(one)
        self.assertEqual([item.payable for item in self.items()], [50000, 0, 20000])
        with self.assertRaisesRegex(UserError, "under way"):
            self.make_attempt(other)
        self.make_attempt(self.make_collection(terms=self.terms(move)[2]))

    def test_the_last_term_of_an_invoice_is_the_invoice(self):
        move = self.make_move(1000, term=self.thirds)
        last = self.terms(move)[2]
        collection = self.make_collection(terms=last)
        self.pay(self.make_collection(terms=self.terms(move)[:2]))
        self.assertEqual(self.items()[0].key, (move.id, False))
        self.pay(collection)
        self.assertEqual(move.payment_state, "paid")


@tagged("post_install", "-at_install")
class TestAmounts(PayCase, TransactionCase):
    def test_an_amount_closes_the_oldest_debts(self):
        new, old = self.make_move(300, 1), self.make_move(500, 9)
        collection = self.make_collection(amount=Decimal("600.50"))
        none = self.env["account.move.line"]
        self.assertEqual(
            self.lines(collection), [(old, none, 500.0), (new, none, 100.5)]
        )
        self.pay(collection)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 199.5))

    def test_what_is_more_than_the_debt_stands_as_credit(self):
        move = self.make_move(300)
        collection = self.make_collection(amount=Decimal("450.05"))
        self.assertEqual(collection.amount_on_account, 150.05)
        self.assertEqual(collection.amount, 450.05)
        self.pay(collection)
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(self.dealer._credit(self.lira), 150.05)

    def test_without_debt_all_of_it_is_on_account(self):
        collection = self.make_collection(amount=Decimal("75"))
        self.assertEqual((collection.kind, collection.amount), ("on_account", 75))
        self.pay(collection)
        self.assertEqual(self.dealer._credit(self.lira), 75)

    def test_a_company_may_take_no_more_than_the_debt(self):
        self.company.dealer_on_account = False
        with self.assertRaisesRegex(UserError, "nothing open"):
            self.make_collection(amount=Decimal("75"))
        self.make_move(300)
        with self.assertRaisesRegex(UserError, "more than what is open"):
            self.make_collection(amount=Decimal("300.01"))

    def test_the_same_amount_twice_is_one_collection(self):
        self.make_move(300)
        first = self.make_collection(amount=Decimal("350"))
        self.assertEqual(self.make_collection(amount=Decimal("350")), first)
        self.assertNotEqual(self.make_collection(amount=Decimal("351")), first)


@tagged("post_install", "-at_install")
class TestCredit(PayCase, TransactionCase):
    def credit_note(self, amount):
        return self.make_move(amount, move_type="out_refund")

    def test_credit_notes_and_advances_close_the_oldest_invoices(self):
        new, old = self.make_move(300, 1), self.make_move(500, 9)
        self.credit_note(620.25)
        self.assertEqual(self.dealer._credit(self.lira), 620.25)
        self.assertEqual(self.dealer._use_credit(self.lira), 620.25)
        self.assertEqual((old.amount_residual, new.amount_residual), (0, 179.75))
        self.assertEqual(self.dealer._credit(self.lira), 0)
        self.assertIn("620.25", self.dealer.message_ids[0].body)

    def test_what_is_more_than_the_debt_stays(self):
        self.make_move(100)
        self.credit_note(150)
        self.assertEqual(self.dealer._use_credit(self.lira), 100)
        self.assertEqual(self.dealer._credit(self.lira), 50)

    def test_what_is_being_paid_at_the_bank_is_left_alone(self):
        old, new = self.make_move(500, 9), self.make_move(300, 1)
        self.make_attempt(self.make_collection([old]))
        self.credit_note(100)
        self.dealer._use_credit(self.lira)
        self.assertEqual((old.amount_residual, new.amount_residual), (500, 200))

    def test_nothing_to_use_or_nothing_to_use_it_for_is_said(self):
        with self.assertRaisesRegex(UserError, "no credit"):
            self.dealer._use_credit(self.lira)
        self.credit_note(100)
        with self.assertRaisesRegex(UserError, "no open invoice"):
            self.dealer._use_credit(self.lira)


@tagged("post_install", "-at_install")
class TestDiscount(PayCase, TransactionCase):
    def test_who_pays_in_time_pays_less(self):
        move = self.make_move(1000, 3, self.early)
        (item,) = self.items()
        self.assertEqual((item.payable, item.discount), (98000, 2000))
        self.assertEqual(item.discount_until, move.invoice_date + timedelta(days=10))
        collection = self.make_collection([move])
        self.assertEqual((collection.amount, collection.line_ids.discount), (980, 20))
        transaction = self.pay(collection)
        self.assertEqual(move.payment_state, "paid")
        self.assertEqual(transaction.payment_id.amount, 980)
        self.assertEqual(self.dealer._credit(self.lira), 0)

    def test_two_discounts_and_an_invoice_without_in_one_payment(self):
        moves = [
            self.make_move(1000, 3, self.early),
            self.make_move(333.33, 2, self.early),
            self.make_move(50, 1),
        ]
        collection = self.make_collection(moves)
        # 2 % of 333.33 is 6.67.
        self.assertEqual(collection.amount, 980 + 326.66 + 50)
        self.pay(collection)
        self.assertEqual({move.payment_state for move in moves}, {"paid"})
        self.assertEqual(self.dealer._credit(self.lira), 0)

    def test_a_part_has_no_discount(self):
        move = self.make_move(1000, 3, self.early)
        collection = self.make_collection([move], Decimal("500"))
        self.assertFalse(collection.line_ids.discount)
        self.pay(collection)
        self.assertEqual(move.amount_residual, 500)

    def test_after_the_last_day_there_is_none(self):
        move = self.make_move(1000, 11, self.early)
        (item,) = self.items()
        self.assertEqual((item.payable, item.discount), (100000, 0))
        collection = self.make_collection([move])
        self.assertEqual(collection.amount, 1000)

    def test_a_discount_that_ended_meanwhile_is_told_before_the_bank(self):
        move = self.make_move(1000, 3, self.early)
        collection = self.make_collection([move])
        move.line_ids.filtered("discount_date").discount_date = fields.Date.subtract(
            fields.Date.today(), days=1
        )
        with self.assertRaisesRegex(UserError, "discount.*ended"):
            self.make_attempt(collection)

    def test_a_refund_takes_the_discount_back(self):
        move = self.make_move(1000, 3, self.early)
        transaction = self.pay(self.make_collection([move]))
        refund = transaction._create_child_transaction(980, is_refund=True)
        refund._set_done()
        refund.with_context(gateway_worker=True)._post_process()
        self.assertEqual(move.amount_residual, 1000)


@tagged("post_install", "-at_install")
class TestPages(PayCase, HttpCase):
    def post(self, path="collections/new", **values):
        return self.url_open(
            f"/my/dealer/{path}",
            data={"csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )

    def setUp(self):
        super().setUp()
        self.authenticate("t_konya", "t_konya_password")

    def collections(self):
        return self.env["dealer.collection"].search(
            [("dealer_id", "=", self.dealer.id)]
        )

    def test_the_page_offers_each_term_and_the_credit(self):
        move = self.make_move(1000, term=self.thirds)
        self.make_move(40.5, move_type="out_refund")
        page = self.url_open("/my/dealer/open-items").text
        for term in self.terms(move):
            self.assertIn(f'name="term_id" value="{term.id}"', page)
        self.assertIn("40.50", page)
        self.assertEqual(
            self.post("open-items/use-credit", currency="TRY").status_code, 303
        )
        self.assertEqual(move.amount_residual, 959.5)

    def test_a_term_is_chosen_on_the_page(self):
        move = self.make_move(1000, term=self.thirds)
        answer = self.post(term_id=self.terms(move)[1].ids)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.collections().amount, 300)

    def test_another_dealers_term_cannot_be_chosen(self):
        theirs = self.invoices["ege"].line_ids.filtered(
            lambda line: line.display_type == "payment_term"
        )
        answer = self.post(term_id=theirs[0].ids)
        self.assertEqual(answer.status_code, 422)
        self.assertFalse(self.collections())

    def test_an_amount_alone_is_taken(self):
        self.make_move(300)
        self.assertEqual(self.post(amount="120,50", currency="TRY").status_code, 303)
        self.assertEqual(self.collections().amount, 120.5)

    def test_where_the_oldest_come_first_nothing_else_can_be_chosen(self):
        move = self.make_move(300)
        self.company.dealer_oldest_first = True
        page = self.url_open("/my/dealer/open-items").text
        self.assertNotIn("o_dealer_box", page)
        answer = self.post(invoice_id=move.ids)
        self.assertEqual(answer.status_code, 422)
        self.assertIn("closes your oldest debts", answer.text)
        self.assertEqual(self.post(amount="100").status_code, 303)

    def test_without_debt_one_can_pay_on_account(self):
        page = self.url_open("/my/dealer/open-items").text
        self.assertIn("You can pay on account", page)
        self.assertEqual(self.post(amount="100").status_code, 303)
        self.assertEqual(self.collections().kind, "on_account")

    def test_a_viewer_uses_no_credit(self):
        self.make_move(40.5, move_type="out_refund")
        person = self.env["dealer.user"].search(
            [("user_id", "=", self.users["konya"].id)]
        )
        person.sudo().role = "viewer"
        answer = self.post("open-items/use-credit", currency="TRY")
        self.assertIn(answer.status_code, (403, 404))
        self.assertEqual(self.dealer._credit(self.lira), 40.5)
