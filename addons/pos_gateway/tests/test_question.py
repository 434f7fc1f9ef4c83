from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..models import sender
from .common import GatewayCommon, WorkerMixin
from .test_operations import history


@tagged("post_install", "-at_install")
class TestQuestion(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()

    def ask(self, reply, **values):
        question = self.env["pos.gateway.question"].create(
            {"provider_id": self.provider.id, **values}
        )
        with patch.object(sender, "send", side_effect=[reply]):
            question.action_ask()
        return question

    def test_the_history_of_a_payment_is_shown_beside_the_payment(self):
        rows = history(("C", "C", 4000), ("S", "C", 10000))
        order = self.transaction.gateway_order_id.encode()
        question = self.ask(
            rows.replace(b"ORDER", order),
            kind="history",
            transaction_id=self.transaction.id,
        )
        self.assertEqual(question.line_ids.mapped("kind"), ["refund", "sale"])
        self.assertEqual(question.line_ids.mapped("amount"), [40.0, 100.0])
        self.assertEqual(question.line_ids.transaction_id, self.transaction)
        self.assertFalse(question.open_count)
        self.assertEqual(self.transaction.state, "draft")

    def test_what_the_bank_does_not_offer_is_said_in_a_sentence(self):
        with self.assertRaises(UserError):
            self.ask(b"", kind="day_list")

    def test_silence_and_nonsense_are_said_in_a_sentence(self):
        for reply in (sender.NoAnswer("timeout", True), b"<html/>"):
            with self.assertRaises(UserError):
                self.ask(reply, kind="history", transaction_id=self.transaction.id)

    def test_bad_input_never_reaches_the_bank(self):
        for values in (
            {"kind": "history"},
            {"kind": "day_list", "first_day": "2026-01-01", "last_day": "2026-03-01"},
            {"kind": "bin", "card_prefix": "4543 6001"},
            {"kind": "bin"},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                self.ask(AssertionError(), **values)

    def test_only_operators_ask(self):
        nobody = self.make_user("counts", "account.group_account_invoice")
        question = self.env["pos.gateway.question"].create(
            {"provider_id": self.provider.id}
        )
        with self.assertRaises(UserError):
            question.sudo(False).with_user(nobody).with_context()._check_may_ask()
