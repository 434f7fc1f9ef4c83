"""How many lines a family takes, and how many a further bank of it."""

import ast
from dataclasses import dataclass
from functools import cache

import suite
from pos_gateway.protocols import banks

from . import PROTOCOLS

ACTIVE_MERCHANT_MEDIAN = 277
"""Lines of a gateway in ActiveMerchant, over its 243 gateways."""
SHARED_BY = 4
"""A module that so many families use is the package's, not a family's."""


@dataclass(frozen=True)
class Size:
    """:param more: lines of the other files, those of relatives counted in full"""

    family: int
    more: int
    codes: int
    bank: int

    @property
    def total(self) -> int:
        return self.family + self.more + self.codes


def size_of(code: str) -> Size:
    others = [name for name in _own_modules(code) if name != code]
    return Size(
        family=_lines(code),
        more=sum(map(_lines, others)),
        codes=_lines(f"codes/{suite.table_name(code)}"),
        bank=_lines_of_a_bank(code),
    )


def own_files(code: str) -> list[str]:
    return sorted(f"{name}.py" for name in _own_modules(code))


def _lines(name: str) -> int:
    return len((PROTOCOLS / f"{name}.py").read_text().splitlines())


def _own_modules(code: str) -> set[str]:
    used = {family: _used_by(family) for family in suite.FAMILIES}
    return {
        name
        for name in used[code]
        if sum(name in names for names in used.values()) < SHARED_BY
    }


@cache
def _used_by(name: str) -> frozenset[str]:
    found, todo = set(), [name]
    while todo:
        module = todo.pop()
        if module not in found:
            found.add(module)
            todo += _imports(module)
    return frozenset(found)


def _imports(name: str):
    for node in ast.walk(ast.parse((PROTOCOLS / f"{name}.py").read_text())):
        if not isinstance(node, ast.ImportFrom) or node.level != 1:
            continue
        names = [node.module] if node.module else [alias.name for alias in node.names]
        yield from (n for n in names if (PROTOCOLS / f"{n}.py").is_file())


def _lines_of_a_bank(code: str) -> int:
    """The longest entry of a bank of the family, which is all that a bank takes."""
    tree = ast.parse((PROTOCOLS / "banks.py").read_text())
    entries = next(
        node.value.elts
        for node in tree.body
        if isinstance(node, ast.Assign) and node.targets[0].id == "BANKS"
    )
    keys = {bank.key for bank in banks.BANKS if bank.family == code}
    lengths = (
        entry.end_lineno - entry.lineno + 1
        for entry in entries
        if entry.args[0].value in keys
    )
    return max(lengths, default=0)  # a wallet has no bank of its own
