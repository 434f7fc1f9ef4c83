from unittest.mock import patch

from odoo.tests import TransactionCase, tagged
from odoo.tests.test_cursor import TestCursor

from ..const import SILENT_CALLS_PER_RUN
from ..models import pos_gateway_call
from ..models.sender import NoAnswer
from .common import GatewayCommon, WorkerMixin
from .test_operations import OperationsCommon, answer

SILENCE = NoAnswer("timeout", True)


@tagged("post_install", "-at_install")
class TestCallWorker(WorkerMixin, GatewayCommon, TransactionCase):
    """Whose turn it is, and what is open meanwhile."""

    def setUp(self):
        super().setUp()
        self.asked = []

    def make_due(self, provider, count):
        transactions = self.env["payment.transaction"].sudo()
        for _ in range(count):
            transactions += self.make_transaction(provider_id=provider.id)
        transactions._gateway_ask_bank_soon()
        return transactions

    def run_worker(self, send):
        with patch.object(pos_gateway_call, "send", send):
            self.worker("pos.gateway.call", "_cron_call_banks")

    def test_a_bank_that_is_silent_keeps_no_other_bank_waiting(self):
        dead = self.make_due(self.provider, 6)
        other = self.make_provider("Another bank", gateway_merchant_id="700655002")
        alive = self.make_due(other, 3)

        def send(request):
            transaction = (dead | alive).filtered(
                lambda tx: tx.gateway_order_id == request.order_id
            )
            self.asked.append(transaction.provider_id)
            if transaction in dead:
                raise SILENCE
            return self.inquiry_body(transaction)

        self.run_worker(send)
        self.assertEqual(self.asked.count(self.provider), SILENT_CALLS_PER_RUN)
        self.assertEqual(set(alive.mapped("state")), {"done"})
        waiting = dead.gateway_call_ids.filtered(lambda call: call.state == "waiting")
        self.assertEqual(len(waiting), 6 - SILENT_CALLS_PER_RUN)
        # The next run tries again.
        self.run_worker(send)
        self.assertEqual(self.asked.count(self.provider), 2 * SILENT_CALLS_PER_RUN)

    def test_a_bank_that_answers_is_asked_all(self):
        transactions = self.make_due(self.provider, SILENT_CALLS_PER_RUN + 2)

        def send(request):
            transaction = transactions.filtered(
                lambda tx: tx.gateway_order_id == request.order_id
            )
            return self.inquiry_body(transaction)

        self.run_worker(send)
        self.assertEqual(set(transactions.mapped("state")), {"done"})

    def test_no_database_transaction_is_open_while_the_bank_is_spoken_to(self):
        transactions = self.make_due(self.provider, 3)

        def send(request):
            # A cursor of the tests has a savepoint from its first statement on.
            cursors = TestCursor._cursors_stack
            self.asked.append([cursor._savepoint is not None for cursor in cursors])
            transaction = transactions.filtered(
                lambda tx: tx.gateway_order_id == request.order_id
            )
            return self.inquiry_body(transaction)

        self.run_worker(send)
        self.assertEqual(self.asked, [[False]] * 3)


@tagged("post_install", "-at_install")
class TestMoneyFirst(OperationsCommon):
    def test_what_moves_money_comes_before_the_questions(self):
        for _ in range(3):
            self.make_transaction()._gateway_ask_bank_soon()
        self.worker("payment.transaction", "_gateway_plan_inquiries")
        self.age_the_charge()
        child = self.refund(40.0)

        def send(request):
            self.asked.append(request.operation.value)
            if request.operation.value != "refund":
                raise SILENCE
            return answer().replace(b"ORDER", request.order_id.encode())

        with patch.object(pos_gateway_call, "send", send):
            self.worker("pos.gateway.call", "_cron_call_banks")
        self.assertEqual(self.asked[0], "refund")
        self.assertEqual(child.state, "done")
