"""Every family: its code tables, and the pages that they were written from."""

import importlib
import re
from pathlib import Path

import pytest
import suite
from pos_gateway.protocols.answers import Hint
from pos_gateway.protocols.codes import REASONS, Codes

PAGES = Path(__file__).resolve().parents[5] / "shared" / "gateways"
MODULES = {
    path.stem: importlib.import_module(f"pos_gateway.protocols.codes.{path.stem}")
    for path in Path(
        importlib.import_module("pos_gateway.protocols.codes").__file__
    ).parent.glob("[a-z]*.py")
}
PAGE_OF = {"boa": "kuveyt"}
TOKEN = re.compile(
    r"\b(?P<start>(?:[A-Z0-9]{2,4}-)|[A-Z]{1,2}(?=[0-9]))?(?P<number>[0-9]{2,6})(?!x)\b"
    r"|(?P<word>(?:[A-Z]+[a-z]+){2,}[A-Z]*)"
)
RANGE = re.compile(r"\s*[…–]\s*(?:[A-Z]*-?)([0-9]+)")
SUCCESS = {"00", "0000", "VPS-0000"}
LEFT_OUT = {
    ("nestpay", "99"): "says only: see ERRORCODE",
    ("payfor", "01–96"): "a range of the standard, of which we know a part",
    ("payfor", "V033"): "the authentication succeeded: no refusal",
}
WIDEST_RANGE = 60


def told_on(page):
    """:return: each code of the page's table"""
    section = page.read_text().partition("\n## Codes")[2].partition("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("|") and not line.startswith(("|--", "| code", "| Code")):
            yield from tokens(line.split("|")[1])


def tokens(cell):
    """:return: each code of a cell; a range in full, unless it is too wide"""
    start = previous = ""
    cell = re.sub(r"\(.*?\)", "", cell)
    for match in TOKEN.finditer(cell):
        if cell[: match.start()].rstrip().endswith(("…", "–")):
            continue
        if match["word"]:
            yield match["word"]
            continue
        first = match["number"]
        if match["start"] or len(first) != len(previous):
            start = match["start"] or ""
        previous = first
        end = RANGE.match(cell, match.end())
        last = end[1] if end else first
        if int(last) - int(first) > WIDEST_RANGE:
            yield f"{first}–{last}"
            continue
        for number in range(int(first), int(last) + 1):
            yield start + str(number).zfill(len(first))


def known(module):
    for value in vars(module).values():
        if isinstance(value, Codes):
            yield from (*value.refusals, *value.uncertain, *value.hints)
            yield from value.not_found
        elif isinstance(value, dict | frozenset | set):
            yield from (key for key in value if isinstance(key, str))


@pytest.mark.parametrize("name", sorted(MODULES))
def test_every_code_of_the_page_is_in_a_table(name):
    page = PAGES / f"{PAGE_OF.get(name, name)}.md"
    if not page.exists() or "\n## Codes" not in page.read_text():
        pytest.skip("the page is not at hand, or has no table of codes")
    ours = {part for key in known(MODULES[name]) for part in (key, *key.split("/"))}
    theirs = {code for code in told_on(page) if (name, code) not in LEFT_OUT}
    assert len(theirs) > 5
    assert not theirs - SUCCESS - ours


@pytest.mark.parametrize("name", sorted(MODULES))
def test_success_is_in_no_table_and_reasons_are_of_the_closed_set(name):
    for value in vars(MODULES[name]).values():
        if isinstance(value, Codes):
            reasons = {*value.refusals.values(), *value.uncertain.values()}
            assert reasons <= {*REASONS}
            assert not SUCCESS & {*value.refusals, *value.uncertain, *value.hints}
            assert "" not in {*value.refusals, *value.uncertain}
            assert all(isinstance(hint, Hint) for hint in value.hints.values())


@pytest.mark.parametrize("name", sorted(MODULES))
def test_what_the_issuer_does_not_know_is_never_a_refusal(name):
    unsure = re.compile(r"(^|/|-|00)(91|92|96)$")
    for value in vars(MODULES[name]).values():
        if isinstance(value, Codes):
            assert not [c for c in value.refusals if unsure.search(c)]


def test_every_family_has_a_table():
    assert {suite.table_name(code) for code in suite.FAMILIES} == MODULES.keys()


def test_the_pages_are_read_as_they_are_written():
    assert list(tokens("CORE-2120, 2133")) == ["CORE-2120", "CORE-2133"]
    assert list(tokens("M001–M003, M038")) == ["M001", "M002", "M003", "M038"]
    assert list(tokens("V029, 101310")) == ["V029", "101310"]
    assert list(tokens("91 (ISO8583-91/92)")) == ["91"]
    assert list(tokens("CORE-1010…1012")) == ["CORE-1010", "CORE-1011", "CORE-1012"]
    assert list(tokens("HashDataError")) == ["HashDataError"]
    assert list(tokens("92 / 06xx")) == ["92"]
