from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from ..models.dealer_receipt import read_code, show_code
from .link_common import LinkCase


@tagged("post_install", "-at_install")
class TestReceipt(LinkCase, HttpCase):
    """Whether a receipt is genuine, for anybody who has the paper."""

    def setUp(self):
        super().setUp()
        link = self.make_link(amount=100.0)
        self.collection = link._use(payer_name="Ayşe Usta")
        self.charge = self.pay(self.collection, surcharge=3.0)
        self.receipt = self.collection._receipt()
        self.authenticate(None, None)

    def check(self, code):
        return self.url_open(f"/receipt/check?code={code}")

    def test_a_code_is_read_as_people_type_it(self):
        code = self.receipt.code
        self.assertEqual(read_code(f" {show_code(code).lower()} "), code)
        for bad in ("", "1234", code + "0", None, "ÇÇÇÇ-ÇÇÇÇ-ÇÇÇÇ-ÇÇÇÇ"):
            self.assertEqual(read_code(bad), "")

    def test_a_genuine_receipt_says_what_the_paper_says_and_no_more(self):
        page = self.check(show_code(self.receipt.code))
        self.assertEqual(page.status_code, 200)
        self.assertIn("This receipt is genuine", page.text)
        for text in ("Ayşe Usta", self.bornova.name, self.collection.name, "103.00"):
            self.assertIn(text, page.text)
        for secret in (
            self.izmir.name,
            self.ege.name,
            self.collection.access_token,
            self.charge.payment_id.name,
        ):
            self.assertNotIn(secret, page.text)

    def test_the_receipt_is_issued_once_and_with_the_payment(self):
        receipts = self.env["dealer.receipt"].sudo()
        issued = receipts.search([("collection_id", "=", self.collection.id)])
        self.assertEqual(issued, self.receipt)
        self.assertEqual(self.receipt._facts()["charged"], "103.00")

    def test_what_was_given_back_since_is_told(self):
        self.give_back(self.charge, 40.0)
        page = self.check(self.receipt.code).text
        self.assertIn("This receipt is genuine", page)
        self.assertIn("Given back since", page)

    def test_a_changed_row_is_not_genuine_any_more(self):
        changed = self.receipt.statement.replace("103.00", "930.00")
        self.receipt.statement = changed
        self.assertIn("No receipt with this code", self.check(self.receipt.code).text)

    def test_the_statement_can_be_verified_without_us(self):
        url = f"/receipt/check/{self.receipt.code}/statement.json"
        answer = self.url_open(url).json()
        key = self.receipt.key_id
        self.assertTrue(key._is_signed(answer["statement"], answer["signature"]))
        self.assertFalse(key._is_signed(answer["statement"] + " ", answer["signature"]))

    def test_an_unknown_code_is_not_genuine_and_guessing_ends(self):
        for _attempt in range(20):
            page = self.check("0000-0000-0000-0000")
            self.assertEqual(page.status_code, 200)
            self.assertIn("No receipt with this code", page.text)
        self.assertEqual(self.check(self.receipt.code).status_code, 429)
        url = f"/receipt/check/{self.receipt.code}/statement.json"
        self.assertEqual(self.url_open(url).status_code, 429)

    def test_the_key_and_the_receipts_are_shown_to_nobody(self):
        for record in (self.receipt, self.receipt.key_id):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(self.env.ref("base.user_admin")).read(["id"])

    def test_the_paper_carries_the_code(self):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "dealer_collection.report_receipt", self.collection.ids
        )
        self.assertIn(show_code(self.receipt.code), html.decode())
        self.assertIn("data:image/png;base64", html.decode())
