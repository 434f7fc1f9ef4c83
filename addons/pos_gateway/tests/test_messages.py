from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from odoo.addons.pos_gateway.protocols.digest import new_order_id

from ..const import ATTEMPTS_BEFORE_ALERT
from .common import CARD, GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestMessages(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()

    def tamper(self, sql, *parameters):
        """Change rows as someone could who has the database itself."""
        cr = self.env.cr
        cr.execute("ALTER TABLE pos_gateway_message DISABLE TRIGGER USER")
        cr.execute(sql, parameters)
        cr.execute("ALTER TABLE pos_gateway_message ENABLE TRIGGER USER")
        self.env.invalidate_all()

    # === APPEND-ONLY === #

    @mute_logger("odoo.sql_db")
    def test_the_database_refuses_every_change(self):
        message, _is_new = self.store(self.transaction, "a=1")
        for statement in (
            f"UPDATE pos_gateway_message SET body = 'x' WHERE id = {message.id}",
            f"DELETE FROM pos_gateway_message WHERE id = {message.id}",
            "TRUNCATE pos_gateway_message CASCADE",
        ):
            with (
                self.subTest(statement),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(statement)

    @mute_logger("odoo.sql_db")
    def test_a_transaction_with_messages_cannot_be_deleted(self):
        self.store(self.transaction, "a=1")
        with self.assertRaises(psycopg2.Error), self.env.cr.savepoint():
            self.env.cr.execute(
                "DELETE FROM payment_transaction WHERE id = %s", (self.transaction.id,)
            )

    def test_an_untouched_chain_is_verified(self):
        for number in range(3):
            self.store(self.transaction, f"a={number}")
        self.assertFalse(self.env["pos.gateway.message"]._first_altered())
        action = self.env["pos.gateway.message"].action_verify_chain()
        self.assertEqual(action["params"]["type"], "success")

    def test_the_first_altered_row_is_named(self):
        rows = [self.store(self.transaction, f"a={number}")[0] for number in range(4)]
        for column, value in (
            ("body", "a=9"),
            ("source", "10.0.0.9"),
            ("kind", "call"),
            ("order_id", "PG1"),
            ("at", fields.Datetime.now() - timedelta(days=9)),
            ("digest", "f" * 64),
            ("chain_digest", "f" * 64),
        ):
            with self.subTest(column):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    self.tamper(
                        f"UPDATE pos_gateway_message SET {column} = %s WHERE id = %s",
                        value,
                        rows[1].id,
                    )
                    found = self.env["pos.gateway.message"]._first_altered()
                    self.assertEqual(found, rows[1])
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_a_removed_row_shows_at_the_one_behind_it(self):
        rows = [self.store(self.transaction, f"a={number}")[0] for number in range(3)]
        self.tamper("DELETE FROM pos_gateway_inbox")
        self.tamper("DELETE FROM pos_gateway_message WHERE id = %s", rows[1].id)
        messages = self.env["pos.gateway.message"]
        self.assertEqual(messages._first_altered(), rows[2])
        with self.assertRaisesRegex(UserError, str(rows[2].id)):
            messages.action_verify_chain()

    # === ONE ROW FOR ONE MESSAGE === #

    def test_the_same_delivery_again_is_one_row_and_is_applied_once(self):
        body = self.signed_body(self.transaction)
        first, is_new = self.store(self.transaction, body, identity="x")
        again, is_new_again = self.store(self.transaction, body, identity="x")
        self.assertTrue(is_new)
        self.assertFalse(is_new_again)
        self.assertEqual(first, again)
        inbox = self.env["pos.gateway.inbox"]
        self.assertEqual(inbox.search_count([("message_id", "=", first.id)]), 1)

    def test_the_same_text_for_another_order_is_another_message(self):
        other = self.make_transaction()
        self.assertTrue(self.store(self.transaction, "a=1", identity="x")[1])
        self.assertTrue(self.store(other, "a=1", identity="x")[1])

    def test_what_we_send_ourselves_is_a_new_row_each_time(self):
        self.assertTrue(self.store(self.transaction, "a=1", "call", False)[1])
        self.assertTrue(self.store(self.transaction, "a=1", "call", False)[1])

    def test_the_form_that_goes_to_the_bank_is_kept_once_it_is_committed(self):
        self.env.cr.postcommit.clear()
        values = self.transaction._get_specific_rendering_values({})
        self.assertFalse(self.transaction.gateway_message_ids)
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()
        message = self.transaction.gateway_message_ids
        self.assertEqual((message.kind, message.direction), ("page_form", "out"))
        self.assertEqual(message.source, values["url"])
        self.assertIn(self.transaction.gateway_order_id, message.body)

    # === CARD DATA === #

    def test_card_numbers_and_security_codes_are_masked_before_they_are_written(self):
        message, _is_new = self.store(self.transaction, f"oid=A1&pan={CARD}&cv2=123")
        self.assertNotIn(CARD, message.body)
        self.assertNotIn("123", message.body)
        self.assertTrue(message.is_masked)

    def test_a_masked_return_is_not_believed_but_asked_for(self):
        row = self.deliver(
            self.transaction, self.signed_body(self.transaction, pan=CARD)
        )
        self.assertEqual(row.state, "done")
        self.assertEqual(self.transaction.state, "draft")
        self.assertTrue(self.transaction.gateway_next_inquiry_at)

    def test_the_order_number_never_looks_like_a_card_number(self):
        for _ in range(300):
            order = new_order_id()
            message, _is_new = self.store(
                self.transaction, f"oid={order}", enqueue=False
            )
            self.assertFalse(message.is_masked, order)


@tagged("post_install", "-at_install")
class TestInbox(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()

    def test_a_genuine_message_is_applied_and_posted(self):
        row = self.deliver(self.transaction)
        self.assertEqual(row.state, "done")
        self.assertEqual(self.transaction.state, "done")
        self.assertTrue(self.transaction.payment_id)

    def test_a_message_that_no_longer_proves_itself_changes_nothing(self):
        body = self.signed_body(self.transaction)
        self.provider.gateway_former_key_days = 0
        self.provider.gateway_store_key = "another key"
        row = self.deliver(self.transaction, body)
        self.assertEqual(self.transaction.state, "draft")
        self.assertEqual((row.state, row.reason), ("failed", "hash"))

    def test_a_failure_keeps_the_message_with_its_reason_and_waits_longer(self):
        message, _is_new = self.store(self.transaction, "a=1")
        row = self.env["pos.gateway.inbox"].search([("message_id", "=", message.id)])
        waits = []
        with patch.object(
            type(self.transaction),
            "_gateway_apply_message",
            side_effect=ValueError(f"broken by {CARD}"),
        ):
            for attempt in range(1, ATTEMPTS_BEFORE_ALERT + 1):
                self.worker("pos.gateway.inbox", "_apply_one", row.id)
                self.assertEqual((row.state, row.attempts), ("failed", attempt))
                waits.append(row.next_attempt_at - fields.Datetime.now())
        self.assertIn("ValueError: broken", row.reason)
        self.assertNotIn(CARD, row.reason)
        self.assertEqual(waits, sorted(waits))
        self.assertEqual(len(self.payer.activity_ids), 1)
        self.assertTrue(message.exists())

    def test_a_failed_message_does_not_stop_those_behind_it(self):
        good = self.make_transaction()
        self.store(self.transaction, "a=1")
        self.store(good, self.signed_body(good))
        self.worker("pos.gateway.inbox", "_cron_apply")
        self.assertEqual(good.state, "done")
        self.assertTrue(good.payment_id)
        self.assertEqual(self.transaction.state, "draft")

    def test_a_message_waits_for_its_turn_after_a_failure(self):
        row = self.deliver(self.transaction, "a=1")
        self.worker("pos.gateway.inbox", "_cron_apply")
        self.assertEqual(row.attempts, 1)
        row.sudo().next_attempt_at = fields.Datetime.now() - timedelta(seconds=1)
        self.worker("pos.gateway.inbox", "_cron_apply")
        self.assertEqual(row.attempts, 2)

    def test_trying_again_starts_over(self):
        row = self.deliver(self.transaction, "a=1")
        row.action_retry()
        self.assertRecordValues(
            row, [{"state": "new", "attempts": 0, "next_attempt_at": False}]
        )

    def test_an_applied_message_is_not_applied_again(self):
        row = self.deliver(self.transaction)
        with patch.object(type(self.transaction), "_gateway_apply_message") as apply:
            self.worker("pos.gateway.inbox", "_apply_one", row.id)
        apply.assert_not_called()

    def test_a_conflict_starts_over(self):
        message, _is_new = self.store(self.transaction, "a=1")
        row = self.env["pos.gateway.inbox"].search([("message_id", "=", message.id)])
        conflict = psycopg2.errors.SerializationFailure()
        with patch.object(
            type(self.transaction),
            "_gateway_apply_message",
            side_effect=[conflict, None],
        ) as apply:
            self.worker("pos.gateway.inbox", "_apply_one", row.id)
        self.assertEqual(apply.call_count, 2)
        self.assertEqual(row.state, "done")
