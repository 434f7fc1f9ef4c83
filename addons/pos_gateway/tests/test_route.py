from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.payment import utils as payment_utils

from .common import CARD, PREFIX, GatewayCommon


class RouteCommon(GatewayCommon):
    """A browser, an invoice of 1,000.00, and one POS."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["payment.provider"].search(
            [("company_id", "=", cls.company.id), ("id", "!=", cls.provider.id)]
        ).state = "disabled"
        cls.invoice = cls.make_invoice(1000.0)

    def post(self, **changes):
        token = self.invoice._portal_ensure_token()
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.method.id,
            "token_id": None,
            "amount": 1000.0,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/my/invoices",
            "access_token": token,
            "gateway_card_prefix": PREFIX,
            "gateway_installment_count": 3,
            "gateway_shown_total": 102850,
            **changes,
        }
        params = {name: value for name, value in params.items() if value != "absent"}
        with mute_logger("odoo.http"):
            return self.url_open(
                f"/invoice/transaction/{self.invoice.id}", json={"params": params}
            ).json()

    def transactions(self):
        self.env.invalidate_all()
        return self.env["payment.transaction"].search(
            [("company_id", "=", self.company.id)]
        )

    def assert_refused(self, text="", **changes):
        before = self.transactions()
        answer = self.post(**changes)
        self.assertIn("error", answer)
        self.assertIn(text, answer["error"]["data"]["message"])
        self.assertEqual(self.transactions(), before)


@tagged("post_install", "-at_install")
class TestTransactionRoute(RouteCommon, HttpCase):
    """What a browser may send to core's own routes, and what becomes of it."""

    # === WHAT IS CHARGED === #

    def test_the_debt_and_its_surcharge_are_charged(self):
        values = self.post()["result"]
        transaction = self.transactions()
        self.assertRecordValues(
            transaction,
            [
                {
                    "amount": 1028.5,
                    "gateway_base_amount": 1000.0,
                    "gateway_surcharge_amount": 28.5,
                    "gateway_installment_count": 3,
                    "gateway_card_prefix": PREFIX,
                    "provider_id": self.provider.id,
                    "state": "draft",
                }
            ],
        )
        self.assertEqual(transaction.gateway_quote["total"], 102850)
        self.assertTrue(transaction.gateway_route_reason)
        self.assertTrue(transaction.gateway_next_inquiry_at)
        form = values["redirect_form_html"]
        self.assertIn('name="amount" value="1028.50"', form)
        self.assertIn('name="taksit" value="3"', form)
        self.assertIn(transaction.gateway_order_id, form)

    def test_each_attempt_is_an_order_of_its_own(self):
        self.post()
        self.post()
        orders = self.transactions().mapped("gateway_order_id")
        self.assertEqual(len(set(orders)), 2)

    def test_a_part_of_the_debt_may_be_paid(self):
        answer = self.post(
            amount=0.07, gateway_installment_count=1, gateway_shown_total=7
        )
        self.assertIn("result", answer)
        self.assertEqual(self.transactions().amount, 0.07)

    def test_the_confirmation_page_opens_for_what_was_charged(self):
        transaction = self.make_transaction(base=1000.0, surcharge=28.5)
        transaction.landing_route = "/payment/confirmation"
        token = payment_utils.generate_access_token(
            self.payer.id, 1000.0, self.lira.id, env=self.env
        )
        context = self.make_jsonrpc_request(
            "/payment/transaction",
            {
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
            },
        )
        paid = self.transactions().filtered(
            lambda tx: tx.reference == context["reference"]
        )
        self.assertEqual(paid.amount, 1028.5)
        paid.sudo()._set_pending()
        page = self.url_open(paid.landing_route)
        self.assertEqual(page.status_code, 200)

    # === WHAT THE BROWSER CANNOT DO === #

    def test_a_number_of_installments_that_is_not_offered_is_refused(self):
        for count in (0, -1, 2, 4, 12, 13, 3.0, "3", True, None, [3], "absent"):
            with self.subTest(count):
                self.assert_refused("not offered", gateway_installment_count=count)

    def test_a_price_that_was_not_shown_is_refused(self):
        for total in (102849, 100000, 1, 0, None, "102850", "absent"):
            with self.subTest(total):
                self.assert_refused("price has changed", gateway_shown_total=total)

    def test_a_price_that_changed_meanwhile_is_refused(self):
        self.offer.line_ids[1].surcharge_percent = 3
        self.assert_refused("price has changed")

    def test_without_eight_digits_there_is_no_payment(self):
        for prefix in ("absent", None, "", "4543600", CARD, 45436001):
            with self.subTest(prefix):
                self.assert_refused("8 digits", gateway_card_prefix=prefix)

    def test_only_the_way_over_the_banks_page_is_open(self):
        for flow in ("direct", "token", "", None):
            with self.subTest(flow):
                self.assert_refused("not saved", flow=flow)

    def test_an_amount_that_is_none_is_refused(self):
        for amount in (0, -5, 0.001, 1e13, None):
            with self.subTest(amount):
                self.assert_refused(amount=amount)

    def test_a_method_that_the_pos_does_not_have_is_refused(self):
        method = self.env.ref("payment.payment_method_paypal")
        self.assert_refused("not available", payment_method_id=method.id)

    def test_the_browser_sets_no_value_of_the_transaction(self):
        for name in (
            "gateway_surcharge_amount",
            "gateway_base_amount",
            "gateway_order_id",
            "custom_create_values",
            "currency",
            "state",
        ):
            with self.subTest(name):
                self.assert_refused(**{name: 1})

    def test_a_saved_card_is_not_asked_for(self):
        self.post(tokenization_requested=True)
        self.assertFalse(self.transactions().tokenize)

    def test_the_scripts_speak_the_payers_language(self):
        modules = self.env["ir.http"]._get_translation_frontend_modules_name()
        self.assertIn("pos_gateway", modules)

    # === WHOSE POS === #

    def test_another_companys_pos_never_takes_this_companys_money(self):
        company = self.setup_other_company()["company"]
        foreign = self.make_provider("Foreign POS", company=company)
        self.post(provider_id=foreign.id)
        transaction = self.transactions()
        self.assertEqual(transaction.provider_id, self.provider)
        self.assertEqual(transaction.company_id, self.company)

    def test_a_disabled_or_unpublished_pos_takes_nothing(self):
        self.provider.is_published = False
        self.assert_refused("No virtual POS")
        self.provider.write({"is_published": True, "state": "disabled"})
        self.assert_refused("No virtual POS")

    def test_a_pos_with_a_lower_limit_gives_way_to_the_next(self):
        second = self.make_provider("Second POS")
        self.provider.maximum_amount = 500
        self.post()
        self.assertEqual(self.transactions().provider_id, second)

    # === OTHER PROVIDERS === #

    def other_provider(self):
        """A provider of another kind beside ours, with the same payment method."""
        provider = self.env["payment.provider"].create(
            {
                "name": "Other",
                "code": "none",
                "company_id": self.company.id,
                "payment_method_ids": [Command.set(self.method.ids)],
            }
        )
        provider.write({"state": "test", "is_published": True})
        return provider

    def test_another_provider_works_beside_ours_as_it_did(self):
        other = self.other_provider()
        answer = self.post(
            provider_id=other.id,
            flow="direct",
            gateway_card_prefix="absent",
            gateway_installment_count="absent",
            gateway_shown_total="absent",
        )
        self.assertIn("result", answer)
        transaction = self.transactions()
        self.assertRecordValues(
            transaction,
            [
                {
                    "provider_id": other.id,
                    "amount": 1000.0,
                    "gateway_quote": False,
                    "gateway_order_id": False,
                    "gateway_surcharge_amount": 0.0,
                }
            ],
        )

    def test_what_the_browser_says_of_prices_is_nothing_to_another_provider(self):
        other = self.other_provider()
        self.post(provider_id=other.id, flow="direct", gateway_shown_total=1)
        self.assertEqual(self.transactions().amount, 1000.0)

    # === WHICH POS === #

    def test_the_cheaper_pos_takes_the_payment_whatever_the_browser_names(self):
        dear, cheap = self.provider, self.make_provider("Cheap POS")
        cheap.gateway_program_ids = self.program
        for provider, rate in ((dear, 4.0), (cheap, 3.0)):
            self.env["pos.gateway.agreement"].create(
                {
                    "name": provider.name,
                    "provider_id": provider.id,
                    "date_from": "2025-01-01",
                    "line_ids": [
                        Command.create({"installment_count": 0, "rate": rate})
                    ],
                }
            )
        self.post(provider_id=dear.id)
        transaction = self.transactions()
        self.assertEqual(transaction.provider_id, cheap)
        self.assertIn("cheapest", transaction.gateway_route_reason)
        text = transaction.with_context(lang="tr_TR").gateway_explanation
        self.assertIn(dear.name, transaction.gateway_explanation)
        self.assertIn(dear.name, text)
        (other,) = transaction.gateway_quote["route"]["alternatives"]
        # 1 % more of 1,028.50, with 5 % BSMV on it.
        self.assertEqual(other["detail"], {"by": 1080})

    def test_a_live_page_never_leads_to_a_pos_in_test_mode(self):
        live = self.make_provider("Live POS")
        live.gateway_program_ids = self.program
        live.state = "enabled"
        self.post(provider_id=live.id)
        self.assertEqual(self.transactions().provider_id, live)
