"""Runs the addons' own tests: a fresh database with all three, then pytest-odoo."""

import os
import sys

from .odoo_server import ADDONS
from .stack import ROOT, make_database, test_cluster

# Odoo's own providers that must go on working beside ours.
BESIDE = ("payment_demo", "payment_iyzico")


def main() -> int:
    cluster = test_cluster()
    try:
        folder = cluster.data.parent / "addons"
        command = make_database(cluster, "addons", folder, (*ADDONS, *BESIDE))
        pytest = [sys.executable, "-m", "pytest", f"--odoo-config={command.config}"]
        pytest += ["--odoo-http", "--ignore-glob=*/tests/protocols"]
        pytest += ["--ignore-glob=*/tests/pricing"]
        chosen = sys.argv[1:]
        if not any(argument.startswith("addons/") for argument in chosen):
            chosen += [f"addons/{name}/tests" for name in ADDONS]
        pytest += chosen
        return os.spawnv(os.P_WAIT, sys.executable, pytest)
    finally:
        cluster.stop()


if __name__ == "__main__":
    os.chdir(ROOT)
    sys.exit(main())
