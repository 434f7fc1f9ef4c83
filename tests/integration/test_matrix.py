"""The table of an offer, typed and pasted by a clerk in a real browser."""

import itertools
import os

import pytest
from playwright.sync_api import expect

from tests.harness.browser import browser
from tests.harness.clerk_browser import ClerkBrowser
from tests.harness.dealer_client import APPROVED_CARD

ACTION = "pos_gateway.pos_gateway_offer_action"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def chromium():
    with browser() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def programs(admin):
    return [
        admin.call(
            "pos.gateway.card.program",
            "create",
            {"name": f"Deneme {letter}", "code": f"deneme_{letter.lower()}"},
        )
        for letter in "AB"
    ]


@pytest.fixture
def make_offer(admin):
    def make(*lines, **values):
        return admin.call(
            "pos.gateway.offer",
            "create",
            {
                "name": f"Tablo {next(NUMBERS)}",
                "line_ids": [(0, 0, line) for line in lines],
                "date_from": "2099-01-01",  # no other test pays under it
                **values,
            },
        )

    return make


@pytest.fixture
def make_clerk(stack, admin, chromium):
    clerks = []

    def make(*groups, language="tr_TR"):
        number = next(NUMBERS)
        login = f"memur{number}@example.com"
        ids = [
            admin.search_read(
                "ir.model.data",
                [("module", "=", module), ("name", "=", name)],
                ["res_id"],
            )[0]["res_id"]
            for module, name in groups
        ]
        admin.call(
            "res.users",
            "create",
            {
                "name": f"Memur {number}",
                "login": login,
                "password": login,
                "lang": language,
                "group_ids": [(6, 0, ids)],
            },
        )
        clerk = ClerkBrowser(
            chromium,
            stack.server.url,
            login,
            login,
            language.replace("_", "-"),
            os.environ.get("DC_PICTURES"),
        )
        clerks.append(clerk)
        return clerk

    yield make
    for clerk in clerks:
        clerk.close()


MANAGER = (
    ("account", "group_account_invoice"),
    ("pos_gateway", "group_pos_gateway_manager"),
)
OPERATOR = (
    ("account", "group_account_invoice"),
    ("pos_gateway", "group_pos_gateway_user"),
)


@pytest.fixture
def clerk(make_clerk):
    return make_clerk(*MANAGER)


def lines_of(admin, offer_id):
    """:return: {(program, kind, count): (percent, +N, minimum, bearer)}"""
    rows = admin.search_read(
        "pos.gateway.offer.line",
        [("offer_id", "=", offer_id)],
        [
            "program_id",
            "kind",
            "installment_count",
            "surcharge_percent",
            "extra_installments",
            "minimum_amount",
            "bearer",
        ],
    )
    return {
        (row["program_id"] and row["program_id"][0], row["kind"],
         row["installment_count"]): (
            row["surcharge_percent"], row["extra_installments"],
            row["minimum_amount"], row["bearer"],
        )
        for row in rows
    }  # fmt: skip


def cell(page, count, program=0, kind=""):
    return page.locator(f"input[data-key='{program}/{kind}/{count}']")


def test_a_table_is_typed_like_a_spreadsheet(admin, clerk, programs, make_offer):
    offer = make_offer()
    clerk.open(ACTION, offer)
    page = clerk.page
    page.select_option(".o_matrix_add_column", value=str(programs[0]))
    cell(page, 1).click()
    keys = page.keyboard
    keys.type("0")
    keys.press("Tab")
    expect(cell(page, 1, programs[0])).to_be_focused()
    keys.type("%1,25")
    keys.press("Enter")
    expect(cell(page, 2, programs[0])).to_be_focused()
    keys.type("2.5 +2")
    keys.press("ArrowLeft")
    expect(cell(page, 2, programs[0])).to_be_focused()  # the caret moves in the text
    keys.press("Enter")
    keys.press("ArrowLeft")
    expect(cell(page, 3)).to_be_focused()
    keys.type("3,1234")
    keys.press("ArrowUp")
    expect(cell(page, 2)).to_be_focused()
    expect(cell(page, 3)).to_have_value("3,1234")
    clerk.picture("matrix-typed")
    clerk.save()
    expected = {
        (False, False, 1): (0, 0, 0, False),
        (programs[0], False, 1): (1.25, 0, 0, False),
        (programs[0], False, 2): (2.5, 2, 0, False),
        (False, False, 3): (3.1234, 0, 0, False),
    }
    assert lines_of(admin, offer) == expected

    clerk.reload()
    expect(cell(page, 2, programs[0])).to_have_value("2,5")
    expect(cell(page, 3, programs[0])).to_have_attribute("placeholder", "3,1234")
    cell(page, 1).fill("")
    cell(page, 3).fill("4")
    clerk.save()  # what is still being typed is saved as well
    del expected[False, False, 1]
    expected[False, False, 3] = (4, 0, 0, False)
    assert lines_of(admin, offer) == expected


def test_a_block_of_a_spreadsheet_is_pasted_whole_or_not_at_all(
    admin, clerk, programs, make_offer
):
    offer = make_offer({"installment_count": 2, "surcharge_percent": 9})
    clerk.open(ACTION, offer)
    page = clerk.page
    page.select_option(".o_matrix_add_column", value=str(programs[0]))
    page.locator("button[data-kind=commercial]").click()
    page.locator(".o_matrix_add_row input").fill("3")
    page.locator(".o_matrix_add_row button").click()
    cell(page, 2, 0, "commercial").click()
    clerk.paste("1,5\t%2,45\n2\tabc\n")
    expect(page.locator(".o_notification")).to_contain_text("abc")
    clerk.paste("1,5\t%2,45\n2\t-\n7\t8\n")
    expect(page.locator(".o_notification").last).to_contain_text("3")
    assert cell(page, 2, 0, "commercial").input_value() == ""
    clerk.paste("1,5\t%2,45\r\n2\t-\r\n")
    expect(cell(page, 2, programs[0], "commercial")).to_have_value("2,45")
    clerk.picture("matrix-pasted")
    clerk.save()
    assert lines_of(admin, offer) == {
        (False, False, 2): (9, 0, 0, False),
        (False, "commercial", 2): (1.5, 0, 0, False),
        (programs[0], "commercial", 2): (2.45, 0, 0, False),
        (False, "commercial", 3): (2, 0, 0, False),
    }


def test_what_is_no_percentage_is_not_saved(admin, clerk, make_offer):
    offer = make_offer({"installment_count": 3, "surcharge_percent": 9})
    clerk.open(ACTION, offer)
    page = clerk.page
    for wrong in ("abc", "100", "-1", "1,23456", "1.234,5", "2 +37"):
        cell(page, 3).fill(wrong)
        cell(page, 3).press("Enter")
        expect(cell(page, 3)).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".o_form_button_save")).to_be_disabled()
    clerk.picture("matrix-wrong")
    page.click(".o_form_button_cancel")
    expect(cell(page, 3)).to_have_value("9")
    expect(cell(page, 3)).to_have_attribute("aria-invalid", "false")
    assert lines_of(admin, offer) == {(False, False, 3): (9, 0, 0, False)}


def test_discarding_the_form_undoes_all(admin, clerk, programs, make_offer):
    offer = make_offer(
        {"installment_count": 3, "surcharge_percent": 9},
        {"installment_count": 3, "program_id": programs[1], "kind": "credit"},
    )
    before = lines_of(admin, offer)
    clerk.open(ACTION, offer)
    page = clerk.page
    cell(page, 3).fill("1")
    cell(page, 3).press("Enter")
    page.locator("thead .o_matrix_remove").click()
    expect(page.locator("thead th[scope=col]")).to_have_count(2)
    page.locator("tbody .o_matrix_remove").click()
    expect(page.locator("tbody tr")).to_have_count(0)
    page.click(".o_form_button_cancel")
    expect(cell(page, 3)).to_have_value("9")
    expect(page.locator("thead th[scope=col]")).to_have_count(3)
    assert lines_of(admin, offer) == before


def test_campaign_minimum_and_bearer_are_set_for_a_row_at_once(
    admin, clerk, programs, make_offer
):
    offer = make_offer(
        {"installment_count": 6, "surcharge_percent": 9},
        {"installment_count": 6, "surcharge_percent": 8, "program_id": programs[0]},
        {"installment_count": 9, "surcharge_percent": 12},
    )
    clerk.open(ACTION, offer)
    page = clerk.page
    cell(page, 6).click()
    details = page.locator(".o_matrix_details")
    details.locator(".o_matrix_bearer").select_option("shared")
    details.locator(".o_matrix_reach").select_option("row")
    details.locator(".o_matrix_extra").fill("3")
    details.locator(".o_matrix_minimum").fill("1.250,50")
    details.locator(".o_matrix_minimum").press("Tab")
    expect(page.locator(".o_matrix_notes").first).to_contain_text("+3")
    clerk.picture("matrix-details")
    clerk.save()
    assert lines_of(admin, offer) == {
        (False, False, 6): (9, 3, 1250.5, "shared"),
        (programs[0], False, 6): (8, 3, 1250.5, False),
        (False, False, 9): (12, 0, 0, False),
    }


def test_where_no_percentage_is_used_any_mark_says_offered(admin, clerk, make_offer):
    offer = make_offer(
        {"installment_count": 3, "surcharge_percent": 9},
        {"installment_count": 6},
        bearer="company",
    )
    clerk.open(ACTION, offer)
    page = clerk.page
    expect(cell(page, 3)).to_have_value("✓")
    cell(page, 6).fill("-")
    page.locator(".o_matrix_add_row button").click()
    expect(cell(page, 6)).to_have_value("")  # the row stays
    cell(page, 7).fill("x")
    cell(page, 7).press("Enter")
    expect(cell(page, 7)).to_have_value("✓")
    clerk.save()
    assert lines_of(admin, offer) == {
        (False, False, 3): (9, 0, 0, False),  # kept for the day it is used again
        (False, False, 7): (0, 0, 0, False),
    }


def test_an_operator_sees_the_table_and_changes_nothing(make_clerk, make_offer):
    offer = make_offer({"installment_count": 3, "surcharge_percent": 9.5})
    operator = make_clerk(*OPERATOR, language="en_US")
    operator.open(ACTION, offer)
    table = operator.page.locator(".o_pos_gateway_matrix table")
    expect(table).to_contain_text("9.5")
    expect(table.locator("input")).to_have_count(0)
    operator.picture("matrix-operator")


def test_a_new_offer_starts_with_the_usual_rows(admin, clerk):
    clerk.open(ACTION, "new")
    page = clerk.page
    page.locator("[name=name] input, [name=name] textarea").first.fill("Yeni tablo")
    expect(page.locator("tbody tr")).to_have_count(12)
    cell(page, 12).fill("15,5")
    clerk.save()
    expect(page.locator("tbody tr")).to_have_count(12)
    (offer,) = admin.search_read(
        "pos.gateway.offer", [("name", "=", "Yeni tablo")], ["id"]
    )
    lines = lines_of(admin, offer["id"])
    admin.call("pos.gateway.offer", "unlink", [offer["id"]])
    assert lines == {(False, False, 12): (15.5, 0, 0, False)}


def test_the_what_if_box_answers_beside_the_table(clerk, make_offer):
    offer = make_offer(
        {"installment_count": 1}, {"installment_count": 3, "surcharge_percent": 2.85}
    )
    clerk.open(ACTION, offer)
    page = clerk.page
    page.click("button[name=action_open_what_if]")
    box = page.locator(".modal")
    box.locator("[name=amount] input").fill("1.000")
    box.locator("[name=card_prefix] input").fill(APPROVED_CARD)  # only 8 digits stay
    box.locator("[name=card_prefix] input").press("Tab")
    expect(box.locator("[name=card_prefix] input")).to_have_value(APPROVED_CARD[:8])
    expect(box).to_contain_text("1.028,50")
    clerk.picture("what-if")


def test_the_banner_follows_what_is_typed(clerk, make_clerk, programs, make_offer):
    offer = make_offer(
        {"installment_count": 3, "surcharge_percent": 2.85},
        {"installment_count": 6, "program_id": programs[0], "surcharge_percent": 4},
    )
    for each in (clerk, make_clerk(*MANAGER, language="en_US")):
        each.open(ACTION, offer)
        banner = each.page.locator("[name=guard_warning]")
        expect(banner.locator("li")).to_have_count(1)
        cell(each.page, 3).fill("0")
        cell(each.page, 3).press("Enter")
        expect(banner).to_contain_text("6")
        expect(banner).not_to_contain_text("3")
        each.picture("offer-banner")
        each.page.click(".o_form_button_cancel")
