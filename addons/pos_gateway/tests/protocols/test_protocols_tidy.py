"""Style as a test: what the package must never come to contain."""

import ast
import doctest
import importlib
import re
from pathlib import Path

import pos_gateway.protocols
import pytest

PACKAGE = Path(pos_gateway.protocols.__path__[0])
FILES = sorted(PACKAGE.rglob("*.py"))
SECRET_NAME = re.compile(r"hash|digest|signature|hmac", re.IGNORECASE)
FAMILY_LINES, FILE_LINES, LINE_LENGTH = 280, 400, 88
ALLOWED = {"lxml"}


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def names_in(node):
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            yield part.id
        elif isinstance(part, ast.Attribute):
            yield part.attr
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def bare_comparisons(tree):
    """Comparisons of what was hashed that take a time which tells where they differ."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and any(
            isinstance(op, ast.Eq | ast.NotEq | ast.Is | ast.In | ast.NotIn)
            for op in node.ops
        ):
            operands = [node.left, *node.comparators]
            if any(is_secret(operand) for operand in operands):
                yield node.lineno


def is_secret(operand):
    """A call like ``name.upper()`` makes another text; a literal is no secret."""
    if isinstance(operand, ast.Call):
        return any(SECRET_NAME.search(name) for name in names_in(operand.func))
    if isinstance(operand, ast.Constant):
        return False
    return any(SECRET_NAME.search(name) for name in names_in(operand))


def floats(tree):
    for node in ast.walk(tree):
        is_literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        is_name = isinstance(node, ast.Name) and node.id == "float"
        is_division = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)
        if is_literal or is_name or is_division:
            yield node.lineno


def tree_of(path):
    return ast.parse(path.read_text())


def ids(path):
    return str(path.relative_to(PACKAGE))


def test_the_package_is_found():
    assert {"nestpay.py", "wire.py", "digest.py"} <= {path.name for path in FILES}


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_nothing_but_the_standard_library_and_lxml_is_imported(path):
    from sys import stdlib_module_names

    above = "." * (2 + len(path.parent.relative_to(PACKAGE).parts))
    for name in imported(tree_of(path)):
        assert not name.startswith(above)
        top = name.split(".")[0]
        assert not top or top in stdlib_module_names or top in ALLOWED, name


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_what_was_hashed_is_compared_in_one_place_only(path):
    tree = tree_of(path)
    assert not list(bare_comparisons(tree))
    if path.name != "digest.py":
        assert not {"hmac", "hashlib"} & set(imported(tree))
        assert "compare_digest" not in path.read_text()


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_no_float_comes_near_an_amount(path):
    assert not list(floats(tree_of(path)))


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_files_and_lines_stay_short(path):
    lines = path.read_text().splitlines()
    family = path.relative_to(PACKAGE).with_suffix("").as_posix()
    is_family = family in pos_gateway.protocols.FAMILIES
    assert len(lines) <= (FAMILY_LINES if is_family else FILE_LINES)
    assert max(map(len, lines)) <= LINE_LENGTH


@pytest.mark.parametrize("path", FILES, ids=ids)
def test_the_examples_in_the_docstrings_are_true(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    inner = [part for part in parts if part != "__init__"]
    name = ".".join(["pos_gateway.protocols", *inner])
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize(
    ("check", "code"),
    [
        (bare_comparisons, "their_hash == ours"),
        (bare_comparisons, "fields['HASH'] != x"),
        (bare_comparisons, "x == _hash(terminal, fields)"),
        (bare_comparisons, "a in (self.signature, b)"),
        (floats, "x = 1.5"),
        (floats, "float(x)"),
        (floats, "a / b"),
    ],
)
def test_these_checks_find_what_they_look_for(check, code):
    assert list(check(ast.parse(code)))
