"""Refunds, voids and captures at once, in random orders: counted on both sides.

As many rounds as ``DC_INTERLEAVINGS`` says; a round that fails names its seed.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from random import Random
from xmlrpc.client import Fault

import pytest

from tests.harness.interference import let_time_pass
from tests.harness.orders import Orders
from tests.harness.pos import Pos
from tests.harness.stack import wait_for

from .conftest import Dealer
from .contracts import CONTRACTS

ROUNDS = int(os.environ.get("DC_INTERLEAVINGS", 60))
ROUNDS_OF_AN_ORDER = 10
AMOUNT = Decimal("500.00")
NESTPAY = CONTRACTS[0]


class Round:
    """Two to four wishes about one charge, at nearly the same moment."""

    def __init__(self, pos, orders, order_id, seed):
        self.pos, self.orders, self.order_id = pos, orders, order_id
        self.admin, self.stack = pos.admin, pos.stack
        self.random = Random(seed)
        self.transaction_id = orders.read(order_id)["id"]

    def play(self):
        wishes = [self.choose() for _wish in range(self.random.randint(2, 4))]
        delays = [self.random.choice((0, 0, 0.01, 0.05)) for _wish in wishes]
        with ThreadPoolExecutor(len(wishes)) as pool:
            list(pool.map(self.say, wishes, delays))
        self.wait_until_quiet()

    def choose(self):
        small = self.random.randint(1, 6000) / 100
        # Most are small, so that there is something left for the rounds to come.
        (amount,) = self.random.choices((small, 0.01, 300.0, 500.0), (16, 2, 1, 1))
        if self.is_reserved():
            part = self.random.randint(30000, 50000) / 100
            wishes = (("capture", part), ("capture", 500.0), ("void", 0))
            return self.random.choice(wishes)
        return ("refund", amount)

    def is_reserved(self):
        return self.orders.read(self.order_id)["state"] == "authorized"

    def say(self, wish, delay):
        what, amount = wish
        time.sleep(delay)
        try:
            if what == "refund":
                self.call("action_refund", [self.charged_id()], amount)
            elif what == "void":
                self.call("action_void", [self.transaction_id])
            else:
                self.capture(amount)
        except Fault as fault:
            # Refused with a sentence for staff: never with a broken server.
            assert "Traceback" not in fault.faultString, fault.faultString

    def call(self, method, *arguments):
        return self.admin.call("payment.transaction", method, *arguments)

    def capture(self, amount):
        wizard = self.admin.call(
            "payment.capture.wizard",
            "create",
            {"amount_to_capture": amount},
            context={"active_ids": [self.transaction_id]},
        )
        self.admin.call("payment.capture.wizard", "action_capture", [wizard])

    def charged_id(self):
        """:return: the transaction whose money is given back: of a reservation the
        capture
        """
        captured = self.stack.query(
            "SELECT id FROM payment_transaction WHERE source_transaction_id = %s"
            " AND operation != 'refund' AND state = 'done' ORDER BY id",
            (self.transaction_id,),
        )
        return captured[0][0] if captured else self.transaction_id

    # === AFTERWARDS === #

    def wait_until_quiet(self):
        def is_quiet():
            self.let_the_day_end()
            return not self.children("draft", "pending") and not self.unposted()

        wait_for(is_quiet, 120, f"the end of all operations of {self.order_id}")

    def let_the_day_end(self):
        """What the bank does only tomorrow."""
        waits = self.stack.query(
            "SELECT 1 FROM pos_gateway_call WHERE transaction_id = %s"
            " AND state = 'waiting' AND not_before > now() AT TIME ZONE 'UTC'"
            " + interval '10 seconds'",
            (self.transaction_id,),
        )
        if waits:
            self.stack.bank.post("settle")
            let_time_pass(self.stack)

    def family(self):
        return self.stack.query(
            """
            WITH RECURSIVE family AS (
                SELECT * FROM payment_transaction WHERE gateway_order_id = %s
                 UNION SELECT t.* FROM payment_transaction t
                  JOIN family f ON t.source_transaction_id = f.id)
            SELECT id, operation, state, amount, is_post_processed FROM family
            """,
            (self.order_id,),
        )

    def children(self, *states):
        return [
            row
            for row in self.family()
            if row[0] != self.transaction_id and row[2] in states
        ]

    def unposted(self):
        return [row for row in self.family() if row[2] == "done" and not row[4]]

    def check(self):
        (charge,) = self.stack.bank.charges(self.order_id)
        captured, refunded = charge["captured_kurus"] or 0, charge["refunded_kurus"]
        assert refunded <= captured <= AMOUNT * 100
        given_back = -sum(row[3] for row in self.children("done") if row[1] == "refund")
        assert given_back <= AMOUNT
        at_bank = self.orders.at_bank(self.order_id)
        assert at_bank == self.orders.in_books(self.order_id) >= 0


@pytest.fixture(scope="module")
def pos(stack, admin):
    pos = Pos(stack, admin, NESTPAY)
    yield pos
    demo = admin.call("payment.provider", "search", [("name", "=", "Demo Bank POS")])
    admin.call("payment.provider", "write", [pos.provider_id], {"is_published": False})
    admin.call("payment.provider", "write", demo, {"is_published": True})


def test_never_is_more_given_back_than_was_taken(stack, admin, pos):
    orders = Orders(stack, Dealer(stack, admin), NESTPAY)
    count = max(1, ROUNDS // ROUNDS_OF_AN_ORDER)
    order_ids = []
    for place in range(count):
        is_reserved = place % 3 == 2
        if place % 3 in (0, 2):
            pos.publish(reserve=is_reserved)
        row = orders.paid(float(AMOUNT), "authorized" if is_reserved else "done")
        order_ids.append(row["gateway_order_id"])
        if place == count // 2:
            stack.bank.post("settle")  # half of it is of yesterday

    def play_all(place):
        for number in range(ROUNDS_OF_AN_ORDER):
            seed = place * ROUNDS_OF_AN_ORDER + number
            one = Round(pos, orders, order_ids[place], seed)
            try:
                one.play()
                one.check()
            except Exception as error:
                error.add_note(f"seed {seed}, order {order_ids[place]}")
                raise

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(play_all, range(count)))
    refunds = stack.query(
        "SELECT count(*) FROM payment_transaction t"
        " JOIN payment_transaction s ON t.source_transaction_id = s.id"
        " WHERE t.operation = 'refund' AND t.state = 'done'"
        " AND s.partner_id = %s",
        (orders.dealer.partner_id,),
    )
    assert refunds[0][0] > ROUNDS / 4
