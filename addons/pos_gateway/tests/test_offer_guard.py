from datetime import timedelta
from pathlib import Path
from runpy import run_path

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from .common import GatewayCommon


@tagged("post_install", "-at_install")
class TestOfferGuard(GatewayCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.phones = cls.env.ref("pos_gateway.sector_phones")
        cls.electronics = cls.env.ref("pos_gateway.sector_electronics")
        # One installment on consumer cards, 18 on commercial ones; four and 18.
        cls.company.gateway_surcharge_guard = "warn"
        cls.offer.line_ids.surcharge_percent = 0
        cls.today = cls.env["payment.provider"]._gateway_today()

    def line(self, count, **values):
        return self.env["pos.gateway.offer.line"].create(
            {"offer_id": self.offer.id, "installment_count": count, **values}
        )

    def assertWarned(self, *parts):
        text = self.offer.guard_warning
        for part in parts:
            self.assertIn(part, text)

    # === CAPS === #

    def test_lines_that_the_law_allows_are_not_warned_about(self):
        self.assertFalse(self.offer.guard_warning)

    def test_each_line_over_the_cap_is_named_with_the_cap(self):
        self.company.gateway_sector_id = self.electronics
        self.line(5, program_id=self.program.id)
        self.assertWarned(
            "More installments than the law allows",
            f"not offered, as set for {self.company.name}",
            f"{self.electronics.name}, consumer cards: 4 since",
            "Every program, 6 installments; Test Program, 5 installments",
        )

    def test_who_only_wants_to_be_warned_still_offers_it(self):
        self.company.gateway_sector_id = self.electronics
        self.company.gateway_cap_guard = "warn"
        self.line(12, kind="credit")
        self.assertWarned("6 installments; Every program, Consumer credit, 12")
        self.assertNotIn("not offered", self.offer.guard_warning)

    def test_a_consumer_line_over_the_cap_is_refused_with_the_reason(self):
        self.company.gateway_sector_id = self.electronics
        self.line(4, kind="credit")
        with self.assertRaisesRegex(
            ValidationError, "law allows.*: .*, 5 installments"
        ):
            self.line(5, kind="credit")
        with self.assertRaisesRegex(ValidationError, "consumer cards: 4"):
            self.offer.line_ids.filtered("kind").installment_count = 9

    def test_installments_that_a_campaign_adds_count(self):
        self.company.gateway_sector_id = self.electronics
        line = self.line(3, kind="credit", extra_installments=1)
        with self.assertRaisesRegex(ValidationError, "consumer cards: 4"):
            line.extra_installments = 2

    def test_companies_from_before_there_were_sectors_get_the_general_one(self):
        self.company.gateway_sector_id = self.company.gateway_cost_product_id = False
        folder = Path(__file__).parents[1] / "migrations"
        script = folder / "19.0.1.1.0/post-company-defaults.py"
        run_path(str(script))["migrate"](self.env.cr, "19.0.1.0.0")
        self.company.invalidate_recordset()
        sector = self.env.ref("pos_gateway.sector_general")
        self.assertEqual(self.company.gateway_sector_id, sector)
        self.assertTrue(self.company.gateway_cost_product_id)

    def test_a_commercial_line_has_its_own_cap(self):
        self.company.gateway_sector_id = self.phones
        self.offer.line_ids.filtered(lambda line: line.installment_count > 1).unlink()
        self.line(18, kind="commercial")
        self.assertFalse(self.offer.guard_warning)
        with self.assertRaises(ValidationError):
            self.line(19, kind="commercial")

    def test_a_line_for_every_kind_is_refused_if_no_kind_may_have_it(self):
        self.line(18)
        self.assertWarned("18 installments")
        with self.assertRaises(ValidationError):
            self.line(19)

    def test_a_line_for_every_kind_does_not_serve_kinds_with_a_line_of_their_own(self):
        self.company.gateway_cap_guard = "warn"
        self.line(18)
        self.line(18, kind="credit")
        self.assertWarned("consumer cards: 12", "Consumer credit, 18 installments")
        self.assertNotIn("Every program, 18", self.offer.guard_warning)

    def test_what_one_pos_may_do_is_not_refused(self):
        other = self.make_provider("Phones POS", gateway_sector_id=self.phones.id)
        self.line(6, kind="credit")
        self.assertIn(self.phones.name, self.offer.guard_warning)
        with self.assertRaises(ValidationError):
            self.offer.provider_ids = other

    def test_the_cap_of_the_campaigns_first_day_counts(self):
        start = self.today + timedelta(days=30)
        cap = self.env.ref("pos_gateway.cap_general_consumer")
        cap.date_to = start - timedelta(days=1)
        cap.copy({"date_from": start, "date_to": False, "max_installments": 3})
        self.assertFalse(self.offer.guard_warning)
        self.offer.date_from = start
        self.assertWarned("6 installments")

    def test_what_is_over_is_not_checked_until_it_is_in_force_again(self):
        self.company.gateway_cap_guard = "warn"
        self.line(14, kind="credit")
        self.offer.date_to = self.today - timedelta(days=1)
        self.assertFalse(self.offer.guard_warning)
        self.company.gateway_cap_guard = "deny"
        self.offer.name = "Last year's"
        with self.assertRaises(ValidationError):
            self.offer.date_to = False

    def test_no_sector_means_no_cap(self):
        self.company.gateway_sector_id = False
        self.line(36, kind="credit")
        self.assertFalse(self.offer.guard_warning)

    def test_a_pos_of_no_sector_may_offer_all(self):
        self.company.gateway_sector_id = False
        self.make_provider("Phones POS", gateway_sector_id=self.phones.id)
        self.line(36, kind="credit")
        self.assertWarned(f"{self.phones.name}, consumer cards: 1")

    def test_a_large_table_asks_for_the_caps_once(self):
        programs = self.env["pos.gateway.card.program"].create(
            [{"name": f"P{n}", "code": f"p{n}"} for n in range(8)]
        )
        self.env["pos.gateway.offer.line"].create(
            [
                {
                    "offer_id": self.offer.id,
                    "program_id": program.id,
                    "installment_count": count,
                }
                for program in programs
                for count in range(1, 13)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(25):
            self.assertFalse(self.offer.guard_warning)

    # === SURCHARGES === #

    def test_surcharges_that_consumers_could_pay_are_named(self):
        self.line(2, surcharge_percent=1)
        self.line(4, surcharge_percent=1, kind="credit")
        self.line(5, surcharge_percent=1, kind="commercial")
        self.line(7, surcharge_percent=1, bearer="company")
        self.offer.line_ids[0].surcharge_percent = 1
        self.assertWarned(
            "Surcharge on consumer cards (law 5464): Every program, single payment,"
            " 2 installments; Every program, Consumer credit, 4 installments.</li>"
        )

    def test_a_surcharge_on_consumer_cards_is_refused_where_it_is_denied(self):
        self.company.gateway_surcharge_guard = "deny"
        self.line(2, surcharge_percent=1)
        self.assertWarned("not offered, as set for")
        self.line(2, surcharge_percent=1, kind="commercial")
        for kind in ("credit", "debit", "prepaid"):
            with self.assertRaisesRegex(ValidationError, "Surcharge.*single payment"):
                self.line(1, surcharge_percent=0.5, kind=kind)
        free = self.line(2, kind="credit")
        with self.assertRaises(ValidationError):
            free.surcharge_percent = 0.5

    def test_a_surcharge_from_the_agreement_is_one_too(self):
        self.offer.line_ids.filtered(lambda line: line.installment_count > 1).unlink()
        self.line(2, kind="credit")
        self.company.gateway_surcharge_guard = "deny"
        with self.assertRaises(ValidationError):
            self.offer.mode = "net"

    def test_the_bearer_decides_whether_there_is_a_surcharge(self):
        self.offer.bearer = "company"
        self.line(2, kind="credit", surcharge_percent=1)
        self.company.gateway_surcharge_guard = "deny"
        self.assertFalse(self.offer.guard_warning)
        with self.assertRaises(ValidationError):
            self.offer.bearer = "shared"

    # === THE FORM === #

    def test_the_form_warns_before_it_is_saved(self):
        operator = self.make_user("operator", "pos_gateway.group_pos_gateway_user")
        self.company.gateway_sector_id = self.electronics
        form = Form(self.offer)
        self.assertIn("6 installments", form.guard_warning)
        form.date_to = self.today - timedelta(days=1)
        self.assertFalse(form.guard_warning)
        self.assertTrue(self.offer.with_user(operator).guard_warning)

    def test_names_are_shown_as_text(self):
        program = self.env["pos.gateway.card.program"].create(
            {"name": "<b>Bold</b>", "code": "bold"}
        )
        self.offer.line_ids = [
            Command.create(
                {
                    "installment_count": 2,
                    "surcharge_percent": 1,
                    "program_id": program.id,
                }
            )
        ]
        self.assertWarned("&lt;b&gt;Bold&lt;/b&gt;")
