from odoo import SUPERUSER_ID
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, TransactionCase, tagged

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestCreditLimit(DealerCase, TransactionCase):
    """Every dealer of the case owes 1,500.35."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dealer_credit_check = "block"

    def draft(self, dealer, amount):
        return self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": dealer.partner_id.id,
                "invoice_line_ids": [
                    (0, 0, {"name": "goods", "price_unit": amount, "tax_ids": []})
                ],
            }
        )

    def test_an_invoice_up_to_the_limit_is_posted_and_one_kurus_more_is_not(self):
        self.izmir.credit_limit = 2000
        self.draft(self.izmir, 499.65).action_post()
        with self.assertRaisesRegex(UserError, "2,000.01.*limit is .*2,000.00"):
            self.draft(self.izmir, 0.01).action_post()

    def test_the_branch_of_any_dealer_above_counts(self):
        # ege, izmir, bornova and manisa: 6,001.40.
        self.ege.branch_credit_limit = 6100
        self.draft(self.bornova, 98.60).action_post()
        with self.assertRaisesRegex(UserError, "branch of Ege.*6,100.01"):
            self.draft(self.bornova, 0.01).action_post()
        self.draft(self.anadolu, 5000).action_post()

    def test_credit_makes_room_again(self):
        self.izmir.credit_limit = 1600
        self.pay_on_account(self.izmir, 500)
        self.draft(self.izmir, 599.65).action_post()

    def pay_on_account(self, dealer, amount):
        payment = self.env["account.payment"].create(
            {
                "partner_id": dealer.partner_id.id,
                "amount": amount,
                "payment_type": "inbound",
                "journal_id": self.company_data["default_journal_bank"].id,
            }
        )
        payment.action_post()

    def test_a_blocked_dealer_gets_no_invoice_whatever_it_owes(self):
        self.izmir.write({"is_credit_blocked": True, "credit_block_reason": "cheques"})
        with self.assertRaisesRegex(UserError, "blocked: cheques"):
            self.draft(self.izmir, 1).action_post()

    def test_a_credit_note_is_never_stopped(self):
        self.izmir.write({"is_credit_blocked": True, "credit_limit": 1})
        note = self.draft(self.izmir, 1)
        note.move_type = "out_refund"
        note.action_post()
        self.assertEqual(note.state, "posted")

    def test_who_only_wants_to_be_warned_finds_it_in_the_chatter(self):
        self.company.dealer_credit_check = "warn"
        self.izmir.credit_limit = 1600
        invoice = self.draft(self.izmir, 1000)
        self.assertIn("limit is", invoice.dealer_credit_warning)
        invoice.action_post()
        self.assertIn("2,500.35", invoice.message_ids[0].body)
        self.company.dealer_credit_check = "off"
        self.assertFalse(self.draft(self.izmir, 1000).dealer_credit_warning)

    def test_a_manager_posts_it_with_a_reason_and_nobody_else(self):
        self.izmir.credit_limit = 1600
        invoice = self.draft(self.izmir, 1000)
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "clerk",
                "group_ids": [
                    (6, 0, self.env.ref("account.group_account_invoice").ids)
                ],
                "company_id": self.company.id,
                "company_ids": [(6, 0, self.company.ids)],
            }
        )
        self.assertFalse(clerk.has_group("dealer_collection.group_dealer_manager"))
        with self.assertRaisesRegex(ValidationError, "Only dealer managers"):
            invoice.with_user(clerk).dealer_credit_reason = "because"
        invoice.dealer_credit_reason = "agreed with the owner"
        invoice.with_user(clerk).action_post()
        self.assertEqual(invoice.state, "posted")

    def test_the_list_finds_dealers_over_their_limit(self):
        self.izmir.credit_limit = 1500
        self.manisa.credit_limit = 1600
        found = self.env["dealer.dealer"].search([("is_over_limit", "=", True)])
        self.assertEqual(found, self.izmir)
        self.assertEqual(round(self.izmir.credit_used_percent, 2), 100.02)

    def test_the_surcharge_of_a_payment_is_never_stopped(self):
        self.izmir.write({"is_credit_blocked": True, "credit_block_reason": "x"})
        worker = self.draft(self.izmir, 1).with_user(SUPERUSER_ID)
        worker.with_context(gateway_worker=True).action_post()
        self.assertEqual(worker.state, "posted")

    def test_the_form_shows_it_before_it_is_saved(self):
        self.izmir.credit_limit = 1600
        with Form(self.env["account.move"].with_context(
            default_move_type="out_invoice"
        )) as form:  # fmt: skip
            form.partner_id = self.izmir.partner_id
            with form.invoice_line_ids.new() as line:
                line.name = "goods"
                line.price_unit = 1000
            self.assertIn("limit is", form.dealer_credit_warning)
