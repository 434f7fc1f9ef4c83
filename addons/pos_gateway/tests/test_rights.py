import inspect
from pathlib import Path

from odoo.exceptions import AccessError, UserError
from odoo.tests import TransactionCase, new_test_user, tagged

from ..protocols.types import Operation
from .common import API_PASSWORD, STORE_KEY, GatewayCommon, WorkerMixin

SECRETS = (
    "gateway_store_key",
    "gateway_api_user",
    "gateway_api_password",
    "gateway_test_address",
)
MODELS = (
    "pos.gateway.message",
    "pos.gateway.inbox",
    "pos.gateway.offer",
    "pos.gateway.offer.line",
)
# What may be called over RPC on our models; everything else is private.
PUBLIC_METHODS = {
    "action_open_deposits",
    "action_accepted",
    "action_close",
    "action_take",
    "action_view_parts",
    "action_view_lines",
    "action_claim",
    "action_contest",
    "action_lose",
    "action_drop",
    "action_view_taken",
    "action_gateway_chargebacks",
    "action_take_back",
    "action_gateway_match",
    "action_refused",
    "action_import",
    "action_gateway_leave",
    "action_view_findings",
    "action_undo_reconciliation",
    "action_accept",
    "action_compare",
    "action_back",
    "action_preview",
    "action_reopen",
    "action_copy_to_period",
    "action_ask_bank",
    "action_ask_card",
    "action_bank_cancelled",
    "action_bins",
    "action_book",
    "action_cancel",
    "action_export_grid",
    "action_gateway_agreements",
    "action_draft",
    "action_gateway_ask_bank",
    "action_gateway_bank_did_it",
    "action_gateway_bank_did_not",
    "action_gateway_close_review",
    "action_gateway_continue_set_up",
    "action_gateway_set_up",
    "action_gateway_setup_back",
    "action_gateway_setup_next",
    "action_gateway_test_connection",
    "action_gateway_test_live_connection",
    "action_gateway_use_again",
    "action_import_grid",
    "action_gateway_view_offers",
    "action_gateway_view_settlements",
    "action_open_entry",
    "action_open_transaction",
    "action_open_what_if",
    "action_post",
    "action_post_process",
    "action_renew_link",
    "action_retry",
    "action_send_link",
    "action_verify_chain",
    "action_view_transactions",
    # Overrides of what the ORM has for every model.
    "copy_data",
    "create",
    "init",
    "set_values",
    "unlink",
    "write",
}


@tagged("post_install", "-at_install")
class TestRights(WorkerMixin, GatewayCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, "gw_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user").sudo()
        cls.internal = cls.make_user("gw_internal", "base.group_user")
        cls.billing = cls.make_user("gw_billing", "account.group_account_invoice")
        cls.operator = cls.make_user("gw_user", "pos_gateway.group_pos_gateway_user")
        cls.manager = cls.make_user("gw_boss", "pos_gateway.group_pos_gateway_manager")

    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()
        self.message, _is_new = self.store(self.transaction, "a=1")
        self.row = self.env["pos.gateway.inbox"].search(
            [("message_id", "=", self.message.id)]
        )

    # === CREDENTIALS === #

    def test_nobody_but_an_administrator_reads_credentials(self):
        for user in (
            self.portal,
            self.public,
            self.internal,
            self.billing,
            self.operator,
            self.manager,
        ):
            for name in (*SECRETS, "gateway_merchant_id"):
                with (
                    self.subTest(user.login, field=name),
                    self.assertRaises(AccessError),
                ):
                    self.provider.with_user(user).read([name])
            with self.assertRaises(AccessError):
                self.provider.with_user(user).search([("gateway_store_key", "=", "x")])

    def test_the_nonce_is_for_administrators(self):
        with self.assertRaises(AccessError):
            self.transaction.with_user(self.billing).read(["gateway_nonce"])

    def test_a_copy_carries_no_credentials(self):
        values = self.provider.copy().read([*SECRETS, "gateway_merchant_id"])[0]
        values.pop("id")
        self.assertFalse(any(values.values()), values)

    def test_the_form_to_the_bank_carries_no_credentials(self):
        rendered = self.transaction._get_specific_rendering_values({})
        for secret in (STORE_KEY, API_PASSWORD):
            self.assertNotIn(secret, str(rendered))

    def test_a_neutralised_database_reaches_no_bank(self):
        self.transaction.gateway_next_inquiry_at = "2026-01-01"
        self.provider.gateway_test_address = "http://localhost:1"
        calls = self.env["pos.gateway.call"].sudo()
        for operation, state in (("INQUIRY", "waiting"), ("SALE", "sent")):
            call = calls._plan(self.transaction, Operation[operation])
            call.state = state
            calls += call
        answered = calls._plan(self.transaction, Operation.HISTORY)
        answered.state = "answered"
        self.env.flush_all()
        script = Path(__file__).parents[1] / "data" / "neutralize.sql"
        self.env.cr.execute(script.read_text())
        self.env.invalidate_all()
        self.assertEqual(self.provider.state, "disabled")
        for name in SECRETS:
            self.assertFalse(self.provider[name], name)
        self.assertFalse(self.transaction.gateway_next_inquiry_at)
        self.assertEqual(set(calls.mapped("state")), {"dropped"})
        self.assertEqual(set(calls.mapped("failure")), {"neutralised"})
        self.assertEqual(answered.state, "answered")
        self.env.cr.execute("SELECT payment_provider::text FROM payment_provider")
        rows = str(self.env.cr.fetchall())
        self.assertNotIn(API_PASSWORD, rows)
        self.assertNotIn("Canary", rows)

    # === MODELS === #

    def test_others_have_no_access_to_our_models(self):
        for user in (self.portal, self.public, self.internal, self.billing):
            for model in MODELS:
                for operation in ("read", "write", "create", "unlink"):
                    allowed = self.env[model].with_user(user).has_access(operation)
                    self.assertFalse(allowed, f"{user.login} {operation} {model}")

    def test_messages_and_inbox_are_written_by_the_worker_alone(self):
        for user in (self.operator, self.manager):
            for model in ("pos.gateway.message", "pos.gateway.inbox"):
                for operation in ("write", "create", "unlink"):
                    allowed = self.env[model].with_user(user).has_access(operation)
                    self.assertFalse(allowed, f"{user.login} {operation} {model}")

    def test_operators_read_what_they_work_with(self):
        self.assertEqual(self.message.with_user(self.operator).body, "a=1")
        self.assertEqual(self.row.with_user(self.operator).state, "new")
        self.assertTrue(self.transaction.with_user(self.operator).gateway_order_id)
        self.assertTrue(self.offer.with_user(self.operator).line_ids)

    def test_operators_see_which_pos_an_offer_or_a_message_is_of(self):
        self.offer.provider_ids = self.provider
        for record, name in (
            (self.offer, "provider_ids"),
            (self.message, "provider_id"),
        ):
            values = record.with_user(self.operator).web_read(
                {name: {"fields": {"display_name": {}}}}
            )
            self.assertIn(self.provider.name, str(values))

    def test_operators_change_no_offer_and_no_payment(self):
        for record in (self.offer, self.offer.line_ids, self.transaction):
            with self.assertRaises(AccessError):
                record.with_user(self.operator).check_access("write")

    def test_managers_set_offers(self):
        self.offer.with_user(self.manager).line_ids[1].surcharge_percent = 3

    def test_managers_have_a_failed_message_tried_again(self):
        self.row.sudo().state = "failed"
        self.row.with_user(self.manager).action_retry()
        self.assertEqual(self.row.state, "new")

    def test_another_companys_records_are_hidden(self):
        company = self.setup_other_company()["company"]
        foreign = self.make_provider("Foreign POS", company=company)
        transaction = self.make_transaction(
            provider_id=foreign.id, partner_id=self.payer.id
        )
        message, _is_new = self.store(transaction, "a=1")
        offer = self.offer.copy({"company_id": company.id, "name": "Foreign"})
        rows = self.env["pos.gateway.inbox"].search([("message_id", "=", message.id)])
        for record in (message, rows, offer, offer.line_ids, transaction):
            visible = record.with_user(self.manager)
            self.assertFalse(visible.search([("id", "in", record.ids)]), record)
            with self.assertRaises(AccessError):
                visible.check_access("read")

    # === METHODS === #

    def test_only_these_methods_can_be_called_from_outside(self):
        addon = str(Path(__file__).parents[1] / "models")
        found = set()
        for model in self.registry.values():
            for parent in model.__mro__:
                for name, method in vars(parent).items():
                    if name.startswith("_") or not inspect.isfunction(method):
                        continue
                    if getattr(method, "_api_private", False):
                        continue
                    source = inspect.unwrap(method).__code__.co_filename
                    if source.startswith(addon):
                        found.add(name)
        self.assertEqual(found, PUBLIC_METHODS)

    def test_actions_are_refused_to_those_who_may_not_see_the_record(self):
        for user in (self.portal, self.public, self.internal):
            for record, name in (
                (self.transaction, "action_gateway_ask_bank"),
                (self.transaction, "action_gateway_close_review"),
                (self.row, "action_retry"),
                (self.message, "action_verify_chain"),
            ):
                with self.assertRaises(AccessError, msg=(user.login, name)):
                    getattr(record.with_user(user), name)()

    def test_operators_do_not_retry(self):
        with self.assertRaises(UserError):
            self.row.with_user(self.operator).action_retry()
