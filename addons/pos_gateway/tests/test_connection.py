from datetime import UTC, datetime, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, tagged

from ..models import sender
from ..models.connection_verdict import VERDICTS
from ..models.sender import NoAnswer
from ..protocols import banks
from .common import API_PASSWORD, STORE_KEY, GatewayCommon, RefusalMixin, WorkerMixin

NOT_FOUND = (
    b"<CC5Response><OrderId></OrderId><Response>Declined</Response>"
    b"<ProcReturnCode>99</ProcReturnCode></CC5Response>"
)


def answer(code, words=""):
    return (
        f"<CC5Response><Response>Error</Response><ProcReturnCode>99</ProcReturnCode>"
        f"<ErrMsg>{words}</ErrMsg><Extra><ERRORCODE>{code}</ERRORCODE></Extra>"
        f"</CC5Response>"
    ).encode()


@tagged("post_install", "-at_install")
class TestConnection(RefusalMixin, WorkerMixin, GatewayCommon, TransactionCase):
    def try_it(self, answer, method="action_gateway_test_connection", date=None):
        """:param answer: bytes, or a ``NoAnswer``"""
        self.asked = []

        def send(request, headers=None):
            self.asked.append(request)
            if date:
                headers["date"] = date.strftime("%a, %d %b %Y %H:%M:%S GMT")
            if isinstance(answer, Exception):
                raise answer
            return answer

        self.env.flush_all()
        with patch.object(sender, "send", send):
            action = getattr(self.provider, method)()
        self.env.invalidate_all()
        self.shown = action["params"]["message"]
        return self.provider.gateway_connection_state

    def messages(self):
        return self.env["pos.gateway.message"].search([], order="id")

    def test_a_bank_that_knows_no_such_order_has_understood_everything(self):
        self.assertEqual(self.try_it(NOT_FOUND), "works")
        self.assertIn("accepts its credentials", self.shown)
        self.assertIn("proven with the first payment", self.shown)
        self.assertIn(self.shown, self.provider.gateway_connection_text)

    def test_where_the_question_is_signed_with_the_store_key_it_is_proven(self):
        self.assertFalse(self.provider._gateway_test_proves_store_key())
        akbank = self.make_provider(
            "Akbank",
            gateway_bank="akbank",
            gateway_api_user=False,
            gateway_api_password=False,
            gateway_terminal_id="1",
        )
        self.assertTrue(akbank._gateway_test_proves_store_key())

    def test_each_verdict_tells_where_to_look(self):
        shown = {}
        for verdict, given, words in (
            ("credentials", answer("CORE-1010", "No rights"), "API user"),
            ("credentials", NoAnswer("status", True, "403"), "address .IP."),
            ("address", b"<html><body>Hello</body></html>", "chosen bank"),
            ("address", b'{"answer": 1}', "chosen bank"),
            ("address", NoAnswer("status", True, "404"), "HTTP 404"),
            ("address", NoAnswer("status", True, "302"), "HTTP 302"),
            ("address", NoAnswer("size", True), "chosen bank"),
            ("tls", NoAnswer("tls", False), "certificate"),
            ("unreachable", NoAnswer("connection", False), "firewall"),
            ("unreachable", NoAnswer("timeout", True), "firewall"),
            ("unreachable", NoAnswer("status", True, "503"), "HTTP 503"),
            ("unclear", answer("CORE-4711", "What is this"), "What is this"),
        ):
            with self.subTest(verdict, given=given):
                self.assertEqual(self.try_it(given), verdict)
                self.assertRegex(self.shown, words)
                shown[verdict] = self.shown
        self.assertEqual(set(shown) | {"works", "clock"}, set(VERDICTS))

    def test_a_clock_that_is_hours_off_is_named_whatever_the_bank_answers(self):
        now = datetime.now(UTC)
        for date in (now - timedelta(hours=3), now + timedelta(minutes=20)):
            self.assertEqual(self.try_it(NOT_FOUND, date=date), "clock")
        self.assertEqual(self.try_it(NOT_FOUND, date=now), "works")

    def test_question_and_answer_are_kept_without_secrets(self):
        for given in (
            answer("CORE-1010", f"bad {API_PASSWORD}"),
            NoAnswer("timeout", True),
        ):
            self.try_it(given)
        messages = self.messages()
        self.assertEqual(
            messages.mapped("kind"), ["call", "call_answer", "call", "call_failure"]
        )
        self.assertEqual(set(messages.mapped("operation")), {"inquiry"})
        self.assertEqual(messages.provider_id, self.provider)
        self.assertFalse(messages.transaction_id)
        self.assertFalse(messages._first_altered())
        kept = str(messages.read()) + self.shown
        for secret in (API_PASSWORD, STORE_KEY):
            self.assertNotIn(secret, kept)

    def test_the_bank_was_asked_about_an_order_that_never_was(self):
        self.try_it(NOT_FOUND)
        self.try_it(NOT_FOUND)
        orders = {request.order_id for request in self.asked} | set(
            self.messages().mapped("order_id")
        )
        self.assertEqual(len(orders), 2)
        known = self.env["payment.transaction"].search(
            [("gateway_order_id", "in", list(orders))]
        )
        self.assertFalse(known)

    def test_the_system_that_the_pos_works_with_is_asked(self):
        bank = banks.bank("isbank")
        self.try_it(NOT_FOUND)
        self.assertEqual(self.asked[0].url, bank.test_urls["api"])
        self.try_it(NOT_FOUND, "action_gateway_test_live_connection")
        self.assertEqual(self.asked[0].url, bank.urls["api"])
        self.provider.state = "enabled"
        self.try_it(NOT_FOUND)
        self.assertEqual(self.asked[0].url, bank.urls["api"])

    def test_without_credentials_nobody_is_asked(self):
        self.provider.state = "disabled"
        self.provider.gateway_api_password = False
        with self.refused("Password of the API user"):
            self.try_it(AssertionError("the bank was asked"))

    def test_an_answer_that_cannot_be_kept_is_still_told(self):
        keep = type(self.provider)._gateway_keep_test

        def fail(provider, kind, *arguments):
            if kind == "call_answer":
                raise RuntimeError("disk full")
            return keep(provider, kind, *arguments)

        with (
            patch.object(type(self.provider), "_gateway_keep_test", fail),
            self.assertLogs("odoo.addons.pos_gateway", "WARNING"),
        ):
            self.assertEqual(self.try_it(NOT_FOUND), "works")

    def test_only_administrators_test(self):
        manager = self.make_user("tests", "pos_gateway.group_pos_gateway_manager")
        for name in (
            "action_gateway_test_connection",
            "action_gateway_test_live_connection",
        ):
            with self.assertRaises(AccessError):
                getattr(self.provider.with_user(manager), name)()

    def test_the_verdict_is_told_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        self.env.user.group_ids = [Command.link(self.env.ref("base.group_system").id)]
        self.provider = self.provider.with_context(lang="tr_TR")
        self.try_it(NOT_FOUND)
        self.assertIn("ilk ödeme", self.shown)
