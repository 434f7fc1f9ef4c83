from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .recurring_common import RecurringCommon


@tagged("post_install", "-at_install")
class TestRecurringRights(RecurringCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("rc_user", "pos_gateway.group_pos_gateway_user")
        cls.manager = cls.make_user("rc_boss", "pos_gateway.group_pos_gateway_manager")
        cls.billing = cls.make_user("rc_bill", "account.group_account_invoice")

    def test_an_operator_sees_them_and_changes_nothing(self):
        recurring = self.recurring.with_user(self.operator)
        self.assertTrue(recurring.name)
        for action in (
            lambda: recurring.write({"note": "x"}),
            recurring.action_cancel,
            recurring.action_ask_card,
            recurring.copy,
            recurring.unlink,
        ):
            with self.assertRaises(AccessError):
                action()

    def test_others_do_not_see_them(self):
        with self.assertRaises(AccessError):
            self.recurring.with_user(self.billing).read(["name"])

    def test_another_company_does_not_see_them(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        found = self.recurring.with_user(self.manager).with_company(other)
        self.assertFalse(found.search([("id", "=", self.recurring.id)]))

    def test_a_manager_makes_one_and_has_it_cancelled(self):
        recurring = self.recurring.with_user(self.manager).copy()
        self.assertEqual(recurring.state, "draft")
        self.assertFalse(recurring.access_token)
        recurring.action_ask_card()
        self.assertIn(recurring._path(), recurring.link)
        recurring.action_cancel()
        self.assertEqual(recurring.state, "cancelled")

    def test_a_manager_copies_the_banks_number_from_its_panel(self):
        self.begin()
        self.recurring.with_user(self.manager).bank_schedule = " R78 "
        told = self.recurring.transaction_id.gateway_references
        self.assertEqual(told, {"recurring_id": "R78"})
        with self.assertRaises(AccessError):
            self.recurring.with_user(self.operator).bank_schedule = "R79"

    def test_the_link_goes_out_by_mail(self):
        action = self.recurring.with_user(self.manager).action_send_link()
        composer = self.env["mail.compose.message"].with_user(self.manager)
        composer = composer.with_context(**action["context"]).create({})
        composer.action_send_mail()
        message = self.recurring.message_ids[0]
        self.assertIn(self.recurring.access_token, message.body)
        self.assertIn(self.payer, message.partner_ids)

    def test_what_was_agreed_and_what_the_bank_did_is_nobodys_to_write(self):
        self.begin()
        recurring = self.recurring.with_user(self.manager)
        recurring.note = "Service contract"
        with self.assertRaisesRegex(ValidationError, "Cancel it first"):
            recurring.active = False
        for values in (
            {"amount": 1.0},
            {"count": 5},
            {"state": "ended"},
            {"consent_text": "I agree to everything."},
            {"transaction_id": False},
            {"access_token": "0"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                recurring.write(values)
        with self.assertRaises(AccessError):
            recurring.create({**self.values(), "state": "running"})
        with self.assertRaises(AccessError):
            recurring.payment_ids.write({"state": "done"})
        with self.assertRaises(UserError):
            recurring.unlink()

    def values(self):
        return {
            "partner_id": self.payer.id,
            "provider_id": self.provider.id,
            "amount": 10.0,
        }

    def test_what_the_bank_does_not_take_cannot_be_agreed(self):
        with self.assertRaisesRegex(ValidationError, "intervals"):
            self.make_recurring(unit="Y")
        traits = self.bank.TRAITS
        self.bank.TRAITS = type(traits)(
            **{**traits.__dict__, "card_calls": frozenset()}
        )
        with self.assertRaisesRegex(ValidationError, "no payments by a schedule"):
            self.make_recurring()

    @mute_logger("odoo.sql_db")
    def test_senseless_numbers_are_refused(self):
        for values in ({"amount": 0}, {"count": 1}, {"every": 0}):
            with (
                self.subTest(values),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self.make_recurring(is_asked=False, **values)

    def test_the_card_is_not_asked_for_while_cards_may_not_pass_here(self):
        draft = self.make_recurring(is_asked=False)
        self.assertIn(self.provider, draft.provider_choice_ids)
        self.allow_cards(False)
        draft.invalidate_recordset()
        self.assertNotIn(self.provider, draft.provider_choice_ids)
        with self.assertRaisesRegex(UserError, "system administrator"):
            draft.action_ask_card()

    def test_the_pos_says_what_needs_the_card(self):
        self.assertIn("by a schedule (needs the card", self.provider.gateway_can)
        self.allow_cards(False)
        self.provider.invalidate_recordset()
        self.assertNotIn("schedule", self.provider.gateway_can)
        self.assertIn("settings do not allow", self.provider.gateway_cannot)

    def test_they_are_counted_on_the_payer_and_the_pos(self):
        self.assertEqual(self.payer.gateway_recurring_count, 1)
        self.assertEqual(self.provider.gateway_recurring_count, 1)
