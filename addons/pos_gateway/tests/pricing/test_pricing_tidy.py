"""Style as a test: what the package must never come to contain."""

import ast
import doctest
import importlib
from pathlib import Path

import pos_gateway.pricing
import pytest

PACKAGE = Path(pos_gateway.pricing.__path__[0])
FILES = sorted(PACKAGE.glob("*.py"))
FILE_LINES = 400
ALLOWED = {
    *("__future__", "collections.abc", "dataclasses", "datetime", "decimal", "enum"),
    *("functools", "hashlib", "itertools", "typing", "holidays"),
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_nothing_is_imported_that_prices_do_not_need(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            assert {alias.name for alias in node.names} <= ALLOWED
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            assert node.module in ALLOWED
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 1, "a relative import leaves the package"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_money_is_never_a_float(path):
    for node in ast.walk(ast.parse(path.read_text())):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_name = isinstance(node, ast.Name) and node.id == "float"
        is_division = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        assert not (is_literal or is_name or is_division)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_are_small_and_their_examples_true(path):
    assert len(path.read_text().splitlines()) <= FILE_LINES
    name = f"pos_gateway.pricing.{path.stem}"
    module = pos_gateway.pricing if path.stem == "__init__" else None
    assert not doctest.testmod(module or importlib.import_module(name)).failed
