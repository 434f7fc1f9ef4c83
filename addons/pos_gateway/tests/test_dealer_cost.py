from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, tagged

from .common import GatewayCommon, WorkerMixin


@tagged("post_install", "-at_install")
class TestDealerCost(WorkerMixin, GatewayCommon, TransactionCase):
    """Bearer "dealer": what the bank takes is invoiced to the payer afterwards."""

    def paid(self, cost=21.0, days_ago=1, **values):
        transaction = self.make_transaction(
            gateway_bearer="dealer", gateway_cost_amount=cost, **values
        )
        self.deliver(transaction)
        transaction.last_state_change = fields.Datetime.now() - timedelta(days=days_ago)
        self.post(transaction)
        return transaction

    def invoice_costs(self):
        self.worker("payment.transaction", "_cron_invoice_costs")

    def test_one_invoice_a_day_holds_a_line_for_each_payment(self):
        paid = self.paid() + self.paid(cost=10.5)
        self.invoice_costs()
        invoice = paid.gateway_cost_invoice_id
        self.assertEqual(len(invoice), 1)
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "partner_id": self.payer.id,
                    "amount_untaxed": 31.5,
                    "move_type": "out_invoice",
                }
            ],
        )
        self.assertEqual(invoice.invoice_line_ids.mapped("price_unit"), [21.0, 10.5])
        self.assertIn(paid[0].reference, invoice.invoice_line_ids[0].name)

    def test_the_day_must_be_over(self):
        today = self.paid(days_ago=0)
        self.invoice_costs()
        self.assertFalse(today.gateway_cost_invoice_id)

    def test_each_payment_has_an_invoice_of_its_own_where_the_company_wants_it(self):
        self.company.gateway_cost_rule = "per_payment"
        paid = self.paid(days_ago=0) + self.paid(days_ago=0)
        self.invoice_costs()
        self.assertEqual(len(paid.gateway_cost_invoice_id), 2)

    def test_a_second_run_invoices_nothing_twice(self):
        paid = self.paid()
        self.invoice_costs()
        invoice = paid.gateway_cost_invoice_id
        self.invoice_costs()
        self.worker("payment.transaction", "_gateway_invoice_cost_once", paid.ids)
        self.assertEqual(paid.gateway_cost_invoice_id, invoice)
        lines = self.env["account.move.line"].search(
            [("product_id", "=", self.company.gateway_cost_product_id.id)]
        )
        self.assertEqual(len(lines), 1)

    def test_days_partners_and_other_bearers_are_kept_apart(self):
        other = self.env["res.partner"].create({"name": "Other Dealer"})
        first, second = self.paid(), self.paid(days_ago=2)
        third = self.paid(partner_id=other.id)
        company_bears = self.make_transaction(
            gateway_bearer="company", gateway_cost_amount=5
        )
        self.deliver(company_bears)
        self.post(company_bears)
        self.invoice_costs()
        invoices = (first + second + third).gateway_cost_invoice_id
        self.assertEqual(len(invoices), 3)
        self.assertEqual(third.gateway_cost_invoice_id.partner_id, other)
        self.assertFalse(company_bears.gateway_cost_invoice_id)

    def test_what_is_not_paid_costs_nothing(self):
        transaction = self.make_transaction(
            gateway_bearer="dealer", gateway_cost_amount=5
        )
        self.invoice_costs()
        self.assertFalse(transaction.gateway_cost_invoice_id)

    def test_a_failure_is_shown_to_a_person_once_and_tried_again(self):
        paid = self.paid()
        journals = self.env["account.journal"].search(
            [("type", "=", "sale"), ("company_id", "=", self.company.id)]
        )
        journals.active = False
        self.invoice_costs()
        self.invoice_costs()
        self.assertFalse(paid.gateway_cost_invoice_id)
        activities = paid._gateway_alert_record().activity_ids
        self.assertEqual(len(activities), 1)
        journals.active = True
        self.invoice_costs()
        self.assertTrue(paid.gateway_cost_invoice_id)
