from datetime import timedelta
from itertools import product

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..const import PAGE_LIFETIME_MINUTES
from ..models.transitions import STATES, next_state
from ..protocols.answers import Result
from .common import GatewayCommon

# Written out a second time, from the rules and not from the table.
EXPECTED = {
    Result.APPROVED: {state: "done" for state in STATES if state != "authorized"},
    Result.DECLINED: {"draft": "error", "pending": "error"},
    Result.CANCELLED: {"draft": "cancel", "pending": "cancel"},
    Result.UNRESOLVED: {"draft": "pending"},
    Result.AUTHENTICATED: {"draft": "pending"},
    Result.NOT_FOUND: {},
}


@tagged("post_install", "-at_install")
class TestTransitions(GatewayCommon, TransactionCase):
    def in_state(self, state):
        transaction = self.make_transaction()
        self.env.flush_all()
        # Past core's check: no provider of ours authorises without charging yet.
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = %s WHERE id = %s",
            (state, transaction.id),
        )
        transaction.invalidate_recordset()
        return transaction

    def test_every_pair_of_state_and_result_moves_as_written(self):
        for state, result in product(STATES, Result):
            with self.subTest(state=state, result=result):
                expected = EXPECTED[result].get(state, state)
                self.assertEqual(next_state(state, result), expected)
                if expected == "done" != state:
                    expected = "authorized"
                self.assertEqual(next_state(state, result, True), expected)

    def test_every_pair_moves_the_transaction_itself_as_written(self):
        for state, result in product(STATES, Result):
            with self.subTest(state=state, result=result):
                transaction = self.in_state(state)
                transaction._gateway_apply(self.outcome(transaction, result))
                expected = EXPECTED[result].get(state, state)
                self.assertEqual(transaction.state, expected)

    def test_done_never_leaves_done(self):
        for results in product(Result, repeat=2):
            transaction = self.in_state("done")
            for result in results:
                transaction._gateway_apply(self.outcome(transaction, result))
            self.assertEqual(transaction.state, "done")

    def test_an_unknown_order_is_left_open_while_the_payer_may_still_pay(self):
        for state in ("draft", "pending"):
            transaction = self.in_state(state)
            transaction._gateway_apply(self.outcome(transaction, Result.NOT_FOUND))
            self.assertEqual(transaction.state, state)

    def test_an_unknown_order_that_the_payer_gave_up_is_cancelled(self):
        for state in ("draft", "pending"):
            transaction = self.in_state(state)
            transaction.gateway_abandoned_at = fields.Datetime.now()
            transaction._gateway_apply(self.outcome(transaction, Result.NOT_FOUND))
            self.assertEqual(transaction.state, "cancel")

    def test_an_unknown_order_is_cancelled_when_the_page_has_expired(self):
        transaction = self.in_state("draft")
        age = timedelta(minutes=PAGE_LIFETIME_MINUTES + 1)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - age, transaction.id),
        )
        transaction.invalidate_recordset()
        transaction._gateway_apply(self.outcome(transaction, Result.NOT_FOUND))
        self.assertEqual(transaction.state, "cancel")

    def test_an_unknown_order_never_undoes_what_is_final(self):
        for state in ("done", "error", "cancel", "authorized"):
            transaction = self.in_state(state)
            transaction.gateway_abandoned_at = fields.Datetime.now()
            transaction.gateway_result = "declined"
            transaction._gateway_apply(self.outcome(transaction, Result.NOT_FOUND))
            self.assertEqual(transaction.state, state)
            self.assertEqual(transaction.gateway_result, "declined")
