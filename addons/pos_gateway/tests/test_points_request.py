import re
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..const import CARDS_PER_ORDER
from ..models.sender import NoAnswer
from ..protocols.types import Operation
from .common import CARD
from .points_common import (
    ANSWERS,
    CODE,
    PointsCommon,
    garanti_answer,
    qnb_answer,
    yapikredi_answer,
)

SILENCE, NOT_SENT = NoAnswer("timeout", True), NoAnswer("connection", False)
NOT_SAID = "did not say how many points"


@tagged("post_install", "-at_install")
class TestPointsPage(PointsCommon):
    def test_each_family_that_tells_points_tells_them_on_the_page(self):
        counts = {"garanti": False, "qnb": "34.5", "yapikredi": "6900"}
        for bank in ANSWERS:
            with self.subTest(bank):
                request = self.make_request(bank)
                page = self.page_after(request)
                self.assertIn("34.50", page)
                self.assertIn(counts[bank] or "Your points are worth", page)
                self.assertEqual(request.state, "told")
                self.assertEqual(request.points, counts[bank])
                self.assertEqual(request.worth, 34.5)
                self.assertTrue(request.is_worth_told)
                self.assertIn(CARD.encode(), self.sent[-1].body)
                self.assertEqual(self.sent[-1].operation, Operation.POINTS)

    def test_the_call_is_about_no_payment_and_its_messages_are_kept(self):
        request = self.make_request()
        transactions = self.env["payment.transaction"].search_count([])
        self.page_after(request)
        call = request.call_ids
        self.assertEqual((call.state, call.result), ("answered", "approved"))
        self.assertEqual(call.provider_id, request.provider_id)
        self.assertEqual(call.company_id, self.company)
        self.assertFalse(call.transaction_id)
        messages = self.env["pos.gateway.message"].search([("call_id", "=", call.id)])
        self.assertEqual(
            sorted(messages.mapped("kind")), ["call", "call_answer"], messages
        )
        self.assertEqual(set(messages.mapped("order_id")), {call.key})
        rows = self.env["pos.gateway.inbox"].search_count(
            [("message_id", "in", messages.ids)]
        )
        self.assertEqual(rows, 0)
        self.assertEqual(self.env["payment.transaction"].search_count([]), transactions)

    def test_no_points_are_told_as_none_and_silence_is_not(self):
        for bank, none in (
            ("garanti", lambda order: garanti_answer(order, kurus="0")),
            ("qnb", lambda order: qnb_answer(order, lira="0")),
            ("yapikredi", lambda order: yapikredi_answer(order, "0", "0")),
        ):
            request = self.make_request(bank)
            self.answer = none
            self.assertIn("0.00", self.page_after(request))
            self.assertEqual(request.state, "told")

    def test_what_the_bank_does_not_say_is_said_so(self):
        request = self.make_request()
        for answer, state in (
            (SILENCE, "unanswered"),
            (NOT_SENT, "dropped"),
            (lambda order: qnb_answer(order, lira=""), "answered"),
            (lambda order: qnb_answer(order, code="M041"), "answered"),
            (lambda order: "<html/>", "unanswered"),
        ):
            self.answer = answer
            self.assertIn(NOT_SAID, self.page_after(request))
            self.assertEqual(request.state, "unclear")
            self.assertEqual(request.call_ids.sorted("id")[-1:].state, state)
        self.worker("pos.gateway.call", "_cron_call_banks")
        self.assertEqual(len(self.sent), 5)

    def test_what_was_told_of_one_card_is_not_shown_for_the_next(self):
        request = self.make_request()
        self.assertIn("34.50", self.page_after(request))
        self.answer = SILENCE
        page = self.page_after(request)
        self.assertIn(NOT_SAID, page)
        self.assertNotIn("34.50", page)
        self.assertFalse(request.points)

    def test_a_late_answer_about_an_earlier_card_changes_nothing(self):
        request = self.make_request().sudo()
        first = self.env["pos.gateway.call"].browse(request._plan_question())
        request._plan_question()
        outcome = self.outcome(
            self.make_transaction(), data={"points": "1", "points_kurus": "100"}
        )
        request._note(first, outcome)
        self.assertEqual(request.state, "unclear")

    def test_a_question_that_cannot_be_worded_is_not_sent(self):
        request = self.make_request()
        family = request.provider_id._gateway_family()
        with (
            patch.object(family, "ask", side_effect=ValueError("no such thing")),
            mute_logger("odoo.addons.pos_gateway.models.payment_transaction_inquiry"),
        ):
            self.assertIn(NOT_SAID, self.page_after(request))
        self.assertEqual(request.call_ids.state, "dropped")
        self.assertEqual(self.sent, [])

    def test_a_question_whose_page_died_is_dropped_by_the_worker(self):
        request = self.make_request().sudo()
        with freeze_time(fields.Datetime.now() - timedelta(minutes=10)):
            request._plan_question()
        self.env.cr.execute(
            "UPDATE pos_gateway_call SET create_date = now() - interval '1 hour'"
            " WHERE points_request_id = %s",
            (request.id,),
        )
        self.worker("pos.gateway.call", "_cron_call_banks")
        self.assertEqual(request.call_ids.state, "dropped")
        self.assertEqual(self.sent, [])

    def test_a_card_that_cannot_be_one_is_not_sent(self):
        request = self.make_request()
        response = self.type_card(request, number="12")
        self.assertIn("cannot be right", response.text)
        self.assertEqual((self.sent, request.card_count), ([], 0))

    def test_a_link_takes_five_cards(self):
        request = self.make_request()
        for _ in range(CARDS_PER_ORDER):
            page = self.page_after(request)
        self.assertIn("takes no more cards", page)
        self.assertIn("34.50", page)
        self.assertNotIn('name="number"', page)
        self.page_after(request)
        self.assertEqual(len(self.sent), CARDS_PER_ORDER)

    def test_a_link_dies_after_a_day_and_a_new_one_is_made(self):
        request = self.make_request()
        old_path = request._path()
        request.sudo().expires_at = fields.Datetime.now() - timedelta(seconds=1)
        self.assertIn("takes no more cards", self.page_after(request))
        self.assertEqual(self.sent, [])
        request.action_renew_link()
        self.assertNotEqual(request._path(), old_path)
        self.env.flush_all()
        self.assertEqual(self.url_open(old_path).status_code, 404)
        self.assertIn("34.50", self.page_after(request))

    def test_nothing_is_taken_once_cards_may_not_pass_here(self):
        request = self.make_request()
        self.allow_cards(False)
        self.assertIn("cannot be taken here", self.page_after(request))
        self.assertEqual(self.sent, [])

    def test_the_page_is_bare(self):
        headers = self.visit(self.make_request()).headers
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertEqual(headers["Cache-Control"], "no-store")
        self.assertEqual(headers["X-Frame-Options"], "DENY")

    def test_nothing_of_the_card_is_kept_or_logged(self):
        with self.assertLogs(level="DEBUG") as logs:
            for bank in ANSWERS:
                request = self.make_request(bank)
                self.type_card(request)
                self.type_card(request, month="13")
                self.answer = SILENCE
                self.type_card(request)
        self.assertEqual(len(self.sent), 6)
        kept = "\n".join(logs.output) + self.everything_kept()
        for secret in (CARD, "Kanarya"):
            self.assertNotIn(secret, kept)
        self.assertFalse(re.search(rf"\b{CODE}\b", kept))


@tagged("post_install", "-at_install")
class TestPointsRights(PointsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("pt_user", "pos_gateway.group_pos_gateway_user")
        cls.billing = cls.make_user("pt_bill", "account.group_account_invoice")

    def test_an_operator_makes_one_and_writes_no_answer(self):
        request = self.make_request().with_user(self.operator)
        form = Form(request.browse())
        form.partner_id, form.provider_id = self.payer, request.provider_id
        mine = form.save().copy()
        self.assertIn(mine._path(), mine.link)
        self.assertNotEqual(mine.access_token, request.access_token)
        mine.action_renew_link()
        for values in (
            {"state": "told"},
            {"points": "7"},
            {"worth": 7.0},
            {"card_count": 0},
            {"access_token": "x"},
            {"expires_at": "2099-01-01 00:00:00"},
        ):
            with self.subTest(values), self.assertRaises(AccessError):
                mine.write(values)
        with self.assertRaises(AccessError):
            request.create(
                {
                    "partner_id": self.payer.id,
                    "provider_id": request.provider_id.id,
                    "access_token": "guessed",
                }
            )
        with self.assertRaises(AccessError):
            mine.unlink()

    def test_others_and_other_companies_do_not_see_them(self):
        request = self.make_request()
        with self.assertRaises(AccessError):
            request.with_user(self.billing).read(["points"])
        other = self.env["res.company"].create({"name": "Other"})
        self.operator.write(
            {"company_ids": [(6, 0, other.ids)], "company_id": other.id}
        )
        found = request.with_user(self.operator).with_company(other)
        self.assertFalse(found.search([("id", "=", request.id)]))

    def test_only_a_pos_that_tells_points_is_taken(self):
        with self.assertRaisesRegex(ValidationError, "does not tell the points"):
            self.env["pos.gateway.points.request"].create(
                {"partner_id": self.payer.id, "provider_id": self.provider.id}
            )
        request = self.make_request()
        self.assertIn(request.provider_id, request.provider_choice_ids)
        self.assertNotIn(self.provider, request.provider_choice_ids)
        self.allow_cards(False)
        with self.assertRaisesRegex(ValidationError, "system administrator"):
            request.copy()

    def test_each_of_these_pos_says_that_it_can_with_the_card(self):
        for bank in ANSWERS:
            provider = self.make_request(bank).provider_id
            self.assertIn("points (needs the card typed", provider.gateway_can)
            self.allow_cards(False)
            provider.invalidate_recordset()
            self.assertNotIn("points", provider.gateway_can)
            self.assertIn("points: needs the card typed", provider.gateway_cannot)
            self.allow_cards()
        self.assertIn("points", self.provider.gateway_cannot)

    @mute_logger("odoo.sql_db")
    def test_a_call_that_moves_money_is_about_a_payment(self):
        request = self.make_request()
        calls = self.env["pos.gateway.call"].sudo()
        values = {"key": "K1", "nonce": "n", "operation": "points"}
        payment = self.make_transaction().id
        for wrong in (
            {"operation": "sale", "points_request_id": request.id},
            {"operation": "refund", "points_request_id": request.id},
            {"operation": "sale"},
            {},
            {"points_request_id": request.id, "transaction_id": payment},
            {"points_request_id": request.id, "child_id": payment},
        ):
            with (
                self.subTest(wrong),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                calls.create(values | wrong)
