import json
from unittest import SkipTest
from unittest.mock import patch

from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import PREFIX, WorkerMixin
from .test_route import RouteCommon

OURS = (
    "gateway_order_id",
    "gateway_quote",
    "gateway_bearer",
    "gateway_card_prefix",
    "gateway_card_program_id",
    "gateway_surcharge_amount",
    "gateway_base_amount",
    "gateway_installment_count",
    "gateway_cost_amount",
    "gateway_next_inquiry_at",
    "gateway_surcharge_invoice_id",
    "gateway_explanation",
    "gateway_route_reason",
)


class OtherProviderCommon(RouteCommon, WorkerMixin):
    """Another provider of Odoo's own, that also takes cards, on the same page."""

    code = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        module = cls.env["ir.module.module"].search(
            [("name", "=", f"payment_{cls.code}"), ("state", "=", "installed")]
        )
        if not module:
            raise SkipTest(f"payment_{cls.code} is not installed")
        journal = cls.company_data["default_journal_bank"]
        model_sudo = cls.env.ref(f"payment.payment_provider_{cls.code}").sudo()
        values = {"company_id": cls.company.id, "state": "disabled"}
        cls.other = model_sudo.copy(values).with_env(cls.env)
        cls.other.write(
            {"state": "test", "is_published": True, "journal_id": journal.id}
            | cls.credentials()
        )
        # The order begins with the module's state.
        cls.provider.module_id = cls.env.ref("base.module_pos_gateway")
        cls.other.payment_method_ids = [Command.link(cls.method.id)]

    @classmethod
    def credentials(cls):
        return {}

    def card_options(self):
        """:return: the code of the provider of each option "Card" of the page"""
        token = self.invoice._portal_ensure_token()
        address = f"/my/invoices/{self.invoice.id}?access_token={token}"
        page = html.fromstring(self.url_open(address).text)
        options = page.xpath('//input[@data-payment-method-code="card"]')
        return [option.get("data-provider-code") for option in options]

    def start(self, **changes):
        return self.post(
            **{
                "provider_id": self.other.id,
                "flow": self.flow,
                "gateway_card_prefix": "absent",
                "gateway_installment_count": "absent",
                "gateway_shown_total": "absent",
                **changes,
            }
        )["result"]

    def assert_untouched(self, transaction):
        self.assertEqual(transaction.provider_id, self.other)
        self.assertEqual(transaction.amount, 1000.0)
        values = transaction.read(OURS)[0]
        del values["id"]
        self.assertEqual({name: v for name, v in values.items() if v}, {})
        self.assertFalse(transaction.gateway_message_ids)

    def assert_paid(self, transaction):
        self.assertEqual(transaction.state, "done")
        transaction._post_process()
        self.assertTrue(transaction.is_post_processed)
        self.assertEqual(transaction.payment_id.amount, 1000.0)
        self.assertEqual(transaction.invoice_ids, self.invoice)
        self.assertIn(self.invoice.payment_state, ("paid", "in_payment"))
        self.assertEqual(self.invoice.amount_residual, 0)
        slips = self.provider.gateway_slips_account_id
        self.assertNotIn(slips, transaction.payment_id.move_id.line_ids.account_id)
        self.assert_untouched(transaction)


@tagged("post_install", "-at_install")
class TestDemoBesideOurs(OtherProviderCommon, HttpCase):
    code, flow = "demo", "direct"

    def simulate(self, transaction):
        params = {
            "reference": transaction.reference,
            "payment_details": "1234",
            "simulated_state": "done",
        }
        self.make_jsonrpc_request("/payment/demo/simulate_payment", params)
        self.env.invalidate_all()

    def test_its_payment_works_as_before(self):
        demo = self.env.ref("payment_demo.payment_method_demo")
        self.start(payment_method_id=demo.id)
        transaction = self.transactions()
        self.assert_untouched(transaction)
        self.simulate(transaction)
        self.assert_paid(transaction.sudo())

    def test_choices_for_ours_mean_nothing_to_it(self):
        self.start(
            gateway_card_prefix=PREFIX,
            gateway_installment_count=3,
            gateway_shown_total=102850,
        )
        self.assert_untouched(self.transactions())

    def test_core_posts_its_payments_and_refunds(self):
        self.start()
        transaction = self.transactions().sudo()
        self.simulate(transaction)
        self.worker("payment.transaction", "_cron_post_process")
        self.assertTrue(transaction.payment_id)
        refund = transaction._refund(400.0)
        refund._set_done()
        refund._post_process()
        self.assertEqual((refund.amount, refund.gateway_base_amount), (-400.0, 0))
        self.assertEqual(refund.payment_id.amount, 400.0)
        self.assertFalse(refund.gateway_surcharge_credit_id)

    def test_the_page_shows_one_card_option_of_the_first_in_order(self):
        self.provider.sequence, self.other.sequence = 1, 2
        self.assertEqual(self.card_options(), ["pos_gateway"])
        self.provider.sequence = 3
        self.assertEqual(self.card_options(), ["demo"])

    def test_a_card_payment_at_ours_is_never_led_to_it(self):
        self.other.sequence = -5
        self.post()
        self.assertEqual(self.transactions().provider_id, self.provider)
        self.provider.state = "disabled"
        self.assert_refused("No virtual POS")


@tagged("post_install", "-at_install")
class TestIyzicoBesideOurs(OtherProviderCommon, HttpCase):
    code, flow = "iyzico", "redirect"

    @classmethod
    def credentials(cls):
        return {"iyzico_key_id": "key", "iyzico_key_secret": "secret"}

    def answering(self, **answer):
        """Iyzico, played by us."""
        provider = type(self.env["payment.provider"])
        return patch.object(provider, "_send_api_request", return_value=answer)

    def test_its_payment_works_as_before(self):
        with self.answering(paymentPageUrl="https://iyzico.example/pay?token=t1"):
            values = self.start()
        self.assertIn("https://iyzico.example/pay", values["redirect_form_html"])
        transaction = self.transactions()
        self.assert_untouched(transaction)
        with self.answering(
            price=1000.0, currency="TRY", paymentId="77", paymentStatus="SUCCESS"
        ):
            self.url_open(
                f"/payment/iyzico/return?tx_ref={transaction.reference}",
                data={"token": "t1"},
                allow_redirects=False,
            )
        self.env.invalidate_all()
        self.assert_paid(transaction.sudo())

    def test_the_card_option_belongs_to_one_of_the_two(self):
        self.provider.sequence, self.other.sequence = 2, 1
        self.assertEqual(self.card_options(), ["iyzico"])
        self.provider.sequence = 0
        self.assertEqual(self.card_options(), ["pos_gateway"])

    def test_the_price_list_is_not_for_its_payments(self):
        params = {
            "provider_id": self.other.id,
            "amount": 1000.0,
            "currency_id": self.lira.id,
            "card_prefix": PREFIX,
        }
        answer = self.url_open(
            "/payment/pos_gateway/offers",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        self.assertIn("not available", answer["error"]["data"]["message"])
