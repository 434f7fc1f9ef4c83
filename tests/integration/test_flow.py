"""The way of one payment through a real server, and what comes of it in the books."""

import io
from decimal import Decimal

from pdfminer.high_level import extract_text

from tests.harness.dealer_client import APPROVED_CARD
from tests.harness.stack import wait_for


def pay(dealer, bank, invoice_ids, count=1, amount="", **charge):
    """:return: the collection, the bank order, and what the bank said"""
    client = dealer.client()
    collection_id = client.open_collection(invoice_ids, amount)
    fields = client.start_payment(collection_id, count)
    charge.setdefault("card_number", APPROVED_CARD)
    said = bank.post("charge", fields=fields, **charge)
    return collection_id, fields["oid"], said


def test_an_approved_payment_closes_the_invoices_and_charges_once(dealer, stack, books):
    invoices = [dealer.invoice(1000), dealer.invoice(500.55)]
    collection_id, order_id, said = pay(dealer, stack.bank, invoices, count=3)
    assert said["charged"]
    answers = stack.bank.post(f"deliver/{order_id}")["answers"]
    assert [answer["status"] for answer in answers] == [303]
    transaction = dealer.wait_for_payment(collection_id)

    (charge,) = stack.bank.charges(order_id)
    charged = Decimal(charge["amount_kurus"]) / 100
    assert charge["installments"] == 3
    assert charged == Decimal("1543.32")  # 1500.55 and 2.85 percent of it
    ((_payment, amount, state),) = books.payments_of(order_id)
    assert (amount, state) == (charged, "posted")
    slips, receivable = books.lines_of(order_id)
    # What is left of the slip is what the bank is to pay: 4.6 % less, and BSMV on it.
    cost = Decimal("70.99") + Decimal("3.55")
    assert slips[0].startswith("108") and slips[1:] == (charged, 0, charged - cost)
    assert receivable[0].startswith("120") and receivable[1:] == (0, charged, 0)
    assert [row[1:] for row in books.residuals(invoices)] == [(0, "paid")] * 2
    assert transaction["state"] == "done"


def test_the_surcharge_is_an_invoice_of_its_own_with_its_tax_and_paid(
    dealer, stack, admin
):
    collection_id, order_id, _said = pay(
        dealer, stack.bank, [dealer.invoice(700)], count=6
    )
    stack.bank.post(f"deliver/{order_id}")
    transaction = dealer.wait_for_payment(collection_id)
    (row,) = admin.search_read(
        "account.move",
        [("invoice_origin", "!=", False), ("partner_id", "=", dealer.partner_id)],
        ["amount_total", "amount_tax", "amount_residual", "state", "payment_state"],
    )
    assert Decimal(str(row["amount_total"])) == Decimal("44.80")
    assert row["amount_tax"] == 7.47
    assert (row["state"], row["payment_state"]) == ("posted", "paid")
    assert transaction["gateway_surcharge_amount"] == 44.8


def test_a_part_payment_closes_the_oldest_and_leaves_exactly_the_rest(
    dealer, stack, books
):
    first, second = dealer.invoice(600), dealer.invoice(900)
    collection_id, order_id, _said = pay(
        dealer, stack.bank, [first, second], count=2, amount="1000,10"
    )
    stack.bank.post(f"deliver/{order_id}")
    dealer.wait_for_payment(collection_id)
    assert books.residuals([first, second]) == [
        (first, 0, "paid"),
        (second, Decimal("499.90"), "partial"),
    ]


def test_a_declined_payment_books_nothing_and_can_be_tried_again(dealer, stack, books):
    invoice = dealer.invoice(800)
    collection_id, order_id, said = pay(
        dealer, stack.bank, [invoice], card_number="4543620500000006"
    )
    assert not said["charged"]
    stack.bank.post(f"deliver/{order_id}")
    wait_for(lambda: dealer.transactions(collection_id)[0]["state"] == "error")
    assert books.payments_of(order_id) == []
    client = dealer.client()
    again = client.start_payment(collection_id)
    assert again["oid"] != order_id
    stack.bank.post("charge", fields=again, card_number=APPROVED_CARD)
    stack.bank.post(f"deliver/{again['oid']}")
    dealer.wait_for_payment(collection_id)
    assert books.residuals([invoice]) == [(invoice, 0, "paid")]


def test_no_second_attempt_starts_while_one_is_at_the_bank(dealer, stack):
    client = dealer.client()
    collection_id = client.open_collection([dealer.invoice(300)])
    client.start_payment(collection_id)
    page = client.get(f"/my/dealer/collections/{collection_id}").text
    assert 'id="o_payment_form"' not in page


def test_the_receipt_is_a_pdf_with_what_was_paid(dealer, stack):
    collection_id, order_id, _said = pay(dealer, stack.bank, [dealer.invoice(432.1)])
    stack.bank.post(f"deliver/{order_id}")
    dealer.wait_for_payment(collection_id)
    answer = dealer.client().get(f"/my/dealer/collections/{collection_id}/receipt.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    text = " ".join(extract_text(io.BytesIO(answer.content)).split())
    assert "432,10" in text
    assert dealer.name in text
    assert "454360" in text and APPROVED_CARD not in text
