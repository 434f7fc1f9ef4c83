import json

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, tagged
from odoo.tools import mute_logger

from .common import CARD, PREFIX, GatewayCommon


@tagged("post_install", "-at_install")
class TestOfferTable(GatewayCommon, TransactionCase):
    def quotes(self, kurus, provider=None, currency=None):
        return [
            (quote.installment_count, quote.total)
            for quote in self.env["pos.gateway.offer"]._quotes(
                provider or self.provider, kurus, currency or self.lira
            )
        ]

    def test_an_offer_prices_each_of_its_lines(self):
        expected = [(1, 10_000), (3, 10_285), (6, 10_640)]
        self.assertEqual(self.quotes(10_000), expected)

    def test_a_small_debt_is_paid_in_one_payment(self):
        self.offer.minimum_amount = 100
        self.assertEqual(self.quotes(9_999), [(1, 9_999)])
        self.assertEqual(len(self.quotes(10_000)), 3)

    def test_an_offer_for_another_pos_does_not_apply(self):
        self.offer.provider_ids = self.make_provider("Other POS")
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])
        self.assertEqual(len(self.quotes(10_000, self.offer.provider_ids)), 3)

    def test_the_first_offer_that_fits_is_taken(self):
        self.offer.copy({"sequence": 1, "line_ids": False, "name": "None"})
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])

    def test_an_archived_offer_does_not_apply(self):
        self.offer.active = False
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])

    def test_another_companys_offer_does_not_apply(self):
        other = self.setup_other_company()["company"]
        foreign = self.make_provider("Foreign POS", company=other)
        quotes = self.env["pos.gateway.offer"].sudo()._quotes(foreign, 100, self.lira)
        self.assertEqual([quote.total for quote in quotes], [100])

    def test_a_single_payment_is_always_possible(self):
        self.offer.line_ids.filtered(lambda line: line.installment_count == 1).unlink()
        self.assertEqual(self.quotes(10_000)[0], (1, 10_000))

    def test_the_rate_is_read_as_it_is_written(self):
        for percent in (0.1, 1.75, 2.85, 6.4, 12.3456, 99.9999):
            line = self.offer.line_ids[-1]
            line.surcharge_percent = percent
            line.flush_recordset()
            line.invalidate_recordset()
            self.assertEqual(str(line._as_line().surcharge_percent), str(percent))

    def test_foreign_currency_takes_no_installments(self):
        with self.assertRaises(ValidationError):
            self.offer.currency_id = self.env.ref("base.USD")
        line = {"installment_count": 2}
        with self.assertRaises(ValidationError):
            self.env["pos.gateway.offer"].create(
                {
                    "name": "Dollars",
                    "currency_id": self.env.ref("base.USD").id,
                    "line_ids": [Command.create(line)],
                }
            )

    def test_a_line_added_on_its_own_is_checked_as_well(self):
        euro = self.env.ref("base.EUR")
        offer = self.offer.copy({"currency_id": euro.id, "line_ids": False})
        with self.assertRaises(ValidationError):
            self.env["pos.gateway.offer.line"].create(
                {"offer_id": offer.id, "installment_count": 2}
            )


@tagged("post_install", "-at_install")
class TestOffersRoute(GatewayCommon, HttpCase):
    def post(self, **changes):
        params = {
            "provider_id": self.provider.id,
            "amount": 100.0,
            "currency_id": self.lira.id,
            "card_prefix": PREFIX,
            **changes,
        }
        return self.url_open(
            "/payment/pos_gateway/offers",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        )

    def ask(self, **changes):
        return self.post(**changes).json()["result"]

    def refusal(self, **changes):
        with mute_logger("odoo.http"):
            return self.post(**changes).json()["error"]["data"]["message"]

    def test_each_way_to_pay_comes_with_its_texts(self):
        single, three, six = self.ask()
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
            },
        )
        # 102.85 in three parts: the first is a kuruş larger.
        self.assertIn("34", three["first_text"])
        self.assertNotEqual(three["first_text"], three["monthly_text"])
        self.assertIn("2", three["surcharge_text"])
        self.assertFalse(six["first_text"] and six["first_text"] == six["monthly_text"])

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
