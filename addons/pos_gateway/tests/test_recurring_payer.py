import re
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tests.test_cursor import TestCursor

from ..const import CARDS_PER_ORDER, RECURRING_CONSENT_VERSION
from ..models.sender import NoAnswer
from ..protocols.answers import Outcome, Result
from ..protocols.types import Operation
from .common import CARD
from .recurring_common import APPROVED, CODE, DECLINED, DONE, RecurringCommon

SILENCE = NoAnswer("timeout", True)
NOT_SENT = NoAnswer("connection", False)


@tagged("post_install", "-at_install")
class TestAgreeing(RecurringCommon):
    def test_the_page_says_what_is_agreed_to(self):
        page = self.visit().text
        for words in (
            "250.00",
            "every month",
            "3 times in all",
            "750.00",
            "3-D Secure",
        ):
            self.assertIn(words, page)
        self.assertIn('name="consent"', page)

    def test_a_card_with_consent_makes_the_first_payment_and_plans_the_rest(self):
        response = self.type_card()
        self.assertEqual(response.status_code, 303)
        self.assertEqual(self.recurring.state, "running")
        self.assertEqual(self.states(), ["done", "planned", "planned"])
        self.assertEqual(self.payments(), [250.0])
        first = self.recurring.transaction_id
        self.assertEqual(first.gateway_references, {"recurring_id": "R77"})
        self.assertIn([3, 1], [body.get("schedule") for _op, body in self.bank.asked])
        today = first._gateway_today()
        self.assertEqual(
            self.recurring.payment_ids.sorted("number").mapped("planned_on"),
            [self.recurring._day_of(number, today) for number in (1, 2, 3)],
        )

    def test_without_consent_nothing_is_sent(self):
        response = self.type_card(consent=None)
        self.assertIn("Without your consent", response.text)
        self.assertEqual(self.bank.asked, [])
        self.assertFalse(self.recurring.consent_at)

    def test_the_consent_is_kept_with_its_words_time_and_address(self):
        self.type_card()
        self.assertIn("250.00", self.recurring.consent_text)
        self.assertEqual(self.recurring.consent_version, RECURRING_CONSENT_VERSION)
        self.assertEqual(self.recurring.consent_ip, "127.0.0.1")
        age = fields.Datetime.now() - self.recurring.consent_at
        self.assertLess(age, timedelta(minutes=2))

    def test_a_card_that_cannot_be_one_is_not_sent(self):
        response = self.type_card(number="12")
        self.assertIn("cannot be right", response.text)
        self.assertEqual(self.bank.asked, [])

    def test_a_second_click_charges_nothing(self):
        self.type_card()
        self.assertEqual(self.type_card().status_code, 303)
        self.assertEqual(self.bank.count(Operation.RECURRING), 1)

    def test_no_database_transaction_waits_for_the_bank(self):
        cursors = []

        def answer(order_id):
            cursors.extend(
                cursor._savepoint is not None for cursor in TestCursor._cursors_stack
            )
            return APPROVED

        self.bank.says[Operation.RECURRING] = answer
        self.type_card()
        self.assertFalse(any(cursors), cursors)

    def test_a_link_that_is_wrong_leads_nowhere(self):
        self.recurring.sudo().access_token = "x" * 32
        path = self.recurring._path()
        self.recurring.sudo().access_token = "y" * 32
        self.env.flush_all()
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_when_cards_may_not_pass_here_none_is_taken(self):
        self.allow_cards(False)
        self.assertNotIn('name="number"', self.visit().text)
        self.assertEqual(self.type_card().status_code, 403)
        self.assertEqual(self.type_card("/points").status_code, 403)
        self.assertEqual(self.bank.asked, [])

    def test_no_card_is_taken_before_it_was_asked_for_or_after_it_was_cancelled(self):
        self.recurring.action_cancel()
        self.assertEqual(self.recurring.state, "cancelled")
        self.type_card()
        draft = self.make_recurring(is_asked=False)
        self.assertFalse(draft.link)
        self.assertEqual(self.bank.asked, [])


@tagged("post_install", "-at_install")
class TestFirstCharge(RecurringCommon):
    def test_a_lost_answer_is_asked_for_and_never_charged_again(self):
        self.bank.says[Operation.RECURRING] = SILENCE
        self.bank.says[Operation.INQUIRY] = APPROVED
        self.type_card()
        self.assertEqual(self.recurring.state, "unclear")
        self.assertIn("do not pay again", self.visit().text)
        self.type_card()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.call_banks()
        self.assertEqual(self.bank.count(Operation.RECURRING), 1)
        self.assertEqual(self.bank.count(Operation.INQUIRY), 1)
        self.assertEqual(self.recurring.state, "running")
        self.assertEqual(self.payments(), [250.0])

    def test_what_the_bank_never_heard_of_is_cancelled_there_before_it_is_closed(self):
        self.bank.says[Operation.RECURRING] = SILENCE
        self.bank.says[Operation.INQUIRY] = Outcome(Result.NOT_FOUND, "")
        for operation in (Operation.VOID, Operation.RECURRING_CANCEL):
            self.bank.says[operation] = DECLINED
        self.type_card()
        for hours in (1, 2, 3):
            with freeze_time(fields.Datetime.now() + timedelta(hours=hours)):
                self.call_banks()
        self.assertEqual(self.bank.count(Operation.RECURRING), 1)
        self.assertEqual(self.bank.count(Operation.RECURRING_CANCEL), 1)
        self.assertEqual(self.bank.count(Operation.VOID), 1)
        self.assertEqual(self.recurring.state, "waiting")
        self.assertEqual(self.payments(), [])

    def test_after_a_refusal_another_card_may_be_typed(self):
        self.bank.says[Operation.RECURRING] = DECLINED
        self.type_card()
        self.assertEqual(self.recurring.state, "waiting")
        self.assertIn("limit is not sufficient", self.visit().text)
        self.bank.says[Operation.RECURRING] = APPROVED
        self.type_card()
        self.assertEqual(self.recurring.state, "running")
        self.assertEqual(self.payments(), [250.0])

    def test_cards_are_not_tried_out_here(self):
        self.bank.says[Operation.RECURRING] = DECLINED
        for _ in range(CARDS_PER_ORDER + 2):
            self.type_card()
        self.assertEqual(self.bank.count(Operation.RECURRING), CARDS_PER_ORDER)
        self.assertEqual(self.recurring.state, "failed")
        self.assertIn("No card was accepted", self.activities())
        self.recurring.action_ask_card()
        self.bank.says[Operation.RECURRING] = APPROVED
        self.type_card()
        self.assertEqual(self.recurring.state, "running")

    def test_a_card_that_did_not_reach_the_bank_may_be_typed_again(self):
        self.bank.says[Operation.RECURRING] = NOT_SENT
        self.type_card()
        self.assertEqual(self.recurring.state, "waiting")
        self.assertIn("did not reach the bank", self.visit().text)
        self.bank.says[Operation.RECURRING] = APPROVED
        self.type_card()
        self.assertEqual(self.payments(), [250.0])

    def test_a_request_that_died_before_sending_leaves_the_link_open(self):
        call_id = self.recurring.sudo()._plan_charge("en_US", "127.0.0.1")
        self.assertEqual(self.recurring.state, "unclear")
        self.call_banks()
        self.assertEqual(self.bank.asked, [], "the worker has no card")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.bank.says[Operation.INQUIRY] = Outcome(Result.NOT_FOUND, "")
            self.call_banks()
        call = self.env["pos.gateway.call"].browse(call_id)
        self.assertEqual(call.state, "dropped")
        self.assertEqual(self.recurring.state, "waiting")

    def test_another_amount_than_asked_for_is_held_and_not_booked(self):
        self.bank.says[Operation.RECURRING] = Outcome(
            Result.APPROVED, "", amount_kurus=24900, currency="TRY"
        )
        self.type_card()
        self.assertEqual(self.recurring.state, "unclear")
        self.assertTrue(self.recurring.review_reason)
        self.assertEqual(self.payments(), [])
        self.bank.says[Operation.RECURRING_CANCEL] = DONE
        self.recurring.action_cancel()
        self.call_banks()
        self.assertEqual(self.recurring.state, "cancelled")

    def test_nothing_of_the_card_is_kept_or_logged(self):
        with self.assertLogs(level="DEBUG") as logs:
            self.bank.says[Operation.POINTS] = SILENCE
            self.type_card("/points")
            self.bank.says[Operation.RECURRING] = SILENCE
            self.type_card()
        self.assertIn(CARD, {body.get("pan") for _operation, body in self.bank.asked})
        kept = "\n".join(logs.output) + self.everything_kept()
        for secret in (CARD, "Kanarya"):
            self.assertNotIn(secret, kept)
        self.assertFalse(re.search(rf"\b{CODE}\b", kept))


@tagged("post_install", "-at_install")
class TestPoints(RecurringCommon):
    def ask_points(self, **data):
        self.bank.says[Operation.POINTS] = Outcome(Result.APPROVED, "", data=data)
        return re.sub(r"<[^>]+>|\s+", " ", self.type_card("/points").text)

    def test_points_are_shown_and_no_money_moves(self):
        page = self.ask_points(points="1250", points_kurus="6250")
        self.assertIn("1250", page)
        self.assertIn("62.50", page)
        self.assertEqual(self.recurring.state, "waiting")
        self.assertEqual(self.recurring.transaction_ids.mapped("state"), ["draft"])
        self.assertEqual(self.bank.count(Operation.RECURRING), 0)

    def test_points_worth_nothing_are_shown(self):
        self.assertIn("0.00", self.ask_points(points_kurus="0"))

    def test_the_question_has_a_number_of_its_own_and_the_payment_follows(self):
        self.ask_points(points="5")
        self.type_card()
        (asked, charged) = [body["order"] for _operation, body in self.bank.asked]
        self.assertNotEqual(asked, charged)
        states = self.recurring.transaction_ids.mapped("state")
        self.assertEqual(sorted(states), ["cancel", "done"])
        self.assertEqual(self.payments(), [250.0])

    def test_points_asked_for_long_ago_do_not_make_the_payment_old(self):
        """Or the bank's first "not known" would be taken for its last word."""
        with freeze_time(fields.Datetime.now() - timedelta(hours=2)):
            self.ask_points(points="5")
        self.bank.says[Operation.RECURRING] = SILENCE
        self.bank.says[Operation.INQUIRY] = Outcome(Result.NOT_FOUND, "")
        self.type_card()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.call_banks()
        self.assertEqual(self.bank.count(Operation.INQUIRY), 1)
        self.assertEqual(self.recurring.state, "unclear")

    def test_what_the_bank_does_not_say_is_said_so(self):
        for answer in (
            SILENCE,
            NOT_SENT,
            DECLINED,
            Outcome(Result.UNRESOLVED, ""),
            Outcome(Result.APPROVED, ""),
        ):
            self.bank.says[Operation.POINTS] = answer
            page = self.type_card("/points").text
            self.assertIn("did not say how many points", page)
        self.assertEqual(self.recurring.state, "waiting")

    def test_cards_are_not_tried_out_by_their_points(self):
        for _ in range(CARDS_PER_ORDER):
            self.ask_points(points="5")
        self.assertIn("too often", self.ask_points(points="5"))
        self.assertEqual(self.bank.count(Operation.POINTS), CARDS_PER_ORDER)
