"""Fuzzing of the protocol families: ``script/fuzz``."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PURE_TESTS = ROOT / "addons" / "pos_gateway" / "tests" / "protocols"
CORPUS = Path(__file__).parent / "corpus"

# The families' genuine messages are where the pure tests have them.
sys.path.insert(0, str(PURE_TESTS))

import standin  # noqa: E402, F401
