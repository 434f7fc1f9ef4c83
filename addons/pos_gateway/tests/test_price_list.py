import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment import utils as payment_utils

from .common import CARD, PREFIX, GatewayCommon


@tagged("post_install", "-at_install")
class TestPriceList(GatewayCommon, HttpCase):
    def post(self, route="offers", **changes):
        params = {
            "provider_id": self.provider.id,
            "amount": 100.0,
            "currency_id": self.lira.id,
            **changes,
        }
        return self.url_open(
            f"/payment/pos_gateway/{route}",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )

    def call(self, route, **changes):
        return self.post(route, **changes).json()["result"]

    def ask(self, **changes):
        return self.call("offers", **{"card_prefix": PREFIX, **changes})

    def refusal(self, **changes):
        with mute_logger("odoo.http"):
            answer = self.post(**{"card_prefix": PREFIX, **changes}).json()
        return answer["error"]["data"]["message"]

    def test_each_way_to_pay_comes_with_its_texts(self):
        single, three, six = self.ask()["ways"]
        self.assertEqual(single["installment_count"], 1)
        self.assertEqual(single["total"], 10_000)
        self.assertFalse(single["surcharge_text"])
        self.assertEqual(three["total"], 10_285)
        self.assertEqual(
            set(three),
            {
                "installment_count",
                "total",
                "label",
                "monthly_text",
                "first_text",
                "total_text",
                "surcharge_text",
                "is_best",
            },
        )
        # 102.85 in three parts: the first is a kuruş larger.
        self.assertIn("34", three["first_text"])
        self.assertNotEqual(three["first_text"], three["monthly_text"])
        self.assertIn("2", three["surcharge_text"])
        self.assertFalse(six["first_text"] and six["first_text"] == six["monthly_text"])

    def test_the_best_price_is_marked_and_with_it_the_most_time(self):
        self.assertEqual(
            [way["is_best"] for way in self.ask()["ways"]], [True, False, False]
        )
        self.offer.line_ids[1].surcharge_percent = 0
        self.assertEqual(
            [way["is_best"] for way in self.ask()["ways"]], [False, True, False]
        )

    def test_a_card_that_nobody_knows_pays_once_and_is_told_why(self):
        prices = self.ask(card_prefix="99999999")
        self.assertEqual([way["installment_count"] for way in prices["ways"]], [1])
        self.assertIn("do not know", prices["note"])

    def test_a_debit_card_pays_once_and_is_told_why(self):
        self.make_bin("40000000", kind="debit")
        prices = self.ask(card_prefix="40000000")
        self.assertEqual([way["installment_count"] for way in prices["ways"]], [1])
        self.assertIn("debit", prices["note"])

    def test_before_any_digit_each_program_has_its_table(self):
        answer = self.call("programs")
        (table,) = answer
        self.assertEqual(table["program"], self.program.name)
        self.assertEqual([way["installment_count"] for way in table["ways"]], [1, 3, 6])

    def test_programs_with_the_same_prices_share_a_table(self):
        twin, other = self.env["pos.gateway.card.program"].create(
            [
                {"name": "Twin Program", "code": "twin_program"},
                {"name": "Other Program", "code": "other_program"},
            ]
        )
        self.provider.gateway_program_ids += twin + other
        self.env["pos.gateway.offer.line"].create(
            {
                "offer_id": self.offer.id,
                "program_id": other.id,
                "installment_count": 3,
                "surcharge_percent": 1,
            }
        )
        tables = {table["program"]: table["ways"] for table in self.call("programs")}
        self.assertEqual(
            {name: ways[1]["total"] for name, ways in tables.items()},
            {"Test Program, Twin Program": 10_285, "Other Program": 10_100},
        )

    def test_a_partners_own_terms_are_shown_to_him_alone(self):
        limit = {"partner_id": self.payer.id, "name": "One", "max_installments": 3}
        self.env["pos.gateway.limit"].create(limit)
        key = payment_utils.generate_access_token(
            "pos_gateway.offers", self.payer.id, "", env=self.env
        )

        def counts(**question):
            return [way["installment_count"] for way in self.ask(**question)["ways"]]

        self.assertEqual(counts(partner_id=self.payer.id, key=key), [1, 3])
        for stolen in (None, "", "0" * 64, key[:-1], 7, [key]):
            with self.subTest(stolen):
                self.assertEqual(
                    counts(partner_id=self.payer.id, key=stolen), [1, 3, 6]
                )
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertEqual(counts(partner_id=stranger.id, key=key), [1, 3, 6])

    def test_the_answer_is_in_the_language_of_the_page(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        for code, words, amount in (
            ("tr_TR", "Tek çekim", "100,00"),
            ("en_US", "Single payment", "100.00"),
            ("xx_XX", "Single payment", "100.00"),
        ):
            self.opener.cookies["frontend_lang"] = code
            single = self.ask()["ways"][0]
            self.assertEqual(single["label"], words)
            self.assertIn(amount, single["total_text"])

    def test_what_is_kept_is_forgotten_with_each_change(self):
        page = {
            "partner_id": self.payer.id,
            "key": self.provider._gateway_page_key(self.payer.id),
        }

        def totals():
            return [way["total"] for way in self.ask(**page)["ways"]]

        second = self.make_provider("Second POS")
        limits = self.env["pos.gateway.limit"]
        self.assertEqual(totals(), [10_000, 10_285, 10_640])
        self.offer.line_ids[2].surcharge_percent = 7
        self.assertEqual(totals(), [10_000, 10_285, 10_700])
        limit = limits.create({"name": "Few", "max_installments": 3})
        self.assertEqual(totals(), [10_000, 10_285])
        limit.max_installments = 2
        self.assertEqual(totals(), [10_000])
        limit.unlink()
        self.company.gateway_surcharge_guard = "deny"
        self.assertEqual(totals(), [10_000])
        self.company.gateway_surcharge_guard = "warn"
        self.assertEqual(totals(), [10_000, 10_285, 10_700])
        pause = fields.Datetime.now() + timedelta(hours=1)
        self.provider.gateway_program_ids = self.program
        (self.provider + second).gateway_paused_until = pause
        self.assertEqual(totals(), [])
        (self.provider + second).action_gateway_use_again()
        self.payer.with_company(self.company).gateway_provider_id = second
        self.assertEqual(totals(), [10_000, 10_285, 10_700])
        self.offer.active = False
        self.assertEqual(totals(), [10_000])

    def test_a_question_that_was_asked_before_costs_one_query(self):
        providers = self.provider.with_user(self.env.ref("base.public_user")).sudo()

        def ask():
            there = providers._gateway_page_provider(self.provider.id, self.lira.id)
            return there, providers._gateway_page_list(
                list, self.company, self.payer, self.lira, 10_000,
                providers._gateway_page_card(PREFIX), providers, None,
            )  # fmt: skip

        first = ask()
        self.env.flush_all()
        with self.assertQueryCount(1):
            again = ask()
        self.assertEqual(len(first[1]), 3)
        self.assertIs(again[1], first[1])

    def test_a_card_that_becomes_known_is_known_at_once(self):
        self.assertEqual(len(self.ask(card_prefix="99999999")["ways"]), 1)
        self.make_bin("999999", program_id=self.program.id, kind="credit")
        self.assertEqual(len(self.ask(card_prefix="99999999")["ways"]), 3)

    def test_exactly_eight_digits_are_taken(self):
        full_width = "４５４３６００１"
        for prefix in ("", "4543600", f"{PREFIX}0", CARD, "4543 600", full_width):
            with self.subTest(len(prefix)):
                self.assertIn("8 digits", self.refusal(card_prefix=prefix))

    def test_a_longer_number_is_not_repeated(self):
        with mute_logger("odoo.http"):
            response = self.post(card_prefix=CARD)
        self.assertIn("error", response.json())
        self.assertNotIn(CARD, response.text)
        self.assertNotIn(CARD[:9], response.text)

    def test_a_prefix_that_is_no_text_is_refused(self):
        for prefix in (45436001, None, [PREFIX], True):
            self.assertIn("8 digits", self.refusal(card_prefix=prefix))

    def test_an_unknown_or_disabled_pos_offers_nothing(self):
        self.assertIn("not available", self.refusal(provider_id=0))
        self.assertIn("not available", self.refusal(currency_id=0))
        self.provider.state = "disabled"
        self.assertIn("not available", self.refusal())

    def test_an_amount_that_is_none_is_refused(self):
        for amount in (0, -1, 0.004, 1e12, float("nan"), float("inf"), "x", None):
            with self.subTest(amount):
                self.assertIn("nothing to pay", self.refusal(amount=amount))

    def test_an_id_that_is_none_is_refused(self):
        self.assertIn("not available", self.refusal(provider_id="x"))
        self.assertIn("not available", self.refusal(currency_id=[1]))
