from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .common import GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestRightsOnPayments(WorkerMixin, GatewayCommon, TransactionCase):
    """No user changes a card payment over RPC, whatever core lets billing users do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = [
            cls.make_user("gwp_internal", "base.group_user"),
            cls.make_user("gwp_billing", "account.group_account_invoice"),
            cls.make_user("gwp_operator", "pos_gateway.group_pos_gateway_user"),
            cls.make_user(
                "gwp_manager",
                "pos_gateway.group_pos_gateway_manager",
                "account.group_account_manager",
            ),
            cls.make_user("gwp_admin", "base.group_system"),
        ]
        cls.billing = cls.users[1]
        cls.other_provider = cls.env["payment.provider"].create(
            {"name": "Another way", "company_id": cls.company.id}
        )

    def setUp(self):
        super().setUp()
        self.invoice = self.make_invoice(100.0)
        self.transaction = self.make_transaction(self.invoice)

    def values(self, **changes):
        return {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "reference": "BY-HAND",
            "amount": 100.0,
            "currency_id": self.lira.id,
            "partner_id": self.payer.id,
        } | changes

    def assert_refused(self, user, record, method, *args):
        with (
            self.subTest(user.login, values=args),
            self.assertRaises(AccessError),
            self.env.cr.savepoint(),
        ):
            getattr(record.with_user(user), method)(*args)

    # === CHANGING === #

    def test_nobody_writes_on_a_card_payment(self):
        other_partner = self.env["res.partner"].create({"name": "Other"})
        for user in self.users:
            for values in (
                {"state": "done", "is_post_processed": False},
                {"amount": 1.0},
                {"currency_id": self.env.ref("base.EUR").id},
                {"provider_id": self.other_provider.id},
                {"partner_id": other_partner.id},
                {"operation": "refund"},
                {"source_transaction_id": self.transaction.id},
                {"payment_id": False},
                {"provider_reference": "x"},
                {"last_state_change": "2026-01-01 00:00:00"},
                {"invoice_ids": [Command.clear()]},
                {"is_live": True},
                {"gateway_review_reason": False},
                {"gateway_references": {}},
                {"gateway_order_id": "PG261124N99999999"},
                {"gateway_next_inquiry_at": False},
            ):
                self.assert_refused(user, self.transaction, "write", values)
        self.assertEqual(self.transaction.state, "draft")

    def test_a_state_written_by_hand_is_not_posted(self):
        self.assert_refused(self.billing, self.transaction, "write", {"state": "done"})
        self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertFalse(self.transaction.payment_id)

    def test_the_sentence_says_what_to_do_instead(self):
        with self.assertRaisesRegex(AccessError, "bank"):
            self.transaction.with_user(self.billing).state = "done"

    def test_a_payment_is_not_reached_through_a_document(self):
        update = [Command.update(self.transaction.id, {"state": "done"})]
        self.assert_refused(
            self.billing, self.invoice, "write", {"transaction_ids": update}
        )

    # === MAKING === #

    def test_nobody_makes_a_card_payment_by_hand(self):
        for user in self.users:
            self.assert_refused(user, self.transaction, "create", self.values())
            self.assert_refused(user, self.transaction, "copy")

    def test_a_payment_by_another_way_cannot_become_one_of_ours(self):
        other = self.env["payment.transaction"].with_user(self.billing)
        other = other.create(self.values(provider_id=self.other_provider.id))
        for values in (
            {"provider_id": self.provider.id},
            {"source_transaction_id": self.transaction.id},
            {"gateway_order_id": self.transaction.gateway_order_id},
        ):
            self.assert_refused(self.billing, other, "write", values)
        for changes in (
            {"source_transaction_id": self.transaction.id, "operation": "refund"},
            {"gateway_order_id": "PG261124N99999999"},
        ):
            values = self.values(provider_id=self.other_provider.id, **changes)
            self.assert_refused(self.billing, other, "create", values)

    # === WHAT STAYS POSSIBLE === #

    def test_payments_by_another_way_are_as_core_has_them(self):
        other = self.env["payment.transaction"].with_user(self.billing)
        other = other.create(self.values(provider_id=self.other_provider.id))
        other.write({"state": "done"})
        self.assertEqual(other.state, "done")

    def test_billing_users_refund_through_the_buttons_of_core(self):
        self.deliver(self.transaction)
        payment = self.transaction.payment_id.with_user(self.billing)
        wizard = self.env["payment.refund.wizard"].with_user(self.billing)
        wizard = wizard.with_context(active_id=payment.id).create(
            {"amount_to_refund": 40.0}
        )
        wizard.action_refund()
        child = self.transaction.child_transaction_ids
        self.assertEqual((child.state, child.amount), ("pending", -40.0))

    def test_billing_users_capture_and_void_through_the_buttons_of_core(self):
        self.provider.capture_manually = True
        for method in ("action_capture", "action_void"):
            transaction = self.make_transaction(self.make_invoice(100.0))
            self.deliver(transaction)
            self.assertEqual(transaction.state, "authorized")
            with self.subTest(method):
                action = getattr(transaction.with_user(self.billing), method)()
                if action.get("res_model"):
                    wizard = self.env[action["res_model"]].with_user(self.billing)
                    wizard = wizard.with_context(**action["context"]).create({})
                    wizard.action_capture()
                self.assertEqual(transaction.child_transaction_ids.state, "pending")

    def test_operators_ask_and_managers_close_reviews(self):
        self.transaction.sudo().gateway_review_reason = "amount"
        operator, manager = self.users[2], self.users[3]
        self.transaction.with_user(operator).action_gateway_ask_bank()
        with self.assertRaises(UserError):
            self.transaction.with_user(operator).action_gateway_close_review()
        self.transaction.with_user(manager).action_gateway_close_review()
        self.assertFalse(self.transaction.gateway_review_reason)
