from datetime import date

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..pricing.cards import UNKNOWN_CARD, CardFacts, CardKind
from ..pricing.offer import Bearer, Mode
from .common import GatewayCommon

DAY = date(2026, 11, 24)


class OfferCase(GatewayCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.offers = cls.env["pos.gateway.offer"]
        cls.bonus, cls.world = cls.env["pos.gateway.card.program"].create(
            [
                {"name": "Test Bonus", "code": "test_bonus"},
                {"name": "Test World", "code": "test_world"},
            ]
        )

    @classmethod
    def make_offer(cls, name, **values):
        return cls.offers.create(
            {"name": name, "currency_id": cls.lira.id, "sequence": 20, **values}
        )

    def add_line(self, count, **values):
        return self.env["pos.gateway.offer.line"].create(
            {"offer_id": self.offer.id, "installment_count": count, **values}
        )

    def chosen(self, partner=None, kurus=100_00, day=DAY, company=None):
        return self.offers._for_payment(
            company or self.company,
            self.payer if partner is None else partner,
            self.lira,
            day,
            kurus,
        )


@tagged("post_install", "-at_install")
class TestWhichOffer(OfferCase):
    def test_an_offer_for_a_partner_goes_before_one_for_a_tag_and_for_everybody(self):
        tag = self.env["res.partner.category"].create({"name": "Dealers"})
        self.assertEqual(self.chosen(), self.offer)
        tagged_offer = self.make_offer(
            "Tag", audience="category", partner_category_ids=[Command.set(tag.ids)]
        )
        self.assertEqual(self.chosen(), self.offer)
        self.payer.category_id = tag
        self.assertEqual(self.chosen(), tagged_offer)
        own = self.make_offer(
            "Own", audience="partner", partner_ids=[Command.set(self.payer.ids)]
        )
        self.assertEqual(self.chosen(), own)
        self.assertEqual(self.chosen(self.env["res.partner"]), self.offer)

    def test_a_tag_means_the_tags_below_it_as_well(self):
        above = self.env["res.partner.category"].create({"name": "Dealers"})
        below = above.create({"name": "Gold", "parent_id": above.id})
        offer = self.make_offer(
            "Tag", audience="category", partner_category_ids=[Command.set(above.ids)]
        )
        self.payer.category_id = below
        self.assertEqual(self.chosen(), offer)
        offer.partner_category_ids = below
        self.payer.category_id = above
        self.assertEqual(self.chosen(), self.offer)

    def test_a_contact_pays_under_the_offer_of_its_company(self):
        company = self.env["res.partner"].create({"name": "Ay", "is_company": True})
        contact = company.create({"name": "Kasa", "parent_id": company.id})
        other = company.create({"name": "Depo", "parent_id": company.id})
        offer = self.make_offer(
            "Own", audience="partner", partner_ids=[Command.set(contact.ids)]
        )
        for partner in (company, contact, other):
            self.assertEqual(self.chosen(partner), offer)
        self.assertEqual(self.chosen(self.payer), self.offer)

    def test_a_campaign_holds_from_its_first_day_to_its_last(self):
        campaign = self.make_offer(
            "Bairam", sequence=1, date_from="2026-11-10", date_to="2026-11-24"
        )
        for day, expected in (
            (date(2026, 11, 9), self.offer),
            (date(2026, 11, 10), campaign),
            (date(2026, 11, 24), campaign),
            (date(2026, 11, 25), self.offer),
        ):
            self.assertEqual(self.chosen(day=day), expected, day)

    def test_a_debt_below_the_minimum_is_paid_under_the_next_offer(self):
        first = self.make_offer("Large", sequence=1, minimum_amount=500)
        self.assertEqual(self.chosen(kurus=500_00), first)
        self.assertEqual(self.chosen(kurus=499_99), self.offer)
        self.offer.active = False
        self.assertEqual(self.chosen(kurus=499_99), first, "there is no other")

    def test_other_currencies_and_companies_have_their_own(self):
        euro = self.env.ref("base.EUR").id
        self.offer.write({"currency_id": euro, "line_ids": [Command.clear()]})
        self.assertFalse(self.chosen())
        other = self.setup_other_company()["company"]
        self.assertFalse(self.chosen(company=other))

    def test_an_offer_may_be_for_some_pos_only(self):
        self.assertTrue(self.offer._takes(self.provider))
        self.offer.provider_ids = self.make_provider("Other POS")
        self.assertFalse(self.offer._takes(self.provider))


@tagged("post_install", "-at_install")
class TestOfferForTheEngine(OfferCase):
    def test_the_most_specific_line_is_taken(self):
        own = self.add_line(3, program_id=self.bonus.id, surcharge_percent=2)
        both = self.add_line(
            3, program_id=self.bonus.id, kind="commercial", surcharge_percent=3.1
        )
        kind = self.add_line(3, kind="commercial", surcharge_percent=4)
        compiled = self.offer._compiled()

        def line(program=None, card_kind=None):
            return compiled.line_for(CardFacts(program, card_kind), 3).key

        bonus, world = self.bonus.id, self.world.id
        self.assertEqual(line(bonus, CardKind.CREDIT), own.id)
        self.assertEqual(line(bonus, CardKind.COMMERCIAL), both.id)
        self.assertEqual(line(world, CardKind.COMMERCIAL), kind.id)
        self.assertEqual(line(world), self.offer.line_ids.sorted("id")[1].id)

    def test_each_term_arrives_at_the_engine(self):
        self.offer.write({"minimum_amount": 250.5, "minimum_installment": 99.99})
        self.add_line(
            9,
            surcharge_percent=12.3456,
            extra_installments=2,
            minimum_amount=1000.01,
            bearer="shared",
        )
        compiled = self.offer._compiled()
        self.assertEqual(compiled.key, self.offer.id)
        self.assertEqual(compiled.minimum_total, 250_50)
        self.assertEqual(compiled.minimum_installment, 99_99)
        line = compiled.line_for(UNKNOWN_CARD, 9)
        self.assertEqual(line.surcharge, 123456)
        self.assertEqual(line.extra, 2)
        self.assertEqual(line.minimum_total, 1000_01)
        self.assertEqual(line.bearer, Bearer.SHARED)
        self.assertEqual(compiled.line_for(UNKNOWN_CARD, 3).bearer, Bearer.PAYER)

    def test_only_the_payers_own_lines_are_worked_out_from_the_agreement(self):
        self.offer.mode = "net"
        self.add_line(2, bearer="shared", surcharge_percent=1)
        compiled = self.offer._compiled()
        self.assertEqual(compiled.line_for(UNKNOWN_CARD, 3).mode, Mode.NET)
        self.assertEqual(compiled.line_for(UNKNOWN_CARD, 2).mode, Mode.ADD)

    def test_what_was_compiled_is_kept_until_the_offer_changes(self):
        first = self.offer._compiled()
        self.env.flush_all()
        with self.assertQueryCount(0):
            self.assertIs(self.offer._compiled(), first)
        line = self.offer.line_ids[1]
        line.surcharge_percent = 7
        self.assertEqual(
            self.offer._compiled().line_for(UNKNOWN_CARD, 3).surcharge, 70000
        )
        line.unlink()
        self.assertIsNone(self.offer._compiled().line_for(UNKNOWN_CARD, 3))
        self.add_line(4)
        self.assertTrue(self.offer._compiled().line_for(UNKNOWN_CARD, 4))
        self.offer.minimum_amount = 7
        self.assertEqual(self.offer._compiled().minimum_total, 700)
        self.offer.write({"line_ids": [Command.clear()]})
        self.assertEqual(self.offer._compiled().all_counts(), (1,))

    def test_what_was_rolled_back_is_not_compiled(self):
        before = self.offer._compiled()
        try:
            with self.env.cr.savepoint():
                self.offer.line_ids[1].surcharge_percent = 50
                self.assertNotEqual(self.offer._compiled().digest, before.digest)
                raise ZeroDivisionError
        except ZeroDivisionError:
            self.env.invalidate_all(flush=False)
        self.assertEqual(self.offer._compiled().digest, before.digest)


@tagged("post_install", "-at_install")
class TestOfferRules(OfferCase):
    def test_one_line_for_the_same_cards_and_number(self):
        self.add_line(3, program_id=self.bonus.id)
        self.add_line(3, program_id=self.bonus.id, kind="credit")
        for values in (
            {},
            {"program_id": self.bonus.id},
            {"program_id": self.bonus.id, "kind": "credit"},
        ):
            with (
                self.subTest(values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.add_line(3, **values)

    def test_installments_go_up_to_36(self):
        self.company.gateway_cap_guard = "warn"  # the law allows fewer
        self.add_line(36)
        for count in (0, -1, 37):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self.add_line(count)

    def test_a_period_ends_after_it_begins(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.offer.write({"date_from": "2026-02-02", "date_to": "2026-02-01"})
            self.env.flush_all()

    def test_an_audience_is_named(self):
        for audience in ("category", "partner"):
            with self.assertRaises(ValidationError):
                self.offer.audience = audience

    def test_only_a_payer_who_bears_the_commission_pays_so_much_that_it_arrives(self):
        self.offer.mode = "net"
        for bearer in ("company", "shared", "dealer"):
            with self.assertRaises(ValidationError):
                self.offer.bearer = bearer

    def test_a_copy_has_the_same_table(self):
        self.add_line(9, program_id=self.bonus.id, kind="credit", extra_installments=3)
        copy = self.offer.copy()
        self.assertEqual(copy.line_ids._described(), self.offer.line_ids._described())
        self.assertNotEqual(copy.revision, self.offer.revision)

    def test_a_program_in_use_is_not_deleted(self):
        self.add_line(9, program_id=self.bonus.id)
        with self.assertRaisesRegex(UserError, "in use"):
            self.bonus.unlink()

    def test_the_rates_are_used_only_where_the_payer_pays_them(self):
        self.assertTrue(self.offer.uses_rates)
        self.offer.mode = "net"
        self.assertFalse(self.offer.uses_rates)
        self.offer.line_ids[1].bearer = "shared"
        self.assertTrue(self.offer.uses_rates)
        self.offer.line_ids[1].bearer = False
        self.offer.write({"mode": "add", "bearer": "company"})
        self.assertFalse(self.offer.uses_rates)


@tagged("post_install", "-at_install")
class TestOfferHistory(OfferCase):
    def notes(self):
        return [str(body) for body in self.offer.message_ids.mapped("body") if body]

    def test_a_changed_table_is_told_in_words(self):
        old = self.offer.line_ids[1]
        self.offer.write(
            {
                "line_ids": [
                    Command.update(old.id, {"surcharge_percent": 2.9}),
                    Command.delete(self.offer.line_ids[2].id),
                    Command.create(
                        {
                            "installment_count": 9,
                            "program_id": self.bonus.id,
                            "kind": "commercial",
                            "surcharge_percent": 8.25,
                            "extra_installments": 2,
                            "bearer": "shared",
                        }
                    ),
                ]
            }
        )
        (note,) = self.notes()
        self.assertIn("Every program, 3 installments: 2.85% → 2.9%", note)
        self.assertIn("Every program, 6 installments: removed, it was 6.4%", note)
        self.assertIn(
            "Test Bonus, Commercial credit, 9 installments: added, 8.25%, +2,"
            " borne by: Shared",
            note,
        )

    def test_a_line_changed_on_its_own_is_told_on_the_offer(self):
        self.offer.line_ids[1].surcharge_percent = 3
        self.add_line(9)
        self.offer.line_ids[0].unlink()
        self.assertEqual(len(self.notes()), 3)

    def test_what_stays_the_same_is_not_told(self):
        line = self.offer.line_ids[1]
        self.offer.write(
            {"line_ids": [Command.update(line.id, {"surcharge_percent": 2.85})]}
        )
        self.make_offer("New", line_ids=[Command.create({"installment_count": 2})])
        self.assertFalse(self.notes())
