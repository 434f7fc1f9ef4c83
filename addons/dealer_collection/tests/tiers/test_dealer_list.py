"""Lists of dealers: what is refused, by row, and in which order the rest is made."""

import random
from itertools import chain

from dealer_collection.dealer_list.reading import DealerRow, Problem, read_rows
from dealer_collection.dealer_list.tree import arrange, duplicates

COLUMNS = {
    name: index
    for index, name in enumerate(
        ("code", "name", "parent", "tax_number", "email", "phone", "iban")
    )
}
IBAN = "TR33 0006 1005 1978 6457 8413 26"


def read(*lines):
    return list(read_rows(enumerate(lines, start=2), COLUMNS))


def rows(*pairs):
    return [
        DealerRow(number, code, code, parent)
        for number, (code, parent) in enumerate(pairs, start=2)
    ]


def reasons(problems):
    return {(problem.number, problem.column, problem.reason) for problem in problems}


def test_a_row_comes_out_in_one_form():
    (row,) = read(
        ["A1", "Ege  A.Ş.", "", "456 049 0348", "X@Y.com", "0532 1234567", IBAN]
    )
    assert row == DealerRow(
        2, "A1", "Ege A.Ş.", "", "4560490348", "x@y.com", "0532 1234567",
        "TR330006100519786457841326",
    )  # fmt: skip


def test_each_thing_that_is_wrong_is_told_with_its_row_and_column():
    found = read(
        ["", "No code"],
        ["A", ""],
        ["B", "b", "", "123"],
        ["C", "c", "", "4560490340"],
        ["D", "d", "", "", "nobody"],
        ["E", "e", "", "", "", "12"],
        ["F", "f", "", "", "", "", "TR00"],
    )
    assert reasons(row for row in found if isinstance(row, Problem)) == {
        (2, "code", "missing"),
        (3, "name", "missing"),
        (4, "tax_number", "tax_number"),
        (5, "tax_number", "tax_number_digit"),
        (6, "email", "email"),
        (7, "phone", "phone"),
        (8, "iban", "iban"),
    }


def test_a_code_or_tax_number_that_comes_twice_is_told_with_the_first_row():
    found = duplicates(
        [
            DealerRow(2, "A", "a", tax_number="4560490348"),
            DealerRow(3, "A", "b"),
            DealerRow(4, "B", "c", tax_number="4560490348"),
        ]
    )
    assert [(row.number, row.column, row.other) for row in found] == [
        (3, "code", 2),
        (4, "tax_number", 2),
    ]


def test_the_rows_may_come_in_any_order():
    listed = rows(*[(str(n), str(n // 2) if n > 1 else "") for n in range(1, 200)])
    for seed in range(20):
        random.Random(seed).shuffle(listed)
        levels, problems = arrange(listed, {}, 8)
        assert not problems
        placed = set()
        for level in levels:
            assert all(not row.parent or row.parent in placed for row in level)
            placed.update(row.code for row in level)
        assert len(placed) == 199


def test_parents_may_exist_already_and_unknown_ones_are_told():
    levels, problems = arrange(
        rows(("A", "OLD"), ("B", "A"), ("C", "X")), {"OLD": 2}, 8
    )
    assert [row.code for row in chain(*levels)] == ["A", "B"]
    assert reasons(problems) == {(4, "parent", "unknown_parent")}


def test_circles_are_told_for_each_row_in_them_and_for_no_other():
    listed = rows(("A", "C"), ("B", "A"), ("C", "B"), ("D", "A"), ("E", "E"), ("F", ""))
    levels, problems = arrange(listed, {}, 8)
    assert [row.code for row in chain(*levels)] == ["F"]
    assert reasons(problems) == {
        (2, "parent", "cycle"),
        (3, "parent", "cycle"),
        (4, "parent", "cycle"),
        (6, "parent", "own_parent"),
    }


def test_the_depth_counts_what_stands_above_already():
    _levels, problems = arrange(rows(("A", "OLD"), ("B", "A")), {"OLD": 7}, 8)
    assert reasons(problems) == {(3, "parent", "too_deep")}


def test_a_long_chain_does_not_exhaust_the_stack():
    listed = rows(("0", ""), *[(str(n), str(n - 1)) for n in range(1, 10_000)])
    levels, problems = arrange(listed, {}, 20_000)
    assert len(levels) == 10_000 and not problems
