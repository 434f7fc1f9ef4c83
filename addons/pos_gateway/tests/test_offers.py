from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..pricing.rates import rate_text
from ..pricing.route import Route
from .common import PREFIX, GatewayCommon


@tagged("post_install", "-at_install")
class TestOfferTable(GatewayCommon, TransactionCase):
    def quotes(self, kurus, provider=None, currency=None):
        hint = provider or self.provider
        ways = hint._gateway_ways(
            hint.company_id,
            self.payer,
            currency or self.lira,
            kurus,
            hint._gateway_card_facts(PREFIX),
            hint=hint,
        )
        return [
            (way.quote.installment_count, way.quote.total)
            for way in ways
            if isinstance(way, Route)
        ]

    def test_an_offer_prices_each_of_its_lines(self):
        expected = [(1, 10_000), (3, 10_285), (6, 10_640)]
        self.assertEqual(self.quotes(10_000), expected)

    def test_a_small_debt_is_paid_in_one_payment(self):
        self.offer.minimum_amount = 100
        self.assertEqual(self.quotes(9_000), [(1, 9_000)])
        self.assertEqual(len(self.quotes(10_000)), 3)

    def test_an_offer_for_another_pos_does_not_apply(self):
        self.offer.provider_ids = self.make_provider("Other POS")
        self.offer.provider_ids.state = "disabled"
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])
        self.offer.provider_ids.write({"state": "test", "is_published": True})
        self.provider.state = "disabled"
        self.offer.provider_ids.gateway_program_ids = self.program
        self.assertEqual(len(self.quotes(10_000, self.offer.provider_ids)), 3)

    def test_the_first_offer_that_fits_is_taken(self):
        self.offer.copy({"sequence": 1, "line_ids": False, "name": "None"})
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])

    def test_an_archived_offer_does_not_apply(self):
        self.offer.active = False
        self.assertEqual(self.quotes(10_000), [(1, 10_000)])

    def test_another_companys_offer_does_not_apply(self):
        other = self.setup_other_company()["company"]
        foreign = self.make_provider("Foreign POS", company=other)
        self.assertEqual(self.quotes(100, foreign.sudo()), [(1, 100)])

    def test_a_single_payment_is_always_possible(self):
        self.offer.line_ids.filtered(lambda line: line.installment_count == 1).unlink()
        self.assertEqual(self.quotes(10_000)[0], (1, 10_000))

    def test_the_rate_is_read_as_it_is_written(self):
        for percent in (0.1, 1.75, 2.85, 6.4, 12.3456, 99.9999):
            line = self.offer.line_ids[-1]
            line.surcharge_percent = percent
            line.flush_recordset()
            line.invalidate_recordset()
            self.assertEqual(rate_text(line._compiled().surcharge), str(percent))

    def test_foreign_currency_takes_no_installments(self):
        with self.assertRaises(ValidationError):
            self.offer.currency_id = self.env.ref("base.USD")
        line = {"installment_count": 2}
        with self.assertRaises(ValidationError):
            self.env["pos.gateway.offer"].create(
                {
                    "name": "Dollars",
                    "currency_id": self.env.ref("base.USD").id,
                    "line_ids": [Command.create(line)],
                }
            )

    def test_a_line_added_on_its_own_is_checked_as_well(self):
        euro = self.env.ref("base.EUR")
        offer = self.offer.copy({"currency_id": euro.id, "line_ids": False})
        with self.assertRaises(ValidationError):
            self.env["pos.gateway.offer.line"].create(
                {"offer_id": offer.id, "installment_count": 2}
            )
