import re
import secrets
from datetime import timedelta
from unittest.mock import patch
from urllib.parse import urlencode

from freezegun import freeze_time

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tests.test_cursor import TestCursor

from ..const import CARDS_PER_ORDER, UNSIGNED_LATE, UNSIGNED_MESSAGES
from ..models import locks, pos_gateway_call
from ..models.payment_provider_abilities import ALLOW_SERVER_CARD_ENTRY
from ..models.sender import NoAnswer
from .common import CARD, FORM_TYPE, GatewayCommon, WorkerMixin

# Its family takes the card from a page of ours.
BROWSER_BANK = "qnb"


class PagesCommon(WorkerMixin, GatewayCommon, HttpCase):
    def open_page(self, kind, transaction, fields=None):
        self.env.flush_all()
        response = self.url_open(
            f"/payment/pos_gateway/{kind.format(transaction.gateway_order_id)}",
            data=None if fields is None else urlencode(fields),
            headers={"Content-Type": FORM_TYPE},
            method="GET" if fields is None else "POST",
            allow_redirects=False,
        )
        self.env.invalidate_all()
        return response

    def assert_sent_away(self, response):
        self.assertEqual(response.status_code, 303)
        self.assertTrue(response.headers["Location"].endswith("/payment/status"))


@tagged("post_install", "-at_install")
class TestStart(PagesCommon):
    def test_a_form_is_kept_once_however_often_it_is_shown(self):
        transaction = self.make_transaction()
        self.env.cr.postcommit.clear()
        for _ in range(3):
            transaction._get_specific_rendering_values({})
            self.env.flush_all()
            self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.assertEqual(transaction.gateway_message_ids.mapped("kind"), ["page_form"])
        transaction.gateway_installment_count = 6
        transaction._get_specific_rendering_values({})
        self.env.flush_all()
        self.env.cr.postcommit.run()
        self.env.invalidate_all()
        self.assertEqual(len(transaction.gateway_message_ids), 2)

    def test_the_banks_own_page_is_not_opened_over_ours(self):
        """Who comes here has the form already: it was made with the payment."""
        transaction = self.make_transaction()
        self.assertEqual(transaction.gateway_card_entry, "hosted")
        self.assert_sent_away(self.open_page("start/{}", transaction))

    def test_our_page_for_the_card_is_shown_again(self):
        provider = self.make_provider(
            "QNB", gateway_bank=BROWSER_BANK, gateway_card_entry="browser"
        )
        transaction = self.make_transaction(provider_id=provider.id)
        for _ in range(2):
            response = self.open_page("start/{}", transaction)
            self.assertEqual(response.status_code, 200)
            self.assertIn('id="number"', response.text)


@tagged("post_install", "-at_install")
class TestFlood(PagesCommon):
    """Messages that anybody can send: neither the books nor the bank suffer."""

    def setUp(self):
        super().setUp()
        provider = self.make_provider(
            "Posnet",
            gateway_bank="yapikredi",
            gateway_merchant_id="6706598320",
            gateway_terminal_id="67322946",
            gateway_account_id="27426",
            gateway_store_key="10,10,10,10,10,10,10,10",
            gateway_test_address="http://localhost:9",
        )
        self.transaction = self.make_transaction(provider_id=provider.id)

    def send_junk(self, times=1):
        for _ in range(times):
            junk = {
                name: secrets.token_hex(300)
                for name in ("BankPacket", "MerchantPacket", "Sign")
            }
            response = self.open_page(
                "return/{}",
                self.transaction,
                {
                    "Xid": self.transaction.gateway_order_id,
                    "MerchantId": "6706598320",
                    **junk,
                },
            )
            self.assert_sent_away(response)
        return len(self.transaction.gateway_message_ids)

    def test_of_an_open_order_a_few_are_kept(self):
        self.assertEqual(self.send_junk(UNSIGNED_MESSAGES + 3), UNSIGNED_MESSAGES)

    def test_of_a_paid_order_none_is_kept(self):
        for state in ("done", "authorized"):
            self.transaction.state = state
            self.assertEqual(self.send_junk(2), 0)

    def test_of_an_order_that_was_closed_unpaid_fewer_are_kept(self):
        """The payer may have paid late: the bank is asked, but not for ever."""
        with freeze_time(fields.Datetime.now() - timedelta(minutes=1)):
            for number in range(UNSIGNED_MESSAGES):
                self.store(self.transaction, f"a={number}", enqueue=False)
        self.assertEqual(self.send_junk(), UNSIGNED_MESSAGES)
        self.transaction._set_error("declined")
        self.assertEqual(self.send_junk(5), UNSIGNED_MESSAGES + UNSIGNED_LATE)

    def test_signed_messages_are_kept_all_the_same(self):
        transaction = self.make_transaction()
        for number in range(UNSIGNED_MESSAGES + 2):
            body = self.signed_body(transaction, rnd=f"r{number}")
            self.store(transaction, "a=1", identity=f"x{number}", enqueue=False)
            response = self.url_open(
                f"/payment/pos_gateway/return/{transaction.gateway_order_id}",
                data=body,
                headers={"Content-Type": FORM_TYPE},
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, 303)
        self.env.invalidate_all()
        self.assertEqual(
            len(transaction.gateway_message_ids), 2 * (UNSIGNED_MESSAGES + 2)
        )

    def test_a_replay_does_not_wait_for_the_chain(self):
        transaction = self.make_transaction()
        body = self.signed_body(transaction)
        with patch.object(
            locks, "lock_message_chain", side_effect=locks.lock_message_chain
        ) as lock:
            for _ in range(4):
                self.assertFalse(
                    self.store(transaction, body, identity="x")[1]
                    and lock.call_count > 1
                )
        self.assertEqual(lock.call_count, 1)
        self.assertEqual(len(transaction.gateway_message_ids), 1)


@tagged("post_install", "-at_install")
class TestCardThroughOurServer(PagesCommon):
    OTHER_CARD = "5400610200000009"
    HOLDER, CODE = "Zeynep Kanarya", "8472"
    PAGE = (
        b'<form action="https://acs.example/%d" method="post">'
        b'<input type="hidden" name="PaReq" value="x"></form>'
    )

    def setUp(self):
        super().setUp()
        self.env["ir.config_parameter"].sudo().set_param(
            ALLOW_SERVER_CARD_ENTRY, "True"
        )
        provider = self.make_provider(
            "Kuveyt",
            gateway_bank="kuveytturk",
            gateway_card_entry="server",
            gateway_merchant_id="59001",
            gateway_account_id="405001",
            gateway_api_user="simkuveyt",
            gateway_store_key=False,
            gateway_test_address="http://localhost:9",
        )
        self.transaction = self.make_transaction(provider_id=provider.id)
        self.asked = []

    def post_card(self, number=CARD, answer=None):
        def send(request):
            self.asked.append(request.body.decode())
            self.open_cursors = [
                cursor._savepoint is not None for cursor in TestCursor._cursors_stack
            ]
            if isinstance(answer, Exception):
                raise answer
            return answer or self.PAGE % len(self.asked)

        fields = {
            "number": number,
            "month": "07",
            "year": "31",
            "code": self.CODE,
            "holder": self.HOLDER,
        }
        with patch.object(pos_gateway_call, "send", send):
            return self.open_page("start/{}/card", self.transaction, fields)

    def calls(self):
        return self.transaction.gateway_call_ids

    def test_a_corrected_card_is_handed_to_the_bank(self):
        first = self.post_card()
        self.assertIn("https://acs.example/1", first.text)
        second = self.post_card(self.OTHER_CARD)
        self.assertIn("https://acs.example/2", second.text)
        self.assertEqual(len(self.asked), 2)
        self.assertIn(self.OTHER_CARD, self.asked[1])
        self.assertEqual(self.calls().mapped("operation"), ["card_page"] * 2)

    def test_one_card_at_a_time(self):
        self.post_card()
        self.calls().sudo().state = "sent"
        self.post_card(self.OTHER_CARD)
        self.assertEqual(len(self.asked), 1)

    def test_after_the_charge_was_asked_for_no_card_is_taken(self):
        self.post_card()
        self.env["pos.gateway.call"]._plan(
            self.transaction, pos_gateway_call.Operation.SALE
        )
        self.assert_sent_away(self.post_card(self.OTHER_CARD))
        self.assertEqual(len(self.asked), 1)

    def test_cards_are_not_tried_out_here(self):
        for _ in range(CARDS_PER_ORDER):
            self.assertEqual(self.post_card().status_code, 200)
        self.assert_sent_away(self.post_card(self.OTHER_CARD))
        self.assertEqual(len(self.asked), CARDS_PER_ORDER)

    def test_a_card_that_did_not_reach_the_bank_can_be_sent_again(self):
        silence = NoAnswer("connection", False)
        self.assertEqual(self.post_card(answer=silence).status_code, 503)
        self.assertEqual(self.post_card().status_code, 200)

    def test_no_database_transaction_waits_for_the_bank(self):
        self.post_card()
        self.assertFalse(any(self.open_cursors), self.open_cursors)

    def test_nothing_of_the_card_is_kept_or_logged(self):
        with self.assertLogs(level="DEBUG") as logs:
            self.post_card()
            self.post_card(self.OTHER_CARD, answer=NoAnswer("timeout", True))
            self.post_card(answer=b"<a>broken")
        self.assertIn(self.HOLDER, self.asked[0])
        kept = "\n".join(logs.output)
        for table in ("message", "call", "inbox"):
            self.env.cr.execute(f"SELECT t::text FROM pos_gateway_{table} t")
            kept += str(self.env.cr.fetchall())
        self.env.cr.execute("SELECT t::text FROM payment_transaction t")
        kept += str(self.env.cr.fetchall())
        for secret in (CARD, self.OTHER_CARD, self.HOLDER, "Kanarya"):
            self.assertNotIn(secret, kept)
        self.assertFalse(re.search(rf"\b{self.CODE}\b", kept))
        bodies = self.transaction.gateway_message_ids.filtered("is_masked")
        self.assertTrue(bodies)
        for body in bodies.mapped("body"):
            self.assertFalse(re.search(r">(?:07|31|2031)<", body), body)

    def test_a_card_is_hidden_under_names_that_nobody_knows(self):
        plain = {"CardNumber": "Q1", "CardCVV2": "Q2", "CardHolderName": "Q3"}
        plain |= {"CardExpireDateYear": "Q4", "CardExpireDateMonth": "Q5"}
        words = pos_gateway_call.PosGatewayCall._words

        def renamed(call, card=None):
            said = words(call, card)
            body = said.request.body
            for name, other in plain.items():
                body = body.replace(name.encode(), other.encode())
            object.__setattr__(said.request, "body", body)
            return said

        with patch.object(type(self.env["pos.gateway.call"]), "_words", renamed):
            self.post_card("4543600100000003")  # fails the check of its last digit
        self.assertIn("<Q1>4543600100000003</Q1>", self.asked[0])
        body = self.transaction.gateway_message_ids.filtered(
            lambda message: message.kind == "call"
        ).body
        for name in plain.values():
            self.assertIn(f"<{name}>***</{name}>", body)
