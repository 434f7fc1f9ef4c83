from urllib.parse import urlencode

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..const import MESSAGE_SIZE_LIMIT
from .common import FORM_TYPE, GatewayCommon, WorkerMixin

BANK = "odoo.addons.pos_gateway.controllers.bank"


@tagged("post_install", "-at_install")
class TestPageReturn(WorkerMixin, GatewayCommon, HttpCase):
    def setUp(self):
        super().setUp()
        self.transaction = self.make_transaction()
        self.path = f"/payment/pos_gateway/return/{self.transaction.gateway_order_id}"

    def send(self, body, path=None, content_type=FORM_TYPE, **options):
        return self.url_open(
            path or self.path,
            data=body,
            headers={"Content-Type": content_type},
            method="POST",
            allow_redirects=False,
            **options,
        )

    def stored(self):
        self.env.invalidate_all()
        return self.env["pos.gateway.message"].search(
            [("transaction_id", "=", self.transaction.id)]
        )

    def assert_refused(self, response, status=403):
        self.assertEqual(response.status_code, status)
        self.assertFalse(self.stored())
        self.assertEqual(self.transaction.state, "draft")
        self.assertNotIn("Set-Cookie", response.headers)

    # === GENUINE === #

    def test_a_genuine_message_is_stored_and_answered_at_once(self):
        body = self.signed_body(self.transaction)
        response = self.send(body)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/payment/status"))
        message = self.stored()
        self.assertEqual(message.body, body)
        self.assertEqual(message.content_type, FORM_TYPE)
        self.assertEqual(message.direction, "in")
        # The request changes no transaction: that is the worker's.
        self.assertEqual(self.transaction.state, "draft")
        inbox = self.env["pos.gateway.inbox"].search([("message_id", "=", message.id)])
        self.assertEqual(inbox.state, "new")
        self.worker("pos.gateway.inbox", "_cron_apply")
        self.assertEqual(self.transaction.state, "done")

    def test_the_payers_session_is_not_replaced(self):
        response = self.send(self.signed_body(self.transaction))
        self.assertNotIn("Set-Cookie", response.headers)

    def test_the_worker_is_woken(self):
        cron = self.env.ref("pos_gateway.ir_cron_apply_messages")
        domain = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(domain)
        self.send(self.signed_body(self.transaction))
        self.assertEqual(self.env["ir.cron.trigger"].search_count(domain), before + 1)

    def test_the_same_message_again_is_stored_once(self):
        body = self.signed_body(self.transaction)
        for _ in range(5):
            self.assertEqual(self.send(body).status_code, 303)
        self.assertEqual(len(self.stored()), 1)

    def test_a_charset_that_is_utf_8_is_taken(self):
        content_type = f"{FORM_TYPE}; charset=UTF-8"
        body = self.signed_body(self.transaction, ErrMsg="Şifre yok")
        self.assertEqual(self.send(body, content_type=content_type).status_code, 303)

    def test_a_reload_goes_to_the_status_page(self):
        response = self.url_open(self.path, allow_redirects=False)
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/payment/status"))

    # === FORGED === #

    @mute_logger(BANK)
    def test_what_does_not_prove_itself_is_refused(self):
        fields = self.page_fields(self.transaction)
        genuine = self.signature(fields)
        for name, text in {
            "empty": "",
            "truncated": genuine[:-4],
            "in small letters": genuine.lower(),
            "of another key": self.signature(fields, "another key"),
            "without a key": self.signature(fields, ""),
            "longer": f"{genuine}=",
        }.items():
            with self.subTest(name):
                self.assert_refused(self.send(urlencode({**fields, "HASH": text})))
        with self.subTest("absent"):
            self.assert_refused(self.send(urlencode(fields)))

    @mute_logger(BANK)
    def test_every_field_is_bound(self):
        fields = self.page_fields(self.transaction)
        genuine = self.signature(fields)
        for name, text in fields.items():
            with self.subTest(name):
                changed = {**fields, name: f"{text}1", "HASH": genuine}
                self.assert_refused(self.send(urlencode(changed)))

    @mute_logger(BANK)
    def test_a_message_that_is_spelled_differently_is_still_the_same(self):
        body = self.signed_body(self.transaction)
        for text in (body, body + "&encoding=a", body.replace("=1&", "=%31&")):
            self.assertEqual(self.send(text).status_code, 303)
        self.assertEqual(len(self.stored()), 1)

    def test_a_genuine_message_of_another_order_is_refused(self):
        other = self.make_transaction()
        self.assert_refused(self.send(self.signed_body(other)))

    @mute_logger(BANK)
    def test_a_pos_without_a_key_believes_nothing(self):
        self.provider.state = "disabled"
        self.provider.gateway_store_key = False
        self.assert_refused(self.send(self.signed_body(self.transaction, key="")))

    # === MALFORMED === #

    @mute_logger(BANK)
    def test_an_unknown_order_is_not_found(self):
        path = "/payment/pos_gateway/return/PG261124N99999999"
        body = self.signed_body(self.transaction)
        self.assert_refused(self.send(body, path), 404)
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_an_oversized_body_is_refused(self):
        filler = "x" * (MESSAGE_SIZE_LIMIT + 1)
        body = self.signed_body(self.transaction, ErrMsg=filler)
        self.assert_refused(self.send(body), 413)

    @mute_logger(BANK)
    def test_another_charset_or_type_is_refused(self):
        body = self.signed_body(self.transaction)
        for content_type in (
            f"{FORM_TYPE}; charset=windows-1254",
            "application/json",
            "text/plain",
            "multipart/form-data; boundary=x",
        ):
            with self.subTest(content_type):
                self.assert_refused(self.send(body, content_type=content_type))

    @mute_logger(BANK)
    def test_broken_bodies_are_refused(self):
        body = self.signed_body(self.transaction)
        for name, broken in {
            "repeated": f"{body}&oid=1",
            "repeated in small letters": f"{body}&hash=x",
            "broken bytes": f"{body}&a=%FF",
            "broken escape": f"{body}&a=%GG",
            "raw bytes": f"{body}&a=ş".encode(),
            "empty": "",
            "no form": "{}",
        }.items():
            with self.subTest(name):
                self.assert_refused(self.send(broken))

    def test_a_refusal_is_one_line_without_the_message(self):
        body = self.signed_body(self.transaction, key="x", pan="4543600100000002")
        with self.assertLogs(BANK, "WARNING") as logs:
            self.send(body)
        (line,) = logs.output
        self.assertNotIn("4543600100000002", line)
        self.assertNotIn("\n", line)
        self.assertIn("hash", line)
