"""A payment below a dealer appears on its open pages by itself."""

import pytest

from tests.harness.browser import PayerBrowser, browser
from tests.harness.dealer_client import APPROVED_CARD


@pytest.mark.parametrize("path", ["/my/dealer/collections", "/my/dealer"])
def test_a_payment_appears_on_the_open_page_without_a_reload(dealer, stack, path):
    with browser() as chromium:
        watcher = PayerBrowser(chromium, stack.server.url, language="en")
        watcher.log_in(dealer.login, dealer.login)
        watcher.page.goto(f"{stack.server.url}/en{path}")
        watcher.page.wait_for_load_state("load")
        # Gone if the page were loaded anew.
        watcher.page.evaluate("window.stillHere = true")
        watcher.page.wait_for_timeout(2000)  # the page is listening by then

        client = dealer.client()
        collection_id = client.open_collection([dealer.invoice(4321.09)])
        fields = client.start_payment(collection_id)
        stack.bank.post("charge", fields=fields, card_number=APPROVED_CARD)
        stack.bank.post(f"deliver/{fields['oid']}")
        watcher.page.wait_for_selector("text=4,321.09", timeout=15_000)
        assert watcher.page.evaluate("window.stillHere")
        watcher.close()
