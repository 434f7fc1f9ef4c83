from datetime import timedelta

import psycopg2

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import TransactionCase, freeze_time, tagged
from odoo.tools import mute_logger

from ..models.pos_gateway_message import LEAST_DAYS
from ..models.pos_gateway_message_policy import DAYS_PARAMETER, DEFAULT_DAYS
from .common import GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestMessagePolicy(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()
        self.messages = self.env["pos.gateway.message"]

    def store_old(self, days, body="a=1", enqueue=False):
        """A message of long ago: written as if it were that day."""
        with freeze_time(fields.Datetime.now() - timedelta(days=days)):
            return self.store(self.transaction, body, enqueue=enqueue)[0]

    def clean_up(self):
        self.worker("pos.gateway.message", "_cron_remove_old_texts")

    def test_an_old_text_goes_and_the_chain_is_still_whole(self):
        old = self.store_old(DEFAULT_DAYS + 1)
        recent = self.store_old(DEFAULT_DAYS - 1)
        digest = old.body_digest
        self.clean_up()
        self.assertFalse(old.body)
        self.assertTrue(old.body_removed_at)
        self.assertEqual(old.body_digest, digest)
        self.assertEqual(recent.body, "a=1")
        self.assertFalse(self.messages._first_altered())
        is_whole, sentence = self.messages._verify()
        self.assertTrue(is_whole)
        self.assertRegex(sentence, "of 1 the text was removed")

    def test_what_is_still_worked_on_keeps_its_text(self):
        old = self.store_old(DEFAULT_DAYS + 1, enqueue=True)
        self.clean_up()
        self.assertTrue(old.body)

    def test_the_administrator_sets_the_days_but_not_below_the_law(self):
        old = self.store_old(LEAST_DAYS + 1)
        self.clean_up()
        self.assertTrue(old.body)
        settings = self.env["res.config.settings"]
        with self.assertRaisesRegex(ValidationError, "five years"):
            settings.create({"gateway_message_days": LEAST_DAYS - 1})
        settings.create({"gateway_message_days": LEAST_DAYS}).set_values()
        self.clean_up()
        self.assertFalse(old.body)
        self.env["ir.config_parameter"].set_param(DAYS_PARAMETER, "1")
        young = self.store_old(LEAST_DAYS - 1)
        self.clean_up()
        self.assertTrue(young.body)

    @mute_logger("odoo.sql_db")
    def test_the_database_takes_this_one_change_and_no_other(self):
        old = self.store_old(LEAST_DAYS + 9)
        young = self.store_old(LEAST_DAYS - 9)
        now = "now() AT TIME ZONE 'UTC'"
        for message, change in (
            (old, "body = NULL"),
            (old, f"body = '', body_removed_at = {now}"),
            (old, f"body = 'x', body_removed_at = {now}"),
            (old, f"body = NULL, body_removed_at = {now}, source = 'x'"),
            (old, f"body = NULL, body_removed_at = {now} + interval '1 day'"),
            (old, f"body = NULL, body_removed_at = {now} - interval '99 days'"),
            (old, f"body_removed_at = {now}"),
            (young, f"body = NULL, body_removed_at = {now}"),
        ):
            with (
                self.subTest(change),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE pos_gateway_message SET {change} WHERE id = {message.id}"
                )
        self.messages._remove_texts(fields.Datetime.now() - timedelta(LEAST_DAYS))
        for change in ("body = 'a=1'", "body_removed_at = NULL"):
            with (
                self.subTest(change),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(
                    f"UPDATE pos_gateway_message SET {change} WHERE id = {old.id}"
                )

    def test_a_text_that_was_removed_against_the_policy_is_named(self):
        rows = [self.store(self.transaction, f"a={number}")[0] for number in range(3)]
        for change in ("body = NULL", "body = NULL, body_removed_at = at"):
            with self.subTest(change):
                savepoint = self.env.cr.savepoint()
                with savepoint:
                    self.env.cr.execute(
                        "ALTER TABLE pos_gateway_message DISABLE TRIGGER USER"
                    )
                    self.env.cr.execute(
                        f"UPDATE pos_gateway_message SET {change}"
                        f" WHERE id = {rows[1].id}"
                    )
                    self.env.cr.execute(
                        "ALTER TABLE pos_gateway_message ENABLE TRIGGER USER"
                    )
                    self.env.invalidate_all()
                    self.assertEqual(self.messages._first_altered(), rows[1])
                    with self.assertRaisesRegex(UserError, str(rows[1].id)):
                        self.messages.action_verify_chain()
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_a_message_may_be_about_a_pos_alone(self):
        self.env.flush_all()
        message_id, _is_new = self.messages._store(
            "call", None, "a=1", provider=self.provider, order_id="PGX", call_id=7
        )
        message = self.messages.browse(message_id)
        self.assertEqual((message.direction, message.company_id), ("out", self.company))
        self.assertFalse(self.messages._first_altered())
        operator = self.make_user("sees", "pos_gateway.group_pos_gateway_user")
        self.assertEqual(message.with_user(operator).call_id, 7)
