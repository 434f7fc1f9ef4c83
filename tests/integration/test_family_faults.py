"""Every protocol family under lies, repeats, lost answers and rubbish: counted.

The payer is a script that follows the pages of our server and of the bank.
"""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest

from tests.harness.orders import Orders
from tests.harness.page_payer import RETURN_PATH, Form, walk
from tests.harness.pos import Pos

from .conftest import Dealer
from .contracts import CONTRACTS

OPEN = ("draft", "pending")


@pytest.fixture(scope="module", params=CONTRACTS, ids=lambda c: c.name)
def contract(request):
    return request.param


@pytest.fixture(scope="module")
def pos(stack, admin, contract):
    fields = admin.call("payment.provider", "fields_get", ["gateway_bank"])
    if contract.bank not in dict(fields["gateway_bank"]["selection"]):
        pytest.skip(f"{contract.family} is not there yet")
    pos = Pos(stack, admin, contract)
    pos.publish()
    yield pos
    demo = admin.call("payment.provider", "search", [("name", "=", "Demo Bank POS")])
    admin.call("payment.provider", "write", [pos.provider_id], {"is_published": False})
    admin.call("payment.provider", "write", demo, {"is_published": True})


@pytest.fixture(scope="module")
def orders(stack, admin, pos):
    return Orders(stack, Dealer(stack, admin), pos.contract)


def ask(pos, orders, *order_ids):
    """Have the bank asked, and wait for what comes of it."""
    for order_id in order_ids:
        pos.ask(orders.read(order_id)["id"])
    orders.settle_down(*order_ids)


def assert_nothing_booked(orders, order_id):
    assert orders.payments(order_id) == 0
    assert orders.in_books(order_id) == 0


def assert_booked_once(orders, order_id, amount):
    orders.wait(order_id)
    assert orders.payments(order_id) == 1
    assert orders.at_bank(order_id) == orders.in_books(order_id) == Decimal(amount)
    moves = orders.moves(order_id)
    assert [verdict for _operation, verdict in moves] == ["approved"]


def test_twenty_copies_of_the_return_make_one_charge_and_one_payment(orders):
    order_id, message = orders.pay("431.12")
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _n: message.deliver(), range(20)))
    assert [answer.status_code for answer in answers] == [303] * 20
    orders.wait(order_id)
    orders.settle_down(order_id)
    assert_booked_once(orders, order_id, "431.12")
    assert len(orders.calls(order_id, "sale")) <= 1


def test_another_amount_than_ours_is_never_booked_however_often_it_is_told(
    pos, orders, contract
):
    if not contract.tells_amount:
        pytest.skip("the amount is that of our own call, its answer tells none")
    told = {}
    for times in (1, 2, 5):
        order_id, message = orders.pay("220.40", fault="changed_amount")
        told[order_id] = times
        for _time in range(times):
            assert message.deliver().status_code in (303, 403)
            orders.settle_down(order_id)
        assert_nothing_booked(orders, order_id)
        assert orders.at_bank(order_id) == Decimal("221.40")
    ask(pos, orders, *told)
    for order_id in told:
        row = orders.read(order_id)
        assert row["state"] == "pending"
        assert "220.40 -> 221.40" in row["gateway_review_reason"]
        assert_nothing_booked(orders, order_id)


@pytest.mark.parametrize("fault", ["dropped_connection", "timeout_after_charge"])
def test_a_charge_whose_answer_was_lost_is_found_and_booked_once(
    pos, orders, stack, fault
):
    order_id, message = orders.pay("95.05", fault=fault, params={"seconds": 0})
    if message:  # the line broke later, when our server asked for the charge
        assert message.deliver().status_code == 303
        orders.settle_down(order_id)
    assert orders.at_bank(order_id) == Decimal("95.05"), "the bank has the money"
    assert orders.read(order_id)["state"] in OPEN
    ask(pos, orders, order_id)
    assert_booked_once(orders, order_id, "95.05")
    # And what was lost comes after all.
    stack.bank.post(f"deliver/{order_id}")
    orders.settle_down(order_id)
    assert_booked_once(orders, order_id, "95.05")


def test_what_does_not_prove_itself_is_not_believed(orders, contract):
    if not contract.signs:
        pytest.skip("nobody signs at this bank; see the test of rubbish")
    order_ids = []
    for fault in ("forged_hash", "missing_hash", "empty_hash", "truncated_hash"):
        order_id, message = orders.pay("61.90", fault=fault)
        status = message.deliver().status_code
        assert status == (303 if contract.signs == "answer" else 403), fault
        order_ids.append(order_id)
    orders.settle_down(*order_ids)
    for order_id in order_ids:
        assert_nothing_booked(orders, order_id)
        assert orders.read(order_id)["state"] in OPEN


def test_rubbish_neither_books_nor_declines_and_the_genuine_return_still_works(orders):
    _order_id, genuine = orders.pay("10.00")
    order_id, form = orders.start("318.09")
    target = f"{orders.stack.server.url}{RETURN_PATH}{order_id}"
    texts = genuine.fields
    rubbish = (
        {},
        {"a": "b", "Rc": "0051", "mdStatus": "0", "MdStatus": "0"},
        dict.fromkeys(texts, "x"),
        dict.fromkeys(texts, "0"),
        dict(texts),  # of another order
    )

    def post_rubbish():
        for fields in rubbish:
            answer = Form(target, fields, genuine.method).deliver()
            assert answer.status_code in (303, 403)
        orders.settle_down(order_id)
        assert orders.read(order_id)["state"] in OPEN
        assert_nothing_booked(orders, order_id)

    message = walk(form, on_bank_page=post_rubbish)
    assert message.deliver().status_code == 303
    assert_booked_once(orders, order_id, "318.09")
