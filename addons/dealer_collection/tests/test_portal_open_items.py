from odoo import http
from odoo.tests import HttpCase, tagged

from .common import DealerCase

NEW = "/my/dealer/collections/new"


@tagged("post_install", "-at_install")
class TestPortalOpenItems(DealerCase, HttpCase):
    def log_in(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def post(self, ids, amount="", **extra):
        return self.url_open(
            NEW,
            data={
                "csrf_token": http.Request.csrf_token(self),
                "invoice_id": ids,
                "amount": amount,
                **extra,
            },
            allow_redirects=False,
        )

    def collections_of(self, name):
        return self.env["dealer.collection"].search(
            [("dealer_id", "=", self.dealers[name].id)]
        )

    def test_the_page_shows_own_items_only(self):
        self.log_in("izmir")
        page = self.url_open("/my/dealer/open-items").text
        for name, invoices in self.invoices.items():
            for invoice in invoices:
                check = self.assertIn if name == "izmir" else self.assertNotIn
                check(f'value="{invoice.id}"', page)
        self.assertIn("10 days overdue", page)

    def test_a_user_without_a_dealer_has_no_such_page(self):
        user = self.users["ege"]
        user.group_ids = self.env.ref("base.group_portal")
        self.log_in("ege")
        self.assertEqual(self.url_open("/my/dealer/open-items").status_code, 404)
        self.assertEqual(self.url_open("/my/dealer/collections").status_code, 404)
        self.assertEqual(self.post(self.invoices["ege"].ids).status_code, 404)

    def test_choosing_invoices_opens_a_collection(self):
        self.log_in("ege")
        response = self.post(self.invoices["ege"].ids, "1.200,00")
        self.assertEqual(response.status_code, 303)
        collection = self.collections_of("ege")
        self.assertEqual(collection.amount, 1200)
        self.assertTrue(response.headers["Location"].endswith(collection.access_url))
        self.assertIn(self.users["ege"].partner_id, collection.message_ids.author_id)

    def test_bad_input_gets_a_message_and_changes_nothing(self):
        self.log_in("ege")
        own = self.invoices["ege"].ids
        foreign = self.invoices["anadolu"].ids
        for ids, amount, message in (
            ([], "", "at least one"),
            (foreign, "", "not open any more"),
            (own + foreign, "", "not open any more"),
            ([10**9], "", "not open any more"),
            ([10**30], "", "Choose the invoices again"),
            (["1 or 1"], "", "Choose the invoices again"),
            (own + own, "", "Choose the invoices again"),
            (own, "abc", "not an amount"),
            (own, "1e3", "not an amount"),
            (own, "-5", "not an amount"),
            (own, "0", "more than zero"),
            (own, "1500.36", "more than what is open"),
            (own, ["1", "2"], "one amount"),
        ):
            with self.subTest(ids=ids, amount=amount):
                response = self.post(ids, amount)
                self.assertEqual(response.status_code, 422)
                self.assertIn(message, response.text)
        self.assertFalse(self.collections_of("ege"))

    def test_the_selection_is_kept_after_an_error(self):
        self.log_in("ege")
        invoice = self.invoices["ege"][1]
        page = self.post(invoice.ids, "9999,99").text
        tag = page.split(f'value="{invoice.id}"')[1].split(">")[0]
        self.assertIn("checked", tag)
        self.assertIn('value="9999,99"', page)

    def test_fields_of_the_collection_cannot_be_slipped_in(self):
        self.log_in("ege")
        self.post(
            self.invoices["ege"].ids,
            dealer_id=self.anadolu.id,
            partner_id=self.anadolu.partner_id.id,
            state="paid",
        )
        collection = self.collections_of("ege")
        self.assertEqual(collection.partner_id, self.ege.partner_id)
        self.assertEqual(collection.state, "open")

    def test_a_form_without_csrf_token_or_with_a_huge_body_is_refused(self):
        self.log_in("ege")
        response = self.url_open(NEW, data={"invoice_id": self.invoices["ege"].ids})
        self.assertEqual(response.status_code, 400)
        response = self.post(self.invoices["ege"].ids, filler="x" * 70000)
        self.assertIn(response.status_code, (400, 413))
        self.assertFalse(self.collections_of("ege"))

    def test_the_counter_writes_nothing_and_counts_own_items(self):
        self.log_in("ege")
        counters = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["dealer_open_item_count"]}
        )
        self.assertEqual(counters["dealer_open_item_count"], 2)
