"""P9: a dealer's panel and its list of collections in a large world.

10,000 dealers (a hundred branches of a hundred) and 1,000,000 collections, a hundred of
each dealer. A person of one branch opens its pages: against core's ``/my/invoices`` of
the same person in the same database, and against the same pages when its branch was all
there was (100 dealers, 10,000 collections).

Dealers are made by the import of a list. Collections are made by SQL, as fast as the
database takes them: one INSERT of the documents, paid, spread over the last year, and
one of the dealers that stood above each; no lines and no payments, which these pages do
not read. Median of single requests over HTTP, with the number of queries from the
server's log. Fails if the number of queries grows with the world.

    script/bench p9_panel            all of it: some minutes
    P9_BRANCHES=10 script/bench p9_panel
"""

import json
import os
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.harness.dealer_client import DealerClient  # noqa: E402
from tests.harness.odoo_server import OdooServer  # noqa: E402
from tests.harness.stack import Stack  # noqa: E402
from tests.harness.stack import test_cluster as cluster_of_tests  # noqa: E402

BRANCHES = int(os.environ.get("P9_BRANCHES", 100))
DEALERS, COLLECTIONS = 100, 100  # of a branch; of a dealer
ROUNDS, WARM_UP, GOAL = 40, 8, 1.0
PAGES = ("/my/dealer", "/my/dealer/collections", "/my/invoices")
LOGIN = "p9"

MAKE_BRANCHES = """
from odoo.addons.dealer_collection.dealer_list.reading import DealerRow
from odoo.addons.dealer_collection.wizards.dealer_list_changes import DealerListChanges

rows = []
for main in range(%(first)s, %(last)s):
    rows.append(DealerRow(0, f"P{main}", f"Main {main}"))
    for number in range(1, %(dealers)s):
        above = f"P{main}" if number < 10 else f"P{main}-{number // 10}"
        rows.append(DealerRow(0, f"P{main}-{number}", f"Dealer {main}-{number}", above))
changes = DealerListChanges(env, env.company, rows)
assert not changes.problems, changes.problems[:3]
changes.carry_out()
env.flush_all()
"""

MAKE_PERSON = """
dealer = env["dealer.dealer"].search([("code", "=", "P0")])
contact = env["res.partner"].create({"name": "P9", "parent_id": dealer.partner_id.id})
env["res.users"].with_context(no_reset_password=True).create({
    "name": "P9", "login": "p9", "password": "p9", "partner_id": contact.id,
    "group_ids": [(6, 0, env.ref("dealer_collection.group_dealer_portal").ids)],
})
for number in range(60):
    env["account.move"].create({
        "move_type": "out_invoice", "partner_id": dealer.partner_id.id,
        "invoice_line_ids": [(0, 0, {"name": "x", "price_unit": 10 + number,
                                     "tax_ids": [(5,)]})],
    }).action_post()
"""

MAKE_COLLECTIONS = """
WITH made AS (
    INSERT INTO dealer_collection (
        name, dealer_id, kind, partner_id, company_id, currency_id, state, amount,
        amount_charged, amount_net, amount_refunded, amount_surcharge,
        amount_on_account, date_paid, date_expiry, create_date, write_date,
        create_uid, write_uid, access_token, upline_path)
    SELECT 'P9/' || dealer.id || '/' || number, dealer.id, 'invoices',
           dealer.partner_id, dealer.company_id, company.currency_id, 'paid',
           amount, amount, amount, 0, 0, 0, moment, moment, moment, moment, 1, 1,
           'p9-' || dealer.id || '-' || number, dealer.parent_path
      FROM dealer_dealer dealer
      JOIN res_company company ON company.id = dealer.company_id
CROSS JOIN generate_series(1, %(collections)s) number
CROSS JOIN LATERAL (
        SELECT (100 + (dealer.id * 7 + number * 13) %% 9000)::numeric AS amount,
               now() AT TIME ZONE 'UTC'
                   - ((dealer.id + number * 37) %% 8760) * interval '1 hour' AS moment
           ) drawn
     WHERE dealer.code ~ '^P[0-9]'
       AND split_part(substr(dealer.code, 2), '-', 1)::int
           BETWEEN %(first)s AND %(last)s - 1
 RETURNING id, upline_path
)
INSERT INTO %(relation)s (dealer_collection_id, dealer_dealer_id)
SELECT made.id, above::int
  FROM made, unnest(string_to_array(trim(both '/' FROM upline_path), '/')) above
"""


class World:
    def __init__(self, stack):
        self.stack = stack

    def grow(self, first, last):
        """Add the branches of these numbers, with all that belongs to them."""
        numbers = {"first": first, "last": last}
        script = MAKE_BRANCHES % {**numbers, "dealers": DEALERS}
        self.stack.command.shell(script + (MAKE_PERSON if first == 0 else ""))
        relation = "dealer_collection_dealer_dealer_rel"
        query = MAKE_COLLECTIONS % {
            **numbers, "collections": COLLECTIONS, "relation": relation,
        }  # fmt: skip
        self.stack.command.shell(
            f"env.cr.execute({query!r})\nenv.cr.commit()\n"
            "env.cr._cnx.autocommit = True\n"
            "env.cr.execute('ANALYZE')\n"
        )

    def measure(self):
        """:return: page -> (median in seconds, queries)"""
        client = DealerClient(self.stack.server.url, LOGIN, LOGIN)
        times = {page: [] for page in PAGES}
        log = self.stack.server.log
        start = log.stat().st_size
        for _round in range(WARM_UP + ROUNDS):
            for page in PAGES:
                started = time.perf_counter()
                answer = client.get(page)
                times[page].append(time.perf_counter() - started)
                if answer.status_code != 200:
                    raise SystemExit(f"{page}: {answer.status_code}")
        with log.open(errors="replace") as file:
            file.seek(start)
            text = file.read()
        result = {}
        for page in PAGES:
            counts = re.findall(
                rf'"GET {re.escape(page)} HTTP/1\.1" 200 - (\d+) ', text
            )
            queries = statistics.median(map(int, counts[WARM_UP:]))
            result[page] = statistics.median(times[page][WARM_UP:]), queries
        return result


def main() -> int:
    os.chdir(ROOT)
    cluster = cluster_of_tests()
    stack = Stack(cluster, "p9", cluster.data.parent / "p9")
    OdooServer.cron_threads = 0
    try:
        world = World(stack.start())
        world.grow(0, 1)
        small = world.measure()
        started = time.perf_counter()
        world.grow(1, BRANCHES)
        made = time.perf_counter() - started
        large = world.measure()
    finally:
        stack.stop()
        cluster.stop()
    print(f"P9: the large world was made in {made:.0f} s")
    core = large["/my/invoices"][0]
    grows = False
    for page in PAGES[:2]:
        seconds, queries = large[page]
        before, queries_before = small[page]
        grows |= queries > queries_before
        print(
            f"P9: {page} {seconds * 1000:.1f} ms, {queries:.0f} queries; against core's"
            f" /my/invoices {core * 1000:.1f} ms ({large['/my/invoices'][1]:.0f}"
            f" queries), ratio {seconds / core:.2f} (goal {GOAL}); against itself with"
            f" {DEALERS} dealers {before * 1000:.1f} ms ({queries_before:.0f} queries),"
            f" ratio {seconds / before:.2f}"
        )
    print(json.dumps({"grows": grows}))
    return int(grows)


if __name__ == "__main__":
    sys.exit(main())
