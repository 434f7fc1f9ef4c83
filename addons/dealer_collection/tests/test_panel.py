from odoo.tests import HttpCase, tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestPanel(TierCase, HttpCase):
    """The dealer's first page: its own figures, and what happened below it."""

    def panel(self, name):
        self.env.invalidate_all()  # the balance is asked of the ledger each time
        return self.dealers[name].sudo()._panel()

    def page(self, name):
        self.authenticate(f"t_{name}", f"t_{name}_password")
        return self.url_open("/my/dealer")

    def test_each_tier_sees_its_own_debts_and_what_was_collected_below(self):
        owed = self.make_receivable(self.bornova, self.customer, 1500.0)
        self.make_receivable(self.izmir, self.bornova.partner_id, 1800.0)
        before = self.panel("ege")["owed_to_company"]
        charge = self.pay(self.collect(owed), surcharge=30.0)
        bornova, izmir, ege = map(self.panel, ("bornova", "izmir", "ege"))
        self.assertEqual(bornova["owed_by_others"], 0.0)
        self.assertEqual(bornova["owed_to_dealers"], 300.0)
        self.assertEqual(izmir["owed_by_others"], 300.0)
        self.assertAlmostEqual(ege["owed_to_company"], before - 1500.0, 2)
        for panel in (bornova, izmir, ege):
            self.assertEqual(panel["collected"]["today"], 1500.0)
            self.assertEqual(panel["collected"]["month"], 1500.0)
        self.assertEqual(self.panel("manisa")["collected"]["today"], 0.0)
        self.give_back(charge, 510.0)
        self.assertEqual(self.panel("ege")["collected"]["today"], 1000.0)

    def test_what_is_due_next_is_the_oldest_of_both_kinds(self):
        self.make_receivable(self.izmir, self.bornova.partner_id, 5.0, "2020-01-01")
        rows = self.panel("bornova")["next_due"]
        self.assertEqual(rows[0]["amount"], 5.0)
        self.assertEqual(rows[0]["to"], self.izmir.name)
        self.assertEqual(len(rows), 3)

    def test_what_is_overdue_is_told(self):
        # Of two invoices one was due ten days ago.
        self.assertEqual(self.panel("ege")["overdue"], 1000.1)
        self.assertIn("1,000.10", self.page("ege").text)

    def test_the_page_opens_for_a_dealer_and_for_nobody_else(self):
        page = self.page("bornova")
        self.assertEqual(page.status_code, 200)
        self.assertIn(self.bornova.name, page.text)
        self.assertNotIn(self.izmir.parent_id.name, page.text)
        self.authenticate("portal", "portal")
        self.assertEqual(self.url_open("/my/dealer").status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open("/my/dealer").url)

    def test_the_number_of_queries_does_not_grow_with_the_tree(self):
        dealer = self.dealers["ege"].sudo()
        dealer._panel()

        def queries():
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            dealer._panel()
            return self.cr.sql_log_count - before

        few = queries()
        for number in range(5):
            node = self.make_dealer(f"new {number}", self.manisa)
            self.make_receivable(self.manisa, node.partner_id, 10.0)
        self.assertLessEqual(queries(), few)

    def test_a_posted_payment_is_told_to_all_dealers_above(self):
        owed = self.make_receivable(self.bornova, self.customer, 10.0)
        self.pay(self.collect(owed))
        told = self.cr.precommit.data.get("bus.bus.values", [])
        channels = " ".join(
            row["channel"] for row in told if "dealer_collection" in row["message"]
        )
        for name in ("bornova", "izmir", "ege"):
            self.assertIn(
                f'"dealer.dealer",{self.dealers[name].id}', channels.replace(" ", "")
            )
        self.assertNotIn(
            f'"dealer.dealer",{self.manisa.id}]', channels.replace(" ", "")
        )
