from unittest import SkipTest

from odoo.tests import Form, TransactionCase, tagged

from .test_matching import MatchingCase

THEIRS = "account_reconcile_oca"


@tagged("post_install", "-at_install")
class TestBesideOca(MatchingCase, TransactionCase):
    """Run by ``tests/integration/test_beside_oca.py``: only there it is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "account.reconcile.abstract" not in cls.env:
            raise SkipTest(f"{THEIRS} is not installed")
        cls.env = cls.env(
            context=dict(cls.env.context, _test_account_reconcile_oca=True)
        )

    def reconcile_theirs(self, line, item):
        """As a person does with the OCA's screen."""
        view = f"{THEIRS}.bank_statement_line_form_reconcile_view"
        with Form(line, view=view) as form:
            form.add_account_move_line_id = item
            self.assertTrue(form.can_reconcile)
        line.reconcile_bank_line()

    def invoice_item(self, amount):
        lines = self.make_invoice(amount).line_ids
        return lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    def test_each_reconciles_lines_of_its_own(self):
        parts = self.charge(count=1).gateway_settlement_ids
        item = self.invoice_item(250.0)
        transfer = self.deposit(item.amount_residual, "HAVALE AHMET YILMAZ")
        deposit = self.deposit(parts.net)
        self.reconcile_theirs(transfer, item)
        self.assertEqual(self.run_matching(), {"matched": 1, "review": 0})
        self.assertTrue(transfer.is_reconciled and item.reconciled)
        self.assertFalse(transfer.gateway_state)
        self.assertEqual((parts.state, deposit.gateway_state), ("paid", "matched"))
        self.assertEqual(self.slips_balance(), 0)

    def test_a_deposit_that_a_person_took_there_is_left_alone(self):
        parts = self.charge(count=1).gateway_settlement_ids
        # Needed by their mode that makes an entry of its own.
        self.provider.journal_id.suspense_account_id.reconcile = True
        for mode in ("edit", "keep"):
            with self.subTest(mode=mode):
                self.provider.journal_id.reconcile_mode = mode
                line = self.deposit(parts.net)
                self.reconcile_theirs(line, parts.move_line_id)
                self.assertEqual(parts.state, "paid")
                self.assertEqual(line._gateway_settlements(), parts)
                self.assertEqual(
                    parts.action_open_deposits()["domain"], [("id", "in", line.ids)]
                )
                items = self.env["account.move.line"].search_count([])
                self.assertEqual(self.run_matching(), {"matched": 0, "review": 0})
                self.assertEqual(self.env["account.move.line"].search_count([]), items)
                self.assertFalse(line.gateway_state)
                line.unreconcile_bank_line()
                self.assertEqual(parts.state, "expected")
                line.unlink()

    def test_what_we_matched_is_shown_and_undone_there(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net)
        self.run_matching()
        data = line.reconcile_data_info["data"]
        self.assertIn(parts.move_line_id.id, [one["id"] for one in data])
        line.unreconcile_bank_line()
        self.assertFalse(line.is_reconciled)
        self.assertEqual((parts.state, line.gateway_state), ("expected", "review"))
        self.assertTrue(line.gateway_by_hand)
        line.clean_reconcile()
        self.reconcile_theirs(line, parts.move_line_id)
        self.assertEqual((parts.state, self.slips_balance()), ("paid", 0))

    def test_what_was_begun_there_does_not_come_into_our_entry(self):
        parts = self.charge(count=1).gateway_settlement_ids
        item = self.invoice_item(parts.net)
        line = self.deposit(parts.net)
        view = f"{THEIRS}.bank_statement_line_form_reconcile_view"
        with Form(line, view=view) as form:
            form.add_account_move_line_id = item
        self.run_matching()
        self.assertFalse(item.reconciled)
        self.assertEqual((parts.state, self.slips_balance()), ("paid", 0))
        self.assertEqual(round(sum(line.move_id.line_ids.mapped("balance")), 2), 0)
