"""The committed pages are those that the tables make."""

import pytest

from . import PAGES, pages, sizes

MADE = pages.all_pages()
FAMILY_LINES, BANK_LINES = 280, 20


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_page_is_up_to_date(name):
    assert (PAGES / name).read_text() == MADE[name], "run script/family-docs"


def test_no_page_is_left_over():
    assert {path.name for path in PAGES.glob("*.md")} == {*MADE}


@pytest.mark.parametrize("code", sorted(sizes.suite.FAMILIES))
def test_a_family_is_one_short_file_and_a_bank_a_few_lines_of_data(code):
    size = sizes.size_of(code)
    assert size.family <= FAMILY_LINES
    assert size.bank <= BANK_LINES


def test_the_files_of_a_family_are_found():
    assert sizes.own_files("nestpay") == [
        "nestpay.py",
        "nestpay_calls.py",
        "nestpay_recurring.py",
        "nestpay_result.py",
    ]
