import io

from odoo import http
from odoo.tests import HttpCase, tagged

from .link_common import LinkCase


@tagged("post_install", "-at_install")
class TestPortalReceivable(LinkCase, HttpCase):
    """izmir owes ege nothing here; bornova owes izmir, the customer owes bornova."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.theirs = cls.make_receivable(
            cls.bornova, cls.customer, 150.0, reference="BRN-1"
        )
        cls.ours = cls.make_receivable(
            cls.izmir, cls.bornova.partner_id, 90.0, reference="IZM-1"
        )
        cls.foreign = cls.make_receivable(
            cls.ege, cls.manisa.partner_id, 70.0, reference="EGE-1"
        )

    def log_in(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def url(self, receivable, verb=""):
        return f"/my/dealer/receivables/{receivable.id}{verb}"

    def test_lists_show_the_subtree_and_own_debts_and_nothing_else(self):
        for name, side, seen in (
            ("izmir", "owed", {"IZM-1", "BRN-1"}),
            ("bornova", "owed", {"BRN-1"}),
            ("bornova", "owing", {"IZM-1"}),
            ("manisa", "owing", {"EGE-1"}),
            ("anadolu", "owed", set()),
        ):
            self.log_in(name)
            page = self.url_open(
                f"/my/dealer/receivables?side={side}&sortby=x&filterby=y&search_in=z"
            )
            self.assertEqual(page.status_code, 200)
            for reference in ("IZM-1", "BRN-1", "EGE-1"):
                with self.subTest(user=name, side=side, reference=reference):
                    check = self.assertIn if reference in seen else self.assertNotIn
                    check(reference, page.text)

    def test_search_finds_numbers_and_debtors(self):
        self.log_in("izmir")
        for search, seen in (("BRN", "BRN-1"), ("kordon", "BRN-1"), ("zzz", None)):
            page = self.url_open(f"/my/dealer/receivables?search={search}").text
            self.assertEqual("BRN-1" in page, seen == "BRN-1", search)
            self.assertNotIn("IZM-1", page)
        self.assertIn("Nothing fits", page)

    def test_a_stranger_s_receivable_does_not_exist(self):
        for name in ("manisa", "anadolu"):
            self.log_in(name)
            for record in (self.ours, self.theirs):
                self.assertEqual(self.url_open(self.url(record)).status_code, 404)
                answer = self.send(self.url(record, "/cancel"), reason="because")
                self.assertEqual(answer.status_code, 404)

    def test_only_the_creditor_changes_and_only_the_debtor_disputes(self):
        for name, record, verb, expected in (
            ("izmir", self.theirs, "cancel", 403),  # above the creditor
            ("izmir", self.theirs, "lower", 403),
            ("bornova", self.ours, "cancel", 403),  # the debtor
            ("bornova", self.ours, "answer", 403),
            ("izmir", self.ours, "dispute", 403),  # the creditor
            ("izmir", self.ours, "pay", 403),
            ("izmir", self.ours, "unlink", 403),
        ):
            self.log_in(name)
            with self.subTest(user=name, verb=verb):
                answer = self.send(
                    self.url(record, f"/{verb}"), reason="because", amount="1"
                )
                self.assertEqual(answer.status_code, expected)
        self.assertEqual(self.ours.amount, 90.0)
        self.assertEqual(self.theirs.amount, 150.0)

    def test_a_debtor_disputes_and_the_creditor_answers(self):
        self.log_in("bornova")
        answer = self.send(self.url(self.ours, "/dispute"), reason="x")
        self.assertIn("Say why", self.error_of(answer))
        self.send(self.url(self.ours, "/dispute"), reason="It was sent back")
        self.assertTrue(self.ours.is_disputed)
        self.log_in("izmir")
        self.assertIn("It was sent back", self.url_open(self.url(self.ours)).text)
        self.send(self.url(self.ours, "/answer"), reason="Half of it was not")
        self.assertFalse(self.ours.is_disputed)
        message = self.ours.message_ids.filtered(
            lambda row: "Half of it was not" in row.body
        )
        self.assertEqual(message.author_id, self.users["izmir"].partner_id)
        self.send(self.url(self.ours, "/lower"), reason="Agreed", amount="45,50")
        self.assertEqual(self.ours.amount, 45.5)

    def test_a_dealer_pays_what_it_owes_above_and_the_token_lets_it(self):
        self.log_in("bornova")
        answer = self.send(self.url(self.ours, "/pay"))
        self.assertEqual(answer.status_code, 303)
        again = self.send(self.url(self.ours, "/pay"))
        self.assertEqual(answer.headers["Location"], again.headers["Location"])
        page = self.url_open(answer.headers["Location"])
        self.assertIn("o_payment_form", page.text)
        collection = self.env["dealer.collection"].search(
            [("line_ids.receivable_id", "=", self.ours.id)]
        )
        self.assertEqual(collection.partner_id, self.bornova.partner_id)
        self.make_attempt(collection)
        answer = self.send(self.url(self.ours, "/pay"))
        self.assertIn("under way", self.error_of(answer))

    def test_a_receivable_is_entered_with_a_document(self):
        self.log_in("bornova")
        self.assertIn(
            self.customer.name, self.url_open("/my/dealer/receivables/new").text
        )
        answer = self.url_open(
            "/my/dealer/receivables/create",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "debtor_id": str(self.customer.id),
                "amount": "1.500,00",
                "date_due": "2026-12-31",
                "reference": "BRN-9",
                "creditor_id": str(self.ege.id),
                "state": "paid",
            },
            files={"attachment": ("bill.html", io.BytesIO(b"<b>x</b>"))},
            allow_redirects=False,
        )
        self.assertEqual(answer.status_code, 303, self.error_of(answer))
        owed = self.env["dealer.receivable"].search([("reference", "=", "BRN-9")])
        self.assertEqual(owed.creditor_id, self.bornova)
        self.assertEqual((owed.amount, owed.state), (1500.0, "open"))
        page = self.url_open(self.url(owed)).text
        self.assertIn("bill.html", page)
        path = page.split('href="')
        path = next(part for part in path if "/attachments/" in part).split('"')[0]
        file = self.url_open(path)
        self.assertEqual(file.content, b"<b>x</b>")
        self.assertIn("attachment", file.headers["Content-Disposition"])
        self.assertEqual(file.headers["Content-Type"], "application/octet-stream")
        self.log_in("anadolu")
        self.assertEqual(self.url_open(path).status_code, 404)

    def test_bad_input_is_a_sentence_and_makes_nothing(self):
        self.log_in("bornova")
        good = {
            "debtor_id": str(self.customer.id),
            "amount": "10",
            "date_due": "2026-12-31",
        }
        before = self.env["dealer.receivable"].search_count([])
        for change, sentence in (
            ({"debtor_id": str(self.ege.partner_id.id)}, "Choose who owes"),
            ({"debtor_id": "x"}, "Choose who owes"),
            ({"amount": "-5"}, "not an amount"),
            ({"amount": "0"}, "not an amount"),
            ({"date_due": "soon"}, "Choose the due date"),
            ({"reference": "x" * 65}, "at most 64"),
        ):
            with self.subTest(**change):
                answer = self.send("/my/dealer/receivables/create", **(good | change))
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, self.error_of(answer))
        self.assertEqual(self.env["dealer.receivable"].search_count([]), before)

    def test_a_dealer_imports_its_own_list(self):
        self.log_in("bornova")
        rows = b"Borclu;Tutar;Vade;Belge No\nKordon Market;12,50;15.01.2026;I-1\n"
        page = self.url_open(
            "/my/dealer/receivables/import/preview",
            data={"csrf_token": http.Request.csrf_token(self)},
            files={"file": ("list.csv", io.BytesIO(rows))},
        ).text
        self.assertIn("I-1", page)
        wizard_id = page.split('name="wizard_id" value="')[1].split('"')[0]
        confirm = "/my/dealer/receivables/import/confirm"
        self.log_in("izmir")
        self.assertEqual(self.send(confirm, wizard_id=wizard_id).status_code, 404)
        self.log_in("bornova")
        self.assertEqual(self.send(confirm, wizard_id=wizard_id).status_code, 303)
        owed = self.env["dealer.receivable"].search([("reference", "=", "I-1")])
        self.assertEqual(owed.amount, 12.5)
        self.assertEqual(owed.creditor_id, self.bornova)
        self.assertEqual(self.send(confirm, wizard_id=wizard_id).status_code, 422)

    def test_a_suspended_dealer_enters_nothing_and_pays_what_it_owes(self):
        self.bornova.action_suspend()
        self.log_in("bornova")
        for path in ("/my/dealer/receivables/new", "/my/dealer/receivables/import"):
            self.assertEqual(self.url_open(path).status_code, 403)
        self.assertEqual(self.send(self.url(self.ours, "/pay")).status_code, 303)
