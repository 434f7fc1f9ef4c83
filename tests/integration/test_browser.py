"""The main job in a real browser, on a phone and on a desktop, in both languages."""

import os
from decimal import Decimal

import pytest
from playwright.sync_api import expect

from tests.harness.browser import DESKTOP, PHONE, PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD

SECURITY_CODE = "738"


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.mark.parametrize(
    ("size", "language"), [(PHONE, "tr"), (DESKTOP, "en")], ids=["phone", "desktop"]
)
def test_a_dealer_pays_two_invoices_in_three_installments(
    stack, dealer, books, chromium, size, language
):
    invoices = [dealer.invoice(1200.1), dealer.invoice(350)]
    payer = PayerBrowser(
        chromium, stack.server.url, size, language, os.environ.get("DC_PICTURES")
    )
    payer.log_in(dealer.login, dealer.login)
    payer.choose_invoices(2)
    payer.choose_installments(APPROVED_CARD, 3)
    shown = payer.page.url
    assert shown.startswith(stack.bank.url), "the card is typed at the bank"
    payer.pay_at_bank(APPROVED_CARD, SECURITY_CODE)
    payer.wait_for_receipt()
    payer.close()

    collections = stack.query(
        "SELECT gateway_order_id, amount, gateway_cost_amount"
        " FROM payment_transaction WHERE partner_id = %s",
        (dealer.partner_id,),
    )
    ((order_id, amount, cost),) = collections
    (charge,) = stack.bank.charges(order_id)
    charged = Decimal(charge["amount_kurus"]) / 100
    assert charge["installments"] == 3
    assert charged == amount == Decimal("1594.28")  # 1550.10 and 2.85 percent of it
    assert len(books.payments_of(order_id)) == 1
    slips, receivable = books.lines_of(order_id)
    # What is left of the slip is what the bank is to pay.
    assert slips[0].startswith("108") and slips[1:] == (charged, 0, charged - cost)
    assert receivable[1:] == (0, charged, 0)
    assert [row[1:] for row in books.residuals(invoices)] == [(0, "paid")] * 2


def test_a_dealer_types_an_amount_alone_and_the_oldest_debts_are_closed(
    stack, dealer, books, chromium
):
    invoices = [dealer.invoice(400), dealer.invoice(300)]
    payer = PayerBrowser(chromium, stack.server.url, PHONE, "tr")
    payer.log_in(dealer.login, dealer.login)
    payer.go("/my/dealer/open-items")
    go_on = payer.page.locator(".o_dealer_continue")
    expect(go_on).to_be_disabled()
    payer.page.fill("input[name=amount]", "450,50")
    expect(go_on).to_be_enabled()
    # Enter sends the form too, and nothing else on the page.
    payer.page.press("input[name=amount]", "Enter")
    payer.page.wait_for_url("**/my/dealer/collections/*")
    payer.page.wait_for_load_state("networkidle")
    payer.choose_installments(APPROVED_CARD, 1)
    payer.pay_at_bank(APPROVED_CARD, SECURITY_CODE)
    payer.wait_for_receipt()
    payer.close()
    residuals = [row[1:] for row in books.residuals(invoices)]
    assert residuals == [(0, "paid"), (Decimal("249.50"), "partial")]


def test_a_full_card_number_never_leaves_the_portal_page(stack, dealer, chromium):
    dealer.invoice(90)
    payer = PayerBrowser(chromium, stack.server.url, DESKTOP, "tr")
    sent = []
    payer.page.on(
        "request",
        lambda request: sent.append(f"{request.url} {request.post_data or ''}"),
    )
    payer.log_in(dealer.login, dealer.login)
    payer.choose_invoices(1)
    prefix = payer.page.locator(".o_pos_gateway_prefix")
    payer.page.evaluate(
        """number => {
            const input = document.querySelector(".o_pos_gateway_prefix");
            input.value = number;  // as a password manager would, past maxlength
            input.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        APPROVED_CARD,
    )
    payer.page.wait_for_selector("input[name=o_pos_gateway_installments]")
    assert prefix.input_value() == "4543 6001"
    assert any(APPROVED_CARD[:8] in text for text in sent)
    assert not any(APPROVED_CARD[:9] in text for text in sent)
    payer.close()


def test_card_and_security_code_are_nowhere_in_logs_and_database(
    stack, dealer, chromium
):
    dealer.invoice(61.07)
    payer = PayerBrowser(chromium, stack.server.url, DESKTOP, "tr")
    payer.log_in(dealer.login, dealer.login)
    payer.choose_invoices(1)
    payer.choose_installments(APPROVED_CARD, 1)
    payer.pay_at_bank(APPROVED_CARD, SECURITY_CODE)
    payer.wait_for_receipt()
    payer.close()

    log = "".join(
        path.read_text(errors="replace") for path in stack.folder.glob("server-*.log")
    )
    dump = stack.cluster.dump(stack.name)
    # The search looks at the right places.
    assert APPROVED_CARD[:8] in dump
    assert f"order {kept_order(stack, dealer)}: a message was stored" in log
    for text in (log, dump):
        assert APPROVED_CARD not in text
        assert "4543 6001 0000 0002" not in text
    # Three digits alone are everywhere; with its name beside it, the code would be a
    # leak, and so it would be as a value of its own in what we keep of the payment.
    for name in ("cv2", "cvv", "cvc", "guvenlik", "security_code"):
        assert f"{name}={SECURITY_CODE}" not in (log + dump).lower()
    kept = stack.query(
        "SELECT row_to_json(t)::text FROM payment_transaction t"
        " WHERE partner_id = %s UNION ALL"
        " SELECT m.body FROM pos_gateway_message m"
        " JOIN payment_transaction t ON t.id = m.transaction_id"
        " WHERE t.partner_id = %s",
        (dealer.partner_id, dealer.partner_id),
    )
    values = {
        value
        for (text,) in kept
        for value in text.replace("=", "&").replace('"', "&").split("&")
    }
    assert "454360***0002" in {value.replace("%2A", "*") for value in values}
    assert SECURITY_CODE not in values


def kept_order(stack, dealer):
    ((order_id,),) = stack.query(
        "SELECT gateway_order_id FROM payment_transaction WHERE partner_id = %s",
        (dealer.partner_id,),
    )
    return order_id
