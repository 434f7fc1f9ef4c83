from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, tagged

from ..const import INQUIRIES_BEFORE_ALERT, INQUIRY_BACK_OFF
from ..models import pos_gateway_call
from ..models.sender import NoAnswer
from ..protocols.banks import bank
from .common import API_PASSWORD, GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestInquiry(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()
        self.transaction.gateway_next_inquiry_at = fields.Datetime.now()

    def ask_all(self, answer):
        """One run of the scheduled action.

        :param answer: bytes, an exception, or a function of the request
        """

        def send(request):
            if isinstance(answer, Exception):
                raise answer
            return answer(request) if callable(answer) else answer

        with patch.object(pos_gateway_call, "send", send):
            self.worker("pos.gateway.call", "_cron_call_banks")

    def kinds(self):
        return self.transaction.gateway_message_ids.sorted("id").mapped("kind")

    def test_a_charge_whose_answer_was_lost_is_found_and_posted(self):
        self.ask_all(self.inquiry_body(self.transaction))
        self.assertEqual(self.transaction.state, "done")
        self.assertTrue(self.transaction.payment_id)
        self.assertEqual(self.kinds(), ["call", "call_answer"])

    def test_an_answer_with_another_amount_is_held(self):
        self.ask_all(self.inquiry_body(self.transaction, CAPTURE_AMT="1"))
        self.assertEqual(self.transaction.state, "pending")
        self.assertIn("amount", self.transaction.gateway_review_reason)

    def test_no_answer_leaves_the_payment_as_unresolved_as_it_was(self):
        for error in (NoAnswer("timeout", False), NoAnswer("timeout", True)):
            self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
            self.ask_all(error)
            self.assertEqual(self.transaction.state, "draft")
        self.assertEqual(self.kinds(), ["call", "call_failure"] * 2)

    def test_an_unreadable_answer_waits_in_the_inbox(self):
        self.ask_all(b"<html>Maintenance</html>")
        row = self.env["pos.gateway.inbox"].search(
            [("transaction_id", "=", self.transaction.id)]
        )
        self.assertEqual(row.state, "failed")
        self.assertEqual(self.transaction.state, "draft")

    def test_the_wait_between_two_questions_grows(self):
        for count, minutes in enumerate(INQUIRY_BACK_OFF, 1):
            self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
            before = fields.Datetime.now()
            self.ask_all(NoAnswer("timeout", True))
            wait = self.transaction.gateway_next_inquiry_at - before
            self.assertGreaterEqual(wait, timedelta(minutes=minutes))
            self.assertLess(wait, timedelta(minutes=minutes, seconds=30))
            self.assertEqual(self.transaction.gateway_inquiry_count, count)

    def test_a_person_is_asked_once_when_the_bank_never_says(self):
        for _ in range(INQUIRIES_BEFORE_ALERT + 2):
            self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
            self.ask_all(NoAnswer("timeout", True))
        self.assertEqual(len(self.payer.activity_ids), 1)

    def test_what_is_final_or_not_due_is_not_asked_about(self):
        later = self.make_transaction()
        later.gateway_next_inquiry_at = fields.Datetime.now() + timedelta(minutes=1)
        self.transaction._gateway_apply(self.outcome(self.transaction))
        self.ask_all(AssertionError("the bank was asked"))
        self.assertFalse((self.transaction + later).gateway_message_ids)

    def test_what_was_closed_can_still_be_asked_about_until_the_bank_answers(self):
        self.transaction._set_canceled()
        self.transaction.gateway_next_inquiry_at = False
        self.transaction._gateway_ask_bank_soon()
        self.ask_all(NoAnswer("timeout", True))
        self.assertTrue(self.transaction.gateway_next_inquiry_at)
        self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
        declined = {"TRANS_STAT": "D", "PROC_RET_CD": "51"}
        self.ask_all(self.inquiry_body(self.transaction, **declined))
        self.assertEqual(self.transaction.state, "cancel")
        self.assertFalse(self.transaction.gateway_next_inquiry_at)
        self.transaction._gateway_ask_bank_soon()
        self.ask_all(self.inquiry_body(self.transaction))
        self.assertEqual(self.transaction.state, "done")

    def test_a_payment_that_silence_closed_is_asked_about_once_more_a_day_later(self):
        not_found = (
            b"<CC5Response><OrderId></OrderId><Response>Declined</Response>"
            b"<ProcReturnCode>99</ProcReturnCode></CC5Response>"
        )
        self.transaction.gateway_abandoned_at = fields.Datetime.now()
        self.ask_all(not_found)
        self.assertEqual(self.transaction.state, "cancel")
        again_at = self.transaction.gateway_next_inquiry_at
        self.assertGreater(again_at, fields.Datetime.now() + timedelta(hours=23))
        self.transaction.gateway_next_inquiry_at = fields.Datetime.now()
        self.ask_all(not_found)
        self.assertFalse(self.transaction.gateway_next_inquiry_at)

    def test_a_review_of_a_cancelled_payment_ends_with_the_banks_answer(self):
        self.transaction._set_canceled()
        wrong = self.outcome(self.transaction, amount_kurus=1)
        self.transaction._gateway_apply(wrong)
        self.transaction.action_gateway_close_review()
        self.ask_all(self.inquiry_body(self.transaction))
        self.assertEqual(self.transaction.state, "done")

    def test_a_pos_without_credentials_does_not_stop_the_others(self):
        broken = self.make_transaction(provider_id=self.make_provider("Other").id)
        broken.provider_id.state = "disabled"
        broken.provider_id.gateway_api_password = False
        broken.gateway_next_inquiry_at = fields.Datetime.now() - timedelta(hours=1)
        self.ask_all(self.inquiry_body(self.transaction))
        self.assertEqual(self.transaction.state, "done")
        self.assertEqual(broken.gateway_inquiry_count, 1)
        self.assertGreater(broken.gateway_next_inquiry_at, fields.Datetime.now())

    def test_a_live_payment_is_asked_for_at_the_bank_although_its_pos_is_off(
        self,
    ):
        self.provider.state = "enabled"
        live = self.make_transaction()
        for state in ("disabled", "test"):
            self.provider.state = state
            live.gateway_next_inquiry_at = fields.Datetime.now()
            asked = []

            def note(request, asked=asked):
                asked.append(request.url)
                raise NoAnswer("timeout", True)

            self.transaction.gateway_next_inquiry_at = False
            self.ask_all(note)
            self.assertEqual(asked, [bank("isbank").urls["api"]])

    def test_the_api_password_is_masked_in_what_is_kept(self):
        self.ask_all(NoAnswer("timeout", True))
        question = self.transaction.gateway_message_ids.filtered(
            lambda message: message.kind == "call"
        )
        self.assertIn("ORDERSTATUS", question.body)
        self.assertNotIn(API_PASSWORD, question.body)

    # === WHO MAY ASK === #

    def test_operators_ask_and_others_do_not(self):
        operator = self.make_user("asks", "pos_gateway.group_pos_gateway_user")
        accountant = self.make_user("counts", "account.group_account_invoice")
        nobody = self.make_user("other", "base.group_user")
        self.transaction.gateway_next_inquiry_at = False
        with self.assertRaises(UserError):
            self.transaction.with_user(accountant).action_gateway_ask_bank()
        with self.assertRaises(AccessError):
            self.transaction.with_user(nobody).action_gateway_ask_bank()
        self.transaction.with_user(operator).action_gateway_ask_bank()
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_only_managers_close_a_review(self):
        self.transaction.gateway_review_reason = "differs"
        operator = self.make_user("looks", "pos_gateway.group_pos_gateway_user")
        with self.assertRaises(UserError):
            self.transaction.with_user(operator).action_gateway_close_review()
        self.assertTrue(self.transaction.gateway_review_reason)
