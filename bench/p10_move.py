"""P10: moving a branch of 1,000 dealers in a tree of 10,000, against plain SQL.

Ours is what the button does: the rules are checked (no cycle, depth of the whole
branch), paths and levels of the branch are written, who did it stands in the chatter,
what is pending is flushed. The reference is two UPDATE statements with the paths and
levels of the branch, and nothing else. Both go to and fro; median; neither commits.
Fails if both do not come to the same tree. The tree is made by the import of a list,
whose time is printed as well.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.harness.stack import make_database  # noqa: E402
from tests.harness.stack import test_cluster as cluster_of_tests  # noqa: E402

GOAL = 3.0

SCRIPT = """
import json, statistics, time
from odoo.addons.dealer_collection.dealer_list.reading import DealerRow
from odoo.addons.dealer_collection.wizards.dealer_list_changes import DealerListChanges

ROUNDS = 15
company = env.company
# Ten main dealers, each with 999 dealers below it on four levels.
rows = []
for main in range(10):
    rows.append(DealerRow(0, f"M{main}", f"Main {main}"))
    for number in range(1, 1000):
        above = f"M{main}" if number < 10 else f"M{main}-{number // 10}"
        rows.append(DealerRow(0, f"M{main}-{number}", f"Dealer {main}-{number}", above))
rows.reverse()
started = time.perf_counter()
changes = DealerListChanges(env, company, rows)
assert not changes.problems, changes.problems[:3]
changes.carry_out()
env.flush_all()
imported = time.perf_counter() - started
env.cr.commit()

dealers = env["dealer.dealer"]
def code(text):
    return dealers.search([("code", "=", text)])
root, first, second = code("M3"), code("M0"), code("M1")
branch = dealers.search([("parent_path", "=like", root.parent_path + "%")])
assert len(branch) == 1000, len(branch)

def tree():
    env.flush_all()
    env.cr.execute("SELECT id, parent_id, parent_path, level FROM dealer_dealer"
                   " WHERE id IN %s ORDER BY id", (tuple(branch.ids),))
    return env.cr.fetchall()

def by_button(parent):
    root.write({"parent_id": parent.id})
    env.flush_all()

def by_sql(parent):
    env.cr.execute("SELECT parent_path, level FROM dealer_dealer WHERE id = %s",
                   (root.id,))
    old, level = env.cr.fetchone()
    env.cr.execute("SELECT parent_path, level FROM dealer_dealer WHERE id = %s",
                   (parent.id,))
    above, above_level = env.cr.fetchone()
    env.cr.execute("UPDATE dealer_dealer SET parent_id = %s WHERE id = %s",
                   (parent.id, root.id))
    env.cr.execute(
        "UPDATE dealer_dealer SET parent_path = %s || substr(parent_path, %s),"
        " level = level + %s WHERE parent_path LIKE %s",
        (f"{above}{root.id}/", len(old) + 1, above_level + 1 - level, old + "%"))

def measure(move):
    times, trees = [], []
    for number in range(ROUNDS):
        parent = (first, second)[number % 2]
        env.invalidate_all()
        started = time.perf_counter()
        move(parent)
        times.append(time.perf_counter() - started)
        trees.append(tree())
    env.cr.rollback()
    env.invalidate_all()
    return statistics.median(times), trees

ours, our_trees = measure(by_button)
plain, plain_trees = measure(by_sql)
with open(RESULT, "w") as file:
    json.dump({"imported": imported, "ours": ours, "plain": plain,
               "same": our_trees == plain_trees}, file)
"""


def main() -> int:
    cluster = cluster_of_tests()
    folder = cluster.data.parent / "p10"
    path = folder / "p10.json"
    try:
        command = make_database(cluster, "p10", folder)
        command.shell(f"RESULT = {str(path)!r}\n{SCRIPT}")
        result = json.loads(path.read_text())
    finally:
        cluster.stop()
    ratio = result["ours"] / result["plain"]
    print(
        f"p10_move: ours {result['ours'] * 1000:.1f} ms, plain SQL"
        f" {result['plain'] * 1000:.1f} ms, ratio {ratio:.2f} (goal <= {GOAL});"
        f" import of 10,000 dealers {result['imported']:.1f} s"
    )
    if not result["same"]:
        print("p10_move: the trees differ")
    return 0 if result["same"] and ratio <= GOAL else 1


if __name__ == "__main__":
    sys.exit(main())
