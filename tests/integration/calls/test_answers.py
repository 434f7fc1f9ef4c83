"""Nobody can call a bank twice for one intent, whoever stands in the way.

Counted at the bank: conflicts in the database, two wishes at once, lost answers.
"""

from concurrent.futures import ThreadPoolExecutor
from xmlrpc.client import Fault

import pytest

from tests.harness.interference import (
    CALL_WORKER,
    conflicts,
    session,
    stopped,
    wait_through,
    wake,
)
from tests.harness.stack import wait_for

from .conftest import CHANGE_SOURCE, SOURCE_ROW

# === CONFLICTS === #

POINTS = {
    "taking the call": ("pos_gateway_call", "NEW.state = 'sent'"),
    "noting the end": (
        "pos_gateway_call",
        "NEW.state = 'answered' AND OLD.state = 'sent'",
    ),
    "noting the answer": (
        "pos_gateway_call",
        "NEW.result IS DISTINCT FROM OLD.result",
    ),
    "moving the child": (
        "payment_transaction",
        "NEW.state = 'done' AND OLD.state != 'done'",
    ),
    "closing the inbox": ("pos_gateway_inbox", "NEW.state = 'done'"),
    "posting": (
        "payment_transaction",
        "NEW.is_post_processed AND NOT COALESCE(OLD.is_post_processed, false)",
    ),
}


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize(("times", "code"), [(2, "40P01"), (6, "40001")], ids=str)
def test_conflicts_call_the_bank_no_second_time(wish, stack, point, times, code):
    """Six are more than the worker bears: the rest is for its next run."""
    void = wish("void")
    table, condition = POINTS[point]
    with conflicts(stack, table, condition, times, code) as count:
        void.say()
        wait_through(stack, void.is_over, f"the end in spite of {times} conflicts")
        assert count() > times
    void.assert_done_once()


def test_a_row_that_is_changed_under_the_waiting_worker_is_read_anew(wish, stack):
    refund = wish("refund")
    with session(stack) as other:
        with stopped(stack, CALL_WORKER):
            refund.say()
            other.run(SOURCE_ROW, (refund.source["id"],))
        wake(stack)
        other.wait_until_waited_for()
        other.run(CHANGE_SOURCE, (refund.source["id"],))
        other.commit()
    refund.assert_done_once()


def test_a_deadlock_with_somebody_else_ends_well(wish, stack):
    refund = wish("refund")
    with session(stack) as other:
        with stopped(stack, CALL_WORKER):
            child_id = refund.say()
            other.run("SET deadlock_timeout = '20s'")
            other.run(SOURCE_ROW, (child_id,))
        wake(stack)
        other.wait_until_waited_for()
        # The worker holds the charge and waits for the refund; we do the reverse.
        other.run(SOURCE_ROW, (refund.source["id"],))
        other.commit()
    refund.assert_done_once()


# === TWO WISHES AT ONCE === #


def at_once(*wishes):
    """:return: for each whether our server took it"""

    def say(wish):
        try:
            wish()
        except Fault as fault:
            assert "Traceback" not in fault.faultString, fault.faultString
            return False
        return True

    with ThreadPoolExecutor(len(wishes)) as pool:
        return list(pool.map(say, wishes))


def wait_until_quiet(stack, order_id):
    """Wait until no capture, void or refund of this order is under way."""
    wait_for(
        lambda: (
            stack.query(
                """
            WITH RECURSIVE family AS (
                SELECT * FROM payment_transaction WHERE gateway_order_id = %s
                 UNION SELECT t.* FROM payment_transaction t
                  JOIN family f ON t.source_transaction_id = f.id)
            SELECT bool_and(state NOT IN ('draft', 'pending')
                            AND (is_post_processed OR state = 'authorized'))
              FROM family
            """,
                (order_id,),
            )
            == [(True,)]
        ),
        what="the end of all operations",
    )


@pytest.mark.parametrize("kind", ["void", "refund"])
def test_eight_refunds_at_once_make_one(wish, stack, kind):
    one = wish(kind)
    taken = at_once(*[one.say] * 8)
    assert taken.count(True) >= 1
    wait_until_quiet(stack, one.order_id)
    amount = 100.25 if kind == "refund" else 311.5
    children = stack.query(
        "SELECT state FROM payment_transaction WHERE source_transaction_id = %s",
        (one.source["id"],),
    )
    assert children == [("done",)] * taken.count(True)
    assert one.calls_at_bank() == taken.count(True)
    assert taken.count(True) * amount <= 311.5
    one.assert_ledgers_equal()


def test_a_capture_and_a_void_at_once_leave_one_of_them(wish, stack, admin):
    one = wish("capture")
    taken = at_once(
        one.say,
        lambda: admin.call("payment.transaction", "action_void", [one.source["id"]]),
    )
    assert True in taken
    wait_until_quiet(stack, one.order_id)
    done = [move for move in one.orders.moves(one.order_id) if move[1] == "approved"]
    assert len(done) == 2, "the reservation, and what became of it"
    one.assert_ledgers_equal()


# === ANSWERS THAT ARE LOST === #


@pytest.mark.parametrize(
    ("kind", "fault"),
    [
        ("refund", "api_timeout"),
        ("refund", "api_drop"),
        ("refund", "api_500"),
        ("refund", "api_500 executed"),
        ("refund", "api_garbage"),
        ("void", "api_drop"),
        ("void", "api_garbage"),
        ("capture", "api_drop"),
        ("capture", "api_garbage"),
    ],
)
def test_an_answer_that_is_lost_or_rubbish_is_found_in_the_books_of_the_bank(
    wish, stack, kind, fault
):
    one = wish(kind)
    name, _space, executed = fault.partition(" ")
    stack.bank.post(
        "fault",
        kind=name,
        order_id=one.order_id,
        operation=kind,
        params={"executed": True} if executed else {"seconds": 0},
    )
    one.say()
    wait_through(stack, one.is_over, f"the end of the {kind}")
    if fault != "api_500":
        one.assert_done_once()
        return
    assert one.child_state()[0] == "error", "the books say that nothing was done"
    assert one.calls_at_bank() == 0
    one.assert_ledgers_equal()
