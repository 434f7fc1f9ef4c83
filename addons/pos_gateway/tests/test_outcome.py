from odoo.tests import TransactionCase, tagged

from ..protocols.answers import Result
from .common import GatewayCommon

DIFFERENCES = {
    "amount": {"amount_kurus": 10001},
    "currency": {"currency": "USD"},
    "installment_count": {"installment_count": 6},
    "order": {"order_id": "PG261124N99999999"},
}


@tagged("post_install", "-at_install")
class TestOutcome(GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()

    def apply(self, result=Result.APPROVED, **changes):
        outcome = self.outcome(self.transaction, result, **changes)
        self.transaction._gateway_apply(outcome)

    def activities(self):
        return self.payer.activity_ids

    # === WHAT THE BANK SAYS === #

    def test_an_approval_is_done_and_keeps_its_facts(self):
        self.apply(
            host_reference="632511004477",
            bank_transaction_id="26325LzpJ16296",
            card_masked="4543 60** **** 0002",
            md_status="1",
        )
        self.assertRecordValues(
            self.transaction,
            [
                {
                    "state": "done",
                    "gateway_result": "approved",
                    "gateway_authorisation_code": "771204",
                    "gateway_host_reference": "632511004477",
                    "provider_reference": "26325LzpJ16296",
                    "gateway_card_masked": "4543 60** **** 0002",
                    "gateway_md_status": "1",
                    "gateway_reason": False,
                    "gateway_payer_message": False,
                }
            ],
        )

    def test_a_refusal_says_why_in_the_payers_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.transaction.partner_lang = "tr_TR"
        self.apply(
            Result.DECLINED,
            bank_code="51",
            reason="limit",
            bank_message="Limit yetersiz",
        )
        self.assertEqual(self.transaction.state, "error")
        self.assertEqual(self.transaction.gateway_reason, "limit")
        self.assertIn("limit", self.transaction.state_message)
        turkish = self.transaction.with_context(lang="tr_TR")
        self.assertEqual(self.transaction.state_message, turkish.gateway_payer_message)

    def test_an_unknown_code_still_has_a_sentence_for_the_payer(self):
        self.apply(Result.DECLINED, bank_code="ZZ-1")
        self.assertTrue(self.transaction.gateway_payer_message)

    def test_a_cancel_says_that_nothing_was_charged(self):
        self.apply(Result.CANCELLED)
        self.assertEqual(self.transaction.state, "cancel")
        self.assertIn("Nothing was charged", self.transaction.state_message)

    def test_what_is_unresolved_stays_open_until_it_is_known(self):
        self.apply(Result.UNRESOLVED, bank_code="96")
        self.assertEqual(self.transaction.state, "pending")
        self.assertEqual(self.transaction.gateway_bank_code, "96")
        self.apply(Result.APPROVED)
        self.assertEqual(self.transaction.state, "done")
        self.assertFalse(self.transaction.gateway_reason)

    def test_a_late_approval_after_a_cancel_or_a_refusal_is_done(self):
        for result in (Result.CANCELLED, Result.DECLINED):
            self.transaction = self.make_transaction()
            self.apply(result, bank_code="51")
            self.apply(Result.APPROVED)
            self.assertEqual(self.transaction.state, "done")
            self.assertEqual(self.transaction.gateway_result, "approved")
            self.assertFalse(self.transaction.gateway_payer_message)

    def test_the_same_news_again_changes_nothing(self):
        self.apply(host_reference="1")
        moment = self.transaction.last_state_change
        self.apply(host_reference="2")
        self.assertEqual(self.transaction.gateway_host_reference, "1")
        self.assertEqual(self.transaction.last_state_change, moment)
        self.assertFalse(self.transaction.gateway_review_reason)

    def test_an_inquiry_that_names_no_currency_is_believed(self):
        self.apply(currency=None, installment_count=None)
        self.assertEqual(self.transaction.state, "done")

    # === WHAT CONTRADICTS OUR ORDER === #

    def test_what_differs_from_our_order_is_held_however_often_it_comes(self):
        for name, changes in DIFFERENCES.items():
            for times in (1, 2, 5):
                with self.subTest(name, times=times):
                    self.transaction = self.make_transaction()
                    for _ in range(times):
                        self.apply(**changes)
                    self.assertEqual(self.transaction.state, "pending")
                    self.assertIn(name, self.transaction.gateway_review_reason)
                    self.assertFalse(self.transaction.gateway_authorisation_code)

    def test_a_held_payment_alerts_staff_once(self):
        before = len(self.activities())
        for _ in range(5):
            self.apply(amount_kurus=1)
        self.assertEqual(len(self.activities()), before + 1)

    def test_the_payer_is_not_told_what_staff_have_to_review(self):
        self.apply(amount_kurus=1)
        self.assertNotIn("differs", self.transaction.state_message)
        self.assertIn("do not pay again", self.transaction.state_message)

    def test_nothing_is_applied_while_a_person_has_not_looked(self):
        self.apply(amount_kurus=1)
        for result in Result:
            self.apply(result)
            self.assertEqual(self.transaction.state, "pending")

    def test_what_differs_after_a_cancel_is_held_as_well(self):
        self.apply(Result.CANCELLED)
        self.apply(amount_kurus=1)
        self.assertEqual(self.transaction.state, "cancel")
        self.assertTrue(self.transaction.gateway_review_reason)

    def test_a_second_authorisation_code_is_held(self):
        self.apply()
        self.apply(authorisation_code="999999")
        self.assertEqual(self.transaction.state, "done")
        self.assertEqual(self.transaction.gateway_authorisation_code, "771204")
        self.assertIn("second charge", self.transaction.gateway_review_reason)

    def test_after_the_review_the_banks_next_answer_is_applied(self):
        self.apply(amount_kurus=1)
        manager = self.make_user("review", "pos_gateway.group_pos_gateway_manager")
        self.transaction.with_user(manager).action_gateway_close_review()
        self.assertFalse(self.transaction.gateway_review_reason)
        self.assertTrue(self.transaction.gateway_next_inquiry_at)
        self.apply()
        self.assertEqual(self.transaction.state, "done")
