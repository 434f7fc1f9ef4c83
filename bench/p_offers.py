"""The offers route over HTTP, against core's cheapest public JSON route.

One client asks in turn for the price list of a card (offer, agreement, limits, promises
and routes are those of the demo) and for ``/web/webclient/version_info``, which does
nothing. Median of five alternating repetitions, from one Odoo server, threaded, as
installed. Fails if an answer is not the one that was expected.
"""

import json
import re
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import requests  # noqa: E402

from tests.harness.odoo_server import ADDONS  # noqa: E402
from tests.harness.stack import Stack, base_database  # noqa: E402
from tests.harness.stack import test_cluster as cluster_of_tests  # noqa: E402

REPETITIONS, REQUESTS, GOAL = 5, 150, 1.2
CARD = "45436001"
FACTS = """
import json
pos = env.ref("pos_gateway.demo_provider")
facts = {"provider_id": pos.id, "currency_id": env.ref("base.TRY").id}
with open(%(path)r, "w") as file:
    json.dump(facts, file)
"""


class Route:
    def __init__(self, stack, address, params, is_right):
        self.stack, self.address = stack, address
        self.params, self.is_right = params, is_right
        self.session = requests.Session()

    def ask(self):
        answer = self.session.post(
            self.stack.server.url + self.address,
            json={"jsonrpc": "2.0", "method": "call", "params": self.params},
            timeout=60,
        ).json()
        if not self.is_right(answer.get("result")):
            raise SystemExit(f"{self.address}: not the answer that was expected")

    def seconds(self):
        started = time.perf_counter()
        for _number in range(REQUESTS):
            self.ask()
        return time.perf_counter() - started

    def queries(self):
        """:return: the median of a request, as the server's log has it"""
        pattern = rf'"POST {re.escape(self.address)} HTTP/1\.1" \d+ - (\d+) '
        log = self.stack.server.log.read_text(errors="replace")
        return statistics.median(map(int, re.findall(pattern, log)))


def measure(stack):
    path = stack.folder / "facts.json"
    stack.command.shell(FACTS % {"path": str(path)})
    facts = json.loads(path.read_text())
    ours = Route(
        stack,
        "/payment/pos_gateway/offers",
        facts | {"amount": 1000.0, "card_prefix": CARD},
        lambda result: len(result["ways"]) > 1,
    )
    core = Route(
        stack, "/web/webclient/version_info", {}, lambda result: result["server_serie"]
    )
    times = {ours: [], core: []}
    for turn in range(REPETITIONS + 1):  # the first round warms up
        for route in (ours, core):
            seconds = route.seconds()
            if turn:
                times[route].append(seconds)
    each = {route: 1000 * statistics.median(times[route]) / REQUESTS for route in times}
    print(
        f"P-offers: ours {each[ours]:.1f} ms ({ours.queries():.0f} queries),"
        f" core {each[core]:.1f} ms ({core.queries():.0f} queries),"
        f" ratio {each[ours] / each[core]:.2f} (goal {GOAL})"
    )


def main():
    cluster = cluster_of_tests()
    try:
        folder = cluster.data.parent / "bench"
        base_database(cluster, cluster.data.parent / "base")
        stack = Stack(cluster, "bench-offers", folder)
        try:
            stack.start(ADDONS)
            measure(stack)
        finally:
            stack.stop()
    finally:
        cluster.stop()


if __name__ == "__main__":
    main()
