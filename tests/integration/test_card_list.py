"""A list of card prefixes, taken over by a clerk in a real browser."""

import os

import pytest
from playwright.sync_api import expect

from tests.harness.browser import browser
from tests.harness.clerk_browser import ClerkBrowser

IMPORT = "pos_gateway.pos_gateway_bin_import_action"
LISTS = {
    "prefixes": "pos_gateway.pos_gateway_bin_action",
    "programs": "pos_gateway.pos_gateway_card_program_action",
    "issuers": "pos_gateway.pos_gateway_card_issuer_action",
}
BAD = """Kart No;Banka;Program;Kart Tipi;Marka
900000;46;Axess;Kredi;Visa
900001;46;Axess;Altın;Visa
9000;Uzak Banka;Axess;Kredi;Visa
900000;46;Axess;Banka Kartı;Visa
"""
GOOD = """BIN;Banka;Program;Kart Tipi;Marka
900000;46;Axess;Kredi;Visa
900001;Garanti BBVA;Bonus;Ticari;Mastercard
454360;Yapı Kredi;World;Ticari;Visa
"""


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture(params=["tr_TR", "en_US"])
def clerk(request, stack, admin, chromium):
    login = f"kart-{request.param}@example.com".lower()
    group = admin.search_read(
        "ir.model.data",
        [("module", "=", "pos_gateway"), ("name", "=", "group_pos_gateway_manager")],
        ["res_id"],
    )[0]["res_id"]
    admin.call(
        "res.users",
        "create",
        {
            "name": "Kart Memuru",
            "login": login,
            "password": login,
            "lang": request.param,
            "group_ids": [(6, 0, [group])],
        },
    )
    locale = request.param.replace("_", "-")
    clerk = ClerkBrowser(
        chromium, stack.server.url, login, login, locale, os.environ.get("DC_PICTURES")
    )
    yield clerk
    clerk.close()


def choose_file(clerk, text):
    clerk.page.set_input_files(
        ".modal input[type=file]",
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode("cp1254")},
    )
    shown = clerk.page.locator(".modal .o_field_binary input[type=text]")
    expect(shown).to_have_value("liste.csv")


def press(clerk, name):
    clerk.page.click(f".modal button[name={name}]:visible")


def test_a_clerk_sees_what_is_wrong_and_takes_over_what_is_right(clerk, admin):
    page = clerk.page
    bins = admin.search_read(
        "pos.gateway.bin", [("prefix", "in", ["900000", "900001", "454360"])], ["id"]
    )
    admin.call("pos.gateway.bin", "unlink", [row["id"] for row in bins])
    admin.call("pos.gateway.bin", "create", {"prefix": "454360", "kind": "debit"})
    for name, action in LISTS.items():
        clerk.open(action)
        clerk.picture(f"cards-{name}")

    page.goto(f"{clerk.url}/odoo/action-{IMPORT}")
    page.wait_for_selector(".modal .o_form_view")
    clerk.picture("cards-import-file")
    choose_file(clerk, BAD)
    press(clerk, "action_preview")
    expect(page.locator(".modal .alert-warning")).to_be_visible()
    clerk.picture("cards-import-columns")
    page.locator(".modal .o_data_row").first.locator("td[name=field]").click()
    page.locator(".modal .o_data_row td[name=field] input").click()
    word = "Kartın İlk Haneleri" if clerk.locale == "tr-TR" else "Card Prefix"
    page.locator(".o_select_menu_menu").get_by_text(word, exact=True).click()
    page.locator(".modal .o_notebook button[name=action_preview]").click()
    page.click(".modal .o_notebook a[name=preview]")
    expect(page.locator(".modal [name=preview] tbody tr")).to_have_count(4)
    clerk.picture("cards-import-refused")
    expect(page.locator(".modal button[name=action_import]")).to_be_hidden()

    press(clerk, "action_back")
    choose_file(clerk, GOOD)
    press(clerk, "action_preview")
    expect(page.locator(".modal [name=count_added]")).to_have_text("2")
    clerk.picture("cards-import-preview")
    press(clerk, "action_import")
    expect(page.locator(".modal .alert-success")).to_be_visible()
    clerk.picture("cards-import-done")
    rows = admin.search_read(
        "pos.gateway.bin", [("prefix", "in", ["900000", "900001", "454360"])], ["kind"]
    )
    assert [row["kind"] for row in rows] == ["commercial", "credit", "commercial"]
