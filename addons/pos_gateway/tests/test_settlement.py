from datetime import date, datetime
from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestSettlement(SettlementCase, TransactionCase):
    # === AT CAPTURE === #

    def test_each_value_date_has_an_item_of_its_own(self):
        invoice = self.make_invoice(1000.0)
        transaction = self.charge(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        # 1,028.50: three installments; 6 % is 61.71, BSMV 5 % of 61.96 is 3.10.
        parts = transaction.gateway_settlement_ids
        self.assertEqual(parts.mapped("gross"), [342.84, 342.83, 342.83])
        self.assertEqual(
            parts.mapped("due"),
            [date(2026, 11, 26), date(2026, 12, 28), date(2027, 1, 25)],
        )
        self.assertEqual(round(sum(parts.mapped("commission")), 2), 61.71)
        self.assertEqual(round(sum(parts.mapped("fee")), 2), 0.25)
        self.assertEqual(round(sum(parts.mapped("bsmv")), 2), 3.10)
        slips = self.slips(transaction)
        self.assertEqual(slips, parts.move_line_id)
        self.assertEqual(slips.mapped("balance"), parts.mapped("gross"))
        self.assertEqual(slips.mapped("date_maturity"), parts.mapped("due"))

    def test_what_is_left_of_an_item_is_what_the_bank_is_to_pay(self):
        parts = self.charge().gateway_settlement_ids
        self.assertEqual(
            parts.move_line_id.mapped("amount_residual"), parts.mapped("net")
        )
        self.assertEqual(parts.mapped("open_net"), parts.mapped("net"))
        self.assertEqual(self.balance(self.cost_account), 65.06)
        self.assertEqual(set(parts.mapped("state")), {"expected"})

    def test_a_company_may_book_the_cost_when_the_bank_pays(self):
        self.company.gateway_cost_policy = "settlement"
        parts = self.charge().gateway_settlement_ids
        self.assertFalse(parts.cost_line_id)
        self.assertEqual(
            parts.move_line_id.mapped("amount_residual"), parts.mapped("gross")
        )
        self.assertEqual(parts.mapped("open_net"), parts.mapped("net"))

    def test_without_an_account_the_cost_is_not_booked(self):
        self.provider.gateway_cost_account_id = False
        parts = self.charge().gateway_settlement_ids
        self.assertFalse(parts.cost_line_id)
        self.assertEqual(len(parts), 3)

    def test_without_an_agreement_the_whole_is_expected_at_once(self):
        transaction = self.make_transaction(base=100.0)
        transaction._gateway_apply(self.outcome(transaction))
        self.post(transaction)
        part = transaction.gateway_settlement_ids
        self.assertEqual((part.gross, part.net, part.is_agreed), (100, 100, False))

    def test_a_day_that_is_added_moves_the_value_date(self):
        self.env["pos.gateway.closed.day"].create(
            {"name": "Leave", "day": "2026-11-26"}
        )
        parts = self.charge().gateway_settlement_ids
        self.assertEqual(parts[0].due, date(2026, 11, 27))

    def test_posting_twice_makes_nothing_twice(self):
        transaction = self.charge()
        self.post(transaction)
        self.assertEqual(len(transaction.gateway_settlement_ids), 3)

    def test_a_payment_that_is_reset_takes_back_what_was_expected(self):
        transaction = self.charge()
        payment = transaction.payment_id
        entry = transaction.gateway_settlement_ids.cost_move_id
        payment.action_draft()
        self.assertFalse(transaction.gateway_settlement_ids)
        self.assertEqual(entry.state, "cancel")
        self.assertEqual(self.slips(transaction).mapped("balance"), [1028.5])
        payment.memo = "looked at"
        payment.action_post()
        self.assertEqual(len(transaction.gateway_settlement_ids), 3)
        self.assertEqual(self.balance(self.cost_account), 65.06)

    def test_a_payment_of_another_amount_keeps_one_item(self):
        transaction = self.charge()
        payment = transaction.payment_id
        payment.action_draft()
        payment.amount = 900
        payment.action_post()
        self.assertEqual(self.slips(transaction).mapped("balance"), [900])
        self.assertFalse(transaction.gateway_settlement_ids)

    # === REFUNDS === #

    def test_a_charge_given_back_at_once_leaves_nothing(self):
        invoice = self.make_invoice(1000.0)
        transaction = self.charge(invoice)
        self.refund(transaction, transaction.amount)
        everything = self.env["pos.gateway.settlement"].search(
            [("provider_id", "=", self.provider.id)]
        )
        self.assertEqual(len(everything), 6)
        self.assertEqual(set(everything.mapped("state")), {"offset"})
        self.assertEqual(self.balance(self.provider.gateway_slips_account_id), 0)
        self.assertEqual(self.balance(self.cost_account), 0)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_a_refund_makes_the_open_parts_less(self):
        transaction = self.charge()
        refund = self.refund(transaction, 300.0)
        parts, taken = transaction.gateway_settlement_ids, refund.gateway_settlement_ids
        self.assertEqual(taken.changes_id, parts)
        self.assertEqual(round(sum(taken.mapped("gross")), 2), -300)
        # 6 % of 300.00 is 18.00, BSMV of that 0.90; the bank keeps its fee.
        self.assertEqual(round(sum(taken.mapped("net")), 2), -281.1)
        self.assertEqual(
            [round(open_, 2) for open_ in parts.mapped("open_net")],
            [
                round(one.net + back.net, 2)
                for one, back in zip(parts, taken, strict=True)
            ],
        )
        self.assertEqual(
            self.balance(self.provider.gateway_slips_account_id),
            round(sum(parts.mapped("open_net")), 2),
        )

    def test_what_was_paid_is_taken_back_with_the_next_payment(self):
        transaction = self.charge()
        parts = transaction.gateway_settlement_ids
        self.pay(parts[0].move_line_id)
        self.assertEqual(parts.mapped("state"), ["paid", "expected", "expected"])
        self.assertEqual(parts[0].paid_on, date(2026, 11, 26))
        refund = self.refund(transaction, 300.0, datetime(2026, 11, 27, 9))
        first = refund.gateway_settlement_ids[0]
        self.assertFalse(first.changes_id)
        self.assertEqual((first.due, first.state), (date(2026, 11, 30), "expected"))
        self.assertLess(first.open_net, 0)

    def test_many_refunds_leave_exactly_nothing_of_the_charge(self):
        transaction = self.charge()
        for amount in (0.01, 333.33, 100.0, 250.0):
            self.refund(transaction, amount)
        self.refund(transaction, round(transaction.amount - 683.34, 2))
        parts = transaction.gateway_settlement_ids
        gross = sum(parts.mapped("gross"))
        gross += sum(
            transaction.child_transaction_ids.gateway_settlement_ids.mapped("gross")
        )
        self.assertEqual(round(gross, 2), 0)
        # Only the fee, and what five roundings of the commission come to.
        left = self.balance(self.provider.gateway_slips_account_id)
        self.assertLessEqual(abs(left + 0.26), 0.03)

    # === PAID === #

    def test_a_deposit_pays_a_part(self):
        parts = self.charge(self.make_invoice(1000.0)).gateway_settlement_ids
        line = self.pay(parts[0].move_line_id, parts[1].move_line_id)
        self.assertTrue(line.is_reconciled)
        self.assertEqual(parts.mapped("state"), ["paid", "paid", "expected"])
        self.assertEqual(parts[1].open_net, 0)

    def test_what_is_late_can_be_looked_for(self):
        parts = self.charge().gateway_settlement_ids
        with patch("odoo.fields.Date.context_today", return_value=date(2026, 12, 1)):
            parts.invalidate_recordset(["days_late"])
            self.assertEqual(parts.mapped("days_late"), [5, 0, 0])
            late = self.env["pos.gateway.settlement"].search([("days_late", ">", 0)])
        self.assertEqual(late & parts, parts[0])

    def test_staff_read_settlements_and_nobody_writes_them(self):
        part = self.charge().gateway_settlement_ids[0]
        operator = self.make_user("operator", "pos_gateway.group_pos_gateway_user")
        self.assertTrue(part.with_user(operator).net)
        for access in ("write", "create", "unlink"):
            self.assertFalse(part.with_user(operator).has_access(access))
        payer = self.make_user("payer", "base.group_portal")
        self.assertFalse(part.with_user(payer).has_access("read"))
