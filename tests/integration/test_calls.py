"""Nobody can call a bank twice for one intent, whatever breaks: counted at the bank.

On a stack of its own: Odoo is killed here, and the database as well.
"""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from xmlrpc.client import Fault

import pytest

from tests.harness import stack as harness
from tests.harness.cluster import Cluster
from tests.harness.interference import (
    CALL_WORKER,
    conflicts,
    restart,
    session,
    stopped,
    wait_through,
    wake,
)
from tests.harness.orders import Orders
from tests.harness.pos import FINAL, Pos
from tests.harness.stack import Stack, base_database, wait_for

from .conftest import ADMIN, Dealer
from .contracts import CONTRACTS

NESTPAY = CONTRACTS[0]
INBOX_ROW = "LOCK TABLE pos_gateway_inbox IN SHARE ROW EXCLUSIVE MODE"
CHAIN = "LOCK TABLE pos_gateway_chain IN EXCLUSIVE MODE"
SOURCE_ROW = "SELECT 1 FROM payment_transaction WHERE id = %s FOR NO KEY UPDATE"
CHANGE_SOURCE = "UPDATE payment_transaction SET reference = reference WHERE id = %s"


@pytest.fixture(scope="module")
def stack():
    shared = harness.test_cluster()
    # Its disk is asked: what was committed must outlive the database server.
    own = Cluster(shared.data.parent / "calls-cluster").start()
    base = base_database(shared, shared.data.parent / "base")
    if base not in own.databases():
        own.copy_database(shared, base)
    stack = Stack(own, "calls", shared.data.parent / "calls")
    try:
        yield stack.start()
    finally:
        stack.stop()
        own.stop()
        shared.stop()


@pytest.fixture(scope="module")
def admin(stack):
    return stack.server.client(*ADMIN)


@pytest.fixture(scope="module")
def pos(stack, admin):
    pos = Pos(stack, admin, NESTPAY)
    pos.publish()
    return pos


@pytest.fixture(scope="module")
def orders(stack, admin, pos):
    return Orders(stack, Dealer(stack, admin), pos.contract)


class Wish:
    """Something that staff want of the bank: one intent, to be carried out once.

    :param kind: ``void`` is all the money of today given back, ``refund`` a part of
        what the bank has settled, ``capture`` all that was reserved
    """

    def __init__(self, pos, orders, kind):
        self.pos, self.orders, self.kind = pos, orders, kind
        self.stack, self.admin = pos.stack, pos.admin
        is_reserved = kind == "capture"
        pos.publish(reserve=is_reserved)
        self.source = orders.paid(311.5, "authorized" if is_reserved else "done")
        self.order_id = self.source["gateway_order_id"]
        if kind == "refund":
            self.stack.bank.post("settle")
        self.before = len(orders.moves(self.order_id))
        self.difference = pos.at_bank() - pos.in_books()

    def say(self):
        """:return: the child transaction; the bank is not yet called"""
        if self.kind == "capture":
            self.pos.begin_capture(self.source["id"])
        else:
            amount = 100.25 if self.kind == "refund" else float(self.source["amount"])
            self.admin.call(
                "payment.transaction", "action_refund", [self.source["id"]], amount
            )
        return self.child_id()

    def child_id(self):
        return self.stack.query(
            "SELECT max(id) FROM payment_transaction WHERE source_transaction_id = %s",
            (self.source["id"],),
        )[0][0]

    def child_state(self):
        return self.stack.query(
            "SELECT state, is_post_processed FROM payment_transaction WHERE id = %s",
            (self.child_id(),),
        )[0]

    def calls_at_bank(self):
        return len(self.orders.moves(self.order_id)) - self.before

    def is_over(self):
        state, is_posted = self.child_state()
        return state in FINAL and (is_posted or state != "done")

    def assert_done_once(self):
        wait_for(self.is_over, 60, f"the end of a {self.kind}")
        assert self.child_state()[0] == "done"
        assert self.calls_at_bank() == 1
        self.assert_ledgers_equal()

    def assert_ledgers_equal(self):
        assert self.orders.at_bank(self.order_id) == self.orders.in_books(self.order_id)
        assert self.pos.at_bank() - self.pos.in_books() == self.difference


@pytest.fixture
def wish(pos, orders):
    return lambda kind: Wish(pos, orders, kind)


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
