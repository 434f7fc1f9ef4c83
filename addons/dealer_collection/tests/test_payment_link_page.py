from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from .link_common import LinkCase


@tagged("post_install", "-at_install")
class TestPaymentLinkPage(LinkCase, HttpCase):
    """Without a login, by the address alone."""

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def test_the_page_shows_what_is_paid_and_makes_nothing(self):
        owed = self.make_receivable(self.bornova, self.customer, 150.0, reference="B-7")
        link = self.make_receivable_link(owed)
        page = self.url_open(link.access_url)
        self.assertEqual(page.status_code, 200)
        for text in (self.bornova.name, link.purpose, "B-7", self.customer.name):
            self.assertIn(text, page.text)
        for secret in (self.izmir.name, self.ege.name):
            self.assertNotIn(secret, page.text)
        self.assertFalse(link.collection_ids, "a preview in a chat makes nothing")

    def test_a_wrong_address_tells_nothing(self):
        token = self.make_link().access_token
        for wrong in (token[:-1], token[:-1] + "_", "x", "a" * 200):
            with self.subTest(token=wrong):
                self.assertEqual(self.url_open(f"/pay/{wrong}").status_code, 404)

    def test_continuing_leads_to_a_collection_with_the_payment_form(self):
        link = self.make_link(partner_id=self.customer.id)
        answer = self.use(link)
        self.assertEqual(answer.status_code, 303)
        page = self.url_open(answer.headers["Location"])
        self.assertEqual(page.status_code, 200)
        self.assertIn(f"dealer.collection,{link.collection_ids.id}", page.text)
        self.assertIn("o_payment_form", page.text)
        self.assertIn(self.bornova.name, page.text)

    def test_two_strangers_get_two_collections_and_one_browser_gets_one(self):
        link = self.make_link(is_single_use=False)
        first = self.use(link, payer_name="Ayşe Usta").headers["Location"]
        again = self.use(link, payer_name="Ayşe Usta").headers["Location"]
        self.assertEqual(first, again)
        self.authenticate(None, None)
        other = self.use(link, payer_name="Ayşe Usta").headers["Location"]
        self.assertNotEqual(first, other)

    def test_a_refusal_is_a_sentence_on_the_page(self):
        link = self.make_link(amount_kind="range", amount_max=200)
        for values, sentence in (
            ({"amount": "200,01", "payer_name": "Somebody"}, "At most"),
            ({"amount": "abc", "payer_name": "Somebody"}, "This is not an amount"),
            ({"amount": "20", "payer_name": ""}, "Say who pays"),
        ):
            with self.subTest(**values):
                answer = self.use(link, **values)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, answer.text)
        self.assertFalse(link.collection_ids)
        link.date_expiry = self.ago(minutes=1)
        self.assertIn("has expired", self.url_open(link.access_url).text)
        self.assertEqual(self.use(link, amount="20").status_code, 422)

    def test_a_second_tab_is_told_that_the_link_is_being_paid(self):
        link = self.make_link(partner_id=self.customer.id)
        first = self.use(link).headers["Location"]
        self.make_attempt(link.collection_ids)
        self.assertIn("under way at the bank", self.use(link).text)
        self.assertIn("Waiting for the bank", self.url_open(first).text)
        self.assertEqual(len(link.collection_ids), 1)

    @mute_logger("odoo.http")
    def test_more_installments_than_the_link_allows_are_refused_at_payment(self):
        link = self.make_link(partner_id=self.customer.id, max_installments=1)
        self.use(link)
        collection = link.collection_ids
        params = {
            "provider_id": self.provider.id,
            "payment_method_id": self.env.ref("payment.payment_method_card").id,
            "token_id": None,
            "amount": 100.0,
            "flow": "redirect",
            "tokenization_requested": False,
            "landing_route": "/",
            "access_token": collection.access_token,
            "gateway_card_prefix": "45436001",
            "gateway_installment_count": 3,
            "gateway_shown_total": 10000,
        }
        url = f"/my/dealer/collection/{collection.id}/transaction"
        with self.assertRaisesRegex(JsonRpcException, "ValidationError"):
            self.make_jsonrpc_request(url, params)
        self.assertFalse(collection.transaction_ids)

    def test_the_price_list_keeps_to_the_link(self):
        link = self.make_link(partner_id=self.customer.id, max_installments=1)
        page = self.url_open(self.use(link).headers["Location"]).text
        key = page.split('data-key="')[1].split('"')[0]
        question = {
            "provider_id": self.provider.id,
            "amount": 100.0,
            "currency_id": self.company.currency_id.id,
            "card_prefix": "45436001",
            "partner_id": self.customer.id,
            "key": key,
            "document": f"dealer.collection,{link.collection_ids.id}",
        }
        answer = self.make_jsonrpc_request("/payment/pos_gateway/offers", question)
        self.assertEqual([way["installment_count"] for way in answer["ways"]], [1])
