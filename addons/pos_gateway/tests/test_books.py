from datetime import datetime
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tools import float_compare

from .common import GatewayCommon, WorkerMixin

ODD_AMOUNTS = (
    *(0.01, 0.02, 0.03, 0.05, 0.06, 0.07, 0.11, 0.13, 0.29, 1.01, 9.99, 19.99),
    *(33.33, 66.67, 85.5, 100.05, 999.99, 1234.57, 8333.33, 123456.79),
)


@tagged("post_install", "-at_install")
class TestSetUpBooks(GatewayCommon, TransactionCase):
    def line(self, provider):
        return provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == provider
        )

    def test_switching_a_pos_on_makes_its_slips_account(self):
        account = self.provider.gateway_slips_account_id
        self.assertTrue(account.code.startswith("108"), account.code)
        self.assertTrue(account.reconcile)
        self.assertEqual(account.account_type, "asset_current")
        self.assertEqual(account.company_ids, self.company)
        self.assertIn(self.provider.name, account.name)
        self.assertEqual(self.line(self.provider).payment_account_id, account)

    def test_switching_it_on_again_changes_nothing(self):
        def state():
            return (
                self.provider.gateway_slips_account_id,
                self.provider.gateway_surcharge_tax_id,
                self.line(self.provider),
                self.env["account.account"].search_count([]),
                self.env["account.tax"].search_count([]),
            )

        before = state()
        self.provider.state = "disabled"
        self.provider.state = "test"
        self.provider._gateway_set_up_books()
        self.assertEqual(state(), before)

    def test_each_pos_has_an_account_of_its_own(self):
        second = self.make_provider("Halkbank POS")
        accounts = (self.provider + second).gateway_slips_account_id
        self.assertEqual(len(accounts), 2)
        self.assertEqual(len(set(accounts.mapped("code"))), 2)
        self.assertEqual(
            self.line(second).payment_account_id, second.gateway_slips_account_id
        )
        self.assertEqual(
            self.line(self.provider).payment_account_id,
            self.provider.gateway_slips_account_id,
        )

    def test_each_company_keeps_its_own_account(self):
        other = self.setup_other_company()["company"]
        foreign = self.make_provider("Other company's POS", company=other)
        self.assertEqual(foreign.gateway_slips_account_id.company_ids, other)
        self.assertEqual(foreign.journal_id.company_id, other)

    def test_a_copy_of_a_pos_gets_an_account_of_its_own(self):
        copy = self.provider.copy()
        self.assertFalse(copy.gateway_slips_account_id)
        self.assertEqual(copy.state, "disabled")

    def test_a_chosen_account_goes_to_the_payment_method_line(self):
        account = self.provider.gateway_slips_account_id.copy()
        self.provider.gateway_slips_account_id = account
        self.assertEqual(self.line(self.provider).payment_account_id, account)

    def test_another_journal_keeps_the_slips_account(self):
        journal = self.env["account.journal"].create(
            {"name": "Second bank", "type": "bank", "code": "BNK9"}
        )
        self.provider.journal_id = journal
        self.assertEqual(
            self.line(self.provider).payment_account_id,
            self.provider.gateway_slips_account_id,
        )

    def test_the_surcharge_tax_is_the_usual_one_included_in_the_price(self):
        usual, twin = self.company.account_sale_tax_id, self.provider
        twin = twin.gateway_surcharge_tax_id
        self.assertEqual(twin.amount, usual.amount)
        self.assertEqual(twin.tax_group_id, usual.tax_group_id)
        self.assertTrue(twin.price_include)
        second = self.make_provider("Halkbank POS")
        self.assertEqual(second.gateway_surcharge_tax_id, twin)


@tagged("post_install", "-at_install")
class TestPosting(WorkerMixin, GatewayCommon, TransactionCase):
    def done(self, invoices=None, base=100.0, surcharge=0.0, **values):
        transaction = self.make_transaction(invoices, base, surcharge, **values)
        transaction._gateway_apply(self.outcome(transaction))
        self.assertEqual(transaction.state, "done")
        return transaction

    def slips(self, payment):
        return payment.move_id.line_ids.filtered(
            lambda line: line.account_id == self.provider.gateway_slips_account_id
        )

    def payments(self, transaction):
        return self.env["account.payment"].search(
            [("payment_transaction_id", "=", transaction.id)]
        )

    # === WHAT IS POSTED === #

    def test_the_slips_hold_what_was_charged_and_the_invoice_is_paid(self):
        invoice = self.make_invoice(1000.0)
        transaction = self.done(invoice, 1000.0, 28.5)
        self.post(transaction)
        payment = self.payments(transaction)
        self.assertEqual(len(payment), 1)
        self.assertEqual(self.slips(payment).debit, 1028.5)
        self.assertEqual(invoice.amount_residual, 0.0)
        self.assertEqual(invoice.payment_state, "paid")
        surcharge = transaction.gateway_surcharge_invoice_id
        self.assertEqual(surcharge.amount_total, 28.5)
        self.assertEqual(surcharge.payment_state, "paid")
        self.assertEqual(surcharge.state, "posted")
        self.assertTrue(surcharge.amount_tax)
        receivable = payment.move_id.line_ids - self.slips(payment)
        self.assertTrue(receivable.reconciled)
        self.assertTrue(transaction.is_post_processed)

    def test_the_surcharge_invoice_is_exact_to_the_kurus(self):
        for amount in ODD_AMOUNTS:
            with self.subTest(amount):
                transaction = self.done(base=1000.0, surcharge=amount)
                transaction.with_company(self.company)._gateway_invoice_surcharge()
                invoice = transaction.gateway_surcharge_invoice_id
                self.assertEqual(
                    float_compare(invoice.amount_total, amount, precision_digits=4), 0
                )

    def test_a_surcharge_tax_that_is_added_on_top_is_refused(self):
        transaction = self.done(base=1000.0, surcharge=28.5)
        self.env.cr.execute(
            "UPDATE account_tax SET price_include_override = 'tax_excluded'"
            " WHERE id = %s",
            (self.provider.gateway_surcharge_tax_id.id,),
        )
        self.env.invalidate_all()
        self.post(transaction)
        self.assertIn("28.5", transaction.gateway_posting_error)
        self.assertFalse(transaction.gateway_surcharge_invoice_id)
        self.assertFalse(self.payments(transaction))

    def test_without_a_surcharge_there_is_no_surcharge_invoice(self):
        transaction = self.done(self.make_invoice(100.0))
        self.post(transaction)
        self.assertFalse(transaction.gateway_surcharge_invoice_id)

    def test_a_part_payment_closes_the_oldest_debt_first(self):
        younger = self.make_invoice(300.0, due="2026-03-01")
        older = self.make_invoice(200.0, due="2026-02-01")
        transaction = self.done(younger + older, 250.0, 7.13)
        self.post(transaction)
        self.assertEqual(older.amount_residual, 0.0)
        self.assertEqual(younger.amount_residual, 250.0)
        self.assertEqual(transaction.gateway_surcharge_invoice_id.amount_residual, 0.0)

    def test_what_is_paid_above_the_debt_stays_with_the_payer(self):
        invoice = self.make_invoice(60.0)
        transaction = self.done(invoice, 100.0)
        self.post(transaction)
        payment = self.payments(transaction)
        open_lines = (payment.move_id.line_ids - self.slips(payment)).filtered(
            lambda line: not line.reconciled
        )
        self.assertEqual(open_lines.amount_residual, -40.0)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_the_payment_is_dated_by_the_banks_day(self):
        for utc, day in (
            (datetime(2026, 3, 1, 20, 59, 59), "2026-03-01"),
            (datetime(2026, 3, 1, 21, 0, 0), "2026-03-02"),
            (datetime(2026, 12, 31, 21, 30, 0), "2027-01-01"),
        ):
            with self.subTest(utc):
                transaction = self.done(base=1000.0, surcharge=28.5)
                transaction.last_state_change = utc
                self.post(transaction)
                self.assertEqual(str(self.payments(transaction).date), day)
                self.assertEqual(
                    str(transaction.gateway_surcharge_invoice_id.invoice_date), day
                )

    # === ONCE, AND BY THE WORKER ALONE === #

    def test_posting_twice_makes_one_payment(self):
        transaction = self.done(self.make_invoice(1000.0), 1000.0, 28.5)
        self.post(transaction)
        self.post(transaction)
        self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertEqual(len(self.payments(transaction)), 1)

    def test_the_status_page_and_cores_cron_post_nothing(self):
        transaction = self.done(self.make_invoice(100.0))
        transaction._post_process()
        self.assertFalse(self.payments(transaction))
        self.assertFalse(transaction.is_post_processed)
        self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertEqual(len(self.payments(transaction)), 1)

    def test_an_unconfirmed_payment_is_not_posted(self):
        transaction = self.make_transaction(self.make_invoice(100.0))
        for state in ("draft", "pending", "error", "cancel"):
            transaction.state = state
            transaction.is_post_processed = False
            self.post(transaction)
            self.assertFalse(self.payments(transaction), state)

    def test_a_late_approval_is_posted_although_the_cancel_was_processed(self):
        transaction = self.make_transaction(self.make_invoice(100.0))
        transaction._set_canceled()
        self.post(transaction)
        self.assertTrue(transaction.is_post_processed)
        transaction._gateway_apply(self.outcome(transaction))
        self.post(transaction)
        self.assertEqual(len(self.payments(transaction)), 1)

    # === WHAT CANNOT BE POSTED === #

    def test_a_closed_period_keeps_the_charge_and_is_posted_when_mended(self):
        invoice = self.make_invoice(1000.0, due="2026-02-01")
        transaction = self.done(invoice, 1000.0, 28.5)
        module = type(self.env["account.payment"])

        def closed(self):
            raise ValueError("The period is closed.")

        before = len(invoice.activity_ids)
        with patch.object(module, "action_post", closed):
            for attempt in (1, 2, 3, 4):
                self.post(transaction)
                self.assertEqual(transaction.state, "done")
                self.assertFalse(transaction.is_post_processed)
                self.assertIn("closed", transaction.gateway_posting_error)
                self.assertEqual(transaction.gateway_posting_attempts, attempt)
                self.assertTrue(transaction.gateway_next_posting_at)
                self.assertEqual(
                    len(invoice.activity_ids) - before, 1 if attempt >= 3 else 0
                )
            # Nothing of a failed posting is left behind.
            self.assertFalse(transaction.gateway_surcharge_invoice_id)
            self.assertFalse(self.payments(transaction))
        self.post(transaction)
        self.assertEqual(len(self.payments(transaction)), 1)
        self.assertFalse(transaction.gateway_posting_error)
        self.assertEqual(invoice.amount_residual, 0.0)

    def test_one_that_cannot_be_posted_does_not_stop_the_others(self):
        broken = self.done(base=1000.0, surcharge=28.5)
        fine = self.done(base=50.0)
        self.provider.gateway_surcharge_product_id = False
        with patch.object(
            type(broken), "_gateway_surcharge_values", side_effect=ValueError("no")
        ):
            self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertFalse(self.payments(broken))
        self.assertEqual(len(self.payments(fine)), 1)

    def test_a_failed_posting_waits_before_it_is_tried_again(self):
        transaction = self.done(base=50.0)
        with patch.object(
            type(self.env["account.payment"]), "action_post", side_effect=ValueError
        ):
            self.worker("payment.transaction", "_gateway_post_process_all")
            self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertEqual(transaction.gateway_posting_attempts, 1)

    def test_a_locked_day_is_not_lost(self):
        transaction = self.done(self.make_invoice(100.0))
        transaction.last_state_change = datetime(2026, 1, 10, 12, 0)
        self.company.hard_lock_date = "2026-01-31"
        self.post(transaction)
        self.assertEqual(transaction.state, "done")
        # Core moves the entry to the first open day, or refuses it: never silence.
        self.assertTrue(
            self.payments(transaction).filtered(lambda p: p.move_id.state == "posted")
            or transaction.gateway_posting_error
        )
