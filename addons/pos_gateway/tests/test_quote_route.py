from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

from ..models import pricing_words
from ..pricing.quote import NotOffered
from .quote_common import QuoteCommon
from .test_limits import DAY
from .test_operations import OperationsCommon, answer


@tagged("post_install", "-at_install")
class TestQuoteRoute(QuoteCommon, TransactionCase):
    """Three POS: one with a plain rate, one with a fee, and one nobody priced."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_agreement(
            cls.provider,
            {"installment_count": 1, "rate": 1.0},
            {"installment_count": 3, "rate": 4.0},
        )
        cls.flat = cls.make_pos(
            "Flat POS",
            {"installment_count": 1, "rate": 0.5},
            {"installment_count": 3, "rate": 6.0},
            sequence=20,
        )
        cls.flat.gateway_agreement_ids.fee = 5.0
        cls.unknown = cls.make_pos("Unpriced POS", sequence=1)
        cls.provider.sequence = 10

    # === THE CHEAPEST === #

    def test_the_cheapest_pos_is_taken_by_amount(self):
        # Of 100.00: 1.05 here; 0.50 and 5.00, with tax 5.78, there.
        self.assertEqual(self.chosen(10_000), (self.provider.name, "cheapest"))
        # Of 10,000.00: 105.00 here, 57.75 there.
        self.assertEqual(self.chosen(1_000_000), ("Flat POS", "cheapest"))

    def test_the_cheapest_pos_is_taken_by_number_of_installments(self):
        self.assertEqual(self.chosen(1_000_000, 1)[0], "Flat POS")
        self.assertEqual(self.chosen(1_000_000, 3)[0], self.provider.name)

    def test_what_each_other_pos_would_have_cost_is_known(self):
        way = self.way(1_000_000)
        self.assertEqual(way.quote.cost.total, 5775)
        told = {other.name: other for other in way.alternatives}
        self.assertEqual(told[self.provider.name].company_cost, 10_500)
        self.assertEqual(told[self.provider.name].why, "dearer")
        self.assertEqual(told[self.provider.name].detail, {"by": 4725})
        self.assertIsNone(told["Unpriced POS"].company_cost)
        self.assertEqual(told["Unpriced POS"].why, "unknown_cost")

    def test_a_pos_without_an_agreement_comes_last_though_it_is_first_in_order(self):
        self.assertEqual(self.others()["Unpriced POS"], "unknown_cost")
        (self.provider + self.flat).gateway_agreement_ids.active = False
        self.assertEqual(self.chosen(), ("Unpriced POS", "priority"))

    def test_where_the_costs_are_equal_the_first_in_order_is_taken(self):
        twin = self.make_pos("Twin POS", {"rate": 1.0}, sequence=self.provider.sequence)
        self.assertEqual(self.chosen(10_000), (self.provider.name, "priority"))
        self.assertEqual(self.others(10_000)["Twin POS"], "priority")
        twin.sequence = self.provider.sequence - 1
        self.assertEqual(self.chosen(10_000), ("Twin POS", "priority"))

    def test_a_pos_takes_only_its_own_programs_in_installments(self):
        stranger = self.env["pos.gateway.card.program"].create(
            {"name": "Other Program", "code": "other_program"}
        )
        self.provider.gateway_program_ids = stranger
        self.assertEqual(self.chosen(1_000_000, 3), ("Flat POS", "cheapest"))
        self.assertEqual(self.others(1_000_000, 3)[self.provider.name], "program")
        # In one payment it takes any card.
        self.assertEqual(self.chosen(10_000)[0], self.provider.name)

    # === ON US === #

    def test_the_banks_own_rate_is_used_only_when_the_issuer_is_known(self):
        acquirer = self.provider._gateway_acquirer()
        self.assertTrue(acquirer)
        other = self.env["pos.gateway.card.issuer"].search(
            [("id", "!=", acquirer.id)], limit=1
        )
        self.provider.gateway_agreement_ids.line_ids = [
            Command.create({"installment_count": 1, "on_us": key, "rate": rate})
            for key, rate in (("on_us", 0.1), ("not_on_us", 0.2))
        ]
        for prefix, issuer in (("41000001", acquirer), ("41000002", other)):
            self.make_bin(prefix, issuer_id=issuer.id, kind="credit")
        expected = {"41000001": 105, "41000002": 210, "41000003": 1050}
        self.flat.state = "disabled"
        for prefix, cost in expected.items():
            with self.subTest(prefix):
                way = self.way(card=self.card(prefix))
                self.assertEqual(way.chosen.name, self.provider.name)
                self.assertEqual(way.quote.cost.total, cost)

    # === WHAT SOMEBODY DECIDED === #

    def test_a_partner_that_is_tied_to_a_pos_pays_there_whatever_it_costs(self):
        self.payer.with_company(self.company).gateway_provider_id = self.flat
        self.assertEqual(self.chosen(10_000), ("Flat POS", "fixed"))
        self.assertEqual(self.others(10_000)[self.provider.name], "not_fixed")
        child = self.env["res.partner"].create(
            {"name": "Accounting", "parent_id": self.payer.id}
        )
        self.assertEqual(self.chosen(10_000, partner=child)[0], "Flat POS")
        self.flat.state = "disabled"
        self.assertEqual(self.chosen(10_000), (self.provider.name, "cheapest"))

    def test_a_paused_pos_falls_over_to_the_next_and_it_is_told(self):
        pause = fields.Datetime.now() + timedelta(hours=1)
        self.provider.gateway_paused_until = pause
        self.assertEqual(self.chosen(10_000), ("Flat POS", "failover"))
        self.assertEqual(self.others(10_000)[self.provider.name], "down")
        # It would not have been chosen here: this is no failover.
        self.assertEqual(self.chosen(1_000_000), ("Flat POS", "cheapest"))

    def test_a_disabled_pos_is_not_even_asked(self):
        self.provider.state = "disabled"
        self.assertEqual(self.chosen(10_000, hint=self.flat)[0], "Flat POS")
        self.assertNotIn(self.provider.name, self.others(10_000, hint=self.flat))

    def test_a_limit_of_a_pos_leads_to_another_one_and_is_named(self):
        self.env["pos.gateway.limit"].create(
            {
                "name": "Contract ceiling",
                "provider_id": self.provider.id,
                "maximum_total": 50,
            }
        )
        way = self.way(10_000)
        self.assertEqual(way.chosen.name, "Flat POS")
        (refused,) = (o for o in way.alternatives if o.name == self.provider.name)
        self.assertEqual(refused.why, "maximum_total")
        self.assertEqual(refused.detail, {"source": "Contract ceiling"})
        words = pricing_words.why_not(self.env, refused.why, refused.detail, str)
        self.assertIn("Contract ceiling", words)

    def test_a_limit_that_holds_everywhere_cuts_and_says_which(self):
        self.env["pos.gateway.limit"].create(
            {"name": "Two at most", "partner_id": self.payer.id, "max_installments": 2}
        )
        refusal = self.way(100_000, 3)
        self.assertIsInstance(refusal, NotOffered)
        self.assertEqual(refusal.reason, "max_installments")
        words = pricing_words.staff_refusal(self.env, refusal)
        self.assertEqual(words, "More installments than allowed: Two at most")
        self.assertEqual(self.way(100_000, 1).quote.total, 100_000)

    # === WHOSE, AND WHICH MODE === #

    def test_a_live_page_never_leads_to_a_pos_in_test_mode(self):
        self.provider.state = "enabled"
        self.assertEqual(self.chosen(1_000_000)[0], self.provider.name)
        self.assertFalse(self.others(1_000_000))

    def test_staff_may_try_a_test_pos_and_a_payer_may_not(self):
        self.provider.state = "enabled"
        payer = new_test_user(self.env, login="gw_portal", groups="base.group_portal")

        def of(user):
            hint = self.flat.with_user(user).sudo()
            return self.way(1_000_000, hint=hint).chosen.name

        self.assertEqual(of(self.env.user), "Flat POS")
        self.assertEqual(of(payer), self.provider.name)
        self.provider.state = "disabled"
        self.assertEqual(of(payer), "Flat POS")

    def test_each_company_has_its_own_offers_pos_and_agreements(self):
        other = self.setup_other_company()["company"]
        foreign = self.make_pos("Foreign POS", {"rate": 0.01}, company=other)
        self.assertNotIn("Foreign POS", self.others())
        self.env["pos.gateway.offer"].create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "currency_id": self.lira.id,
                "sequence": 1,
                "line_ids": [
                    Command.create({"installment_count": 3, "surcharge_percent": 0.01})
                ],
            }
        )
        self.assertEqual(self.way(100_000, 3).quote.total, 102_850)
        theirs = self.way(100_000, 3, hint=foreign.sudo())
        self.assertEqual(theirs.quote.total, 100_010)
        self.assertEqual(theirs.chosen.name, "Foreign POS")

    # === WHAT IS STORED AND SHOWN === #

    def stored(self, kurus=1_000_000, count=3):
        way = self.way(kurus, count)
        quote = way.quote
        provider = self.provider.browse(way.chosen.key)
        return self.make_transaction(
            base=quote.base / 100,
            surcharge=quote.surcharge / 100,
            provider_id=provider.id,
            **provider._gateway_quote_values(way, self.card()),
        )

    def test_the_explanation_has_each_amount(self):
        transaction = self.stored()
        shown = transaction.gateway_explanation.replace("\xa0", " ")
        # 10,000 and 2.85 %; 4 % of 10,285 is 411.40, its tax 20.57.
        for amount in (
            "10,000.00",
            "285.00",
            "10,285.00",
            "3,428.34",  # the first installment
            "3,428.33",
            "411.40",
            "20.57",
            "9,853.03",  # 10,285.00 − 411.40 − 20.57
            "146.97",  # 431.97 − 285.00
            "368.21",  # the other POS: (617.10 + 5.00) × 1.05, less 285.00
            "221.24",  # so much dearer
        ):
            with self.subTest(amount):
                self.assertIn(amount, shown)
        self.assertIn("The cheapest POS", transaction.gateway_route_reason)
        self.assertIn("Dearer by", shown)
        self.assertIn("its cost is not known", shown)
        self.assertEqual(transaction.gateway_cost_amount, 431.97)
        self.assertEqual(transaction.gateway_net_amount, 9853.03)
        self.assertEqual(transaction.gateway_card_program_id, self.program)

    def test_what_the_surcharge_leaves_is_never_said_to_be_the_payers(self):
        def last(**changes):
            stored = {**self.stored().gateway_quote, **changes}
            return pricing_words.steps(self.env, stored, str)[-1]["how"]

        self.assertEqual(last(), "borne by the company")
        self.assertEqual(last(bearer="shared"), "borne by the company")
        self.assertIn("dealer", last(bearer="dealer"))
        self.assertIn("gain", last(surcharge=50_000))
        self.assertEqual(last(surcharge=43_197), "")

    def test_the_explanation_speaks_the_users_language(self):
        self.env["res.lang"]._activate_lang("tr_TR")
        transaction = self.stored().with_context(lang="tr_TR")
        shown = transaction.gateway_explanation.replace("\xa0", " ")
        for words in ("10.285,00", "Borç", "Taksit", "BSMV", "Komisyon", "Flat POS"):
            with self.subTest(words):
                self.assertIn(words.lower(), shown.lower())
        for words in ("Debt", "Surcharge", "Value date", "Dearer", "cheapest"):
            with self.subTest(words):
                self.assertNotIn(words, shown)
        self.assertIn("ucuz", transaction.gateway_route_reason)
        kinds = dict(
            transaction.fields_get(["gateway_card_kind"])["gateway_card_kind"][
                "selection"
            ]
        )
        self.assertNotIn("Card", kinds["credit"])

    def test_the_slices_that_are_shown_sum_to_the_net(self):
        self.provider.gateway_agreement_ids.write(
            {"value_date_rule": "per_installment", "first_days": 30}
        )
        slices = self.stored().gateway_quote["slices"]
        self.assertEqual(len(slices), 3)
        self.assertEqual(sum(part["gross"] for part in slices), 1_028_500)
        self.assertEqual(sum(part["net"] for part in slices), 985_303)
        self.assertGreater(slices[0]["due"], str(DAY))

    def test_what_was_agreed_stays_readable_after_the_tables_have_changed(self):
        transaction = self.stored()
        before = str(transaction.gateway_explanation)
        self.provider.gateway_agreement_ids.line_ids.rate = 9
        self.offer.line_ids.surcharge_percent = 9
        self.flat.state = "disabled"
        transaction.invalidate_recordset()
        self.assertEqual(str(transaction.gateway_explanation), before)

    def test_without_a_quote_nothing_is_explained(self):
        transaction = self.make_transaction()
        self.assertFalse(transaction.gateway_explanation)
        self.assertFalse(transaction.gateway_route_reason)


@tagged("post_install", "-at_install")
class TestCaptureCost(OperationsCommon):
    """A capture takes its share of what the reservation was priced with."""

    def setUp(self):
        super().setUp()
        self.provider.capture_manually = True
        self.reserved = self.make_transaction(
            self.make_invoice(1000.0),
            base=1000.0,
            gateway_cost_amount=21.01,
            gateway_bearer="dealer",
            gateway_card_program_id=self.program.id,
            gateway_card_kind="credit",
        )
        self.deliver(self.reserved)

    def test_a_part_costs_its_part(self):
        capture = self.reserved._capture(300.0)
        self.call_banks(answer())
        self.assertRecordValues(
            capture,
            [
                {
                    "state": "done",
                    "gateway_cost_amount": 6.30,
                    "gateway_bearer": "dealer",
                    "gateway_card_program_id": self.program.id,
                    "gateway_card_kind": "credit",
                }
            ],
        )

    def test_the_whole_costs_the_whole(self):
        capture = self.reserved._capture()
        self.call_banks(answer())
        self.assertEqual(capture.gateway_cost_amount, 21.01)

    def test_only_the_capture_is_invoiced_to_the_dealer(self):
        self.company.gateway_cost_rule = "per_payment"
        capture = self.reserved._capture(300.0)
        self.call_banks(answer())
        self.post(capture)
        self.worker("payment.transaction", "_cron_invoice_costs")
        self.assertFalse(self.reserved.gateway_cost_invoice_id)
        self.assertEqual(capture.gateway_cost_invoice_id.amount_untaxed, 6.30)
