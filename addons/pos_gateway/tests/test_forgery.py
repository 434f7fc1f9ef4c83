import json

from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment import utils as payment_utils

from .common import PREFIX
from .quote_common import QuoteCommon
from .test_route import RouteCommon


@tagged("post_install", "-at_install")
class TestForgery(RouteCommon, QuoteCommon, HttpCase):
    """A payer who writes his own requests never gets more than his quote allows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.provider"].search(
            [("company_id", "=", cls.company.id), ("id", "!=", cls.provider.id)]
        ).state = "disabled"
        cls.make_agreement(cls.provider, {"rate": 1.0})

    # === WHICH POS === #

    def test_a_dearer_pos_that_is_named_is_not_taken(self):
        dear = self.make_pos("Dear POS", {"rate": 3.0}, sequence=-5)
        self.assertIn("result", self.post(provider_id=dear.id))
        self.assertEqual(self.transactions().provider_id, self.provider)

    def test_a_test_pos_that_is_named_takes_no_live_payment(self):
        test_pos = self.make_pos("Test POS", {"rate": 0.1})
        self.provider.state = "enabled"
        self.assertTrue(test_pos.is_published)
        self.assertIn("result", self.post(provider_id=test_pos.id))
        self.assertEqual(self.transactions().provider_id, self.provider)

    def test_a_live_pos_that_is_named_is_priced_as_any_other(self):
        live = self.make_pos("Live POS", {"rate": 0.1}, state="disabled")
        live.state = "enabled"
        self.assert_refused("price has changed", gateway_shown_total=1)
        self.assertIn("result", self.post())
        self.assertEqual(self.transactions().provider_id, live)

    def test_a_pos_that_was_switched_off_gives_way_to_a_live_one_only(self):
        off = self.make_pos("Old POS", {"rate": 0.1})
        off.state = "disabled"
        self.assert_refused("No virtual POS", provider_id=off.id)
        self.provider.state = "enabled"
        self.assertIn("result", self.post(provider_id=off.id))
        self.assertEqual(self.transactions().provider_id, self.provider)

    def test_the_tied_pos_of_a_partner_is_not_left_by_naming_another(self):
        other = self.make_pos("Other POS", {"rate": 0.1})
        self.payer.with_company(self.company).gateway_provider_id = self.provider
        self.post(provider_id=other.id)
        self.assertEqual(self.transactions().provider_id, self.provider)

    # === AMOUNT, CURRENCY, PARTNER === #

    def pay(self, **changes):
        """Core's route for any amount; its key holds partner, amount and currency."""
        token = payment_utils.generate_access_token(
            self.payer.id, 1000.0, self.lira.id, env=self.env
        )
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": 1000.0,
            "currency_id": self.lira.id,
            "partner_id": self.payer.id,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/payment/confirmation",
            "access_token": token,
            "gateway_card_prefix": PREFIX,
            "gateway_installment_count": 3,
            "gateway_shown_total": 102850,
            **changes,
        }
        with mute_logger("odoo.http"):
            return self.url_open("/payment/transaction", json={"params": params}).json()

    def test_amount_currency_and_partner_are_those_of_the_key(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.env.ref("base.USD").active = True
        for changes in (
            {"amount": 1.0, "gateway_shown_total": 103},
            {"amount": 999.99},
            {"currency_id": self.env.ref("base.USD").id},
            {"partner_id": stranger.id},
            {"access_token": "0" * 64},
        ):
            with self.subTest(**changes):
                answer = self.pay(**changes)
                self.assertIn("403", answer["error"]["data"]["message"])
                self.assertFalse(self.transactions())
        self.assertIn("result", self.pay())

    def test_an_invoice_decides_its_currency_and_partner_itself(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        for changes in (
            {"currency_id": self.env.ref("base.USD").id},
            {"partner_id": stranger.id},
            {"invoice_ids": []},
            {"company_id": 1},
            {"gateway_offer_id": 1},
            {"gateway_quote": {}},
        ):
            with self.subTest(**changes):
                self.assert_refused(**changes)

    def test_the_invoice_of_another_is_not_paid_with_this_key(self):
        other = self.make_invoice(5.0, partner=self.company.partner_id)
        url = f"/invoice/transaction/{other.id}"
        token = self.invoice._portal_ensure_token()
        with mute_logger("odoo.http"):
            answer = self.url_open(
                url, json={"params": {"access_token": token, "amount": 5.0}}
            ).json()
        self.assertIn("token is invalid", answer["error"]["data"]["message"])

    # === A PARTNER'S OWN OFFER === #

    def special(self):
        """An offer for a good customer, without any surcharge."""
        friend = self.env["res.partner"].create({"name": "Good Customer"})
        self.env["pos.gateway.offer"].create(
            {
                "name": "Good customers",
                "currency_id": self.lira.id,
                "audience": "partner",
                "partner_ids": [Command.set(friend.ids)],
                "line_ids": [Command.create({"installment_count": 3})],
            }
        )
        return friend

    def totals(self, **changes):
        """:return: dict of installments -> kuruş, as the price list says"""
        params = {
            "provider_id": self.provider.id,
            "amount": 1000.0,
            "currency_id": self.lira.id,
            "card_prefix": PREFIX,
            **changes,
        }
        answer = self.url_open(
            "/payment/pos_gateway/offers",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        return {
            way["installment_count"]: way["total"] for way in answer["result"]["ways"]
        }

    def test_a_partners_offer_is_seen_only_with_his_key(self):
        friend = self.special()
        usual = {1: 100_000, 3: 102_850, 6: 106_400}
        his = {1: 100_000, 3: 100_000}
        key = self.provider._gateway_page_key(friend.id)
        self.assertEqual(self.totals(partner_id=friend.id, key=key), his)
        own_key = self.provider._gateway_page_key(self.payer.id)
        for stolen in (None, "", own_key, key.upper(), key + "0"):
            with self.subTest(stolen):
                self.assertEqual(self.totals(partner_id=friend.id, key=stolen), usual)
        self.assertEqual(self.totals(partner_id=self.payer.id, key=key), usual)

    def test_a_partners_offer_is_not_for_another_payer(self):
        friend = self.special()
        self.assert_refused("price has changed", gateway_shown_total=100_000)
        self.assertIn("result", self.post())
        self.invoice = self.make_invoice(1000.0, partner=friend)
        before = self.transactions()
        self.post(gateway_shown_total=100_000)
        paid = self.transactions() - before
        self.assertEqual((paid.amount, paid.partner_id), (1000.0, friend))

    def test_a_key_of_the_price_list_opens_nothing_else(self):
        key = self.provider._gateway_page_key(self.payer.id)
        answer = self.pay(access_token=key)
        self.assertIn("403", answer["error"]["data"]["message"])
        self.assert_refused(access_token=key)
