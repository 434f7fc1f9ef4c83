"""Writes the templates of all translatable texts, and merges them into the Turkish."""

import subprocess

from .odoo_server import ADDONS
from .stack import ROOT, make_database, test_cluster

if __name__ == "__main__":
    cluster = test_cluster()
    try:
        folder = cluster.data.parent / "translations"
        command = make_database(cluster, "translations", folder)
        command.run("i18n", "export", "-c", str(command.config), *ADDONS)
    finally:
        cluster.stop()
    for name in ADDONS:
        folder = ROOT / "addons" / name / "i18n"
        # No guesses: what has changed is to be translated by a person.
        merge = ["msgmerge", "--quiet", "--update", "--backup=none", "--no-wrap"]
        merge += ["--no-fuzzy-matching", folder / "tr.po", folder / f"{name}.pot"]
        subprocess.run(merge, check=True)
        obsolete = ["msgattrib", "--no-obsolete", "--no-wrap", "-o", folder / "tr.po"]
        subprocess.run([*obsolete, folder / "tr.po"], check=True)
