"""Makes ``pos_gateway.protocols`` importable without Odoo.

The addon's own ``__init__`` imports its models, which only load inside Odoo. Empty
packages with the same paths stand in for it, so that the pure packages inside are
found.
"""

import sys
from pathlib import Path
from types import ModuleType

ADDON = Path(__file__).resolve().parents[2]


def stand_in(name, path):
    module = ModuleType(name)
    module.__path__ = [str(path)]
    module.__file__ = str(path / "__init__.py")
    sys.modules.setdefault(name, module)


stand_in("pos_gateway", ADDON)
stand_in("pos_gateway.tests", ADDON / "tests")
