from dataclasses import replace
from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.sender import NoAnswer
from ..protocols.answers import Result, State
from ..protocols.types import Operation
from .recurring_common import DECLINED, DONE, RecurringCommon, entry

SILENCE = NoAnswer("timeout", True)


@tagged("post_install", "-at_install")
class TestLaterPayments(RecurringCommon):
    def setUp(self):
        super().setUp()
        self.first, self.second, self.third = self.begin()

    def test_each_charge_is_one_posted_payment_of_its_day(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(
                entry(self.third, State.PLANNED), entry(self.second), entry(self.first)
            )
        self.assertEqual(self.states(), ["done", "done", "planned"])
        self.assertEqual(self.payments(), [250.0] * 2)
        with freeze_time(f"{self.third} 22:00"):
            rows = [entry(day) for day in (self.third, self.second, self.first)]
            self.ask_status(*rows)
        self.assertEqual(self.payments(), [250.0] * 3)
        self.assertEqual(self.recurring.state, "ended")
        self.assertFalse(self.recurring.next_status_at)
        days = self.recurring.transaction_ids.payment_id.mapped("date")
        self.assertEqual(
            {day.isoformat() for day in days}, {self.first, self.second, self.third}
        )

    def test_the_same_answer_twice_books_once(self):
        with freeze_time(f"{self.second} 10:00"):
            for _ in range(2):
                self.ask_status(
                    entry(self.first),
                    entry(self.second),
                    entry(self.third, State.PLANNED),
                )
        self.assertEqual(self.payments(), [250.0] * 2)

    @mute_logger("odoo.sql_db")
    def test_the_database_takes_a_planned_payment_once(self):
        recurring = self.recurring.sudo()
        recurring._make_transaction(2, operation="offline")
        with self.assertRaises(UniqueViolation), self.env.cr.savepoint():
            recurring._make_transaction(2, operation="offline")

    def test_a_bank_that_lists_only_what_was_done_is_understood(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(entry(self.second), entry(self.first))
        self.assertEqual(self.states(), ["done", "done", "planned"])
        with freeze_time(f"{self.third} 10:00"):
            self.ask_status(entry(self.third))
        self.assertEqual(self.states(), ["done", "done", "done"])

    def test_a_row_with_its_number_needs_no_day(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(replace(entry(self.second), at=None, number=2))
        self.assertEqual(self.states(), ["done", "done", "planned"])

    def test_a_charge_of_no_payment_of_ours_is_told_and_not_booked(self):
        with freeze_time(f"{self.second} 10:00"):
            for _ in range(2):
                self.ask_status(replace(entry(self.second), number=9))
        self.assertEqual(self.payments(), [250.0])
        self.assertEqual(self.activities().count("in no plan"), 1)

    def test_a_second_charge_of_one_month_is_told(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(entry(self.second), entry(self.second), entry(self.first))
        self.assertEqual(self.payments(), [250.0] * 2)
        self.assertIn("in no plan", self.activities())

    def test_a_payment_that_was_tried_twice_was_made_once(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(
                entry(self.first),
                entry(self.second, State.DECLINED),
                entry(self.second),
            )
        self.assertEqual(self.states(), ["done", "done", "planned"])

    def test_an_answer_that_is_not_whole_changes_nothing(self):
        rows = (entry(self.first), entry(self.second))
        self.bank.says[Operation.RECURRING_STATUS] = replace(
            DONE, result=Result.UNRESOLVED, entries=rows
        )
        with freeze_time(f"{self.second} 10:00"):
            self.make_due()
            self.call_banks()
        self.assertEqual(self.states(), ["done", "planned", "planned"])

    def test_a_declined_payment_stands_and_staff_are_told(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(
                entry(self.first),
                entry(self.second, State.DECLINED, bank_code="51"),
                entry(self.third, State.PLANNED),
            )
        self.assertEqual(self.states(), ["done", "declined", "planned"])
        self.assertIn("code 51", self.activities())
        self.assertEqual(self.payments(), [250.0])
        with freeze_time(f"{self.third} 10:00"):
            self.ask_status(
                entry(self.first),
                entry(self.second, State.DECLINED, bank_code="51"),
                entry(self.third),
            )
        self.assertEqual(self.states(), ["done", "declined", "done"])
        self.assertEqual(self.recurring.state, "ended")

    def test_a_payment_that_was_declined_and_then_made_is_booked(self):
        rows = entry(self.first), entry(self.third, State.PLANNED)
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(*rows, entry(self.second, State.DECLINED))
            self.ask_status(*rows, entry(self.second))
        self.assertEqual(self.payments(), [250.0] * 2)

    def test_another_amount_is_held_until_a_person_has_looked(self):
        rows = entry(self.first), entry(self.third, State.PLANNED)
        with freeze_time(f"{self.second} 10:00"):
            for _ in range(2):
                self.ask_status(*rows, entry(self.second, kurus=26000))
        self.assertEqual(self.states(), ["done", "review", "planned"])
        self.assertEqual(self.payments(), [250.0])
        self.assertIn("260.00", self.activities())
        held = self.recurring.payment_ids.filtered(lambda one: one.state == "review")
        held.action_book()
        self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertEqual(sorted(self.payments()), [250.0, 260.0])
        with self.assertRaises(UserError):
            held.action_book()

    def test_another_currency_is_held(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(entry(self.second, currency="USD"))
        self.assertEqual(self.states(), ["done", "review", "planned"])

    def test_what_is_not_said_changes_nothing_and_is_asked_again(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status()
            self.bank.says[Operation.RECURRING_STATUS] = SILENCE
            self.make_due()
            self.call_banks()
            self.assertGreater(self.recurring.next_status_at, fields.Datetime.now())
        self.assertEqual(self.states(), ["done", "planned", "planned"])
        self.assertEqual(self.bank.count(Operation.RECURRING_STATUS), 2)

    def test_the_bank_is_asked_on_the_planned_day_and_then_with_pauses(self):
        self.bank.says[Operation.RECURRING_STATUS] = DONE
        with freeze_time(f"{self.second} 05:59"):
            self.call_banks()
        self.assertEqual(self.bank.count(Operation.RECURRING_STATUS), 0)
        for time, asked in (("06:00", 1), ("06:30", 1), ("07:01", 2), ("08:30", 2)):
            with freeze_time(f"{self.second} {time}"):
                self.call_banks()
                self.assertEqual(self.bank.count(Operation.RECURRING_STATUS), asked)

    def test_staff_are_told_when_the_bank_does_not_say(self):
        for _ in range(6):
            self.ask_status()
        self.assertIn("has not said what became", self.activities())

    def test_a_later_payment_without_a_number_of_its_own_is_not_given_back_here(self):
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(entry(self.second))
        later = self.recurring.transaction_ids.filtered(
            lambda transaction: transaction.gateway_recurring_number == 2
        )
        later.action_refund(10.0)
        self.assertEqual(later.child_transaction_ids.state, "error")
        self.assertIn("bank's panel", later.child_transaction_ids.state_message)

    def test_the_banks_own_number_of_a_later_payment_is_kept(self):
        order_id = f"{self.recurring.bank_order}-2"
        with freeze_time(f"{self.second} 10:00"):
            self.ask_status(entry(self.second, order_id=order_id))
        self.assertIn(
            order_id, self.recurring.transaction_ids.mapped("gateway_order_id")
        )


@tagged("post_install", "-at_install")
class TestCancelling(RecurringCommon):
    def setUp(self):
        super().setUp()
        self.days = self.begin()

    def planned(self):
        first, *later = self.days
        return [entry(first), *(entry(day, State.PLANNED) for day in later)]

    def answer_cancel(self, answer):
        self.bank.says[Operation.RECURRING_CANCEL] = answer
        self.call_banks()

    def test_until_the_bank_confirms_it_is_not_cancelled(self):
        self.recurring.action_cancel()
        self.assertEqual(self.recurring.state, "cancelling")
        self.assertEqual(self.bank.count(Operation.RECURRING_CANCEL), 0)
        self.answer_cancel(DONE)
        self.assertEqual(self.recurring.state, "cancelled")
        self.assertEqual(self.states(), ["done", "cancelled", "cancelled"])
        self.assertFalse(self.recurring.next_status_at)

    def test_it_is_said_again_until_it_is_answered(self):
        self.recurring.action_cancel()
        self.answer_cancel(SILENCE)
        self.make_due()
        self.answer_cancel(DONE)
        self.assertEqual(self.bank.count(Operation.RECURRING_CANCEL), 2)
        self.assertEqual(self.recurring.state, "cancelled")

    def test_an_answer_that_is_not_understood_leads_to_the_banks_books(self):
        self.recurring.action_cancel()
        self.answer_cancel(DONE.__class__(Result.UNRESOLVED, ""))
        self.assertEqual(self.recurring.state, "cancelling")
        self.bank.says[Operation.RECURRING_CANCEL] = DONE
        self.ask_status(*self.planned())
        self.call_banks()
        self.assertEqual(self.bank.count(Operation.RECURRING_CANCEL), 2)
        self.assertEqual(self.recurring.state, "cancelled")

    def test_a_refusal_is_told_and_the_schedule_goes_on(self):
        self.recurring.action_cancel()
        self.answer_cancel(DECLINED)
        self.assertEqual(self.recurring.state, "running")
        self.assertIn("refused to cancel", self.activities())

    def test_nothing_left_on_a_second_try_is_for_a_person_to_settle(self):
        """The first try may have been carried out, and its answer lost."""
        self.recurring.action_cancel()
        self.answer_cancel(SILENCE)
        self.make_due()
        self.answer_cancel(replace(DECLINED, reason="not_found"))
        self.assertEqual(self.recurring.state, "cancelling")
        self.assertIn("refused to cancel", self.activities())
        self.ask_status(entry(self.days[0]))
        self.call_banks()
        self.assertEqual(self.bank.count(Operation.RECURRING_CANCEL), 2)
        self.recurring.action_bank_cancelled()
        self.assertEqual(self.recurring.state, "cancelled")

    def test_what_was_charged_meanwhile_is_booked(self):
        _first, second, _third = self.days
        self.recurring.action_cancel()
        with freeze_time(f"{second} 10:00"):
            self.bank.says[Operation.RECURRING_STATUS] = DONE
            self.answer_cancel(DONE)
            self.assertEqual(self.states(), ["done", "planned", "cancelled"])
            self.assertEqual(self.recurring.state, "cancelling")
            self.ask_status(entry(second))
        self.assertEqual(self.states(), ["done", "done", "cancelled"])
        self.assertEqual(self.recurring.state, "cancelled")
        self.assertEqual(self.payments(), [250.0] * 2)

    def test_the_payer_withdraws_on_the_page(self):
        self.assertEqual(self.visit("/withdraw", {}).status_code, 200)
        self.assertFalse(self.recurring.withdrawn_at)
        self.visit("/withdraw", {"withdraw": "yes"})
        self.assertTrue(self.recurring.withdrawn_at)
        self.assertEqual(self.recurring.state, "cancelling")
        self.answer_cancel(DONE)
        self.assertEqual(self.recurring.state, "cancelled")
        self.assertIn("No more payments", self.visit().text)

    def test_one_that_has_ended_is_not_cancelled(self):
        self.ask_status(*(entry(day) for day in self.days))
        self.assertEqual(self.recurring.state, "ended")
        with self.assertRaises(UserError):
            self.recurring.action_cancel()


@tagged("post_install", "-at_install")
class TestCancellingEarly(RecurringCommon):
    def test_a_withdrawal_before_the_bank_has_answered_is_not_forgotten(self):
        self.bank.says[Operation.RECURRING] = SILENCE
        self.bank.says[Operation.INQUIRY] = DONE
        self.bank.says[Operation.RECURRING_CANCEL] = DONE
        self.type_card()
        self.visit("/withdraw", {"withdraw": "yes"})
        self.assertEqual(self.recurring.state, "unclear")
        with freeze_time(fields.Datetime.now() + timedelta(minutes=5)):
            self.call_banks()
            self.make_due()
            self.call_banks()
        self.assertEqual(self.recurring.state, "cancelled")
        self.assertEqual(self.states(), ["done", "cancelled", "cancelled"])
