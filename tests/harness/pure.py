"""Makes the addons' pure packages, such as ``pos_gateway.pricing``, importable without
Odoo.

An addon's own ``__init__`` imports its models, which only load inside Odoo. Empty
packages with the same paths stand in for it.
"""

import sys
from pathlib import Path
from types import ModuleType

import pytest

ADDONS = Path(__file__).resolve().parents[2] / "addons"


def _stand_in(name, path):
    module = ModuleType(name)
    module.__path__ = [str(path)]
    module.__file__ = str(path / "__init__.py")
    sys.modules.setdefault(name, module)


for _addon in ("pos_gateway", "dealer_collection"):
    _stand_in(_addon, ADDONS / _addon)
    _stand_in(f"{_addon}.tests", ADDONS / _addon / "tests")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In the place of the one of pytest-odoo, which would ask for a database."""
