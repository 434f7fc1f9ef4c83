from datetime import date, timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from .common import RefusalMixin
from .settlement_common import SettlementCase


@tagged("post_install", "-at_install")
class TestChargeback(RefusalMixin, SettlementCase, TransactionCase):
    def case_of(self, charge, amount, **values):
        return self.env["pos.gateway.chargeback"].create(
            {"transaction_id": charge.id, "amount": amount, **values}
        )

    def take(self, case, day=None):
        case.taken_on = day
        case.action_take()
        self.post(case.taken_id)
        self.assertTrue(case.taken_id.payment_id)
        return case.taken_id

    def test_what_the_bank_takes_opens_what_the_payment_had_closed(self):
        invoice = self.make_invoice(1000.0)
        charge = self.charge(invoice, count=1)
        self.assertEqual(invoice.amount_residual, 0)
        case = self.case_of(charge, 400.0, received_on="2026-11-27")
        self.assertEqual(invoice.amount_residual, 0, "told is not taken")
        taken = self.take(case, date(2026, 12, 1))
        self.assertEqual(invoice.amount_residual, 400)
        self.assertEqual(taken.payment_id.date, date(2026, 12, 1))
        self.assertEqual(taken.amount, -400)
        self.assertFalse(taken.gateway_operation_call_ids, "the bank is not asked")

    def test_the_bank_s_parts_are_those_of_a_chargeback(self):
        charge = self.charge(count=3)
        taken = self.take(self.case_of(charge, charge.amount), date(2026, 11, 26))
        parts = taken.gateway_settlement_ids
        self.assertEqual(set(parts.mapped("kind")), {"chargeback"})
        self.assertEqual(sum(parts.mapped("gross")), -charge.amount)
        whole = charge.gateway_settlement_ids + parts
        self.assertEqual(
            self.balance(self.provider.gateway_slips_account_id),
            round(sum(whole.mapped("open_net")), 2),
        )

    def test_it_is_booked_once(self):
        case = self.case_of(self.charge(count=1), 100.0)
        self.take(case)
        with self.assertRaisesRegex(UserError, "already"):
            case.action_take()

    def test_refunds_and_chargebacks_are_never_more_than_the_charge(self):
        charge = self.charge(count=1)
        self.refund(charge, 700.0)
        with self.refused("Only .*300"):
            self.case_of(charge, 300.01)
        first = self.case_of(charge, 200.0)
        with self.refused("Only .*100"):
            self.case_of(charge, 100.01)
        self.take(first)
        self.take(self.case_of(charge, 100.0))
        with self.refused("Only .*0.00"):
            self.case_of(charge, 0.01)

    def test_what_is_disputed_is_not_refunded_as_well(self):
        charge = self.charge(count=1)
        case = self.case_of(charge, 600.0)
        charge.gateway_order_id = charge.gateway_order_id or "ORDER"
        refused = charge._refund(amount_to_refund=400.01)
        self.assertEqual(refused.state, "error")
        self.assertIn("disputes", refused.state_message)
        self.assertFalse(refused.gateway_operation_call_ids)
        case.action_drop()
        self.assertEqual(charge._refund(amount_to_refund=400.01).state, "pending")

    def test_a_refund_under_way_is_waited_for(self):
        charge = self.charge(count=1)
        case = self.case_of(charge, 100.0)
        charge._create_child_transaction(50.0, is_refund=True)._set_pending()
        with self.assertRaisesRegex(UserError, "under way"):
            case.action_take()

    def test_its_life_ends_lost_or_dropped(self):
        charge = self.charge(count=1)
        lost, dropped = self.case_of(charge, 100.0), self.case_of(charge, 100.0)
        lost.action_contest()
        with self.assertRaisesRegex(UserError, "Book first"):
            lost.action_lose()
        self.take(lost)
        with self.assertRaisesRegex(UserError, "has taken"):
            lost.action_drop()
        lost.action_lose()
        dropped.action_drop()
        self.assertEqual((lost.state, dropped.state), ("lost", "dropped"))
        for case in (lost, dropped):
            with self.assertRaisesRegex(UserError, "is over"):
                case.action_take()

    def test_whoever_is_responsible_is_reminded_until_it_is_answered(self):
        day = date.today() + timedelta(days=10)
        case = self.case_of(self.charge(count=1), 100.0, answer_until=day)
        activity = case.activity_ids
        self.assertEqual(activity.date_deadline, day)
        self.assertEqual(activity.user_id, case.user_id)
        case.answer_until = day + timedelta(days=1)
        self.assertEqual(len(case.activity_ids), 1)
        case.action_contest()
        self.assertFalse(case.activity_ids)

    def test_who_only_reads_changes_nothing(self):
        case = self.case_of(self.charge(count=1), 100.0)
        reader = new_test_user(
            self.env, "cb_reader", "account.group_account_readonly",
            company_id=self.company.id, company_ids=[(6, 0, self.company.ids)],
        )  # fmt: skip
        own = case.with_user(reader)
        self.assertEqual(own.amount, 100)
        for method in ("action_take", "action_contest", "action_drop", "action_lose"):
            with self.assertRaises(AccessError):
                getattr(own, method)()
