"""For tests of calls, a stack of its own: Odoo is killed here, the database too."""

import pytest

from tests.harness import stack as harness
from tests.harness.cluster import Cluster
from tests.harness.orders import Orders
from tests.harness.pos import FINAL, Pos
from tests.harness.stack import Stack, base_database, wait_for

from ..conftest import ADMIN, Dealer
from ..contracts import CONTRACTS

SOURCE_ROW = "SELECT 1 FROM payment_transaction WHERE id = %s FOR NO KEY UPDATE"
CHANGE_SOURCE = "UPDATE payment_transaction SET reference = reference WHERE id = %s"


@pytest.fixture(scope="package")
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


@pytest.fixture(scope="package")
def admin(stack):
    return stack.server.client(*ADMIN)


@pytest.fixture(scope="package")
def pos(stack, admin):
    pos = Pos(stack, admin, CONTRACTS[0])
    pos.publish()
    return pos


@pytest.fixture(scope="package")
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
