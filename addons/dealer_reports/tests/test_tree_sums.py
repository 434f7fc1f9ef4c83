from odoo.tests import BaseCase, tagged

from ..report.dealer_tree import MEASURES, dealer_tree


def _measures(amount):
    return dict.fromkeys(MEASURES, amount)


@tagged("post_install", "-at_install")
class TestTreeSums(BaseCase):
    def _places(self, rows, root_id):
        return [
            (
                node.dealer_id,
                node.depth,
                node.own["amount_charged"],
                node.total["amount_charged"],
            )
            for node in dealer_tree(rows, root_id)
        ]

    def test_parent_is_its_own_and_its_children(self):
        rows = [
            ("1/5/", _measures(10)),
            ("1/5/9/", _measures(4)),
            ("1/5/7/", _measures(6)),
            ("1/5/9/3/", _measures(1)),
        ]
        self.assertEqual(
            self._places(rows, 5),
            [(5, 0, 10, 21), (7, 1, 6, 6), (9, 1, 4, 5), (3, 2, 1, 1)],
        )

    def test_dealer_between_counts_though_it_paid_nothing(self):
        self.assertEqual(
            self._places([("5/9/3/", _measures(1))], 5),
            [(5, 0, 0, 1), (9, 1, 0, 1), (3, 2, 1, 1)],
        )

    def test_dealer_that_moved_stands_at_each_place_where_it_paid(self):
        rows = [("5/7/3/", _measures(2)), ("5/9/3/", _measures(1))]
        self.assertEqual(
            self._places(rows, 5),
            [(5, 0, 0, 3), (7, 1, 0, 2), (3, 2, 2, 2), (9, 1, 0, 1), (3, 2, 1, 1)],
        )

    def test_nothing_paid_is_the_dealer_alone(self):
        self.assertEqual(self._places([], 5), [(5, 0, 0, 0)])
