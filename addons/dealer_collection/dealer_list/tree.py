"""In which order the dealers of a list can be made, or why they cannot."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .reading import DealerRow, Problem


def duplicates(rows: Iterable[DealerRow]) -> list[Problem]:
    """:return: a problem for each row that repeats a code or tax number"""
    problems, seen = [], {}
    for row in rows:
        for field in ("code", "tax_number"):
            text = getattr(row, field)
            if not text:
                continue
            first = seen.setdefault((field, text), row)
            if first is not row:
                problems.append(
                    Problem(row.number, field, "twice", text, other=first.number)
                )
    return problems


def arrange(
    rows: Iterable[DealerRow], known: Mapping[str, int], max_depth: int
) -> tuple[list[list[DealerRow]], list[Problem]]:
    """Put rows in an order in which each dealer comes after the one above it.

    :param known: code -> level of the dealers that exist
    :return: the rows by level, highest first, and the problems
    """
    by_code: dict[str, DealerRow] = {}
    below: dict[str, list[DealerRow]] = {}
    for row in rows:
        if by_code.setdefault(row.code, row) is row:
            below.setdefault(row.parent, []).append(row)
    problems = [
        problem
        for row in by_code.values()
        if (problem := _bad_parent(row, by_code, known))
    ]
    levels: list[list[DealerRow]] = []
    placed = set()
    # What has no parent, or one that exists already, can be made at once.
    depth = dict.fromkeys(by_code, 0)
    ready = []
    for row in by_code.values():
        if not row.parent or (row.parent in known and row.parent not in by_code):
            depth[row.code] = known.get(row.parent, 0) + 1
            ready.append(row)
    while ready:
        levels.append(ready)
        placed.update(row.code for row in ready)
        following = []
        for row in ready:
            for child in below.get(row.code, ()):
                if child.code not in placed and child is not row:
                    depth[child.code] = depth[row.code] + 1
                    following.append(child)
        ready = following
    problems += [
        Problem(row.number, "parent", "too_deep", str(depth[row.code]))
        for level in levels
        for row in level
        if depth[row.code] > max_depth
    ]
    told = {problem.number for problem in problems}
    problems += [
        Problem(row.number, "parent", "cycle", row.parent)
        for row in _circling(by_code, placed)
        if row.number not in told
    ]
    return levels, problems


def _bad_parent(row, by_code, known) -> Problem | None:
    if row.parent == row.code:
        return Problem(row.number, "parent", "own_parent", row.parent)
    if row.parent and row.parent not in by_code and row.parent not in known:
        return Problem(row.number, "parent", "unknown_parent", row.parent)
    return None


def _circling(by_code, placed) -> list[DealerRow]:
    """:return: rows that stand above themselves; not those that hang below a circle"""
    circling, seen = [], set(placed)
    for row in by_code.values():
        way, code = {}, row.code
        while code in by_code and code not in seen:
            seen.add(code)
            way[code] = by_code[code]
            code = by_code[code].parent
        if code in way:
            codes = list(way)
            circling += [way[each] for each in codes[codes.index(code) :]]
    return circling
