"""Our matching beside the OCA's reconciliation: neither breaks the other.

A database with ``pos_gateway`` and ``account_reconcile_oca`` alone. In it run our own
tests of the matching, tests of both on one journal, and the OCA's own tests.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.odoo_server import OdooCommand
from tests.harness.stack import ROOT, base_database
from tests.harness.stack import test_cluster as cluster_of_tests

NAME = "beside"
OURS = ROOT / "addons/pos_gateway/tests"


@pytest.fixture(scope="module")
def beside():
    """:return: configuration of a database that has both"""
    others = os.environ.get("DC_ADDONS_BESIDE")
    assert others, "script/setup could not fetch tests/requirements-oca.txt"
    cluster = cluster_of_tests()
    try:
        folder = cluster.data.parent / NAME
        template = base_database(cluster, folder)
        cluster.drop_database(NAME)
        cluster.create_database(NAME, template)
        command = OdooCommand(cluster, NAME, folder)
        command.write_config(addons_path=f"{os.environ['DC_ADDONS_PATH']},{others}")
        command.install("pos_gateway", "account_reconcile_oca")
        yield command.config
    finally:
        cluster.stop()


def run(config, *paths):
    """:return: how many tests passed"""
    command = [sys.executable, "-m", "pytest", "-q", f"--odoo-config={config}"]
    done = subprocess.run(
        [*command, "--odoo-http", "-p", "no:cacheprovider", *map(str, paths)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert not re.search(r"\d+ skipped", done.stdout), done.stdout[-1000:]
    return int(re.search(r"(\d+) passed", done.stdout)[1])


def test_our_matching_works_beside_it(beside):
    assert run(beside, OURS / "test_matching.py") >= 14


def test_both_work_on_lines_of_one_journal(beside):
    assert run(beside, OURS / "test_beside_oca.py") >= 4


def test_its_own_tests_pass_beside_ours(beside):
    tests = Path(os.environ["DC_ADDONS_BESIDE"]) / "account_reconcile_oca/tests"
    assert run(beside, tests / "test_bank_account_reconcile.py") >= 20
