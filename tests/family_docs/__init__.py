"""The pages in ``docs/protocols``, made of the families' own tables."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROTOCOLS = ROOT / "addons" / "pos_gateway" / "protocols"
PAGES = ROOT / "docs" / "protocols"

# Makes the pure package importable without Odoo.
sys.path.insert(0, str(ROOT / "addons" / "pos_gateway" / "tests" / "protocols"))

import standin  # noqa: E402, F401
