from datetime import date, timedelta

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..pricing.agreement import cost
from ..pricing.cards import UNKNOWN_CARD, CardFacts, CardKind
from .common import GatewayCommon, RefusalMixin


class AgreementCommon(RefusalMixin, GatewayCommon):
    """Two card programs, and an agreement of the year 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        programs = cls.env["pos.gateway.card.program"]
        cls.bonus = programs.create({"name": "Denizyıldızı", "code": "denizyildizi"})
        cls.world = programs.create({"name": "Kutup Işığı", "code": "kutupisigi"})
        cls.agreement = cls.make_agreement(
            line_ids=[
                cls.line(rate=1.79),
                cls.line(3, cls.bonus, "credit", rate=4.85),
                cls.line(3, cls.bonus, "commercial", rate=5.1),
            ]
        )

        cls.single = cls.agreement.line_ids.filtered(lambda line: not line.kind)

    @classmethod
    def make_agreement(cls, **values):
        return cls.env["pos.gateway.agreement"].create(
            {
                "name": "Contract of 2026",
                "provider_id": cls.provider.id,
                "currency_id": cls.lira.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
                **values,
            }
        )

    @classmethod
    def line(cls, count=1, program=None, kind=False, **values):
        return Command.create(
            {
                "installment_count": count,
                "program_id": program.id if program else False,
                "kind": kind,
                **values,
            }
        )

    def compiled(self, provider=None):
        return self.env["pos.gateway.agreement"]._compiled(
            provider or self.provider, self.lira
        )

    def card(self, program=None, kind=CardKind.CREDIT, issuer=None):
        return CardFacts(program.id if program else None, kind, issuer)

    def told(self, agreement=None):
        messages = (agreement or self.agreement).message_ids
        return " ".join(str(body) for body in messages.mapped("body"))


@tagged("post_install", "-at_install")
class TestAgreement(AgreementCommon, TransactionCase):
    def test_two_agreements_of_a_pos_and_currency_do_not_overlap(self):
        for first, last in (
            ("2026-12-31", False),
            ("2025-01-01", "2026-01-01"),
            ("2026-05-01", "2026-05-01"),
            ("2025-01-01", False),
        ):
            with self.refused("Contract of 2026.*and Another|Another.*Contract of"):
                self.make_agreement(name="Another", date_from=first, date_to=last)
        self.make_agreement(name="Later", date_from="2027-01-01", date_to=False)
        self.make_agreement(
            name="Earlier", date_from="2025-01-01", date_to="2025-12-31"
        )

    def test_an_archived_agreement_or_one_of_another_pos_does_not_overlap(self):
        self.make_agreement(provider_id=self.make_provider("Other POS").id)
        self.make_agreement(currency_id=self.env.ref("base.USD").id)
        archived = self.make_agreement(active=False)
        with self.refused("overlap"):
            archived.active = True

    def test_a_plain_duplicate_is_archived(self):
        copy = self.agreement.copy()
        self.assertFalse(copy.active)
        self.assertEqual(len(copy.line_ids), 3)

    def test_the_state_follows_the_dates(self):
        today = fields.Date.context_today(self.agreement)
        day = timedelta(days=1)
        for first, last, state in (
            (today, today, "in_force"),
            (today + day, False, "future"),
            (today - day, today - day, "past"),
            (today - day, False, "in_force"),
        ):
            self.agreement.write({"date_from": first, "date_to": last})
            self.assertEqual(self.agreement.period_state, state)
            for wanted in ("future", "in_force", "past"):
                found = self.agreement.search(
                    [("period_state", "=", wanted), ("id", "=", self.agreement.id)]
                )
                self.assertEqual(bool(found), wanted == state, (state, wanted))

    def test_two_rates_for_the_same_cards_are_refused_with_both_named(self):
        words = "Denizyıldızı, Consumer Credit Card, 3 installments → 4.85 %.*→ 4.9 %"
        with self.refused(words):
            self.agreement.line_ids = [self.line(3, self.bonus, "credit", rate=4.9)]

    def test_rates_of_different_months_are_no_contradiction(self):
        self.single.valid_to = "2026-06-30"
        self.agreement.line_ids = [self.line(rate=2, valid_from="2026-07-01")]
        with self.refused("same cards and days"):
            self.single.valid_to = "2026-07-01"

    def test_a_rate_is_valid_inside_its_agreement(self):
        for dates in (
            {"valid_from": "2025-12-31"},
            {"valid_to": "2027-01-01"},
            {"valid_from": "2027-01-01"},
            {"valid_to": "2025-12-31"},
        ):
            with self.refused("dates are not inside"):
                self.single.write(dates)
        self.single.valid_from = "2026-03-01"
        with self.refused("dates are not inside"):
            self.agreement.date_from = "2026-04-01"

    @mute_logger("odoo.sql_db")
    def test_numbers_out_of_range_are_refused(self):
        line = self.single
        for values in (
            {"rate": -0.1},
            {"rate": 100.5},
            {"installment_count": 37},
            {"installment_count": -1},
            {"bsmv": 101},
            {"fee": -1},
            {"value_date_rule": "single", "days": -1},
            {"valid_from": "2026-05-02", "valid_to": "2026-05-01"},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                line.write(values)
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self.agreement.line_ids = [self.line(9, self.world, **values)]
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.agreement.bsmv = -1

    def test_foreign_currency_takes_no_installments(self):
        with self.refused("Turkish lira only"):
            self.agreement.currency_id = self.env.ref("base.USD")

    def test_only_a_virtual_pos_has_an_agreement(self):
        other = self.env["payment.provider"].search(
            [("code", "!=", "pos_gateway"), ("company_id", "=", self.company.id)],
            limit=1,
        ) or self.env["payment.provider"].create({"name": "Wire", "code": "none"})
        with self.refused("not a virtual POS"):
            self.agreement.provider_id = other

    # === CHATTER === #

    def test_every_change_of_a_rate_is_told(self):
        self.assertIn("Added: Every program, every card, single payment", self.told())
        line = self.agreement.line_ids.filtered(lambda line: line.kind == "credit")
        self.agreement.line_ids = [Command.update(line.id, {"rate": 4.9})]
        self.assertIn("4.85 % → Denizyıldızı, Consumer Credit", self.told())
        count = len(self.agreement.message_ids)
        line.write({"fee": 2})
        self.assertIn("fee", self.told())
        line.unlink()
        self.assertIn("Removed: Denizyıldızı, Consumer Credit", self.told())
        self.assertEqual(len(self.agreement.message_ids), count + 2)
        author = self.agreement.message_ids[0].author_id
        self.assertEqual(author, self.env.user.partner_id)

    def test_one_save_is_one_message(self):
        count = len(self.agreement.message_ids)
        self.agreement.write(
            {
                "line_ids": [
                    self.line(6, self.bonus, rate=9),
                    self.line(9, self.bonus, rate=12),
                    Command.delete(self.single.id),
                ]
            }
        )
        self.assertEqual(len(self.agreement.message_ids), count + 1)

    def test_what_did_not_change_is_not_told(self):
        count = len(self.agreement.message_ids)
        self.single.rate = 1.79
        self.assertEqual(len(self.agreement.message_ids), count)

    # === FEE, TAX, VALUE DATE === #

    def test_a_line_takes_its_fee_and_tax_from_the_agreement_unless_it_has_its_own(
        self,
    ):
        own, other = self.agreement.line_ids[:2]
        own.fee = 3
        self.agreement.write({"fee": 1.5, "bsmv": 10})
        self.assertEqual((own.fee, own.bsmv), (3, 5))
        self.assertEqual((other.fee, other.bsmv), (1.5, 10))
        own.has_own_terms = False
        self.assertEqual((own.fee, own.bsmv), (1.5, 10))

    def test_a_new_line_with_a_fee_alone_has_the_tax_of_the_agreement(self):
        line = self.agreement.line_ids.create(
            {"agreement_id": self.agreement.id, "rate": 7, "fee": 3,
             "installment_count": 11}
        )  # fmt: skip
        self.assertEqual((line.fee, line.bsmv), (3, 5))


@tagged("post_install", "-at_install")
class TestCompiled(AgreementCommon, TransactionCase):
    DAY = date(2026, 5, 4)

    def rate(self, *args, day=DAY):
        line = self.compiled().line_for(*args, day)
        return line and line.rate

    def test_without_an_agreement_there_is_none(self):
        self.assertIsNone(self.compiled(self.make_provider("Other POS")))
        self.agreement.active = False
        self.assertIsNone(self.compiled())

    def test_the_more_specific_rate_applies(self):
        self.assertEqual(self.rate(UNKNOWN_CARD, 1), 17_900)
        self.assertEqual(self.rate(self.card(self.bonus), 3), 48_500)
        commercial = self.card(self.bonus, CardKind.COMMERCIAL)
        self.assertEqual(self.rate(commercial, 3), 51_000)
        self.assertIsNone(self.rate(self.card(self.world), 3))

    def test_all_versions_are_in_it_each_for_its_days(self):
        later = self.make_agreement(
            date_from="2027-01-01", date_to=False, line_ids=[self.line(rate=2)]
        )
        self.assertEqual(self.rate(UNKNOWN_CARD, 1, day=date(2026, 12, 31)), 17_900)
        self.assertEqual(self.rate(UNKNOWN_CARD, 1, day=date(2027, 1, 1)), 20_000)
        self.assertIsNone(self.rate(UNKNOWN_CARD, 1, day=date(2025, 12, 31)))
        later.active = False
        self.assertIsNone(self.rate(UNKNOWN_CARD, 1, day=date(2027, 1, 1)))

    def test_what_the_line_leaves_open_the_agreement_says(self):
        self.agreement.write({"fee": 1.25, "value_date_rule": "per_installment"})
        lines = {line.key: line for line in self.compiled().lines}
        first, second = self.agreement.line_ids[:2]
        self.assertEqual(lines[first.id].fee, 125)
        self.assertEqual(lines[first.id].bsmv, 50_000)
        self.assertEqual(lines[first.id].value_date.rule, "per_installment")
        self.assertEqual(lines[first.id].value_date.first_days, 30)
        second.write({"value_date_rule": "single", "days": 40})
        lines = {line.key: line for line in self.compiled().lines}
        self.assertEqual(lines[second.id].value_date.days, 40)

    def test_every_change_is_seen_at_once(self):
        self.assertEqual(self.rate(UNKNOWN_CARD, 1), 17_900)
        line = self.single
        line.rate = 2.0001
        self.assertEqual(self.rate(UNKNOWN_CARD, 1), 20_001)
        line.unlink()
        self.assertIsNone(self.rate(UNKNOWN_CARD, 1))
        self.agreement.line_ids = [self.line(rate=3)]
        self.assertEqual(self.rate(UNKNOWN_CARD, 1), 30_000)
        self.agreement.unlink()
        self.assertIsNone(self.compiled())

    def test_it_is_kept_until_a_change(self):
        compiled = self.compiled()
        with self.assertQueryCount(1):
            self.assertIs(self.compiled(), compiled)

    def test_bsmv_is_taken_out_of_rates_that_include_it(self):
        self.agreement.line_ids.unlink()
        self.agreement.rates_include_bsmv = True
        self.agreement.line_ids = [self.line(rate=2.1)]
        line = self.compiled().line_for(UNKNOWN_CARD, 1, self.DAY)
        self.assertEqual(line.rate, 20_000)
        self.assertEqual(cost(1_000_000, line).total, 21_000)

    def test_a_rate_without_a_whole_rest_after_bsmv_is_refused(self):
        with self.refused("1.79 % includes BSMV.*1.7047 %.*1.7048 %"):
            self.agreement.rates_include_bsmv = True
        self.agreement.line_ids.unlink()
        self.agreement.rates_include_bsmv = True
        with self.refused("includes BSMV"):
            self.agreement.line_ids = [self.line(rate=3)]

    def test_an_operator_who_may_not_read_agreements_still_gets_prices(self):
        user = self.make_user("portal-payer", "base.group_portal")
        compiled = (
            self.env["pos.gateway.agreement"]
            .with_user(user)
            ._compiled(self.provider.with_user(user), self.lira)
        )
        self.assertEqual(len(compiled.lines), 3)


@tagged("post_install", "-at_install")
class TestCopyToPeriod(AgreementCommon, TransactionCase):
    def wizard(self, **values):
        return self.env["pos.gateway.agreement.copy"].create(
            {"agreement_id": self.agreement.id, **values}
        )

    def copied(self, wizard):
        return self.env["pos.gateway.agreement"].browse(wizard.action_copy()["res_id"])

    def test_the_new_one_follows_the_old_one(self):
        wizard = self.wizard(name="Contract of 2027")
        self.assertEqual(wizard.date_from, date(2027, 1, 1))
        self.assertFalse(wizard.overlaps)
        new = self.copied(wizard)
        self.assertEqual(len(new.line_ids), 3)
        self.assertTrue(new.active)
        self.assertEqual(self.agreement.date_to, date(2026, 12, 31))

    def test_an_open_old_one_is_closed_the_day_before_if_wished(self):
        self.agreement.date_to = False
        wizard = self.wizard(date_from="2026-07-01")
        self.assertTrue(wizard.overlaps)
        self.assertEqual(wizard.old_date_to, date(2026, 6, 30))
        self.copied(wizard)
        self.assertEqual(self.agreement.date_to, date(2026, 6, 30))

    def test_nothing_is_closed_silently(self):
        with self.refused("overlap"):
            self.wizard(date_from="2026-07-01", close_old=False).action_copy()
        self.assertEqual(self.agreement.date_to, date(2026, 12, 31))

    def test_rates_that_ended_earlier_are_not_copied(self):
        self.single.valid_to = "2026-06-30"
        self.agreement.line_ids = [self.line(rate=2, valid_from="2026-07-01")]
        new = self.copied(self.wizard())
        self.assertEqual(sorted(new.line_ids.mapped("rate")), [2, 4.85, 5.1])
        self.assertFalse(any(new.line_ids.mapped("valid_from")))

    def test_what_would_be_left_outside_is_named(self):
        self.single.valid_from = "2026-08-01"
        with self.refused("begin only after.*single payment"):
            self.wizard(date_from="2026-07-01").action_copy()

    def test_an_agreement_does_not_end_before_it_began(self):
        with self.refused("has to begin later"):
            self.wizard(date_from="2026-01-01").action_copy()


@tagged("post_install", "-at_install")
class TestAgreementRights(AgreementCommon, TransactionCase):
    def test_managers_and_accountants_edit_and_operators_read(self):
        for number, (group, may_edit) in enumerate(
            {
                "pos_gateway.group_pos_gateway_manager": True,
                "account.group_account_user": True,
                "account.group_account_manager": True,
                "pos_gateway.group_pos_gateway_user": False,
                "account.group_account_invoice": False,
            }.items()
        ):
            user = self.make_user(f"clerk-{number}", group)
            agreement = self.agreement.with_user(user)
            agreement.invalidate_recordset()
            self.assertEqual(agreement.name, "Contract of 2026")
            self.assertEqual(len(agreement.line_ids.mapped("display_name")), 3)
            self.assertEqual(agreement.has_access("write"), may_edit, group)
            self.assertEqual(agreement.line_ids.has_access("unlink"), may_edit, group)
            if may_edit:
                agreement.line_ids[0].rate = 2 + number
                self.assertTrue(agreement.provider_id.display_name)

    def test_another_company_sees_nothing_of_it(self):
        other = self.setup_other_company()["company"]
        user = self.make_user("elsewhere", "pos_gateway.group_pos_gateway_manager")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        agreements = self.env["pos.gateway.agreement"].with_user(user)
        self.assertFalse(agreements.search([("id", "=", self.agreement.id)]))
        with self.assertRaises(AccessError):
            self.agreement.with_user(user).line_ids.mapped("rate")

    def test_the_form_of_the_pos_warns_while_no_agreement_is_in_force(self):
        today = fields.Date.context_today(self.agreement)
        self.agreement.write({"date_from": today, "date_to": False})
        self.assertFalse(self.provider.gateway_has_no_agreement)
        self.assertEqual(self.provider.gateway_agreement_count, 1)
        self.agreement.write({"date_from": today + timedelta(days=1)})
        self.provider.invalidate_recordset()
        self.assertTrue(self.provider.gateway_has_no_agreement)
        self.provider.state = "disabled"
        self.assertFalse(self.provider.gateway_has_no_agreement)
