from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from .common import GatewayCommon, WorkerMixin

ALERTS = "odoo.addons.pos_gateway.models.payment_transaction_alerts"
SYSTEM = "base.group_system"


@tagged("post_install", "-at_install")
class TestAlerts(WorkerMixin, GatewayCommon, TransactionCase):
    """What went wrong finds a person, or else a place where it is found."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_company()["company"]
        cls.bank = cls.make_provider("Foreign POS", company=cls.foreign)
        cls.transaction = cls.make_transaction(provider_id=cls.bank.id)
        # Those whom the installation made managers are of every company.
        for user in cls.env["res.users"].sudo().search([]):
            if cls.foreign in user.company_ids:
                user.company_id = cls.company
                user.company_ids = [Command.unlink(cls.foreign.id)]

    def make_colleague(self, login, *groups):
        user = self.make_user(login, *groups)
        user.sudo().write({"company_ids": [Command.link(self.foreign.id)]})
        return user

    def alert(self, note="Look at this."):
        """:return: who is asked to look"""
        activities = self.env["mail.activity"].sudo()
        before = activities.search([])
        self.transaction._gateway_alert(note)
        return (activities.search([]) - before).user_id

    def test_the_responsible_of_the_pos_comes_first(self):
        self.make_colleague("alert_boss", "pos_gateway.group_pos_gateway_manager")
        responsible = self.make_colleague("alert_one", "base.group_user")
        self.bank.sudo().gateway_responsible_id = responsible
        self.assertEqual(self.alert(), responsible)

    def test_a_responsible_who_has_left_is_passed_over(self):
        boss = self.make_colleague(
            "alert_boss", "pos_gateway.group_pos_gateway_manager"
        )
        responsible = self.make_colleague("alert_one", "base.group_user")
        self.bank.sudo().gateway_responsible_id = responsible
        responsible.sudo().active = False
        self.assertEqual(self.alert(), boss)

    def test_managers_of_the_pos_come_before_those_of_the_books(self):
        self.make_colleague("alert_books", "account.group_account_manager")
        boss = self.make_colleague(
            "alert_boss", "pos_gateway.group_pos_gateway_manager"
        )
        self.assertEqual(self.alert(), boss)

    def test_without_a_manager_of_the_pos_that_of_the_books_is_asked(self):
        accountant = self.make_colleague("alert_books", "account.group_account_manager")
        self.assertEqual(self.alert(), accountant)

    def test_without_both_an_administrator_is_asked(self):
        user = self.alert()
        self.assertTrue(user.sudo().has_group(SYSTEM))
        self.assertTrue(user.active)

    def test_who_has_least_to_do_is_asked(self):
        group = "pos_gateway.group_pos_gateway_manager"
        bosses = [self.make_colleague(f"alert_{n}", group) for n in range(3)]
        asked = [self.alert() for _ in range(6)]
        for boss in bosses:
            self.assertEqual(asked.count(boss), 2)

    def test_what_nobody_is_told_is_logged_and_found(self):
        with (
            patch.object(
                type(self.transaction),
                "_gateway_alert_user",
                lambda transaction: self.env["res.users"],
            ),
            self.assertLogs(ALERTS, "ERROR") as logs,
        ):
            self.assertFalse(self.alert("The money was taken."))
        self.assertIn(self.transaction.reference, logs.output[0])
        self.assertEqual(self.transaction.gateway_unseen_alert, "The money was taken.")
        found = (
            self.env["payment.transaction"]
            .sudo()
            .search([("gateway_unseen_alert", "!=", False)])
        )
        self.assertEqual(found, self.transaction)
        # The next one finds somebody, who finds this one as well.
        boss = self.make_colleague(
            "alert_boss", "pos_gateway.group_pos_gateway_manager"
        )
        self.assertEqual(self.alert("It was not posted."), boss)
        self.assertFalse(self.transaction.gateway_unseen_alert)
        note = self.payer.activity_ids.sorted("id")[-1].note
        self.assertIn("The money was taken.", note)
        self.assertIn("It was not posted.", note)
