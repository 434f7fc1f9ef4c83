"""Makes ``dealer_collection.tiers`` importable without Odoo.

Empty packages with the addon's paths stand in for those whose ``__init__`` only loads
inside Odoo.
"""

import sys
from pathlib import Path
from types import ModuleType

import pytest

ADDON = Path(__file__).resolve().parents[2]


def _stand_in(name, path):
    module = ModuleType(name)
    module.__path__ = [str(path)]
    module.__file__ = str(path / "__init__.py")
    sys.modules.setdefault(name, module)


_stand_in("dealer_collection", ADDON)
_stand_in("dealer_collection.tests", ADDON / "tests")


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In the place of the one of pytest-odoo, which would ask for a database."""
