from datetime import date
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .settlement_common import SettlementCase


class MatchingCase(SettlementCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider.gateway_report_terminal = "01234567"
        cls.startClassPatcher(
            patch.object(fields.Date, "today", lambda: date(2027, 2, 15))
        )

    def deposit(self, amount, text="POS NET SATIS TERM:01234567 GS:25.11.2026",
                day="2026-11-26"):  # fmt: skip
        return self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.provider.journal_id.id,
                "date": day,
                "payment_ref": text,
                "amount": amount,
            }
        )

    def run_matching(self):
        return self.env["pos.gateway.matching"]._run(self.company)

    def slips_balance(self):
        return self.balance(self.provider.gateway_slips_account_id)


@tagged("post_install", "-at_install")
class TestMatching(MatchingCase, TransactionCase):
    def test_one_deposit_closes_the_parts_of_its_batch_and_day(self):
        one, other = self.charge(), self.charge(base=500, count=1)
        first = (one.gateway_settlement_ids + other.gateway_settlement_ids).filtered(
            lambda part: part.due == date(2026, 11, 26)
        )
        self.assertEqual(len(first), 2)
        line = self.deposit(round(sum(first.mapped("net")), 2))
        self.assertEqual(self.run_matching(), {"matched": 1, "review": 0})
        self.assertEqual(set(first.mapped("state")), {"paid"})
        self.assertEqual(set(first.mapped("open_net")), {0})
        self.assertTrue(line.is_reconciled)
        self.assertEqual(line.gateway_state, "matched")
        self.assertEqual(line._gateway_settlements(), first)
        self.assertEqual(first.mapped("paid_on"), [date(2026, 11, 26)] * 2)
        rest = (one.gateway_settlement_ids - first).mapped("net")
        self.assertEqual(self.slips_balance(), round(sum(rest), 2))

    def test_the_day_and_the_exact_sum_do_without_a_word_of_the_batch(self):
        parts = self.charge().gateway_settlement_ids
        line = self.deposit(parts[1].net, "POS NET SATIS", "2026-12-28")
        self.run_matching()
        self.assertTrue(line.is_reconciled)
        self.assertEqual(parts.mapped("state"), ["expected", "paid", "expected"])

    def test_what_fits_nearly_waits_with_its_reason_and_is_accepted_by_hand(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net - 1, "POS NET SATIS")
        self.assertEqual(self.run_matching(), {"matched": 0, "review": 1})
        self.assertFalse(line.is_reconciled)
        (candidate,) = line.gateway_match_ids
        self.assertEqual(candidate.difference, -1)
        self.assertIn("differs", candidate.reason)
        cost = self.balance(self.cost_account)
        candidate.action_accept()
        self.assertTrue(line.is_reconciled)
        self.assertEqual((parts.state, line.gateway_state), ("paid", "accepted"))
        self.assertEqual(self.balance(self.cost_account), round(cost + 1, 2))
        self.assertEqual(self.slips_balance(), 0)

    def test_within_the_tolerance_the_difference_is_a_cost(self):
        self.company.gateway_match_tolerance = 0.05
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net - 0.05)
        self.run_matching()
        self.assertEqual((parts.state, line.gateway_state), ("paid", "matched"))
        self.assertEqual(self.slips_balance(), 0)

    def test_undo_opens_the_parts_and_leaves_the_line_to_a_person(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net)
        self.run_matching()
        line.action_undo_reconciliation()
        self.assertEqual((parts.state, line.gateway_state), ("expected", "review"))
        self.assertEqual(self.slips_balance(), parts.net)
        self.assertFalse(line.is_reconciled)

    def test_what_a_person_has_undone_is_not_done_again_by_itself(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net)
        self.run_matching()
        line.action_undo_reconciliation()
        self.assertEqual(self.run_matching(), {"matched": 0, "review": 1})
        self.assertFalse(line.is_reconciled)
        (candidate,) = line.gateway_match_ids
        self.assertEqual(candidate.difference, 0)
        line.action_gateway_match()
        self.assertEqual((line.gateway_state, parts.state), ("matched", "paid"))

    def test_one_deposit_that_cannot_be_booked_does_not_stop_the_others(self):
        self.company.gateway_match_tolerance = 0.05
        other = self.charge(base=500).gateway_settlement_ids
        due = self.charge(count=1).gateway_settlement_ids + other[0]
        part = other[1]
        stuck = self.deposit(round(sum(due.mapped("open_net")) - 0.05, 2))
        good = self.deposit(part.open_net, "POS NET SATIS", "2026-12-28")
        self.provider.gateway_cost_account_id = False
        self.assertEqual(self.run_matching(), {"matched": 1, "review": 1})
        self.assertEqual((part.state, good.gateway_state), ("paid", "matched"))
        self.assertEqual(set(due.mapped("state")), {"expected"})
        self.assertEqual(stuck.gateway_state, "review")
        self.assertIn("no commission account", stuck.gateway_problem)
        self.provider.gateway_cost_account_id = self.cost_account
        self.assertEqual(self.run_matching(), {"matched": 1, "review": 0})
        self.assertFalse(stuck.gateway_problem)

    def test_looking_again_keeps_the_candidates_that_a_person_looks_at(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net - 1, "POS NET SATIS")
        self.run_matching()
        (candidate,) = line.gateway_match_ids
        self.run_matching()
        self.assertEqual(line.gateway_match_ids, candidate)

    def test_a_line_that_somebody_reconciled_is_left_alone(self):
        parts = self.charge(count=1).gateway_settlement_ids
        line = self.deposit(parts.net)
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.cost_account
        self.run_matching()
        self.assertEqual(parts.state, "expected")
        self.assertFalse(line.gateway_state)

    def test_money_that_is_no_pos_s_is_not_touched(self):
        self.charge(count=1)
        line = self.deposit(17.5, "HAVALE AHMET YILMAZ")
        self.run_matching()
        self.assertFalse(line.gateway_state or line.gateway_match_ids)

    def test_cost_is_booked_when_the_bank_pays_where_the_company_wants_that(self):
        self.company.gateway_cost_policy = "settlement"
        parts = self.charge(count=1).gateway_settlement_ids
        self.assertFalse(parts.cost_line_id)
        self.deposit(parts.net)
        self.run_matching()
        self.assertEqual(parts.cost_line_id.date, date(2026, 11, 26))
        self.assertEqual((parts.state, self.slips_balance()), ("paid", 0))

    def test_a_block_and_its_release_are_even(self):
        blocked = self.deposit(-500, "BLOKE GIRIS TERM:01234567 BLK:77", "2026-12-01")
        released = self.deposit(500, "BLOKE CIKIS TERM:01234567 BLK:77", "2026-12-11")
        self.run_matching()
        self.assertEqual((blocked + released).mapped("is_reconciled"), [True, True])
        self.assertEqual(self.slips_balance(), 0)

    def test_a_refund_of_what_was_paid_is_taken_from_a_later_deposit(self):
        transaction = self.charge(count=1)
        parts = transaction.gateway_settlement_ids
        self.deposit(parts.net)
        self.run_matching()
        refund = self.refund(transaction, 100)
        taken = refund.gateway_settlement_ids
        self.assertTrue(taken.net < 0)
        line = self.deposit(taken.net, day=fields.Date.to_string(taken.due))
        self.run_matching()
        self.assertTrue(line.is_reconciled)
        self.assertEqual((taken.state, self.slips_balance()), ("paid", 0))

    def test_an_auditor_goes_from_the_deposit_to_the_invoice_and_back(self):
        invoice = self.make_invoice(1000.0)
        transaction = self.charge(invoice, count=1)
        line = self.deposit(transaction.gateway_settlement_ids.net)
        self.run_matching()
        parts = self.env["pos.gateway.settlement"].search(
            line.action_gateway_view_settlements()["domain"]
        )
        opened = parts.action_open_transaction()
        self.assertEqual(opened["res_id"], transaction.id)
        self.assertIn(invoice, transaction.invoice_ids)
        back = transaction.action_gateway_view_settlements()["domain"]
        parts = self.env["pos.gateway.settlement"].search(back)
        self.assertEqual(
            parts.action_open_deposits()["domain"], [("id", "in", line.ids)]
        )
