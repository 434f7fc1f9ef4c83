from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestChain(TierCase):
    """One card payment closes the debts of every tier that it passes."""

    def balances(self):
        """What is owed on each link, from the customer up to the company."""
        links = (
            (self.customer, self.bornova),
            (self.bornova.partner_id, self.izmir),
            (self.izmir.partner_id, self.ege),
        )
        below = [self.account(*link).balance for link in links]
        return [*below, self.owed_to_company(self.ege)]

    def assert_balances(self, *expected):
        rounded = [self.company.currency_id.round(amount) for amount in expected]
        self.assertEqual(self.balances(), rounded)

    def test_a_payment_closes_each_link_once(self):
        owed = self.make_receivable(self.bornova, self.customer, 1500.0)
        above = self.make_receivable(self.izmir, self.bornova.partner_id, 1000.0)
        before = self.owed_to_company(self.ege)
        self.pay(self.collect(owed))
        self.assertEqual(owed.state, "paid")
        self.assertEqual(above.state, "paid")
        self.assert_balances(0.0, -500.0, -1500.0, before - 1500)
        credit = self.account(self.bornova.partner_id, self.izmir).amount_credit
        self.assertEqual(credit, 500.0)

    def test_the_ledger_credits_the_dealer_that_is_the_company_s_customer(self):
        owed = self.make_receivable(self.bornova, self.customer, 1200.10)
        charge = self.pay(self.collect(owed))
        self.assertEqual(charge.payment_id.partner_id, self.ege.partner_id)
        first, second = self.invoices["ege"].sorted("invoice_date_due")
        self.assertEqual(first.payment_state, "paid")
        self.assertEqual(second.amount_residual, 300.25)

    def test_a_dealer_with_an_account_of_its_own_ends_the_chain(self):
        self.izmir.is_company_customer = True
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        charge = self.pay(self.collect(owed))
        self.assertEqual(charge.payment_id.partner_id, self.izmir.partner_id)
        self.assertFalse(self.account(self.izmir.partner_id, self.ege))

    def test_a_refund_unwinds_every_link(self):
        owed = self.make_receivable(self.bornova, self.customer, 1500.0)
        before = self.owed_to_company(self.ege)
        charge = self.pay(self.collect(owed))
        self.give_back(charge, 500.0)
        self.assertEqual(owed.amount_open, 500.0)
        self.assert_balances(500.0, -1000.0, -1000.0, before - 1000.0)
        self.give_back(charge, 1000.0)
        self.assert_balances(1500.0, 0.0, 0.0, before)

    def test_a_chargeback_unwinds_every_link(self):
        owed = self.make_receivable(self.bornova, self.customer, 1500.0)
        before = self.owed_to_company(self.ege)
        charge = self.pay(self.collect(owed))
        case = self.env["pos.gateway.chargeback"].create(
            {"transaction_id": charge.id, "amount": 600.0}
        )
        case.action_take()
        case.taken_id.sudo().with_context(gateway_worker=True)._post_process()
        self.assertEqual(owed.amount_open, 600.0)
        self.assert_balances(600.0, -900.0, -900.0, before - 900.0)
        self.assertEqual(charge.dealer_collection_id.amount_refunded, 600.0)
        self.assertEqual(charge.dealer_collection_id.amount_net, 900.0)

    def test_a_surcharge_is_not_a_part_of_any_debt(self):
        owed = self.make_receivable(self.bornova, self.customer, 1000.0)
        before = self.owed_to_company(self.ege)
        charge = self.pay(self.collect(owed), surcharge=100.0)
        self.assert_balances(0.0, -1000.0, -1000.0, before - 1000.0)
        invoice = charge.gateway_surcharge_invoice_id
        self.assertEqual(invoice.partner_id, self.ege.partner_id)
        self.assertEqual(invoice.payment_state, invoice._get_invoice_in_payment_state())
        self.give_back(charge, 550.0)
        self.assert_balances(500.0, -500.0, -500.0, before - 500.0)

    def test_a_refund_goes_down_the_way_that_the_payment_came(self):
        owed = self.make_receivable(self.bornova, self.customer, 300.0)
        charge = self.pay(self.collect(owed))
        self.bornova.parent_id = self.manisa
        self.give_back(charge, 300.0)
        self.assertEqual(self.balances()[:3], [300.0, 0.0, 0.0])
        self.assertFalse(self.account(self.bornova.partner_id, self.manisa))

    def test_credit_closes_the_next_receivable(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        self.pay(self.collect(owed, on_account=50.0))
        later = self.make_receivable(self.bornova, self.customer, 80.0)
        self.assertEqual((later.state, later.amount_open), ("partial", 30.0))

    def test_posting_twice_pays_no_link_twice(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        collection = self.collect(owed)
        charge = self.pay(collection)
        collection._settle_tiers(charge, 100.0)
        self.assertEqual(self.balances()[:3], [0.0, -100.0, -100.0])

    def test_two_payments_of_one_debt_do_not_start_together(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        first, second = self.collect(owed), self.collect(owed)
        self.make_attempt(first)
        with self.assertRaisesRegex(UserError, "under way"):
            self.make_attempt(second)


@tagged("post_install", "-at_install")
class TestReceivable(TierCase):
    def test_only_a_customer_or_the_dealer_right_below_owes_a_dealer(self):
        for creditor, debtor in (
            (self.izmir, self.customer),
            (self.ege, self.bornova.partner_id),
            (self.bornova, self.izmir.partner_id),
            (self.bornova, self.bornova.partner_id),
            (self.anadolu, self.izmir.partner_id),
        ):
            with self.subTest(creditor=creditor.name, debtor=debtor.name):
                with self.assertRaises(UserError):
                    self.make_receivable(creditor, debtor, 10.0)

    def test_an_amount_is_more_than_zero(self):
        for amount in (0.0, -5.0):
            with self.assertRaises(ValidationError):
                self.make_receivable(self.bornova, self.customer, amount)

    def test_what_is_owed_is_lowered_but_not_rewritten(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        for values in ({"amount": 5.0}, {"debtor_id": self.izmir.partner_id.id}):
            with self.assertRaises(UserError):
                owed.write(values)
        owed._lower_to(60.0, "goods came back")
        self.assertEqual((owed.amount, owed.amount_open), (60.0, 60.0))
        self.assertIn("goods came back", owed.message_ids[:1].body)
        with self.assertRaises(UserError):
            owed._lower_to(70.0, "")

    def test_a_cancelled_receivable_leaves_its_money_as_credit(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        self.pay(self.collect(owed, [40.0]))
        owed.action_cancel()
        self.assertEqual(owed.state, "cancelled")
        account = self.account(self.customer, self.bornova)
        self.assertEqual((account.amount_credit, account.balance), (40.0, -40.0))

    def test_a_receivable_is_never_deleted(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        with self.assertRaises(UserError):
            owed.unlink()

    def test_money_for_other_debts_does_not_close_a_disputed_one(self):
        disputed = self.make_receivable(self.bornova, self.customer, 100.0)
        disputed._dispute("  never ordered ")
        clear = self.make_receivable(self.bornova, self.customer, 50.0, "2026-02-01")
        self.pay(self.collect(clear, on_account=70.0))
        self.assertEqual((disputed.amount_open, clear.amount_open), (100.0, 0.0))
        disputed.action_end_dispute()
        self.assertEqual(disputed.amount_open, 30.0)

    def test_a_dispute_needs_a_reason_and_an_open_debt(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        with self.assertRaises(UserError):
            owed._dispute(" ")
        self.pay(self.collect(owed))
        with self.assertRaises(UserError):
            owed._dispute("too late")

    def test_each_dealer_sees_what_is_owed_to_it_and_below_and_what_it_owes(self):
        lowest = self.make_receivable(self.bornova, self.customer, 1.0)
        middle = self.make_receivable(self.izmir, self.bornova.partner_id, 2.0)
        first = self.make_receivable(self.ege, self.izmir.partner_id, 3.0)
        for name, seen in (
            ("ege", lowest + middle + first),
            ("izmir", lowest + middle + first),
            ("bornova", lowest + middle),
            ("manisa", self.env["dealer.receivable"]),
            ("anadolu", self.env["dealer.receivable"]),
        ):
            with self.subTest(name):
                found = self.env["dealer.receivable"].with_user(self.users[name])
                self.assertEqual(found.search([]), seen)
