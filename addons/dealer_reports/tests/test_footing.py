from odoo.tests import tagged
from odoo.tools import SQL

from .common import DealerReportCase


@tagged("post_install", "-at_install")
class TestFooting(DealerReportCase):
    def _ledger_debits(self):
        """Straight from the journal items, by another way than the report's."""
        self.env.flush_all()
        [(debits,)] = self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(SUM(item.debit), 0)
                  FROM account_move_line item
                  JOIN payment_provider provider
                    ON provider.gateway_slips_account_id = item.account_id
                 WHERE provider.company_id = %s
                   AND item.parent_state = 'posted'
                """,
                self.company.id,
            )
        )
        return debits

    def test_sum_of_the_report_equals_the_debits_on_the_slips_accounts(self):
        other_pos = self._make_provider("Other POS")
        self._pay(self.ege, 1000.0)
        self._pay(self.izmir, 333.33, surcharge=9.5, gateway_installment_count=3)
        self._pay(self.anadolu, 0.01, provider_id=other_pos.id)
        self._make_attempt(self.ege, 50.0)._set_error("declined")
        self.assertAlmostEqual(self._sum("amount_charged"), 1342.84)
        self.assertAlmostEqual(float(self._ledger_debits()), 1342.84)

    def test_debt_and_surcharge_make_the_charge_in_each_row(self):
        row = self._row(self._pay(self.izmir, 333.33, surcharge=9.5))
        self.assertEqual(
            (row.amount_base, row.amount_surcharge, row.amount_charged),
            (333.33, 9.5, 342.83),
        )

    def test_row_leads_to_the_posted_entry_of_its_own_charge(self):
        row = self._row(self._pay(self.izmir, 200.0, surcharge=5.0))
        slips = row.move_id.line_ids.filtered(
            lambda item: item.account_id == self.provider.gateway_slips_account_id
        )
        self.assertEqual(row.move_id.state, "posted")
        self.assertEqual(slips.debit, row.amount_charged)
        self.assertEqual(row.move_id.date, row.date)
        self.assertEqual(row.action_open_entry()["res_id"], row.move_id.id)
        self.assertEqual(row.action_open_collection()["res_id"], row.collection_id.id)

    def test_charged_but_not_booked_is_found(self):
        transaction = self._make_attempt(self.ege, 75.0)
        transaction._set_done()
        row = self.report.search([("state", "=", "done"), ("move_id", "=", False)])
        self.assertEqual(row, self._row(transaction))
        transaction.with_context(gateway_worker=True)._post_process()
        self.assertTrue(self._row(transaction).move_id)
