"""Pure tests: no Odoo, no database."""

from tests.harness.pure import load_registry  # noqa: F401
