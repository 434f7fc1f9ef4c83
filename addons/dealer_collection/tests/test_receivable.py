from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .tier_common import TierCase


@tagged("post_install", "-at_install")
class TestReceivable(TierCase):
    def change(self, receivable, kind, **values):
        return (
            self.env["dealer.receivable.change"]
            .create(
                {
                    "receivable_id": receivable.id,
                    "kind": kind,
                    "reason": "a good reason",
                    **values,
                }
            )
            .action_apply()
        )

    def test_aging_puts_each_open_debt_into_one_bucket(self):
        expected = {
            "not_due": [0, -1],
            "late_30": [1, 30],
            "late_60": [31, 60],
            "late_90": [61, 90],
            "late_more": [91, 400],
        }
        made = {}
        for bucket, delays in expected.items():
            for late in delays:
                due = self.env["payment.provider"]._gateway_today() - timedelta(late)
                owed = self.make_receivable(self.bornova, self.customer, 10, due)
                made[owed] = bucket
        self.env.flush_all()
        rows = self.env["dealer.receivable.aging"].search(
            [("receivable_id", "in", [owed.id for owed in made])]
        )
        self.assertEqual({row.receivable_id: row.bucket for row in rows}, made)
        for row in rows:
            parts = [row[name] for name in expected]
            self.assertEqual(sum(parts), row.amount_open)
            self.assertEqual(row[row.bucket], 10.0)
        ((total,),) = rows._read_group([("id", "in", rows.ids)], [], ["late_60:sum"])
        self.assertEqual(total, 20.0)

    def test_lowering_cancelling_and_disputes_keep_their_reason(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        self.change(owed, "lower", amount=80.0)
        self.assertEqual(owed.amount, 80.0)
        self.assertIn("a good reason", owed.message_ids[0].body)
        self.change(owed, "dispute")
        self.assertTrue(owed.is_disputed)
        self.change(owed, "end_dispute")
        self.assertFalse(owed.is_disputed)
        self.assertIn("Dispute ended", owed.message_ids[0].body)
        self.change(owed, "cancel")
        self.assertEqual(owed.state, "cancelled")
        with self.assertRaises(UserError):
            self.change(owed, "lower", amount=0)

    def test_an_accountant_reads_receivables_and_changes_none(self):
        owed = self.make_receivable(self.bornova, self.customer, 100.0)
        user = new_test_user(
            self.env,
            login="accountant_only",
            groups="account.group_account_invoice",
            company_id=self.company.id,
        )
        self.assertEqual(owed.with_user(user).amount_open, 100.0)
        with self.assertRaises(AccessError):
            owed.with_user(user).action_cancel()
        with self.assertRaises(AccessError):
            self.env["dealer.receivable.change"].with_user(user).create(
                {"receivable_id": owed.id, "reason": "x"}
            )

    def test_the_dealer_s_form_sums_what_is_owed_to_it(self):
        self.make_receivable(self.bornova, self.customer, 100.0)
        self.make_receivable(self.izmir, self.bornova.partner_id, 40.5)
        self.assertEqual(self.bornova.owed_balance, 100.0)
        self.assertEqual(self.izmir.owed_balance, 40.5)
        self.assertEqual(self.customer.dealer_debt_count, 1)
