"""A card that the bank charges every month: both ledgers agree, whatever gets lost.

On a stack of its own: the bank's clock is moved by months here.
"""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.harness import canaries
from tests.harness import stack as harness
from tests.harness.interference import session, wait_through
from tests.harness.page_payer import Card
from tests.harness.pos import Pos
from tests.harness.recurring import Schedule
from tests.harness.stack import Stack, wait_for

from .conftest import ADMIN, Dealer
from .contracts import CONTRACTS

FAMILIES = ("nestpay", "akbank", "garanti")
SECOND = (
    "SELECT 1 FROM pos_gateway_recurring_payment WHERE recurring_id = %s AND number = 2"
    " FOR NO KEY UPDATE"
)
WAITING = "SELECT 1 FROM pg_stat_activity WHERE pg_blocking_pids(pid) != '{}'"
LOST = ("api_drop", "api_garbage")


@pytest.fixture(scope="module")
def stack():
    cluster = harness.test_cluster()
    # At debug level: no log line of any level may hold card data.
    stack = Stack(cluster, "recurring", cluster.data.parent / "recurring", debug=True)
    try:
        yield stack.start()
    finally:
        stack.stop()
        cluster.stop()


@pytest.fixture(scope="module")
def admin(stack):
    return stack.server.client(*ADMIN)


@pytest.fixture(scope="module")
def payer(stack, admin):
    return Dealer(stack, admin)


@pytest.fixture(
    params=[one for one in CONTRACTS if one.family in FAMILIES], ids=lambda c: c.name
)
def contract(request):
    return request.param


@pytest.fixture
def make(stack, admin, payer, contract):
    stack.bank.post("reset")  # back from months ahead: a schedule begins today
    pos = Pos(stack, admin, contract)
    return lambda **values: Schedule(pos, payer.partner_id, **values)


def test_three_months_are_three_charges_and_three_payments(make):
    schedule = make().begun()
    assert schedule.states() == ["done", "planned", "planned"]
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "planned")
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "done")
    schedule.wait_for_payments(3)
    assert schedule.charges() == schedule.payments()
    assert schedule.state == "ended"
    schedule.assert_nothing_to_review()


def test_asking_again_and_again_books_nothing_twice(make):
    schedule = make().begun()
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "planned")
    for asked in range(2, 5):
        schedule.do("action_ask_bank")
        wait_for(
            lambda asked=asked: (
                schedule.calls("recurring_status").count("answered") >= asked
            ),
            what="an answer",
        )
    schedule.wait_for_states("done", "done", "planned")
    schedule.wait_for_payments(2)
    assert schedule.charges() == schedule.payments()


SAME_ANSWER_ONCE_MORE = """
messages, inbox = env["pos.gateway.message"], env["pos.gateway.inbox"]
told = messages.search([("kind", "=", "call_answer"),
    ("operation", "=", "recurring_status"), ("transaction_id", "=", {id})], limit=1)
message_id, is_new = messages._store("call_answer", told.transaction_id, told.body,
    enqueue=True, call_id=told.call_id, operation=told.operation)
env.cr.rollback()
inbox._apply_one(inbox.search([("message_id", "=", message_id)]).id)
"""


def test_two_workers_with_an_answer_each_book_once(stack, make):
    schedule = make().begun()
    (first_id, _name) = schedule.read("transaction_id")["transaction_id"]
    with session(stack) as other, ThreadPoolExecutor(1) as pool:
        other.run(SECOND, (schedule.id,))
        schedule.pass_month()
        other.wait_until_waited_for()
        second = pool.submit(
            stack.command.shell, SAME_ANSWER_ONCE_MORE.format(id=first_id)
        )
        wait_for(lambda: len(stack.query(WAITING)) == 2, 60, "both workers")
        other.commit()
        second.result()
    schedule.wait_for_states("done", "done", "planned")
    schedule.wait_for_payments(2)
    assert schedule.charges() == schedule.payments()


@pytest.mark.parametrize("fault", LOST)
def test_a_lost_answer_to_the_first_charge_is_found_and_the_rest_follows(make, fault):
    schedule = make()
    schedule.stack.bank.post("fault", kind=fault, operation="recurring")
    schedule.type_card()
    schedule.type_card()  # an impatient payer
    wait_through(schedule.stack, schedule.payments, "the first payment")
    schedule.wait_for_payments(1)
    assert len(schedule.calls("recurring")) == 1
    if not schedule.read("bank_schedule")["bank_schedule"]:
        schedule.copy_number()
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "planned")
    schedule.wait_for_payments(2)
    assert schedule.charges() == schedule.payments()


def test_a_declined_card_begins_nothing_and_another_one_does(make):
    schedule = make()
    schedule.type_card(Card(number="4543620500000006"))
    wait_for(lambda: schedule.state == "waiting", what="the refusal")
    assert "limit" in schedule.page().text or "limiti" in schedule.page().text
    assert schedule.begun().charges() == schedule.payments()


def test_a_declined_second_payment_stands_and_the_third_is_made(make):
    schedule = make().begun()
    schedule.stack.bank.post(
        "fault",
        kind="recurring_decline",
        order_id=schedule.order_id(),
        params={"number": 2, "code": "51"},
    )
    schedule.pass_month()
    schedule.wait_for_states("done", "declined", "planned")
    assert schedule.activities() == 1
    schedule.pass_month()
    schedule.wait_for_states("done", "declined", "done")
    schedule.wait_for_payments(2)
    assert schedule.charges() == schedule.payments()


@pytest.mark.parametrize("fault", [None, "api_drop"])
def test_what_is_cancelled_after_the_second_is_never_charged(make, contract, fault):
    schedule = make().begun()
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "planned")
    if fault:
        schedule.stack.bank.post("fault", kind=fault, operation="recurring_cancel")
    schedule.do("action_cancel")
    if fault and contract.family == "garanti":
        # It lists no planned payments, and cancels nothing twice: a person must look.
        wait_through(schedule.stack, schedule.activities, "the question to a person")
        assert schedule.state == "cancelling"
        schedule.do("action_bank_cancelled")
    wait_through(
        schedule.stack, lambda: schedule.state == "cancelled", "the cancellation"
    )
    schedule.pass_month()
    schedule.pass_month()
    schedule.wait_for_states("done", "done", "cancelled")
    schedule.wait_for_payments(2)
    assert schedule.charges() == schedule.payments()


def test_a_payer_who_withdraws_is_charged_no_more(make):
    schedule = make().begun()
    assert schedule.withdraw().status_code == 200
    wait_for(lambda: schedule.state == "cancelled", what="the cancellation")
    schedule.pass_month()
    assert len(schedule.charges()) == len(schedule.payments()) == 1


def test_points_are_shown_where_the_bank_tells_them(make, contract):
    schedule = make()
    offered = contract.family == "garanti"
    assert ("/points" in schedule.page().text) == offered
    if not offered:
        return
    page = schedule.type_card(path="points", consent="")
    text = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert re.search(r"puanınız var|Puanlarınızın değeri", text), text
    assert schedule.state == "waiting"
    assert schedule.payments() == []


def test_no_card_stays_anywhere(stack, make, contract):
    numbers = canaries.numbers(4, seed=f"recurring {contract.name}")
    schedule = make()
    faults = (None, "api_garbage", None, "api_500")
    for number, fault in zip(numbers, faults, strict=True):
        if fault:
            stack.bank.post("fault", kind=fault, operation="points")
        card = Card(number=number, code=canaries.code_of(number))
        schedule.type_card(card, path="points")
        schedule.type_card(card, consent="")
        schedule.type_card(card, month="13")
    for number in numbers[:2]:
        schedule.type_card(Card(number=number, code=canaries.code_of(number)))
    codes = {canaries.code_of(number) for number in numbers}
    for place, text in canaries.everything_kept(stack):
        found = canaries.found_numbers(text, {*numbers})
        found |= canaries.found_codes(text, codes)
        assert not found, f"{place}: {found}"
