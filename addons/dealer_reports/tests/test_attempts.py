from odoo.tests import tagged

from .common import DealerReportCase


@tagged("post_install", "-at_install")
class TestAttempts(DealerReportCase):
    def test_attempts_and_payments_are_counted_apart(self):
        declined = self._make_attempt(self.ege, 100.0)
        declined._set_error("declined")
        self._pay(self.ege, 100.0, collection=declined.dealer_collection_id)
        self._make_attempt(self.izmir, 40.0)._set_canceled()
        self._make_attempt(self.izmir, 60.0)._set_pending()
        self.assertEqual(self._sum("attempt_count"), 4)
        self.assertEqual(self._sum("success_count"), 1)

    def test_success_rate_leaves_out_what_is_not_known_yet(self):
        self._pay(self.ege, 100.0)
        self._make_attempt(self.ege, 100.0)._set_error("declined")
        self._make_attempt(self.ege, 100.0)._set_pending()
        [(rate,)] = self.report._read_group([], [], ["success_rate:avg"])
        self.assertEqual(rate, 50)

    def test_money_counts_only_where_it_was_taken(self):
        for attempt in (
            self._make_attempt(self.ege, 100.0, surcharge=3.0),
            self._make_attempt(self.izmir, 100.0, surcharge=3.0),
        ):
            attempt._set_error("declined")
            row = self._row(attempt)
            self.assertEqual(
                (row.amount_base, row.amount_surcharge, row.amount_charged), (0, 0, 0)
            )

    def test_late_approval_after_a_refusal_counts(self):
        attempt = self._make_attempt(self.ege, 100.0)
        attempt._set_error("declined")
        attempt._set_done()
        self.assertEqual(self._row(attempt).amount_charged, 100)

    def test_refund_is_no_attempt(self):
        payment = self._pay(self.ege, 100.0)
        refund = payment._create_child_transaction(
            40.0,
            is_refund=True,
            dealer_collection_id=payment.dealer_collection_id.id,
        )
        refund._set_done()
        self.assertFalse(self._row(refund))
        self.assertEqual(self._sum("attempt_count"), 1)

    def test_payment_of_another_kind_is_no_row(self):
        attempt = self._make_attempt(self.ege, 100.0, dealer_collection_id=False)
        self.assertFalse(self._row(attempt))

    def test_day_and_hour_are_those_of_the_bank(self):
        attempt = self._make_attempt(self.ege, 100.0)
        attempt.last_state_change = "2026-01-31 21:30:00"  # half past midnight there
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = %s WHERE id = %s",
            ["2026-01-31 21:10:00", attempt.id],
        )
        row = self._row(attempt)
        self.assertEqual(str(row.date), "2026-02-01")
        self.assertEqual(row.create_hour, 0)

    def test_single_payment_counts_as_one_installment(self):
        attempt = self._make_attempt(self.ege, 100.0, gateway_installment_count=0)
        self.assertEqual(self._row(attempt).installment_count, 1)
