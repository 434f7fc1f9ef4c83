from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged

from .common import PREFIX, GatewayCommon


@tagged("post_install", "-at_install")
class TestWhatIf(GatewayCommon, TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls.make_user("gw_what_if", "pos_gateway.group_pos_gateway_user")
        cls.agreement = cls.env["pos.gateway.agreement"].create(
            {
                "name": "İşbank 2026",
                "provider_id": cls.provider.id,
                "currency_id": cls.lira.id,
                "date_from": "2026-01-01",
                "value_date_rule": "per_installment",
                "first_days": 30,
                "interval_days": 30,
                "line_ids": [
                    Command.create({"installment_count": 1, "rate": 1}),
                    Command.create({"installment_count": 3, "rate": 2}),
                ],
            }
        )

    def box(self, **values):
        return (
            self.env["pos.gateway.what.if"]
            .with_user(self.operator)
            .create(
                {
                    "amount": 1000,
                    "currency_id": self.lira.id,
                    "card_prefix": PREFIX,
                    "day": "2026-11-24",
                    **values,
                }
            )
        )

    def rows(self, **values):
        return {
            row["label"]: row for row in self.box(**values)._template_values()["rows"]
        }

    def refusals(self, **values):
        shown = self.box(**values)._template_values()
        return {refusal["label"]: refusal["why"] for refusal in shown["refusals"]}

    def test_every_option_shows_what_it_costs_and_when_the_money_comes(self):
        row = self.rows()["3 installments"]
        self.assertIn("1,028.50", row["total"])
        self.assertIn("28.50", row["surcharge"])
        self.assertEqual(row["rate"], "2.85%")
        # 2 % of 1028.50 is 20.57; BSMV of it 1.03.
        self.assertIn("20.57", row["cost"]["commission"])
        self.assertIn("1.03", row["cost"]["bsmv"])
        self.assertIn("1,006.90", row["net"])
        self.assertTrue(row["is_gain"])
        self.assertEqual(row["first_due"], "12/24/2026")
        self.assertEqual(row["last_due"], "02/22/2027")
        self.assertEqual(len(row["slices"]), 3)
        self.assertEqual(row["pos"], "İşbank POS")
        self.assertIn("only POS", row["why"])

    def test_what_is_left_of_the_cost_is_the_companys_or_the_dealers(self):
        row = self.rows()["Single payment"]
        self.assertIn("10.50", row["company_cost"])
        self.assertFalse(row["left_to"])
        self.offer.bearer = "dealer"
        self.assertIn("dealer", self.rows()["Single payment"]["left_to"])

    def test_without_an_agreement_the_cost_is_not_known(self):
        self.assertIn("No bank agreement", self.refusals()["6 installments"])
        self.agreement.active = False
        row = self.rows()["6 installments"]
        self.assertIn("1,064.00", row["total"])
        self.assertIsNone(row["cost"])
        self.assertIn("No bank agreement", self.box().result)

    def test_what_is_not_offered_says_why(self):
        self.offer.minimum_installment = 343
        self.assertIn("too small", self.refusals()["3 installments"])
        self.offer.minimum_installment = 0
        self.assertEqual(len(self.refusals(kind="debit", card_prefix=False)), 2)
        self.env["pos.gateway.limit"].create(
            {
                "name": "Small dealers",
                "max_installments": 2,
                "partner_id": self.payer.id,
            }
        )
        why = self.refusals(partner_id=self.payer.id)["3 installments"]
        self.assertIn("More installments than allowed", why)
        self.assertNotIn("3 installments", self.refusals())

    def test_a_card_is_chosen_by_its_digits_or_its_program_and_kind(self):
        by_digits = self.rows()
        by_choice = self.rows(
            card_prefix=False, program_id=self.program.id, kind="credit"
        )
        self.assertEqual(by_digits, by_choice)
        text = self.box()._card_text()
        self.assertIn("Test Program", text)
        self.assertIn("Consumer credit", text)

    def test_digits_that_are_no_prefix_are_refused_and_not_shown(self):
        for digits in ("12345", "45x36001", "４５４３６０"):
            result = self.box(card_prefix=digits).result
            self.assertIn("6 to 8 digits", result)
            self.assertNotIn(digits, result)

    def test_more_than_eight_digits_are_not_kept(self):
        box = self.box(card_prefix="4543600100000002")
        self.env.flush_all()
        box.invalidate_recordset()
        self.assertEqual(box.card_prefix, PREFIX)

    def test_nothing_to_pay_is_told(self):
        for amount in (0, -1, 1e12):
            self.assertIn("Give an amount", self.box(amount=amount).result)

    def test_an_offer_can_be_tried_before_it_holds(self):
        later = self.offer.copy({"name": "Later", "date_from": "2027-01-01"})
        later.line_ids[1].surcharge_percent = 10
        self.assertIn("1,028.50", self.rows()["3 installments"]["total"])
        row = self.rows(offer_id=later.id)["3 installments"]
        self.assertIn("1,100.00", row["total"])
        self.assertIn("Later", self.box(offer_id=later.id).result)

    def test_the_box_answers_while_it_is_filled_in(self):
        action = self.offer.action_open_what_if()
        boxes = self.env["pos.gateway.what.if"].with_user(self.operator)
        form = Form(boxes.with_context(**action["context"]))
        self.assertEqual(form.offer_id, self.offer)
        form.amount = 2000
        form.card_prefix = PREFIX
        self.assertIn("2,057.00", form.result)

    def test_another_companys_prices_are_not_shown(self):
        other = self.setup_other_company()["company"]
        box = self.box().sudo()
        box.company_id = other
        self.assertIn("one of your companies", box.with_user(self.operator).result)

    def test_only_operators_open_it(self):
        billing = self.make_user("gw_what_bill", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            self.env["pos.gateway.what.if"].with_user(billing).create({"amount": 1})
