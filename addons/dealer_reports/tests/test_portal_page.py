from datetime import date

from lxml import html

from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from ..report.periods import period_dates
from .common import DealerReportCase

URL = "/my/dealer/reports/collections"


@tagged("post_install", "-at_install")
class TestPortalPage(DealerReportCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_izmir = cls._make_portal_user(cls.izmir)

    def _open(self, query=""):
        self.authenticate(self.user_izmir.login, self.user_izmir.login)
        response = self.url_open(URL + query)
        self.assertEqual(response.status_code, 200)
        return response.text

    def _texts(self, page, css_class, inside=""):
        path = f"//*[contains(@class, '{css_class}')]{inside}"
        return [
            " ".join(element.text_content().split())
            for element in html.fromstring(page).xpath(path)
        ]

    def _totals(self, page):
        return " ".join(self._texts(page, "o_dealer_report_totals"))

    def test_page_shows_own_and_below_with_their_sum(self):
        self._pay(self.izmir, 1000.0)
        self._pay(self.bornova, 234.5, surcharge=10.0, gateway_installment_count=3)
        page = self._open()
        totals = self._totals(page)
        for figure in ("2", "1,234.50", "10.00", "1,244.50"):
            self.assertIn(figure, totals)
        first, second = self._texts(page, "o_dealer_report_tree", "/tbody/tr")
        self.assertIn("İzmir", first)
        self.assertIn("1,234.50", first)
        self.assertIn("Bornova", second)
        self.assertIn("234.50", second)

    def test_page_shows_nothing_of_sibling_and_parent(self):
        own = self._pay(self.izmir, 1000.0)
        foreign = [
            self._pay(dealer, 7777.0)
            for dealer in (self.ege, self.manisa, self.anadolu)
        ]
        page = self._open("?period=all")
        self.assertIn(own.dealer_collection_id.name, page)
        self.assertNotIn("7,777", page)
        for payment in foreign:
            self.assertNotIn(payment.dealer_collection_id.name, page)
            self.assertNotIn(payment.dealer_collection_id.dealer_id.name, page)

    def test_latest_payments_lead_to_the_collection(self):
        payment = self._pay(self.bornova, 10.0)
        link = f"/my/dealer/collections/{payment.dealer_collection_id.id}"
        self.assertIn(f'href="{link}"', self._open())
        self.assertEqual(self.url_open(link).status_code, 200)

    def test_declined_attempt_counts_beside_the_payments(self):
        self._pay(self.izmir, 10.0)
        self._make_attempt(self.izmir, 10.0)._set_error("declined")
        self.assertIn("2 attempts", self._totals(self._open()))

    def test_page_without_payments_says_so(self):
        self.assertIn("No payments in this period", self._open())

    def test_period_limits_the_figures_and_junk_means_this_month(self):
        payment = self._pay(self.izmir, 4321.0)
        payment.last_state_change = "2020-05-05 12:00:00"
        for query, is_shown in (
            ("", False),
            ("?period=last_month", False),
            ("?period=this_year", False),
            ("?period=all", True),
            ("?period=' OR 1=1 --", False),
            ("?period=all&period=this_month", True),
        ):
            self.assertEqual("4,321.00" in self._open(query), is_shown, query)

    def test_periods_are_whole_months_and_years(self):
        today = date(2026, 1, 31)
        self.assertEqual(
            period_dates("last_month", today), (date(2025, 12, 1), date(2025, 12, 31))
        )
        self.assertEqual(
            period_dates("this_month", today), (date(2026, 1, 1), date(2026, 1, 31))
        )
        self.assertEqual(
            period_dates("this_year", today), (date(2026, 1, 1), date(2026, 12, 31))
        )

    def test_page_exists_for_dealers_only(self):
        stranger = new_test_user(
            self.env,
            "stranger_page",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        self.authenticate(stranger.login, stranger.login)
        self.assertEqual(self.url_open(URL).status_code, 404)
        self.assertNotIn(URL, self.url_open("/my").text)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(URL).url)

    def test_first_page_of_the_portal_leads_here(self):
        self.authenticate(self.user_izmir.login, self.user_izmir.login)
        self.assertIn(f'href="{URL}"', self.url_open("/my").text)

    def test_number_of_queries_does_not_grow_with_the_rows(self):
        self._pay(self.izmir, 10.0)
        self._pay(self.bornova, 10.0)
        few = self._count_queries()
        for _payment in range(8):
            self._pay(self.izmir, 10.0)
            self._pay(self.bornova, 10.0)
        for number in range(3):
            self._pay(self._make_dealer(f"Sub {number}", self.izmir), 10.0)
        self.assertEqual(self._count_queries(), few)

    def _count_queries(self):
        for _visit in range(2):
            self._open()  # caches are warm then
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._open()
        return self.env.cr.sql_log_count - before
