from datetime import timedelta
from pathlib import Path

import psycopg2

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..models.payment_provider_credentials import PLAIN, SECRET
from ..models.protocol_words import known_words
from ..protocols import FAMILIES
from .common import API_PASSWORD, STORE_KEY, GatewayCommon, RefusalMixin, WorkerMixin

SECRET_FIELDS = [f"gateway_{name}" for name in SECRET]
NEW_KEY = "CanaryNewKey.17"


@tagged("post_install", "-at_install")
class TestSecrets(RefusalMixin, WorkerMixin, GatewayCommon, TransactionCase):
    """They can be written, and nobody gets them back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls.make_user(
            "gw_admin", "base.group_system", "account.group_account_manager"
        )
        cls.own = cls.provider.with_user(cls.administrator)

    def assertNoSecret(self, anything):
        for secret in (STORE_KEY, API_PASSWORD, NEW_KEY):
            self.assertNotIn(secret, str(anything))

    def test_an_administrator_reads_nothing_of_them(self):
        self.assertEqual(
            self.own.read(SECRET_FIELDS)[0],
            {"id": self.own.id} | dict.fromkeys(SECRET_FIELDS, False),
        )
        specification = {name: {} for name in self.own.fields_get()}
        domain = [("id", "=", self.own.id)]
        self.assertNoSecret(self.own.read())
        self.assertNoSecret(self.own.web_read(specification))
        self.assertNoSecret(self.own.web_search_read(domain, specification))
        self.assertNoSecret(self.own.search_read(domain))
        self.assertNoSecret(self.own.export_data(SECRET_FIELDS))
        self.assertNoSecret(self.own.copy_data())
        self.assertNoSecret(self.own.copy().read())

    def test_they_are_not_offered_for_export(self):
        for name, field in self.own.fields_get(SECRET_FIELDS).items():
            self.assertFalse(field.get("exportable", True), name)

    def test_what_was_just_typed_is_not_read_back(self):
        values = {"gateway_store_key": NEW_KEY}
        specification = {name: {} for name in SECRET_FIELDS}
        self.assertNoSecret(self.own.web_save(values, specification))
        self.assertNoSecret(self.own.gateway_store_key)
        self.assertEqual(self.terminal().store_key.reveal(), NEW_KEY)

    def test_they_cannot_be_searched_for(self):
        for name in SECRET_FIELDS:
            with self.assertRaisesRegex(ValueError, "not stored"):
                self.own.search([(name, "=like", "C%")])

    def test_nobody_has_access_to_their_model(self):
        # Not even who writes access rights into the database.
        self.env["ir.model.access"].create(
            {
                "name": "mine",
                "model_id": self.env["ir.model"]._get_id("pos.gateway.credential"),
                "group_id": self.env.ref("base.group_system").id,
                "perm_read": True,
                "perm_write": True,
            }
        )
        credentials = self.env["pos.gateway.credential"].with_user(self.administrator)
        for operation in ("read", "write", "create", "unlink"):
            self.assertFalse(credentials.has_access(operation))
        for name, arguments in (
            ("search_read", [[]]),
            ("search_count", [[]]),
            ("web_search_read", [[], {"value": {}}]),
            ("formatted_read_group", [[], ["value"], ["__count"]]),
            ("name_search", []),
            ("export_data", [["value"]]),
        ):
            records = credentials.browse(credentials.sudo().search([]).ids)
            with self.assertRaises(AccessError, msg=name):
                getattr(records, name)(*arguments)

    def test_no_field_of_another_model_leads_to_them(self):
        for model in self.registry.values():
            for field in model._fields.values():
                if model._name != "pos.gateway.credential":
                    self.assertNotEqual(
                        field.comodel_name, "pos.gateway.credential", field
                    )

    def test_the_chatter_says_that_one_was_changed_and_not_to_what(self):
        self.env.cr.flush()  # nothing is tracked of what was created just now
        own = self.own.with_context(tracking_disable=False, mail_notrack=False)
        own.gateway_store_key = NEW_KEY
        own.gateway_merchant_id = "700655002"
        self.env.cr.flush()
        messages = own.message_ids
        self.assertIn("Store Key", str(messages.mapped("body")))
        tracked = messages.sudo().tracking_value_ids
        self.assertIn("700655002", tracked.mapped("new_value_char"))
        self.assertNoSecret(messages.mapped("body"))
        self.assertNoSecret(tracked.read())

    def test_no_table_of_a_neutralised_database_holds_one(self):
        self.own.gateway_store_key = NEW_KEY
        self.env.flush_all()
        script = Path(__file__).parents[1] / "data" / "neutralize.sql"
        self.env.cr.execute(script.read_text())
        self.env.invalidate_all()
        self.assertFalse(self.env["pos.gateway.credential"].sudo().search_count([]))
        self.env.cr.execute("SELECT payment_provider::text FROM payment_provider")
        self.assertNoSecret(self.env.cr.fetchall())
        self.assertEqual(self.provider.state, "disabled")

    def test_resetting_forgets_them_and_the_former_ones(self):
        self.own.gateway_store_key = NEW_KEY
        self.own.action_reset_credentials()
        left = (
            self.env["pos.gateway.credential"]
            .sudo()
            .search([("provider_id", "=", self.own.id)])
        )
        self.assertFalse(left)
        self.assertFalse(self.own.gateway_merchant_id)

    def test_another_bank_does_not_get_them(self):
        self.own.state = "disabled"
        self.own.write({"gateway_bank": "ziraat", "gateway_api_password": "theirs"})
        terminal = self.terminal()
        self.assertFalse(terminal.store_key)
        self.assertEqual(terminal.api_password.reveal(), "theirs")

    def test_a_pos_with_payments_stays_with_its_bank(self):
        self.make_transaction()
        with self.refused("another POS"):
            self.own.gateway_bank = "ziraat"

    def test_they_are_taken_out_of_texts_however_they_are_written(self):
        self.provider.gateway_store_key = "a<b&c d/1"
        for text in ("k=a<b&c d/1;", "k=a&lt;b&amp;c d/1;", "k=a%3Cb%26c+d%2F1;"):
            self.assertEqual(self.provider._gateway_hide_secrets(text), "k=***;")

    def terminal(self):
        return self.provider.sudo()._gateway_terminal(False)


@tagged("post_install", "-at_install")
class TestWhatTheBankAsksFor(RefusalMixin, GatewayCommon, TransactionCase):
    def test_the_form_shows_what_the_banks_family_needs_in_its_own_words(self):
        asked = {one.name for one in self.provider._gateway_traits().credentials}
        for name in (*PLAIN, *SECRET):
            hint = self.provider[f"gateway_{name}_hint"]
            self.assertEqual(bool(hint), name in asked, name)
        self.assertIn("Store key (3-D key)", self.provider.gateway_store_key_hint)
        self.assertIn("It is set", self.provider.gateway_store_key_hint)

    def test_a_secret_that_is_set_need_not_be_typed_again(self):
        self.assertNotIn("gateway_store_key", self.provider.gateway_needed)
        self.assertIn("gateway_merchant_id", self.provider.gateway_needed)
        self.provider.state = "disabled"
        self.provider.gateway_store_key = False
        self.assertIn("gateway_store_key", self.provider.gateway_needed)
        self.assertIn("not set", self.provider.gateway_store_key_hint)

    def test_it_cannot_be_switched_on_without_and_the_sentence_names_what_is_missing(
        self,
    ):
        self.provider.state = "disabled"
        self.provider.write({"gateway_store_key": False, "gateway_merchant_id": ""})
        with self.refused(r"missing: Client number.*, Store key"):
            self.provider.state = "test"

    def test_what_is_on_keeps_its_key(self):
        with self.refused("Store key"):
            self.provider.gateway_store_key = False

    def test_the_protocols_have_no_credential_that_the_form_lacks(self):
        for family in FAMILIES.values():
            for one in family.TRAITS.credentials:
                self.assertIn(one.name, (*PLAIN, *SECRET), family.FAMILY)
                self.assertTrue(one.secret or one.name in PLAIN, one)

    def test_every_word_of_the_protocols_that_people_see_can_be_translated(self):
        texts = set()
        for family in FAMILIES.values():
            texts |= {one.label for one in family.TRAITS.credentials}
            texts |= {one.help for one in family.TRAITS.credentials}
            texts |= set(family.TRAITS.urls.values())
        self.assertFalse(texts - known_words() - {""})


@tagged("post_install", "-at_install")
class TestKeyRotation(RefusalMixin, WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.before = fields.Datetime.now() - timedelta(minutes=5)
        self.after = fields.Datetime.now() + timedelta(minutes=5)

    def keys(self, created_at):
        terminals = self.provider._gateway_terminals(created_at, False)
        return [terminal.store_key.reveal() for terminal in terminals]

    def test_an_order_from_before_the_change_is_proven_by_the_former_key_as_well(self):
        self.assertEqual(self.keys(self.before), [STORE_KEY])
        self.provider.gateway_store_key = NEW_KEY
        self.assertEqual(self.keys(self.before), [NEW_KEY, STORE_KEY])
        self.assertEqual(self.keys(self.after), [NEW_KEY])

    def test_questions_are_asked_with_the_new_one_alone(self):
        self.provider.gateway_store_key = NEW_KEY
        terminal = self.provider._gateway_terminal(False)
        self.assertEqual(terminal.store_key.reveal(), NEW_KEY)

    def test_after_its_time_the_former_key_proves_nothing_and_is_deleted(self):
        self.provider.gateway_store_key = NEW_KEY
        former = (
            self.env["pos.gateway.credential"]
            .sudo()
            .search([("replaced_at", "!=", False)])
        )
        wait = former.valid_until - fields.Datetime.now()
        self.assertEqual(round(wait / timedelta(days=1)), 7)
        self.worker("pos.gateway.credential", "_cron_delete_former")
        self.assertTrue(former.exists())
        former.valid_until = fields.Datetime.now()
        self.assertEqual(self.keys(self.before), [NEW_KEY])
        self.worker("pos.gateway.credential", "_cron_delete_former")
        self.assertFalse(former.exists())

    def test_a_key_that_must_not_be_used_any_more_goes_at_once(self):
        self.provider.gateway_former_key_days = 0
        self.provider.gateway_store_key = NEW_KEY
        self.assertEqual(self.keys(self.before), [NEW_KEY])

    def test_the_same_key_again_is_no_change(self):
        notes = len(self.provider.message_ids)
        self.provider.gateway_store_key = STORE_KEY
        self.assertEqual(self.keys(self.before), [STORE_KEY])
        self.assertEqual(len(self.provider.message_ids), notes)

    def test_each_change_in_a_row_counts(self):
        self.provider.gateway_store_key = "second.Key"
        rows = (
            self.env["pos.gateway.credential"]
            .sudo()
            .search([("replaced_at", "!=", False)])
        )
        rows.replaced_at = fields.Datetime.now() - timedelta(minutes=2)
        self.provider.gateway_store_key = NEW_KEY
        self.assertEqual(self.keys(self.before), [NEW_KEY, "second.Key", STORE_KEY])
        between = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(self.keys(between), [NEW_KEY, "second.Key"])

    def test_a_family_that_signs_with_the_password_is_served_as_well(self):
        self.provider.gateway_api_password = "another"
        passwords = [
            terminal.api_password.reveal()
            for terminal in self.provider._gateway_terminals(self.before, False)
        ]
        self.assertEqual(passwords, ["another", API_PASSWORD])

    def test_the_days_are_few(self):
        for days in (-1, 31):
            with self.assertRaises(psycopg2.errors.CheckViolation):
                self.provider.gateway_former_key_days = days
                self.env.flush_all()
