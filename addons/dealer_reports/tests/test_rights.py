from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import DealerReportCase

MODEL = "dealer.collection.report"


@tagged("post_install", "-at_install")
class TestRights(DealerReportCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.payments = {
            dealer: cls._pay(dealer, 100.0)
            for dealer in (cls.ege, cls.izmir, cls.bornova, cls.manisa, cls.anadolu)
        }
        cls.user_izmir = cls._make_portal_user(cls.izmir)
        cls.own = cls.payments[cls.izmir] + cls.payments[cls.bornova]
        cls.foreign = (
            cls.payments[cls.ege] + cls.payments[cls.manisa] + cls.payments[cls.anadolu]
        )

    def _rpc(self, method, *args, **kwargs):
        self.authenticate(self.user_izmir.login, self.user_izmir.login)
        return self.url_open(
            f"/web/dataset/call_kw/{MODEL}/{method}",
            json={
                "params": {
                    "model": MODEL,
                    "method": method,
                    "args": args,
                    "kwargs": kwargs,
                }
            },
        ).json()

    def test_dealer_finds_itself_and_what_is_below(self):
        found = self.report.with_user(self.user_izmir).search([])
        self.assertEqual(set(found.ids), set(self.own.ids))

    def test_dealer_adds_up_only_itself_and_what_is_below(self):
        groups = self.report.with_user(self.user_izmir)._read_group(
            [], ["dealer_id"], ["amount_charged:sum"]
        )
        self.assertEqual(
            {(dealer.id, amount) for dealer, amount in groups},
            {(self.izmir.id, 100.0), (self.bornova.id, 100.0)},
        )

    def test_dealer_reads_no_row_of_sibling_or_parent(self):
        for transaction in self.foreign:
            row = self.report.with_user(self.user_izmir).browse(transaction.id)
            with self.assertRaises(AccessError):
                row.read(["amount_charged"])

    def test_dealer_gets_by_rpc_what_the_rule_allows(self):
        rows = self._rpc("search_read", [], ["dealer_id", "amount_charged"])["result"]
        self.assertEqual({row["id"] for row in rows}, set(self.own.ids))
        groups = self._rpc(
            "formatted_read_group", [], ["dealer_id"], ["amount_charged:sum"]
        )["result"]
        self.assertEqual(sum(g["amount_charged:sum"] for g in groups), 200)
        answer = self._rpc("read", self.foreign.ids, ["amount_charged"])
        self.assertIn("AccessError", answer["error"]["data"]["name"])

    def test_dealer_learns_nothing_of_what_stands_above_or_of_the_books(self):
        for field in (
            "upline_path",
            "upline_ids",
            "tier_1_id",
            "provider_id",
            "move_id",
            "payment_id",
            "bank_reason",
        ):
            answer = self._rpc("read", self.own.ids, [field])
            self.assertIn("AccessError", answer["error"]["data"]["name"], field)
            answer = self._rpc("search", [(field, "!=", False)])
            self.assertIn("AccessError", answer["error"]["data"]["name"], field)
        answer = self._rpc("formatted_read_group", [], ["tier_1_id"], ["__count"])
        self.assertIn("AccessError", answer["error"]["data"]["name"])

    def test_dealer_changes_nothing(self):
        for method, args in (
            ("write", [self.own.ids, {"card_brand": "x"}]),
            ("create", [{"card_brand": "x"}]),
            ("unlink", [self.own.ids]),
        ):
            answer = self._rpc(method, *args)
            self.assertIn("AccessError", answer["error"]["data"]["name"], method)

    def test_portal_user_without_a_dealer_has_no_access(self):
        user = new_test_user(
            self.env,
            "stranger_report",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.report.with_user(user).search([])

    def test_staff_see_their_companies_only(self):
        other = self.env["res.company"].create({"name": "Other company"})
        for company, expected in ((self.company, 5), (other, 0)):
            user = new_test_user(
                self.env,
                f"staff_report_{company.id}",
                "dealer_collection.group_dealer_user",
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            report = self.env[MODEL].with_user(user).with_company(company)
            self.assertEqual(
                report.search_count([("provider_id", "=", self.provider.id)]), expected
            )

    def test_staff_read_every_field_and_the_dealers_above(self):
        user = new_test_user(
            self.env,
            "staff_report",
            "dealer_collection.group_dealer_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        rows = self.env[MODEL].with_user(user)
        self.assertEqual(rows.search_count([("upline_ids", "in", self.izmir.ids)]), 2)
        values = rows.search([("dealer_id", "=", self.bornova.id)]).read()[0]
        self.assertEqual(values["tier_1_id"][0], self.ege.id)
        self.assertTrue(values["move_id"])
