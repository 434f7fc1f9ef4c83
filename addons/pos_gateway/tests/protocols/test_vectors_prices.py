"""Cases of prices: the project's own, the shared ones where they are at hand, and
files that somebody has spoilt.
"""

import json
from pathlib import Path

import pytest
import vector_run

SHARED = Path(__file__).resolve().parents[5] / "shared" / "pricing"
FILES = sorted(vector_run.OWN_CASES.glob("*.json")) + sorted(SHARED.glob("*.json"))
CASE = {
    "id": "a",
    "base": 10_000,
    "captured_on": "2026-11-24",
    "agreement": {
        "rate": "2",
        "fee": 0,
        "bsmv": "5",
        "value_date": {"rule": "single", "days": 1},
    },
    "offer": {
        "installments": 1,
        "bearer": "company",
        "mode": "add",
        "surcharge": "0",
    },
    "expect": {"total": 10_000, "net": 9_790},
}


@pytest.fixture
def put(tmp_path, capsys):
    """Put a document to ``script/vectors``; gives what it printed, and its code."""

    def run(document):
        path = tmp_path / "cases.json"
        path.write_text(json.dumps(document))
        code = vector_run.main([str(path)])
        return code, capsys.readouterr().out.splitlines()

    return run


def cases_of(**changes):
    return {"format": "pricing/1", "cases": [CASE | changes]}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name + path.stem)
def test_all_cases_of_prices_come_out_as_written(path):
    run = list(vector_run.run_file(path, {}))
    assert len(run) >= 40
    assert not [name for name, failure in run if failure]


def test_a_case_that_is_right_passes(put):
    assert put(cases_of()) == (0, ["1 passed, 0 failed"])


def test_a_wrong_number_is_named_with_both_values(put):
    code, lines = put(cases_of(expect={"total": 10_000, "net": 9_791}))
    assert (code, lines) == (
        1,
        ["a: net: ours 9790, theirs 9791", "0 passed, 1 failed"],
    )


def test_a_wrong_slice_is_named_by_its_place(put):
    _code, lines = put(cases_of(expect={"slices": [{"due": "2026-11-26"}]}))
    assert lines[0].startswith("a: slices[0].due: ours 2026-11-25")


def test_what_is_not_offered_can_be_expected(put):
    agreement = CASE["agreement"] | {"rate": "100"}
    offer = CASE["offer"] | {"bearer": "payer", "mode": "net"}
    changes = {"agreement": agreement, "offer": offer}
    assert put(cases_of(**changes, expect={"not_offered": "impossible"}))[0] == 0
    assert put(cases_of(**changes))[0] == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"base": 0},
        {"base": -1},
        {"base": 100.0},
        {"base": "100"},
        {"base": True},
        {"captured_on": "24.11.2026"},
        {"captured_on": None},
        {"agreement": None},
        {"agreement": CASE["agreement"] | {"rate": "101"}},
        {"agreement": CASE["agreement"] | {"rate": 2.5}},
        {"agreement": CASE["agreement"] | {"fee": -1}},
        {"agreement": CASE["agreement"] | {"discount": "1"}},
        {"agreement": CASE["agreement"] | {"value_date": {"rule": "weekly"}}},
        {"offer": CASE["offer"] | {"installments": 0}},
        {"offer": CASE["offer"] | {"bearer": "bank"}},
        {"offer": []},
        {"expect": {}},
        {"expect": None},
        {"expect": {"total": 10_000, "tax": 5}},
        {"expect": {"installments": 10_000}},
    ],
    ids=str,
)
def test_a_case_that_makes_no_sense_fails_and_stops_nothing(put, changes):
    document = cases_of(**changes)
    document["cases"].append(CASE)
    code, lines = put(document)
    assert (code, lines[-1]) == (1, "1 passed, 1 failed")


@pytest.mark.parametrize(
    "document",
    [
        {"cases": [CASE]},
        {"format": "pricing/2", "cases": [CASE]},
        {"format": "pricing/1", "cases": []},
        {"format": "pricing/1", "cases": {"a": CASE}},
        {"format": "pricing/1", "cases": ["a"]},
        {"format": "pricing/1", "cases": [None]},
    ],
    ids=str,
)
def test_a_file_that_holds_no_cases_fails(put, document):
    code, lines = put(document)
    assert (code, lines[-1]) == (1, "0 passed, 1 failed")
