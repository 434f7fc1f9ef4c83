"""Nobody can call a bank twice for one intent, whatever dies: counted at the bank."""

from decimal import Decimal

import pytest

from tests.harness.interference import (
    CALL_WORKER,
    restart,
    session,
    stopped,
    wait_through,
    wake,
)
from tests.harness.orders import Orders
from tests.harness.pos import Pos
from tests.harness.stack import wait_for

from ..conftest import Dealer
from ..contracts import CONTRACTS
from .conftest import SOURCE_ROW

INBOX_ROW = "LOCK TABLE pos_gateway_inbox IN SHARE ROW EXCLUSIVE MODE"
CHAIN = "LOCK TABLE pos_gateway_chain IN EXCLUSIVE MODE"


# === KILL -9 === #


def kill_before_the_call(stack, wish):
    with stopped(stack, CALL_WORKER):
        wish.say()
        stack.server.kill()
    assert wish.calls_at_bank() == 0


def kill_while_the_bank_works(stack, wish):
    stack.bank.post(
        "fault", kind="api_timeout", order_id=wish.order_id, params={"seconds": 3}
    )
    wish.say()
    wait_for(wish.calls_at_bank, what="the bank's work")
    stack.server.kill()


def kill_before_the_answer_is_stored(stack, wish):
    with session(stack) as other:
        other.run(INBOX_ROW)
        wish.say()
        other.wait_until_waited_for()
        stack.server.kill()
    assert wish.calls_at_bank() == 1


def kill_before_the_answer_is_applied(stack, wish):
    with session(stack) as other:
        with stopped(stack, CALL_WORKER):
            wish.say()
            other.run(SOURCE_ROW, (wish.source["id"],))
        wake(stack)
        other.wait_until_waited_for()
        stack.server.kill()
    assert wish.calls_at_bank() == 1


@pytest.mark.parametrize(
    ("kind", "kill"),
    [
        ("refund", kill_before_the_call),
        ("refund", kill_while_the_bank_works),
        ("refund", kill_before_the_answer_is_stored),
        ("refund", kill_before_the_answer_is_applied),
        ("void", kill_before_the_answer_is_stored),
        ("capture", kill_while_the_bank_works),
    ],
)
def test_a_worker_that_is_killed_calls_no_second_time(wish, stack, kind, kill):
    one = wish(kind)
    kill(stack, one)
    restart(stack)
    wait_through(stack, one.is_over, f"the end of the {kind}")
    one.assert_done_once()


def test_a_call_that_was_never_sent_is_known_not_to_have_been_made(wish, stack):
    """Killed between the commit that it is being sent, and the sending."""
    refund = wish("refund")
    with session(stack) as other:
        with stopped(stack, CALL_WORKER):
            refund.say()
            other.run(CHAIN)
        wake(stack)
        other.wait_until_waited_for()
        stack.server.kill()
    assert refund.orders.calls(refund.order_id, "refund")[0][1] == "sent"
    restart(stack)
    wait_through(stack, refund.is_over, "the end of the refund")
    assert refund.child_state()[0] == "error"
    assert refund.calls_at_bank() == 0
    refund.say()  # and it can be tried again
    refund.assert_done_once()


# === THE CHARGE THAT WE ASK FOR OURSELVES === #


@pytest.mark.parametrize(
    ("bank", "point"),
    [
        ("yapikredi", "while the bank charges"),
        ("albaraka", "while the bank charges"),
        ("albaraka", "before the answer is stored"),
        ("kuveytturk", "before the answer is stored"),
    ],
)
def test_a_card_is_charged_once_though_the_worker_is_killed(stack, admin, bank, point):
    (contract,) = (one for one in CONTRACTS if one.bank == bank)
    pos = Pos(stack, admin, contract)
    pos.publish()
    orders = Orders(stack, Dealer(stack, admin), contract)
    order_id, message = orders.pay("88.80")
    before = pos.at_bank()
    if point == "while the bank charges":
        fault = {"operation": "sale", "params": {"seconds": 3}}
        stack.bank.post("fault", kind="api_timeout", order_id=order_id, **fault)
        assert message.deliver().status_code == 303
        wait_for(lambda: orders.at_bank(order_id), what="the charge")
        stack.server.kill()
    else:
        with session(stack) as other:
            with stopped(stack, CALL_WORKER):
                assert message.deliver().status_code == 303
                wait_for(lambda: orders.read(order_id)["state"] == "pending")
                other.run(INBOX_ROW)
            wake(stack)
            other.wait_until_waited_for()
            stack.server.kill()
    assert orders.payments(order_id) == 0
    restart(stack)
    assert message.deliver().status_code == 303  # the payer's browser tries again
    wait_through(
        stack, lambda: orders.payments(order_id), "the payment of a lost charge"
    )
    orders.settle_down(order_id)
    assert len(orders.moves(order_id)) == len(orders.calls(order_id, "sale")) == 1
    assert pos.at_bank() - before == orders.in_books(order_id) == Decimal("88.80")


# === THE DATABASE GOES AWAY === #


def test_a_database_that_goes_away_after_the_answer_loses_nothing(
    wish, orders, pos, stack
):
    refund = wish("refund")
    pos.publish()
    order_id, message = orders.pay(77.07)
    with session(stack) as other:
        other.run(INBOX_ROW)
        refund.say()
        other.wait_until_waited_for()
        stack.cluster.crash()
    assert refund.calls_at_bank() == 1
    assert message.deliver().status_code >= 400, "the bank hears that it is not stored"
    stack.cluster.start()
    stack.server.kill()
    restart(stack)
    wait_through(stack, refund.is_over, "the end of the refund")
    refund.assert_done_once()
    assert message.deliver().status_code == 303
    orders.wait(order_id)
    refund.assert_ledgers_equal()
