"""Counted: what a real server makes of repeats, lies, lost answers and power cuts."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import requests

from tests.harness.dealer_client import csrf_token
from tests.harness.stack import wait_for

from .test_flow import pay


def post_message(stack, target, fields) -> requests.Response:
    return requests.post(target, data=fields, timeout=60, allow_redirects=False)


def settle_down(stack, order_id):
    """Wait until nothing is left to be applied for this order."""
    wait_for(
        lambda: stack.query(
            """
            SELECT count(*) = 0 FROM pos_gateway_inbox i
              JOIN pos_gateway_message m ON m.id = i.message_id
             WHERE m.order_id = %s AND i.state = 'new'
            """,
            (order_id,),
        )[0][0],
        what="applying every message",
    )


def test_twenty_copies_at_once_make_one_payment_in_twenty_handler_runs(
    dealer, stack, books
):
    invoice = dealer.invoice(2000)
    collection_id, order_id, said = pay(dealer, stack.bank, [invoice])
    with ThreadPoolExecutor(20) as pool:
        answers = list(
            pool.map(
                lambda _n: post_message(stack, said["target"], said["fields"]),
                range(20),
            )
        )
    assert [answer.status_code for answer in answers] == [303] * 20
    dealer.wait_for_payment(collection_id)
    settle_down(stack, order_id)
    time.sleep(1)
    runs = re.findall(
        rf"bank order {order_id}: a message was stored", stack.server.log.read_text()
    )
    assert len(runs) == 20
    assert books.message_count(order_id) == 1
    assert len(books.payments_of(order_id)) == 1
    assert len(books.lines_of(order_id)) == 2
    assert len(stack.bank.charges(order_id)) == 1
    assert books.residuals([invoice]) == [(invoice, 0, "paid")]


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_signed_message_with_another_amount_is_never_done(
    dealer, stack, books, times
):
    collection_id, order_id, said = pay(dealer, stack.bank, [dealer.invoice(1100)])
    for number in range(times):
        altered = {**said["fields"], "amount": "1.00", "rnd": f"again{number}"}
        signed = stack.bank.post("sign", client_id="700655001", fields=altered)[
            "fields"
        ]
        assert post_message(stack, said["target"], signed).status_code == 303
        settle_down(stack, order_id)
    time.sleep(1)
    (transaction,) = dealer.transactions(collection_id)
    assert transaction["state"] == "pending"
    assert "amount" in transaction["gateway_review_reason"]
    assert books.payments_of(order_id) == []
    assert books.message_count(order_id) == times


def without_hash(fields):
    return {name: value for name, value in fields.items() if name != "HASH"}


FORGERIES = {
    "forged": lambda fields: {**fields, "HASH": "A" * 86 + "=="},
    "absent": without_hash,
    "empty": lambda fields: {**fields, "HASH": ""},
    "truncated": lambda fields: {**fields, "HASH": fields["HASH"][:40]},
    "of another order": lambda fields: {**fields, "oid": "PG000000000000"},
    "over a raised amount": lambda fields: {**fields, "amount": "9999.00"},
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_message_is_refused_and_changes_nothing(dealer, stack, books, forgery):
    collection_id, order_id, said = pay(dealer, stack.bank, [dealer.invoice(150)])
    answer = post_message(stack, said["target"], FORGERIES[forgery](said["fields"]))
    assert answer.status_code == 403
    assert books.message_count(order_id) == 0
    (transaction,) = dealer.transactions(collection_id)
    assert transaction["state"] == "draft"
    assert books.payments_of(order_id) == []


@pytest.mark.parametrize("fault", ["dropped_connection", "timeout_after_charge"])
def test_a_charge_whose_answer_was_lost_is_found_within_one_run(
    dealer, stack, admin, books, fault
):
    collection_id, order_id, said = pay(
        dealer,
        stack.bank,
        [dealer.invoice(640)],
        fault={"kind": fault, "params": {"seconds": 0}},
    )
    assert said["charged"] and said["lost"]
    (transaction,) = dealer.transactions(collection_id)
    admin.call("payment.transaction", "action_gateway_ask_bank", [transaction["id"]])
    dealer.wait_for_payment(collection_id, seconds=30)
    ((_payment, amount, state),) = books.payments_of(order_id)
    assert (amount, state) == (Decimal("640.00"), "posted")
    asked = stack.query(
        "SELECT gateway_inquiry_count FROM payment_transaction"
        " WHERE gateway_order_id = %s",
        (order_id,),
    )
    assert asked == [(1,)]


def test_a_late_message_after_the_inquiry_books_nothing_more(
    dealer, stack, admin, books
):
    collection_id, order_id, said = pay(dealer, stack.bank, [dealer.invoice(75)])
    (transaction,) = dealer.transactions(collection_id)
    admin.call("payment.transaction", "action_gateway_ask_bank", [transaction["id"]])
    dealer.wait_for_payment(collection_id)
    assert post_message(stack, said["target"], said["fields"]).status_code == 303
    settle_down(stack, order_id)
    time.sleep(1)
    assert len(books.payments_of(order_id)) == 1


def test_an_attempt_that_was_given_up_is_closed_only_when_the_bank_knows_nothing(
    dealer, stack
):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(220)])
    client.start_payment(collection_id)
    give_up(client, collection_id)
    wait_for(lambda: dealer.transactions(collection_id)[0]["state"] == "cancel")
    client.start_payment(collection_id)  # and it can be tried again


def test_an_attempt_that_was_given_up_but_charged_is_booked(dealer, stack, books):
    collection_id, order_id, said = pay(dealer, stack.bank, [dealer.invoice(230)])
    assert said["charged"]
    give_up(dealer.client(), collection_id)
    dealer.wait_for_payment(collection_id)
    assert len(books.payments_of(order_id)) == 1


def give_up(client, collection_id):
    page = client.get(f"/my/dealer/collections/{collection_id}").text
    answer = client.post(
        f"/my/dealer/collections/{collection_id}/abandon",
        {"csrf_token": csrf_token(page)},
    )
    assert answer.status_code == 303
