"""What is not settled stays asked about; what is closed is not charged."""

from dataclasses import replace
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..const import MINUTES_TO_BELIEVE_NOTHING
from ..models import pos_gateway_call
from ..protocols import nestpay
from ..protocols.answers import Outcome, Result
from ..protocols.types import Operation
from .common import GatewayCommon, WorkerMixin
from .test_operations import LOST, OperationsCommon, answer, history


@tagged("post_install", "-at_install")
class TestOpenEnds(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()

    def apply(self, result, **changes):
        self.transaction._gateway_apply(
            self.outcome(self.transaction, result, **changes)
        )

    def close_by_silence(self):
        self.transaction._gateway_ask_bank_soon(abandoned=True)
        self.apply(
            Result.NOT_FOUND, amount_kurus=None, currency=None, installment_count=None
        )
        self.assertEqual(self.transaction.state, "cancel")

    def ask(self, **answer_fields):
        self.transaction._gateway_ask_bank_soon()
        body = self.inquiry_body(self.transaction, **answer_fields)
        with patch.object(pos_gateway_call, "send", lambda request: body):
            self.worker("pos.gateway.call", "_cron_call_banks")

    def charges(self):
        return self.transaction.gateway_call_ids.filtered(
            lambda call: call.operation == "sale"
        )

    def test_a_second_card_that_may_have_paid_a_refused_order_is_asked_about(self):
        self.apply(Result.DECLINED)
        self.assertEqual(self.transaction.state, "error")
        self.apply(Result.UNRESOLVED, follow_up=Operation.INQUIRY)
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_a_claim_on_an_order_that_silence_closed_is_asked_about(self):
        self.close_by_silence()
        self.apply(Result.UNRESOLVED, follow_up=Operation.INQUIRY)
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_an_unsettled_answer_with_another_amount_stays_unsettled(self):
        for kurus in (1, 0):
            self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
            self.apply(Result.UNRESOLVED, amount_kurus=kurus)
            self.assertEqual(self.transaction.state, "pending")
            self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_a_payer_who_is_still_at_the_page_is_no_failure(self):
        self.ask(TRANS_STAT="PN", CAPTURE_AMT="0", PROC_RET_CD="", AUTH_CODE="")
        self.assertEqual(self.transaction.state, "pending")
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_a_voided_order_of_nothing_is_cancelled(self):
        self.ask(TRANS_STAT="V", CAPTURE_AMT="0")
        self.assertEqual(self.transaction.state, "cancel")

    def test_a_payment_that_was_closed_is_not_charged_any_more(self):
        self.close_by_silence()
        self.apply(Result.AUTHENTICATED, follow_up=Operation.SALE)
        self.assertFalse(self.charges())
        self.assertIn("Nothing was charged", self.payer.activity_ids.note)

    def test_one_authentication_is_charged_once(self):
        self.apply(Result.AUTHENTICATED, follow_up=Operation.SALE)
        self.apply(Result.AUTHENTICATED, follow_up=Operation.SALE)
        self.assertEqual(len(self.charges()), 1)


@tagged("post_install", "-at_install")
class TestBooksOfTheBank(OperationsCommon):
    def reserve(self):
        self.provider.capture_manually = True
        self.invoice = self.make_invoice(100.0)
        self.transaction = self.make_transaction(self.invoice, base=100.0)
        self.deliver(self.transaction)
        self.assertEqual(self.transaction.state, "authorized")

    def wait_long(self):
        self.pass_time(minutes=MINUTES_TO_BELIEVE_NOTHING + 1)

    def sum_by_inquiry(self):
        """As at the banks whose inquiry tells the sums."""
        traits = replace(nestpay.TRAITS, standing_by=Operation.INQUIRY)
        patcher = patch.object(nestpay, "TRAITS", traits)
        patcher.start()
        self.addCleanup(patcher.stop)

    def test_an_unclear_answer_about_a_lost_refund_is_asked_again(self):
        self.sum_by_inquiry()
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(LOST)
        self.wait_long()
        self.call_banks(answer("96", "CORE-0000"))
        self.assertEqual(child.state, "pending")
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_a_part_that_was_captured_does_not_contradict_the_reservation(self):
        self.sum_by_inquiry()
        self.reserve()
        child = self.transaction._capture(70.0)
        self.call_banks(LOST)
        self.wait_long()
        captured = {"TRANS_STAT": "C", "CAPTURE_AMT": "7000"}
        self.call_banks(self.inquiry_body(self.transaction, **captured))
        self.assertEqual(child.state, "done")
        self.assertFalse(self.transaction.gateway_review_reason)

    def test_books_that_were_read_too_early_do_not_count_later(self):
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(LOST)
        self.pass_time(minutes=2)
        killed = patch.object(
            type(self.env["pos.gateway.call"]), "_apply", lambda _self, _message: None
        )
        with killed:
            self.call_banks(history(("S", "C", 10000)))
        self.pass_time(minutes=15)
        self.worker("pos.gateway.inbox", "_cron_apply")
        self.assertEqual(child.state, "pending")

    def test_a_captured_sale_that_the_bank_still_calls_authorised_is_captured(self):
        self.reserve()
        child = self.transaction._capture()
        self.call_banks(LOST)
        self.wait_long()
        self.call_banks(history(("S", "A", 10000)))
        self.assertEqual(child.state, "done")

    def test_a_capture_whose_void_was_lost_is_a_reservation_again(self):
        self.reserve()
        child = self.transaction._capture()
        self.call_banks(answer())
        refund = self.refund(100.0, child)
        self.call_banks(LOST)
        self.wait_long()
        # Voided, and what it leaves on the payer's card is voided after it.
        self.call_banks(history(("S", "A", 10000)), answer())
        self.assertEqual(refund.state, "done")
        self.assertEqual(self.asked[-1], "Void")

    def test_a_refund_of_a_reservation_goes_against_its_capture(self):
        self.reserve()
        child = self.transaction._capture()
        self.call_banks(answer())
        self.age_the_charge()
        refund = self.refund(40.0)
        self.call_banks(answer())
        self.assertEqual(refund.source_transaction_id, child)
        self.assertEqual(self.invoice.amount_residual, 40.0)

    def test_a_void_that_is_told_late_still_closes_the_reservation(self):
        self.reserve()
        void = self.transaction._void()
        self.call_banks(LOST)
        void._set_error("the books say nothing")
        outcome = Outcome(
            Result.APPROVED,
            self.transaction.gateway_order_id,
            operation=Operation.VOID,
        )
        call = void.sudo().gateway_operation_call_ids
        self.transaction.sudo()._gateway_apply_operation(call, outcome)
        self.assertEqual((void.state, self.transaction.state), ("cancel", "cancel"))

    def test_what_was_done_before_is_settled_by_the_banks_books(self):
        self.reserve()
        child = self.transaction._capture()
        self.call_banks(answer("99", "CORE-2506"))
        self.assertEqual(child.state, "pending")
        self.wait_long()
        self.call_banks(history(("S", "C", 10000)))
        self.assertEqual(child.state, "done")

    def test_a_manager_settles_by_hand_what_the_books_leave_open(self):
        self.age_the_charge()
        for action, state in (("did_not", "error"), ("did_it", "done")):
            child = self.refund(40.0)
            self.call_banks(LOST)
            getattr(child, f"action_gateway_bank_{action}")()
            self.worker("payment.transaction", "_gateway_post_process_all")
            self.assertEqual(child.state, state)
        self.assertEqual(self.receivable(), 40.0)
