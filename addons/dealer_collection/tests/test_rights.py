from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import DealerCase


@tagged("post_install", "-at_install")
class TestRights(DealerCase):
    """izmir sees itself and bornova below it; ege above and the others do not exist."""

    SEEN = {"izmir", "bornova"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collections = {name: cls.open_collection(name) for name in cls.dealers}
        cls.user = cls.users["izmir"]

    def records(self, name):
        collection = self.collections[name]
        return self.dealers[name], collection, collection.line_ids

    def test_portal_reads_its_own_subtree_and_nothing_else(self):
        for name in self.dealers:
            for record in self.records(name):
                with self.subTest(dealer=name, model=record._name):
                    record = record.with_user(self.user)
                    is_seen = name in self.SEEN
                    self.assertEqual(record.has_access("read"), is_seen)
                    found = record.search([("id", "in", record.ids)])
                    self.assertEqual(bool(found), is_seen)
                    if not is_seen:
                        with self.assertRaises(AccessError):
                            record.read(["display_name"])

    def test_portal_reads_only_its_own_invoices(self):
        for name, invoices in self.invoices.items():
            with self.subTest(dealer=name):
                self.assertEqual(
                    invoices.with_user(self.user).has_access("read"), name == "izmir"
                )

    def test_portal_never_writes(self):
        for record in self.records("izmir"):
            for operation in ("write", "create", "unlink"):
                with self.subTest(model=record._name, operation=operation):
                    self.assertFalse(record.with_user(self.user).has_access(operation))
        collection = self.collections["izmir"].with_user(self.user)
        with self.assertRaises(AccessError):
            collection.action_cancel()
        with self.assertRaises(AccessError):
            self.izmir.with_user(self.user).action_suspend()

    def test_portal_does_not_learn_what_stands_above(self):
        for field in ("parent_id", "parent_path", "level", "user_id", "open_balance"):
            with self.subTest(field=field), self.assertRaises(AccessError):
                self.izmir.with_user(self.user).read([field])
        with self.assertRaises(AccessError):
            self.collections["izmir"].with_user(self.user).read(["upline_ids"])
        fields = ["name", "code", "partner_id", "company_id", "state", "display_name"]
        values = self.izmir.with_user(self.user).read(fields)
        self.assertNotIn(self.ege.name, str(values))

    def test_a_plain_portal_user_sees_no_dealer(self):
        self.user.group_ids = self.env.ref("base.group_portal")
        with self.assertRaises(AccessError):
            self.env["dealer.dealer"].with_user(self.user).search([])

    def test_staff_see_their_companies_only(self):
        other = self.setup_other_company()["company"]
        for groups, company, expected in (
            ("dealer_collection.group_dealer_user", self.company, True),
            ("dealer_collection.group_dealer_manager", other, False),
        ):
            user = new_test_user(
                self.env,
                login=f"staff_{company.id}",
                groups=groups,
                company_id=company.id,
                company_ids=[Command.set(company.ids)],
            )
            for record in self.records("ege"):
                with self.subTest(company=company.name, model=record._name):
                    self.assertEqual(
                        record.with_user(user).has_access("read"), expected
                    )

    def test_a_dealer_s_user_of_another_company_sees_nothing(self):
        other = self.setup_other_company()["company"]
        self.user.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self.user._get_dealer_node())
        self.assertFalse(self.env["dealer.dealer"].with_user(self.user).search([]))

    def test_users_prepare_collections_and_only_managers_make_dealers(self):
        user = new_test_user(
            self.env,
            login="staff",
            groups="dealer_collection.group_dealer_user",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        move = self.make_invoice(self.ege, 12.34)
        collection = (
            self.env["dealer.collection"]
            .with_user(user)
            .create(
                {
                    "dealer_id": self.ege.id,
                    "line_ids": [Command.create({"move_id": move.id, "amount": 12.34})],
                }
            )
        )
        self.assertEqual(collection.amount, 12.34)
        collection.action_cancel()
        self.assertFalse(self.ege.with_user(user).has_access("write"))
