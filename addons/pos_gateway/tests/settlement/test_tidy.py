"""The room stays pure, and its examples are true."""

import doctest
import importlib
from pathlib import Path

import pytest
from pos_gateway import settlement

FOLDER = Path(settlement.__path__[0])
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("name", NAMES)
def test_a_module_needs_no_odoo_and_its_examples_are_true(name):
    source = (FOLDER / f"{name}.py").read_text()
    assert "import odoo" not in source
    assert "from odoo" not in source
    module = importlib.import_module(f"pos_gateway.settlement.{name}")
    assert not doctest.testmod(module).failed
