"""kill -9 of Odoo at the two points where money is known but not yet in the books."""

from contextlib import contextmanager

import psycopg2

from tests.harness.stack import wait_for

from .test_flow import pay


@contextmanager
def held(stack, statement):
    """Hold a database lock from outside, so that Odoo stands still at a known point."""
    connection = psycopg2.connect(
        host="127.0.0.1",
        port=stack.cluster.port,
        user=stack.cluster.user,
        dbname=stack.name,
    )
    try:
        connection.cursor().execute(statement)
        yield
    finally:
        connection.close()


def restart(stack):
    """Odoo looks at its scheduled actions a minute after its start: we wake it."""
    stack.server.start()
    stack.cluster.execute(
        "postgres", f"SELECT pg_notify('cron_trigger', '{stack.name}')"
    )


def test_a_power_cut_after_the_message_was_stored_loses_nothing(dealer, stack, books):
    collection_id, order_id, said = pay(dealer, stack.bank, [dealer.invoice(310)])
    # The worker cannot take its job: the message is stored, and not applied.
    with held(
        stack,
        "SELECT 1 FROM ir_cron WHERE cron_name LIKE 'Virtual POS: apply%'"
        " FOR NO KEY UPDATE",
    ):
        stack.bank.post(f"deliver/{order_id}")
        assert books.message_count(order_id) == 1
        stack.server.kill()
    assert books.payments_of(order_id) == []
    restart(stack)
    dealer.wait_for_payment(collection_id, seconds=120)
    ((_payment, _amount, state),) = books.payments_of(order_id)
    assert state == "posted"
    assert len(stack.bank.charges(order_id)) == 1


def test_a_power_cut_between_the_answer_and_the_posting_posts_once(
    dealer, stack, books
):
    invoice = dealer.invoice(320)
    collection_id, order_id, said = pay(dealer, stack.bank, [invoice])
    # No payment can be written: the answer is committed, and not posted.
    with held(stack, "LOCK TABLE account_payment IN EXCLUSIVE MODE"):
        stack.bank.post(f"deliver/{order_id}")
        wait_for(
            lambda: (
                stack.query(
                    "SELECT state FROM payment_transaction WHERE gateway_order_id = %s",
                    (order_id,),
                )
                == [("done",)]
            )
        )
        stack.server.kill()
    assert books.payments_of(order_id) == []
    restart(stack)
    dealer.wait_for_payment(collection_id, seconds=120)
    assert len(books.payments_of(order_id)) == 1
    assert books.residuals([invoice]) == [(invoice, 0, "paid")]
