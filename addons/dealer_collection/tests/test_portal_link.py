from odoo.tests import HttpCase, tagged

from .link_common import LinkCase


@tagged("post_install", "-at_install")
class TestPortalLink(LinkCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.owed = cls.make_receivable(
            cls.bornova, cls.customer, 150.0, reference="BRN-1"
        )
        cls.link = cls.make_receivable_link(cls.owed, purpose="Bornova's link")

    def log_in(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def url(self, suffix=""):
        return f"/my/dealer/links/{self.link.id}{suffix}"

    def make_by_form(self, **values):
        return self.send(
            "/my/dealer/links/create",
            **{
                "purpose": "Deliveries",
                "amount_kind": "fixed",
                "amount": "100",
                "date_expiry": "2099-01-01",
                **values,
            },
        )

    def test_links_are_seen_from_above_and_shared_by_their_own_dealer(self):
        for name, status, may_share in (
            ("bornova", 200, True),
            ("izmir", 200, False),
            ("manisa", 404, False),
            ("anadolu", 404, False),
        ):
            self.log_in(name)
            with self.subTest(user=name):
                page = self.url_open(self.url())
                self.assertEqual(page.status_code, status)
                self.assertEqual("link_address" in page.text, may_share)
                self.assertEqual(self.link.access_token in page.text, may_share)
                listed = self.url_open("/my/dealer/links?sortby=x&filterby=y").text
                self.assertEqual("LNK/" in listed, status == 200)
                if not may_share:
                    answer = self.send(self.url("/cancel"))
                    self.assertIn(answer.status_code, (403, 404))
        self.assertEqual(self.link.state, "open")

    def test_a_dealer_makes_a_link_of_its_receivable(self):
        self.log_in("bornova")
        page = self.url_open(f"/my/dealer/links/new?receivable_id={self.owed.id}")
        self.assertIn("BRN-1", page.text)
        answer = self.make_by_form(
            receivable_id=str(self.owed.id),
            amount_kind="open",
            max_installments="6",
            date_expiry=self.last_day(),
            dealer_id=str(self.ege.id),
            access_token="chosen-by-the-dealer",
        )
        self.assertEqual(answer.status_code, 303, self.error_of(answer))
        link = self.env["dealer.payment.link"].search([], limit=1, order="id desc")
        self.assertEqual(link.dealer_id, self.bornova)
        self.assertEqual(link.receivable_ids, self.owed)
        self.assertEqual(link.max_installments, 6)
        self.assertTrue(link.is_single_use)
        self.assertNotEqual(link.access_token, "chosen-by-the-dealer")

    def last_day(self):
        return str(self.env["payment.provider"]._gateway_today())

    def test_bad_input_is_a_sentence_and_makes_nothing(self):
        self.log_in("izmir")
        before = self.env["dealer.payment.link"].search_count([])
        day = self.last_day()
        for values, sentence in (
            ({"date_expiry": "2020-01-01"}, "Choose the last day"),
            ({"date_expiry": "2099-01-01"}, "Choose the last day"),
            ({"date_expiry": day, "amount": "abc"}, "not an amount"),
            ({"date_expiry": day, "amount": ""}, "Say how much"),
            ({"date_expiry": day, "purpose": " "}, "Say what"),
            ({"date_expiry": day, "amount_kind": "open"}, "Choose how much"),
            (
                {
                    "date_expiry": day,
                    "amount_kind": "open",
                    "receivable_id": str(self.owed.id),
                },
                "Choose how much",
            ),
            ({"date_expiry": day, "max_installments": "99"}, "between 1 and"),
        ):
            with self.subTest(**values):
                answer = self.make_by_form(**values)
                self.assertEqual(answer.status_code, 422)
                self.assertIn(sentence, self.error_of(answer))
        self.assertEqual(self.env["dealer.payment.link"].search_count([]), before)
        self.assertEqual(
            self.url_open(
                f"/my/dealer/links/new?receivable_id={self.owed.id}"
            ).status_code,
            404,
            "another dealer's receivable, though it may be seen",
        )

    def test_sending_and_cancelling(self):
        self.log_in("bornova")
        self.assertEqual(self.send(self.url("/email"), email="no").status_code, 422)
        answer = self.send(self.url("/email"), email="payer@example.com")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(
            self.send(self.url("/sms"), phone="05325550101").status_code, 303
        )
        self.assertEqual(self.link.sent_count, 2)
        self.assertEqual(self.send(self.url("/cancel")).status_code, 303)
        self.assertEqual(self.link.state, "cancelled")
        self.assertEqual(self.send(self.url("/cancel")).status_code, 422)
        self.assertNotIn("link_address", self.url_open(self.url()).text)

    def test_a_suspended_dealer_makes_no_links(self):
        self.bornova.action_suspend()
        self.log_in("bornova")
        self.assertEqual(self.url_open("/my/dealer/links/new").status_code, 403)
        self.assertEqual(self.send(self.url("/email"), email="a@b.co").status_code, 403)
