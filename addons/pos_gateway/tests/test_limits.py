from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ..pricing.route import Route
from ..protocols.types import Operation
from .common import PREFIX, GatewayCommon

DAY = date(2026, 11, 25)


class PriceCommon(GatewayCommon):
    def ways(self, kurus=100_000, prefix=PREFIX, partner=None, hint=None, day=DAY):
        hint = hint or self.provider
        return hint._gateway_ways(
            self.company,
            partner or self.payer,
            self.lira,
            kurus,
            hint._gateway_card_facts(prefix),
            day=day,
            hint=hint,
        )

    def counts(self, *args, **kwargs):
        return [
            way.quote.installment_count
            for way in self.ways(*args, **kwargs)
            if isinstance(way, Route)
        ]

    def refusals(self, *args, **kwargs):
        return {
            way.installment_count: (way.reason, way.source)
            for way in self.ways(*args, **kwargs)
            if not isinstance(way, Route)
        }


@tagged("post_install", "-at_install")
class TestLimits(PriceCommon, TransactionCase):
    def limit(self, name, **values):
        return self.env["pos.gateway.limit"].create({"name": name, **values})

    def test_the_tightest_limit_wins_and_says_so(self):
        category = self.env["res.partner.category"].create({"name": "New"})
        self.payer.category_id = category
        self.limit("Company", max_installments=6)
        self.limit("POS", provider_id=self.provider.id, max_installments=5)
        self.limit("Category", partner_category_id=category.id, max_installments=2)
        self.limit("Partner", partner_id=self.payer.id, max_installments=4)
        self.assertEqual(self.counts(), [1])
        self.assertEqual(self.refusals()[3], ("max_installments", "Category"))

    def test_a_limit_holds_only_where_all_of_it_fits(self):
        other = self.make_provider("Other POS")
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.limit(
            "Both",
            provider_id=self.provider.id,
            partner_id=stranger.id,
            max_installments=1,
        )
        self.assertEqual(self.counts(), [1, 3, 6])
        other.state = "disabled"
        self.assertEqual(self.counts(partner=stranger), [1])

    def test_people_of_a_company_have_its_limits(self):
        contact = self.env["res.partner"].create(
            {"name": "Ayşe", "parent_id": self.payer.id}
        )
        self.payer.is_company = True
        self.limit("Partner", partner_id=self.payer.id, max_installments=3)
        self.assertEqual(self.counts(partner=contact), [1, 3])

    def test_a_limit_of_one_contact_is_that_of_its_company(self):
        contact, other = self.env["res.partner"].create(
            [{"name": name, "parent_id": self.payer.id} for name in ("Ayşe", "Ali")]
        )
        self.limit("Partner", partner_id=contact.id, max_installments=3)
        for partner in (contact, other, self.payer):
            self.assertEqual(self.counts(partner=partner), [1, 3])

    def test_a_limit_of_a_category_is_that_of_those_below_it(self):
        above = self.env["res.partner.category"].create({"name": "Dealers"})
        below = above.create({"name": "New dealers", "parent_id": above.id})
        self.payer.category_id = below
        self.limit("Dealers", partner_category_id=above.id, max_installments=3)
        self.assertEqual(self.counts(), [1, 3])

    def test_a_limit_is_not_below_zero_and_does_not_end_before_it_begins(self):
        for values in (
            {"max_installments": -1},
            {"maximum_total": -1},
            {"minimum_total": -1},
            {"minimum_installment": -1},
            {"date_from": DAY, "date_to": DAY - timedelta(days=1)},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.limit("Wrong", **values)

    def test_amounts_are_limited_by_what_is_charged(self):
        self.limit("Floor", minimum_total=1000.01)
        self.assertEqual(self.counts(100_000), [3, 6])
        self.assertEqual(self.refusals(100_000)[1], ("minimum_total", "Floor"))
        self.limit("Ceiling", maximum_total=1050)
        self.assertEqual(self.counts(100_000), [3])
        self.assertEqual(self.refusals(100_000)[6], ("maximum_total", "Ceiling"))

    def test_installments_must_not_be_too_small(self):
        self.limit("Parts", minimum_installment=200)
        self.assertEqual(self.counts(100_000), [1, 3])
        self.assertEqual(self.refusals(100_000)[6][0], "minimum_installment")

    def test_dates_archive_and_currency_count(self):
        self.limit("Past", max_installments=1, date_to=DAY - timedelta(days=1))
        self.limit("Later", max_installments=1, date_from=DAY + timedelta(days=1))
        self.limit("Archived", max_installments=1, active=False)
        self.limit(
            "Dollars", max_installments=1, currency_id=self.env.ref("base.USD").id
        )
        self.assertEqual(self.counts(), [1, 3, 6])


@tagged("post_install", "-at_install")
class TestGuards(PriceCommon, TransactionCase):
    def test_a_company_that_was_there_before_begins_in_the_general_sector(self):
        company = self.env.ref("base.main_company").sudo()
        general = self.env.ref("pos_gateway.sector_general")
        self.assertEqual(company.gateway_sector_id, general)
        product = self.env.ref("pos_gateway.product_cost")
        self.assertEqual(company.gateway_cost_product_id, product)

    def test_what_the_law_does_not_allow_is_not_offered(self):
        electronics = self.env.ref("pos_gateway.sector_electronics")
        self.company.gateway_sector_id = electronics
        self.assertEqual(self.counts(), [1, 3])
        reason, source = self.refusals()[6]
        self.assertEqual(reason, "cap")
        self.assertIn(electronics.name, source)

    def test_a_pos_may_be_of_another_sector(self):
        self.provider.gateway_sector_id = self.env.ref("pos_gateway.sector_phones")
        self.assertEqual(self.counts(), [1])

    def test_commercial_cards_have_a_cap_of_their_own(self):
        self.company.gateway_sector_id = self.env.ref("pos_gateway.sector_phones")
        self.make_bin(PREFIX, program_id=self.program.id, kind="commercial")
        self.assertEqual(self.counts(), [1, 3, 6])

    def test_a_cap_holds_in_its_time(self):
        cap = self.env.ref("pos_gateway.cap_general_consumer")
        cap.date_to = DAY - timedelta(days=1)
        cap.copy({"date_from": DAY, "date_to": False, "max_installments": 3})
        self.assertEqual(self.counts(), [1, 3])
        self.assertEqual(self.counts(day=DAY - timedelta(days=1)), [1, 3, 6])

    def test_a_company_may_only_want_to_be_warned(self):
        self.company.gateway_sector_id = self.env.ref("pos_gateway.sector_phones")
        self.company.gateway_cap_guard = "warn"
        self.assertEqual(self.counts(), [1, 3, 6])

    def test_no_surcharge_on_consumer_cards_where_the_company_denies_it(self):
        self.company.gateway_surcharge_guard = "deny"
        self.assertEqual(self.counts(), [1])
        self.assertEqual(self.refusals()[3][0], "surcharge")
        self.make_bin(PREFIX, program_id=self.program.id, kind="commercial")
        self.assertEqual(self.counts(), [1, 3, 6])


@tagged("post_install", "-at_install")
class TestOutOfService(PriceCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_provider("Second POS")
        cls.second.gateway_program_ids = cls.program

    def chosen(self):
        way = self.ways()[0]
        return way.chosen.name, way.reason

    def called(self, state, minutes_ago):
        transaction = self.make_transaction()
        call = self.env["pos.gateway.call"]._plan(transaction, Operation.INQUIRY)
        call.write(
            {
                "state": state,
                "sent_at": fields.Datetime.now() - timedelta(minutes=minutes_ago),
            }
        )
        call.flush_recordset()

    def test_three_silences_in_a_row_make_a_pos_give_way(self):
        self.assertEqual(self.chosen()[0], self.provider.name)
        for minutes in (5, 4):
            self.called("unanswered", minutes)
        self.assertFalse(self.provider.gateway_is_down)
        self.called("unanswered", 3)
        self.provider.invalidate_recordset()
        self.assertTrue(self.provider.gateway_is_down)
        self.assertEqual(self.chosen(), (self.second.name, "failover"))

    def test_one_answer_brings_it_back(self):
        for minutes in (5, 4, 3):
            self.called("unanswered", minutes)
        self.called("answered", 1)
        self.assertFalse(self.provider._gateway_down())

    def test_a_pos_that_is_just_being_set_up_is_not_down(self):
        form = Form(self.env["payment.provider"].sudo())
        self.assertFalse(form.gateway_is_down)

    def test_old_silences_are_forgotten(self):
        for minutes in (40, 30, 20):
            self.called("unanswered", minutes)
        self.assertFalse(self.provider._gateway_down())

    def test_staff_pause_a_pos(self):
        self.provider.write(
            {
                "gateway_paused_until": fields.Datetime.now() + timedelta(hours=1),
                "gateway_pause_reason": "New keys",
            }
        )
        self.assertEqual(self.chosen(), (self.second.name, "failover"))
        self.provider.action_gateway_use_again()
        self.assertEqual(self.chosen()[0], self.provider.name)

    def test_without_another_pos_nothing_is_offered(self):
        paused = {"gateway_paused_until": fields.Datetime.now() + timedelta(hours=1)}
        (self.provider + self.second).write(paused)
        self.assertEqual(self.counts(), [])
        self.assertEqual(self.refusals()[1][0], "down")


@tagged("post_install", "-at_install")
class TestPromises(PriceCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls.make_provider("Second POS")
        cls.second.gateway_program_ids = cls.program
        for provider, rate in ((cls.provider, 1.0), (cls.second, 1.2)):
            cls.env["pos.gateway.agreement"].create(
                {
                    "name": provider.name,
                    "provider_id": provider.id,
                    "date_from": "2026-01-01",
                    "line_ids": [fields.Command.create({"rate": rate})],
                }
            )

    def promise(self, amount=1000.0, extra=0.5, **values):
        return self.env["pos.gateway.volume.promise"].create(
            {
                "name": "Half year",
                "provider_id": self.second.id,
                "date_from": "2026-07-01",
                "date_to": "2026-12-31",
                "amount": amount,
                "extra_percent": extra,
                **values,
            }
        )

    def chosen(self):
        way = self.ways()[0]
        return way.chosen.name, way.reason

    def taken(self, amount):
        transaction = self.make_transaction(base=amount, provider_id=self.second.id)
        transaction._set_done()
        transaction.last_state_change = "2026-11-20 10:00:00"
        transaction.with_context(gateway_worker=True)._post_process()
        return transaction

    def test_the_cheapest_pos_is_taken(self):
        self.assertEqual(self.chosen(), (self.provider.name, "cheapest"))

    def test_a_promise_leads_payments_to_its_bank(self):
        self.promise()
        self.assertEqual(self.chosen(), (self.second.name, "promise"))

    def test_a_promise_may_not_cost_more_than_allowed(self):
        self.promise(extra=0.1)
        self.assertEqual(self.chosen(), (self.provider.name, "cheapest"))

    def test_a_promise_that_is_kept_leads_nothing_any_more(self):
        promise = self.promise(amount=500)
        paid = self.taken(500.0)
        promise.invalidate_recordset()
        self.assertEqual((promise.amount_taken, promise.amount_left), (500.0, 0.0))
        self.assertEqual(self.chosen()[0], self.provider.name)
        child = paid._create_child_transaction(100.0, is_refund=True)
        child._set_done()
        child.last_state_change = "2026-11-21 10:00:00"
        child.with_context(gateway_worker=True)._post_process()
        promise.invalidate_recordset()
        self.assertEqual(promise.amount_left, 100.0)
        self.assertEqual(self.chosen(), (self.second.name, "promise"))

    def test_a_partner_that_is_tied_to_a_pos_pays_there(self):
        self.payer.with_company(self.company).gateway_provider_id = self.second
        self.assertEqual(self.chosen(), (self.second.name, "fixed"))
