import io
from datetime import date, timedelta
from decimal import Decimal

import openpyxl

from odoo.tests import HttpCase, TransactionCase, tagged

from .test_open_items import PayCase
from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestStatement(PayCase, TransactionCase):
    def statement(self, first, last):
        return self.dealer._statements(first, last)[0]

    def test_the_balance_runs_from_the_opening_to_the_closing(self):
        today = self.env["payment.provider"]._gateway_today()
        old = self.make_move(1000, 40)
        self.make_move(250.25, 5)
        self.make_move(50, 3, move_type="out_refund")
        self.pay(self.make_collection([old], Decimal("400")))
        one = self.statement(today - timedelta(days=10), today)
        self.assertEqual(one.opening, 100_000)
        self.assertEqual(
            [(row.debit, row.credit, row.balance) for row in one.rows],
            [(25_025, 0, 125_025), (0, 5_000, 120_025), (0, 40_000, 80_025)],
        )
        self.assertEqual(one.closing, 80_025)
        # Of 1,000.00, due forty days ago, 600.00 are open; the credit is not late.
        self.assertEqual(one.aging, (20_025 - 25_025, 25_025, 60_000, 0, 0))
        self.assertEqual(sum(one.aging), one.closing)

    def test_what_was_open_on_a_day_gone_by_is_known(self):
        today = self.env["payment.provider"]._gateway_today()
        move = self.make_move(1000, 40)
        self.pay(self.make_collection([move]))
        one = self.statement(today - timedelta(days=60), today - timedelta(days=1))
        self.assertEqual((one.closing, sum(one.aging)), (100_000, 100_000))
        self.assertEqual(self.statement(today, today).closing, 0)

    def test_other_dealers_and_other_accounts_are_not_in_it(self):
        self.make_move(1000)
        one = self.statement(date(2020, 1, 1), date(2100, 1, 1))
        self.assertEqual(len(one.rows), 1)
        self.assertEqual(
            self.ege._statements(date(2020, 1, 1), date(2100, 1, 1))[0].closing, 150_035
        )

    def test_each_currency_has_a_statement_of_its_own(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.make_move(10, currency_id=dollar.id)
        lira, other = self.dealer._statements(date(2020, 1, 1), date(2100, 1, 1))
        self.assertEqual((lira.currency, lira.closing), (self.lira, 0))
        self.assertEqual((other.currency, other.closing), (dollar, 1_000))

    def test_it_agrees_with_the_books_whatever_happened(self):
        for days, amount in ((50, 123.45), (30, 67.89), (10, 1000), (0, 0.01)):
            self.make_move(amount, days)
        self.pay(self.make_collection(amount=Decimal("777.77")))
        self.make_move(3.33, 2, move_type="out_refund")
        self.dealer._use_credit(self.lira)
        one = self.statement(date(2020, 1, 1), date(2100, 1, 1))
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.dealer.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertEqual(one.money(one.closing), round(sum(lines.mapped("balance")), 2))
        self.assertEqual(
            one.money(sum(one.aging)), round(sum(lines.mapped("amount_residual")), 2)
        )

    def test_staff_print_it(self):
        self.make_move(1000)
        wizard = self.env["dealer.statement.wizard"].create(
            {"dealer_id": self.dealer.id}
        )
        action = wizard.action_print()
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html(
            "dealer_collection.report_statement", self.dealer.ids, data=action["data"]
        )
        self.assertIn("1,000.00", html.decode())


@tagged("post_install", "-at_install")
class TestTierStatement(TierCase, TransactionCase):
    def test_the_account_between_dealers_runs_as_well(self):
        owed = self.make_receivable(self.bornova, self.customer, 1500)
        self.make_receivable(self.izmir, self.bornova.partner_id, 2000)
        charge = self.pay(self.collect(owed, [1200.0], on_account=400.0))
        refund = charge._create_child_transaction(500, is_refund=True)
        refund._set_done()
        refund.with_context(gateway_worker=True)._post_process()
        accounts = self.env["dealer.account"].search([])
        self.assertGreater(len(accounts), 1)
        for one in accounts:
            (statement,) = one._statements(date(2020, 1, 1), date(2100, 1, 1))
            self.assertEqual(statement.money(statement.closing), one.balance)
            self.assertEqual(statement.money(sum(statement.aging)), one.balance)
        first = accounts.filtered(lambda one: one.creditor_id == self.bornova)
        (statement,) = first._statements(date(2020, 1, 1), date(2100, 1, 1))
        self.assertEqual(
            sorted(row.amount for row in statement.rows), [-160_000, 50_000, 150_000]
        )


@tagged("post_install", "-at_install")
class TestStatementPage(PayCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.move = self.make_move(1234.5)
        self.authenticate("t_konya", "t_konya_password")

    def test_the_page_and_its_files_show_the_same(self):
        page = self.url_open("/my/dealer/statement")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.move.name, page.text)
        self.assertIn("1,234.50", page.text)
        answer = self.url_open("/my/dealer/statement.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(rows[6][1], self.move.name)
        self.assertEqual(rows[6][4], 1234.5)
        self.assertEqual(rows[6][0].date(), self.move.date)
        self.assertEqual(rows[7][6], 1234.5)

    def test_a_pdf_is_made(self):
        answer = self.url_open("/my/dealer/statement.pdf")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")

    def test_another_dealers_account_is_not_found(self):
        account = (
            self.env["dealer.account"]
            .sudo()
            .create(
                {
                    "creditor_id": self.ege.id,
                    "debtor_id": self.izmir.partner_id.id,
                    "company_id": self.company.id,
                    "currency_id": self.lira.id,
                }
            )
        )
        for kind in ("", ".pdf", ".xlsx"):
            url = f"/my/dealer/statement{kind}?account_id={account.id}"
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_days_that_are_none_are_taken_for_the_usual_ones(self):
        for query in ("first=x&last=y", "first=1900-01-01", "last=9999-12-31"):
            answer = self.url_open(f"/my/dealer/statement?{query}")
            self.assertEqual(answer.status_code, 200)

    def test_a_stranger_has_no_statement(self):
        self.env["res.users"].search(
            [("login", "=", "t_konya")]
        ).group_ids = self.env.ref("base.group_portal")
        self.assertEqual(self.url_open("/my/dealer/statement").status_code, 404)
