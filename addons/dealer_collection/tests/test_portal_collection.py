from unittest.mock import patch

from odoo import http
from odoo.tests import HttpCase, JsonRpcException, tagged
from odoo.tools import mute_logger

from odoo.addons.base.models.ir_actions_report import IrActionsReport

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestPortalCollection(DealerCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collections = {name: cls.open_collection(name) for name in cls.dealers}

    def log_in(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def url(self, name, suffix=""):
        return self.collections[name].access_url + suffix

    def start(self, name, **params):
        collection = self.collections[name]
        return self.make_jsonrpc_request(
            f"/my/dealer/collection/{collection.id}/transaction",
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.env.ref("payment.payment_method_card").id,
                "token_id": None,
                "amount": 1,
                "flow": "redirect",
                "tokenization_requested": False,
                "landing_route": "https://evil.example.com",
                **params,
            },
        )

    def test_the_list_can_be_searched_by_number_and_by_dealer(self):
        mine, below = self.open_collection("izmir"), self.open_collection("bornova")
        self.authenticate("t_izmir", "t_izmir_password")

        def found(query):
            page = self.url_open(f"/my/dealer/collections?{query}").text
            return {one for one in (mine, below) if one.name in page}

        self.assertEqual(found(""), {mine, below})
        self.assertEqual(found(f"search={mine.name}&search_in=number"), {mine})
        self.assertEqual(found("search=Bornova&search_in=dealer"), {below})
        self.assertEqual(found("search=Anadolu&search_in=dealer"), set())
        page = self.url_open("/my/dealer/collections?search=xyz&search_in=nothing").text
        self.assertIn("Nothing found", page)

    def test_pages_of_the_own_subtree_open_and_the_others_do_not(self):
        self.log_in("izmir")
        for name in self.dealers:
            with self.subTest(dealer=name):
                expected = 200 if name in ("izmir", "bornova") else 403
                response = self.url_open(self.url(name))
                self.assertEqual(response.status_code, expected)
                if expected == 403:
                    self.assertNotIn(self.dealers[name].name, response.text)
        self.assertEqual(self.url_open("/my/dealer/collections/0").status_code, 404)

    def test_the_list_shows_the_subtree(self):
        self.log_in("izmir")
        page = self.url_open("/my/dealer/collections?sortby=nonsense&filterby=x").text
        for name, collection in self.collections.items():
            check = self.assertIn if name in ("izmir", "bornova") else self.assertNotIn
            check(collection.name, page)

    def test_the_status_is_told_to_those_who_may_see_the_collection(self):
        for name, is_seen in (("bornova", True), ("ege", False), ("anadolu", False)):
            self.log_in("izmir")
            url = f"/my/dealer/collection/{self.collections[name].id}/status"
            with self.subTest(dealer=name):
                if is_seen:
                    status = self.make_jsonrpc_request(url, {})
                    self.assertEqual(status["state"], "open")
                else:
                    with self.assertRaises(JsonRpcException):
                        self.make_jsonrpc_request(url, {})

    def test_a_token_opens_its_own_document_only(self):
        self.authenticate(None, None)
        token = self.collections["ege"].access_token
        for name, query, expected in (
            ("ege", f"?access_token={token}", 200),
            ("izmir", f"?access_token={token}", 403),
            ("ege", "?access_token=wrong", 403),
            ("ege", "", 403),
        ):
            with self.subTest(dealer=name, query=query):
                response = self.url_open(self.url(name) + query)
                self.assertEqual(response.status_code, expected)

    def test_nobody_starts_a_payment_for_others(self):
        for user, name, params in (
            ("anadolu", "ege", {}),
            ("bornova", "izmir", {}),
            ("izmir", "bornova", {}),  # sees it, but does not pay for it
            ("izmir", "bornova", {"access_token": "wrong"}),
        ):
            self.log_in(user)
            with (
                self.subTest(user=user, dealer=name, **params),
                self.assertRaises(JsonRpcException),
                mute_logger("odoo.http"),
            ):
                self.start(name, **params)
        self.assertFalse(
            self.env["payment.transaction"].search(
                [("dealer_collection_id", "!=", False)]
            )
        )

    def test_the_document_decides_what_is_charged(self):
        self.log_in("ege")
        collection = self.collections["ege"]
        values = self.start(
            "ege",
            gateway_card_prefix="45436001",
            gateway_installment_count=1,
            gateway_shown_total=150035,
        )
        self.assertEqual(values["amount"], 1500.35)
        attempt = collection.sudo().transaction_ids
        self.assertEqual(attempt.reference, collection.name)
        self.assertEqual(attempt.partner_id, self.ege.partner_id)
        self.assertEqual(attempt.invoice_ids, self.invoices["ege"])
        self.assertEqual(attempt.landing_route, collection.access_url)
        self.assertEqual(collection.state, "processing")
        self.assertIn("Waiting for the bank", self.url_open(self.url("ege")).text)

    @mute_logger("odoo.http")
    def test_a_foreign_provider_or_an_unknown_key_is_refused(self):
        self.log_in("ege")
        providers_sudo = self.env["payment.provider"].sudo()
        foreign = providers_sudo.create({"name": "x", "state": "disabled"})
        for params in (
            {"provider_id": foreign.id},
            {"flow": "token"},
            {"partner_id": self.anadolu.partner_id.id},
            {"dealer_collection_id": self.collections["anadolu"].id},
        ):
            with self.subTest(**params), self.assertRaises(JsonRpcException):
                self.start("ege", **params)

    @mute_logger("odoo.http")
    def test_a_second_attempt_waits_for_the_first(self):
        self.log_in("ege")
        self.make_attempt(self.collections["ege"])
        with self.assertRaisesRegex(JsonRpcException, "UserError"):
            self.start("ege")
        self.assertEqual(len(self.collections["ege"].sudo().transaction_ids), 1)

    def test_giving_up_asks_the_bank_and_believes_nobody(self):
        attempt = self.make_attempt(self.collections["ege"])
        url = self.url("ege", "/abandon")
        for name, expected in (("izmir", 403), ("ege", 303)):
            self.log_in(name)
            response = self.url_open(
                url,
                data={"csrf_token": http.Request.csrf_token(self)},
                allow_redirects=False,
            )
            self.assertEqual(response.status_code, expected)
        self.assertTrue(attempt.gateway_abandoned_at)
        self.assertEqual(attempt.state, "draft")
        self.assertEqual(self.collections["ege"].state, "processing")
        self.assertIn("We are asking the bank", self.url_open(self.url("ege")).text)

    def test_a_receipt_exists_when_paid_and_for_the_subtree_only(self):
        pdf = self.url("bornova", "/receipt.pdf")
        self.log_in("izmir")
        self.assertEqual(self.url_open(pdf).status_code, 404)
        attempt = self.make_attempt(self.collections["bornova"])
        attempt.gateway_authorisation_code = "A77B88"
        attempt._set_done()
        attempt.with_context(gateway_worker=True)._post_process()
        self.assertIn("A77B88", self.url_open(self.url("bornova")).text)
        with patch.object(
            IrActionsReport, "_run_wkhtmltopdf", lambda *args, **kwargs: b"%PDF-1.4"
        ):
            self.assertEqual(self.url_open(pdf).status_code, 200)
            for name, expected in (("manisa", 403), ("anadolu", 403), ("ege", 200)):
                self.log_in(name)
                with self.subTest(user=name):
                    self.assertEqual(self.url_open(pdf).status_code, expected)

    def test_a_decline_is_explained_and_the_form_comes_back(self):
        self.log_in("ege")
        attempt = self.make_attempt(self.collections["ege"])
        attempt.gateway_reason = "limit"
        attempt._set_error("51")
        page = self.url_open(self.url("ege")).text
        self.assertIn("The payment did not go through", page)
        self.assertIn(attempt.gateway_payer_message.split("'")[0], page)
