import re
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDON = Path(__file__).parents[1]


@tagged("post_install", "-at_install")
class TestTidy(BaseCase):
    def sources(self):
        for path in ADDON.rglob("*"):
            if path.suffix in (".py", ".xml") and "tests" not in path.parts:
                yield path

    def test_one_file_alone_knows_how_the_subtree_is_found(self):
        pattern = re.compile(r"child_of|parent_of|\bparent_path\b(?!\s*= fields)")
        for path in self.sources():
            if path.name != "dealer_subtree.py":
                with self.subTest(path=path.name):
                    self.assertIsNone(pattern.search(path.read_text()))

    def test_files_stay_small(self):
        for path in self.sources():
            if path.suffix == ".py":
                with self.subTest(path=path.name):
                    self.assertLessEqual(len(path.read_text().splitlines()), 400)
