import re
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, tagged

from ..const import MINUTES_TO_BELIEVE_NOTHING
from ..models import pos_gateway_call
from ..models.sender import NoAnswer
from .common import GatewayCommon, WorkerMixin

LOST = NoAnswer("timeout", True)


def answer(code="00", error="", response=None, **fields_):
    response = response or ("Approved" if code == "00" else "Error")
    inner = "".join(f"<{name}>{text}</{name}>" for name, text in fields_.items())
    return (
        f"<CC5Response><OrderId>ORDER</OrderId><Response>{response}</Response>"
        f"<ProcReturnCode>{code}</ProcReturnCode><TransId>26325A</TransId><ErrMsg></ErrMsg>"
        f"<Extra><ERRORCODE>{error}</ERRORCODE>{inner}</Extra></CC5Response>"
    ).encode()


def history(*rows):
    """:param rows: (type S or C, state, kuruş)"""
    trx = {
        f"TRX{number}": "\t".join(
            [kind, state, str(kurus), str(kurus), *["x"] * 4, "P1", "00", "26325"]
        )
        for number, (kind, state, kurus) in enumerate(rows, 1)
    }
    return answer(TRXCOUNT=str(len(rows)), **trx)


class OperationsCommon(WorkerMixin, GatewayCommon, TransactionCase):
    def setUp(self):
        super().setUp()
        self.asked = []
        self.invoice = self.make_invoice(100.0)
        self.transaction = self.make_transaction(self.invoice, base=100.0)
        self.deliver(self.transaction)
        self.assertEqual(self.transaction.state, "done")

    def call_banks(self, *answers):
        """Run the worker; the bank answers so, then nothing more is asked."""
        waiting = list(answers)

        def send(request):
            self.asked.append(self.name_of(request))
            reply = waiting.pop(0)
            if isinstance(reply, Exception):
                raise reply
            return reply.replace(b"ORDER", request.order_id.encode())

        with patch.object(pos_gateway_call, "send", send):
            for _run in range(6):
                self.worker("pos.gateway.call", "_cron_call_banks")
                self.worker("payment.transaction", "_gateway_post_process_all")
        self.assertFalse(waiting, "the bank was not asked")

    @staticmethod
    def name_of(request):
        text = request.body.decode("iso-8859-9")
        kind = re.search(r"<Type>(\w+)</Type>", text)
        total = re.search(r"<Total>([\d.]+)</Total>", text)
        name = kind[1] if kind else "History" if "ORDERHISTORY" in text else "Query"
        return f"{name} {total[1]}" if total else name

    def age_the_charge(self, transaction=None):
        """The bank's day has ended since."""
        (transaction or self.transaction).last_state_change -= timedelta(days=1)

    def pass_time(self, **how_long):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE pos_gateway_call SET sent_at = sent_at - %(t)s::interval,"
            " not_before = not_before - %(t)s::interval",
            {"t": timedelta(**how_long)},
        )
        self.env.cr.execute(
            "UPDATE payment_transaction SET gateway_next_inquiry_at ="
            " gateway_next_inquiry_at - %(t)s::interval",
            {"t": timedelta(**how_long)},
        )
        self.env.invalidate_all()

    def refund(self, amount, transaction=None):
        transaction = transaction or self.transaction
        transaction.action_refund(amount)
        return transaction._gateway_refunds(
            "draft", "pending", "done", "error", "cancel"
        ).sorted("id")[-1]

    def receivable(self):
        lines = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.payer.id),
                ("account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("amount_residual"))


@tagged("post_install", "-at_install")
class TestRefund(OperationsCommon):
    def test_nothing_is_sent_to_the_bank_by_the_request_that_wants_a_refund(self):
        with patch.object(pos_gateway_call, "send", side_effect=AssertionError):
            child = self.refund(40.0)
        self.assertEqual(child.state, "pending")
        self.assertEqual(child.gateway_operation_call_ids.state, "waiting")

    def test_a_whole_refund_of_today_is_a_void_at_the_bank(self):
        child = self.refund(100.0)
        self.call_banks(answer())
        self.assertEqual(self.asked, ["Void"])
        self.assertEqual(child.state, "done")
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertEqual(self.receivable(), 100.0)

    def test_a_void_after_the_banks_day_becomes_a_refund(self):
        child = self.refund(100.0)
        self.call_banks(answer("99", "CORE-2008"), answer())
        self.assertEqual(self.asked, ["Void", "Credit 100.00"])
        self.assertEqual(child.state, "done")

    def test_a_refund_before_the_banks_day_ends_becomes_a_void(self):
        self.age_the_charge()
        child = self.refund(100.0)
        self.call_banks(answer("99", "CORE-2508"), answer())
        self.assertEqual(self.asked, ["Credit 100.00", "Void"])
        self.assertEqual(child.state, "done")

    def test_only_the_codes_that_say_so_lead_to_the_other_way(self):
        child = self.refund(100.0)
        self.call_banks(answer("99", "CORE-2120"))
        self.assertEqual(self.asked, ["Void"])
        self.assertEqual(child.state, "error")
        self.assertIn("CORE-2120", child.state_message)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_a_part_refunded_too_early_is_tried_again_after_the_banks_day(self):
        child = self.refund(40.0)
        self.call_banks(answer("99", "CORE-2508"))
        self.assertEqual(child.state, "pending")
        self.call_banks()
        self.pass_time(days=2)
        self.call_banks(answer())
        self.assertEqual(self.asked, ["Credit 40.00"] * 2)
        self.assertEqual(child.state, "done")

    def test_parts_are_refunded_until_nothing_is_left(self):
        self.age_the_charge()
        for amount, left in ((40.0, 60.0), (35.5, 24.5), (24.5, 0.0)):
            self.refund(amount)
            self.call_banks(answer())
            self.assertAlmostEqual(self.receivable(), 100.0 - left)
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self.assertEqual(self.transaction._refund(0.01).state, "error")

    def test_two_refunds_are_not_under_way_at_once(self):
        self.age_the_charge()
        self.refund(40.0)
        second = self.refund(40.0)
        self.assertEqual(second.state, "error")
        self.assertIn("under way", second.state_message)
        self.call_banks(answer())
        self.assertEqual(self.asked, ["Credit 40.00"])

    def test_a_lost_refund_is_never_sent_twice_and_the_banks_books_decide(self):
        self.age_the_charge()
        for rows, state in (
            ([("C", "C", 4000), ("S", "C", 10000)], "done"),
            ([("S", "C", 10000)], "error"),
        ):
            with self.subTest(state):
                self.asked.clear()
                child = self.refund(40.0)
                self.call_banks(LOST)
                self.assertEqual(child.state, "pending")
                self.pass_time(minutes=MINUTES_TO_BELIEVE_NOTHING + 1)
                done = [("C", "C", 4000)] * (state == "error")
                self.call_banks(history(*done, *rows))
                self.assertEqual(self.asked, ["Credit 40.00", "History"])
                self.assertEqual(child.state, state)

    def test_a_refund_that_may_still_be_at_work_is_not_given_up(self):
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(LOST)
        self.pass_time(minutes=2)
        self.call_banks(history(("S", "C", 10000)))
        self.assertEqual(child.state, "pending")

    def test_books_that_fit_neither_way_leave_it_open_for_a_person(self):
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(LOST)
        self.pass_time(minutes=MINUTES_TO_BELIEVE_NOTHING + 1)
        self.call_banks(history(("C", "C", 1234), ("S", "C", 10000)))
        self.assertEqual(child.state, "pending")

    def test_a_refund_that_never_left_is_sent_again(self):
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(NoAnswer("connection", False))
        self.assertEqual(child.state, "pending")
        self.pass_time(minutes=2)
        self.call_banks(answer())
        self.assertEqual(self.asked, ["Credit 40.00"] * 2)
        self.assertEqual(child.state, "done")

    def test_an_unknown_code_neither_fails_nor_closes_a_refund(self):
        self.age_the_charge()
        child = self.refund(40.0)
        self.call_banks(answer("99", "CORE-9999"))
        self.assertEqual(child.state, "pending")

    def test_more_than_was_charged_is_not_given_back(self):
        child = self.transaction._refund(100.01)
        self.assertEqual(child.state, "error")
        self.call_banks()

    def test_the_surcharge_is_given_back_pro_rata_to_the_kurus(self):
        invoice = self.make_invoice(333.33)
        charge = self.make_transaction(invoice, base=333.33, surcharge=9.5)
        self.deliver(charge)
        self.age_the_charge(charge)
        credited = []
        for amount in (100.0, 142.83, 100.0):
            child = self.refund(amount, charge)
            self.call_banks(answer())
            self.assertEqual(child.state, "done")
            credited.append(child.gateway_surcharge_credit_id.amount_total)
        self.assertAlmostEqual(sum(credited), 9.5)
        self.assertEqual(invoice.amount_residual, 333.33)
        self.assertEqual(charge.gateway_surcharge_invoice_id.amount_residual, 0.0)

    def test_after_a_part_the_rest_closes_what_it_had_closed(self):
        invoices = self.make_invoice(60.0) + self.make_invoice(40.0, due="2026-02-01")
        charge = self.make_transaction(invoices, base=100.0)
        self.deliver(charge)
        self.age_the_charge(charge)
        self.refund(30.0, charge)
        self.call_banks(answer())
        self.assertEqual(invoices.mapped("amount_residual"), [0.0, 30.0])

    def test_a_process_that_died_while_asking_leaves_a_question_not_a_second_refund(
        self,
    ):
        self.age_the_charge()
        child = self.refund(40.0)
        call = child.gateway_operation_call_ids
        call.sudo().write({"state": "sent", "sent_at": fields.Datetime.now()})
        self.pass_time(minutes=MINUTES_TO_BELIEVE_NOTHING + 1)
        self.call_banks()
        self.pass_time(minutes=2)
        self.call_banks(history(("C", "C", 4000), ("S", "C", 10000)))
        self.assertEqual(child.state, "done")
        self.assertEqual(self.asked, ["History"])


@tagged("post_install", "-at_install")
class TestReservation(OperationsCommon):
    def setUp(self):
        super().setUp()
        self.provider.capture_manually = True
        self.invoice = self.make_invoice(100.0)
        self.transaction = self.make_transaction(self.invoice, base=100.0)
        self.assertTrue(self.transaction.gateway_is_preauth)
        self.deliver(self.transaction)
        self.post(self.transaction)

    def capture(self, amount=None):
        return self.transaction._capture(amount)

    def test_a_reservation_is_not_money(self):
        self.assertEqual(self.transaction.state, "authorized")
        self.assertFalse(self.transaction.payment_id)
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_a_whole_capture_is_booked_once(self):
        child = self.capture()
        self.call_banks(answer())
        self.assertEqual(self.asked, ["PostAuth 100.00"])
        self.assertEqual((child.state, self.transaction.state), ("done", "done"))
        self.assertTrue(child.payment_id)
        self.assertFalse(self.transaction.payment_id)
        self.assertEqual(self.invoice.payment_state, "paid")

    def test_a_part_is_captured_and_the_rest_is_released(self):
        child = self.capture(70.0)
        self.call_banks(answer())
        self.assertEqual(child.state, "done")
        self.assertEqual(self.transaction.state, "done")
        self.assertEqual(self.invoice.amount_residual, 30.0)
        released = self.transaction.child_transaction_ids - child
        self.assertEqual((released.state, released.amount), ("cancel", 30.0))

    def test_a_reservation_is_voided(self):
        self.transaction.action_void()
        self.call_banks(answer())
        self.assertEqual(self.asked, ["Void"])
        self.assertEqual(self.transaction.state, "cancel")
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_capture_and_void_are_not_under_way_at_once(self):
        self.capture(70.0)
        void = self.transaction._void(30.0)
        self.assertEqual(void.state, "cancel")  # released with the capture
        self.call_banks(answer())
        self.assertEqual(self.asked, ["PostAuth 70.00"])

    def test_a_captured_reservation_is_refunded_in_parts(self):
        child = self.capture(70.0)
        self.call_banks(answer())
        self.age_the_charge()
        self.refund(20.0, child)
        self.call_banks(answer())
        self.assertEqual(self.invoice.amount_residual, 50.0)
        self.assertEqual(self.asked[-1], "Credit 20.00")

    def test_a_lost_capture_is_settled_by_the_banks_books(self):
        child = self.capture()
        self.call_banks(LOST)
        self.pass_time(minutes=MINUTES_TO_BELIEVE_NOTHING + 1)
        self.call_banks(history(("S", "C", 10000)))
        self.assertEqual(child.state, "done")
