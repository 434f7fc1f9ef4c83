"""Pure tests: no Odoo, no database."""

import pytest
import standin  # noqa: F401


@pytest.fixture(scope="session", autouse=True)
def load_registry():
    """In the place of the one of pytest-odoo, which would ask for a database."""
