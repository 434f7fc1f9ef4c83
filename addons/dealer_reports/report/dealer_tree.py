"""Sums of a dealer tree: of each dealer alone, of all below it, and of both.

The tree is the one under which the payments came about. A dealer that moved appears at
each place where it was paid, and the sums of a parent are its own and its children's,
always.
"""

from dataclasses import dataclass, field

MEASURES = ("success_count", "amount_base", "amount_surcharge", "amount_charged")


@dataclass
class Node:
    """One dealer at one place of the tree."""

    dealer_id: int
    depth: int
    own: dict = field(default_factory=lambda: dict.fromkeys(MEASURES, 0))
    total: dict = field(default_factory=lambda: dict.fromkeys(MEASURES, 0))


def dealer_tree(rows, root_id):
    """
    :param rows: pairs of a path ("1/5/9/") and a dict of measures
    :param root_id: the dealer at which the tree starts; the path above it is cut off
    :return: list of nodes, parents before their children

    >>> rows = [("1/5/", {"amount_base": 3}), ("1/5/9/", {"amount_base": 4})]
    >>> [(n.dealer_id, n.own["amount_base"], n.total["amount_base"])
    ...  for n in dealer_tree(rows, 5)]
    [(5, 3, 7), (9, 4, 4)]
    """
    nodes = {(root_id,): Node(root_id, 0)}
    for path, measures in rows:
        place = _below_root(path, root_id)
        for length in range(1, len(place) + 1):
            node = nodes.setdefault(place[:length], Node(place[length - 1], length - 1))
            _add(node.total, measures)
        _add(nodes[place].own, measures)
    return [nodes[place] for place in _parents_first(nodes)]


def _below_root(path, root_id):
    ids = [int(part) for part in path.split("/") if part]
    return tuple(ids[ids.index(root_id) :])


def _parents_first(nodes):
    """Beside each other, the one with the most money comes first."""

    def key(place):
        return [
            (-nodes[place[:length]].total["amount_base"], place[length - 1])
            for length in range(1, len(place) + 1)
        ]

    return sorted(nodes, key=key)


def _add(sums, measures):
    for name, value in measures.items():
        sums[name] += value
