from datetime import timedelta

from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, TransactionCase, tagged

from .tier_common import TierCase


class DeclaredCase(TierCase):
    """A company that takes cash and cheques from its dealers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.till = cls.company_data["default_journal_cash"]
        cls.drawer = cls.till.copy({"name": "Cheques", "code": "CHQ"})
        cls.company.write(
            {
                "dealer_cash_journal_id": cls.till.id,
                "dealer_cheque_journal_id": cls.drawer.id,
            }
        )

    def declare(self, collection, method="cash", **values):
        values = {"day": self.today(), **values}
        if method == "cheque":
            values = {
                "cheque_number": "000123",
                "cheque_bank": "Ziraat",
                "cheque_due": self.today() + timedelta(days=60),
                **values,
            }
        return collection.sudo()._declare(method, values)


@tagged("post_install", "-at_install")
class TestDeclared(DeclaredCase, TransactionCase):
    def test_cash_for_the_company_waits_and_is_booked_when_staff_approve(self):
        collection = self.open_collection("ege")
        before = self.owed_to_company(self.ege)
        attempt = self.declare(collection, day=self.today() - timedelta(days=2))
        self.assertEqual((collection.state, collection.method), ("processing", "cash"))
        self.assertTrue(collection.is_to_approve)
        self.assertEqual(self.owed_to_company(self.ege), before)
        collection.action_approve()
        self.assertEqual(collection.state, "paid")
        self.assertEqual(self.owed_to_company(self.ege), before - collection.amount)
        payment = attempt.payment_id
        self.assertEqual(payment.journal_id, self.till)
        self.assertEqual(payment.date, self.today() - timedelta(days=2))
        self.assertIn(self.till.default_account_id, payment.move_id.line_ids.account_id)
        self.assertEqual(set(self.invoices["ege"].mapped("payment_state")), {"paid"})

    def test_a_cheque_has_a_journal_of_its_own_and_its_data(self):
        collection = self.open_collection("ege")
        with self.assertRaisesRegex(UserError, "number of the cheque"):
            self.declare(collection, "cheque", cheque_number="")
        attempt = self.declare(collection, "cheque")
        collection.action_approve()
        self.assertEqual(attempt.payment_id.journal_id, self.drawer)
        self.assertEqual(collection.cheque_number, "000123")
        self.assertIn("000123", collection._receipt_values()["declared"])

    def test_what_was_declared_holds_the_debt_back(self):
        first, second = self.open_collection("ege"), self.open_collection("ege", 100)
        self.declare(first)
        with self.assertRaises(UserError):
            self.declare(second)
        with self.assertRaises(UserError):
            self.make_attempt(second)

    def test_a_rejected_payment_leaves_the_debt_open_with_the_reason(self):
        collection = self.open_collection("ege")
        self.declare(collection)
        wizard = self.env["dealer.reject.wizard"].create(
            {"collection_ids": collection.ids, "reason": "We got no cash."}
        )
        wizard.action_reject()
        self.assertEqual(collection.state, "open")
        self.assertEqual(collection.rejection_reason, "We got no cash.")
        self.make_attempt(collection)  # it can be paid by card now
        self.assertEqual(collection.method, "card")

    def test_many_are_approved_at_once(self):
        ones = self.open_collection("ege") | self.open_collection("anadolu")
        for one in ones:
            self.declare(one)
        ones.action_approve()
        self.assertEqual(set(ones.mapped("state")), {"paid"})
        with self.assertRaisesRegex(UserError, "does not wait"):
            ones.action_approve()

    def test_cash_between_dealers_closes_one_link_and_is_in_nobodys_ledger(self):
        owed = self.make_receivable(self.bornova, self.customer, 800)
        above = self.make_receivable(self.izmir, self.bornova.partner_id, 900)
        before = self.owed_to_company(self.ege)
        collection = self.collect(owed)
        attempt = self.declare(collection)
        self.assertFalse(collection.is_to_approve)
        self.assertEqual(collection._approving_dealer(), self.bornova)
        collection.sudo()._approve()
        self.assertEqual((collection.state, owed.amount_open), ("paid", 0))
        self.assertEqual(above.amount_open, 900)
        self.assertEqual(self.owed_to_company(self.ege), before)
        self.assertFalse(attempt.payment_id)
        self.assertEqual(self.account(self.customer, self.bornova).balance, 0)

    def test_a_cheque_that_bounces_opens_the_debt_again(self):
        collection = self.open_collection("ege")
        before = self.owed_to_company(self.ege)
        self.declare(collection, "cheque")
        collection.action_approve()
        collection.action_reverse_declared()
        self.assertEqual(self.owed_to_company(self.ege), before)
        self.assertEqual(
            set(self.invoices["ege"].mapped("payment_state")), {"not_paid"}
        )
        balance = sum(
            self.env["account.move.line"]
            .search(
                [
                    ("account_id", "=", self.drawer.default_account_id.id),
                    ("parent_state", "=", "posted"),
                ]
            )
            .mapped("balance")
        )
        self.assertEqual(balance, 0)
        with self.assertRaisesRegex(UserError, "nothing to take back"):
            collection.action_reverse_declared()

    def test_cash_between_dealers_is_taken_back_on_its_link(self):
        owed = self.make_receivable(self.bornova, self.customer, 800)
        collection = self.collect(owed)
        self.declare(collection)
        collection.sudo()._approve()
        collection.action_reverse_declared()
        self.assertEqual(owed.amount_open, 800)

    def test_without_a_journal_the_company_takes_no_cash(self):
        self.company.dealer_cash_journal_id = False
        collection = self.open_collection("ege")
        with self.assertRaisesRegex(UserError, "not available"):
            self.declare(collection)
        self.assertEqual(collection.state, "open")

    def test_a_day_to_come_is_refused(self):
        collection = self.open_collection("ege")
        with self.assertRaisesRegex(UserError, "not after today"):
            self.declare(collection, day=self.today() + timedelta(days=3))
        self.assertFalse(collection.transaction_ids)

    def test_staff_without_the_right_approve_nothing_and_nobody_sets_a_result(self):
        collection = self.open_collection("ege")
        attempt = self.declare(collection)
        group = self.env.ref("dealer_collection.group_dealer_manager")
        clerk = self.env.user.copy({"login": "clerk"})
        clerk.group_ids -= group
        clerk.group_ids += self.env.ref("dealer_collection.group_dealer_user")
        with self.assertRaises(AccessError):
            collection.with_user(clerk).action_approve()
        with self.assertRaises(AccessError):
            attempt.with_user(clerk).sudo(False).state = "done"
        with self.assertRaises(UserError):
            collection.with_user(clerk).method = "card"


@tagged("post_install", "-at_install")
class TestDeclaredPages(DeclaredCase, HttpCase):
    def as_(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")

    def post(self, path, **values):
        return self.url_open(
            path,
            data={"csrf_token": http.Request.csrf_token(self), **values},
            allow_redirects=False,
        )

    def today_text(self):
        return fields.Date.to_string(self.today())

    def test_a_dealer_declares_cash_for_the_company_on_its_page(self):
        collection = self.open_collection("ege")
        self.as_("ege")
        page = self.url_open(collection.access_url).text
        self.assertIn("Paid in cash or by cheque?", page)
        answer = self.post(
            f"{collection.access_url}/declare", method="cash", day=self.today_text()
        )
        self.assertEqual(answer.status_code, 303)
        page = self.url_open(collection.access_url).text
        self.assertIn("Waiting for approval", page)
        # The company approves, not the dealer itself.
        self.assertNotIn(f"{collection.access_url}/approve", page)
        answer = self.post(f"{collection.access_url}/approve")
        self.assertEqual(answer.status_code, 403)
        self.assertEqual(collection.state, "processing")

    def test_an_owner_takes_the_cash_of_its_customer_and_that_is_paid(self):
        owed = self.make_receivable(self.bornova, self.customer, 800)
        self.as_("bornova")
        answer = self.post(f"/my/dealer/receivables/{owed.id}/receive", amount="300,50")
        self.assertEqual(answer.status_code, 303)
        collection = self.env["dealer.collection"].search(
            [("line_ids.receivable_id", "=", owed.id)]
        )
        self.assertEqual(collection.amount, 300.5)
        self.post(
            f"{collection.access_url}/declare", method="cash", day=self.today_text()
        )
        self.assertEqual((collection.state, owed.amount_open), ("paid", 499.5))
        page = self.url_open(collection.access_url).text
        self.assertIn("300.50", page)
        self.assertIn("Cash", page)

    def test_a_collector_declares_and_an_owner_approves(self):
        owed = self.make_receivable(self.bornova, self.customer, 800)
        collector = self.make_user("collector", self.bornova)
        person = self.env["dealer.user"].search([("user_id", "=", collector.id)])
        person.sudo().role = "collector"
        collection = self.collect(owed)
        self.as_("collector")
        self.post(
            f"{collection.access_url}/declare", method="cash", day=self.today_text()
        )
        self.assertEqual(collection.state, "processing")
        self.assertEqual(self.post(f"{collection.access_url}/approve").status_code, 403)
        self.as_("bornova")
        answer = self.post(f"{collection.access_url}/reject", reason="")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.post(f"{collection.access_url}/approve").status_code, 303)
        self.assertEqual((collection.state, owed.amount_open), ("paid", 0))

    def test_strangers_and_dealers_above_declare_nothing(self):
        collection = self.open_collection("bornova")
        for name, status in (("manisa", 403), ("izmir", 403)):
            self.as_(name)
            answer = self.post(
                f"{collection.access_url}/declare", method="cash", day=self.today_text()
            )
            self.assertEqual(answer.status_code, status, name)
        self.assertFalse(collection.transaction_ids)

    def test_a_bad_form_is_told_and_nothing_is_lost(self):
        collection = self.open_collection("ege")
        self.as_("ege")
        answer = self.post(
            f"{collection.access_url}/declare",
            method="cheque", day=self.today_text(), cheque_number="77",
            cheque_due="31.02.2027",
        )  # fmt: skip
        self.assertEqual(answer.status_code, 422)
        self.assertIn("31.02.2027 is not a date.", answer.text)
        self.assertIn('value="77"', answer.text)
        self.assertFalse(collection.transaction_ids)
