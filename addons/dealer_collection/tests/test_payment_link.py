from decimal import Decimal

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .link_common import LinkCase


@tagged("post_install", "-at_install")
class TestPaymentLink(LinkCase):
    def test_staff_cannot_change_what_somebody_has_begun_to_pay(self):
        link = self.make_link(amount_kind="fixed", amount=100)
        link.amount = 120
        link.sudo()._use(None, "Somebody")
        for values in ({"amount": 1}, {"amount_kind": "range"}, {"partner_id": False}):
            with self.assertRaisesRegex(UserError, "has used this link"):
                link.write(values)
        link.purpose = "a better word"

    def test_a_link_of_a_receivable_closes_the_whole_chain(self):
        owed = self.make_receivable(self.bornova, self.customer, 150.0)
        link = self.make_receivable_link(owed)
        collection = link._use()
        self.assertEqual(collection.amount, 150.0)
        self.pay(collection)
        self.assertEqual(owed.state, "paid")
        self.assertEqual(link.state, "used")
        self.assertEqual(link.amount_paid, 150.0)

    def test_a_link_without_receivables_is_the_debtor_s_credit(self):
        link = self.make_link(partner_id=self.customer.id, amount=80.0)
        self.pay(link._use())
        account = self.account(self.customer, self.bornova)
        self.assertEqual(account.balance, -80.0)

    def test_a_link_for_anybody_asks_who_pays(self):
        link = self.make_link(amount=80.0, is_single_use=False)
        with self.assertRaisesRegex(UserError, "Say who pays"):
            link._use()
        collection = link._use(payer_name="  Ayşe   Usta ")
        self.assertEqual(collection.payer_name, "Ayşe Usta")
        self.assertEqual(collection.partner_id, self.bornova.partner_id)
        self.assertEqual(collection._receipt_values()["debtor"], "Ayşe Usta")
        other = link._use(payer_name="Ayşe Usta")
        self.assertNotEqual(collection, other, "two strangers share no collection")
        self.assertEqual(
            link._use(payer_name="Ayşe Usta", known=collection), collection
        )

    def test_a_form_sent_twice_makes_one_collection(self):
        link = self.make_receivable_link(
            self.make_receivable(self.bornova, self.customer, 150.0)
        )
        self.assertEqual(link._use(), link._use())

    def test_a_link_paid_once_is_used(self):
        link = self.make_link(partner_id=self.customer.id)
        self.pay(link._use())
        with self.assertRaisesRegex(UserError, "has been paid already"):
            link._use()

    def test_a_second_tab_cannot_pay_a_single_use_link_again(self):
        link = self.make_link(amount=80.0)
        first = link._use(payer_name="First tab")
        second = link._use(payer_name="Second tab")
        attempt = self.make_attempt(first)
        with self.assertRaisesRegex(UserError, "under way at the bank"):
            second._start_attempt()
        attempt._set_done()
        with self.assertRaisesRegex(UserError, "has been paid already"):
            second._start_attempt()

    def test_two_links_of_one_receivable_take_its_money_once(self):
        owed = self.make_receivable(self.bornova, self.customer, 150.0)
        collections = [self.make_receivable_link(owed)._use() for _link in range(2)]
        attempt = self.make_attempt(collections[0])
        with self.assertRaisesRegex(UserError, "under way"):
            collections[1]._start_attempt()
        attempt._set_error("declined")
        self.make_attempt(collections[1])

    def test_an_expired_or_cancelled_link_says_so(self):
        link = self.make_link(amount=80.0)
        collection = link._use(payer_name="Somebody")
        link.date_expiry = self.ago(minutes=1)
        for refused in (lambda: link._use(payer_name="X y"), collection._start_attempt):
            with self.assertRaisesRegex(UserError, "has expired"):
                refused()
        link.date_expiry = self.ago(days=-1)
        link.action_cancel()
        self.assertEqual(collection.state, "cancelled")
        with self.assertRaisesRegex(UserError, "has withdrawn"):
            link._use(payer_name="Somebody")

    def test_the_cron_closes_what_has_expired(self):
        link = self.make_link()
        link.date_expiry = self.ago(minutes=1)
        self.env["dealer.payment.link"]._cron_expire()
        self.assertEqual(link.state, "expired")

    def test_a_suspended_dealer_s_link_takes_nothing(self):
        link = self.make_link()
        self.bornova.action_suspend()
        with self.assertRaisesRegex(UserError, "takes no payments"):
            link._use(payer_name="Somebody")

    def test_a_typed_amount_keeps_to_the_range(self):
        link = self.make_link(amount_kind="range", amount_min=50, amount_max=200)
        for typed, sentence in (
            ("49.99", "At least"),
            ("200.01", "At most"),
            ("0", "more than zero"),
            ("60.005", "more decimals"),
            (None, "not an amount"),
        ):
            with self.subTest(typed=typed), self.assertRaisesRegex(UserError, sentence):
                link._use(typed and Decimal(typed), "Somebody")
        self.assertEqual(link._use(Decimal("50"), "Somebody").amount, 50.0)

    def test_more_than_is_open_is_not_taken(self):
        owed = self.make_receivable(self.bornova, self.customer, 150.0)
        link = self.make_receivable_link(owed, amount_kind="range")
        with self.assertRaisesRegex(UserError, "Only .*150"):
            link._use(Decimal("150.01"))
        collection = link._use(Decimal("40"))
        self.assertEqual(collection.line_ids.amount, 40.0)

    def test_several_receivables_are_paid_oldest_first(self):
        late = self.make_receivable(self.bornova, self.customer, 30.0, "2026-03-01")
        old = self.make_receivable(self.bornova, self.customer, 70.0, "2026-01-01")
        link = self.make_receivable_link(late | old, amount_kind="range")
        lines = link._use(Decimal("80")).line_ids
        self.assertEqual(
            {line.receivable_id: line.amount for line in lines}, {old: 70.0, late: 10.0}
        )

    def test_the_most_installments_bind_the_price_list_and_the_payment(self):
        link = self.make_link(partner_id=self.customer.id, max_installments=3)
        (limit,) = link._use()._gateway_price_limits()
        self.assertEqual(limit.max_installments, 3)
        self.assertIn(link.name, limit.source)
        document = self.env["payment.transaction"]._gateway_priced_document(
            {"dealer_collection_id": link.collection_ids.id}
        )
        self.assertEqual(document, link.collection_ids)

    def test_a_debtor_of_somebody_else_is_refused(self):
        for values in (
            {"dealer": self.ege, "partner_id": self.customer.id},
            {"amount_kind": "open", "amount": 0},
            {"amount": 0},
            {"amount_kind": "range", "amount_min": 5, "amount_max": 4},
            {"max_installments": 99},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.make_link(**values)

    def test_the_state_is_not_written_by_hand(self):
        link = self.make_link()
        for values in ({"state": "used"}, {"access_token": "x" * 20}):
            with self.subTest(**values), self.assertRaises(UserError):
                link.with_user(self.env.user).write(values)

    def test_a_link_is_sent_by_email_and_sms_and_not_without_end(self):
        link = self.make_link(partner_id=self.customer.id)
        link._send_email("Payer <payer@example.com>")
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(mail.email_to, "payer@example.com")
        self.assertIn(link.url, mail.body_html)
        link._send_sms("0532 555 01 01")
        sms = self.env["sms.sms"].search([], order="id desc", limit=1)
        self.assertEqual(sms.number, "+905325550101")
        self.assertIn(link.url, sms.body)
        self.assertIn(
            "https://wa.me/905325550101?text=", link._whatsapp_url("05325550101")
        )
        for send, bad in ((link._send_email, "no"), (link._send_sms, "12")):
            with self.assertRaises(UserError):
                send(bad)
        link.sent_count = 20
        with self.assertRaisesRegex(UserError, "20 times"):
            link._send_email("payer@example.com")
