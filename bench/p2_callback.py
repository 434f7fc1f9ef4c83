"""P2: callbacks over HTTP, answered and safely stored, against core's demo provider.

Eight clients send genuine callbacks to one Odoo server (threaded, as installed). The
reference is ``/payment/demo/simulate_payment`` of Odoo's own payment_demo, in the same
database and run. Ours is measured while its worker is elsewhere, as it is in a server
with several processes: the request verifies and stores the message, and no more. Then
the whole way to the posted payment, once.
Fails if a callback of either is not answered well, or a payment is missing in the end.
"""

import json
import os
import re
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import requests  # noqa: E402

from tests.harness.cluster import Cluster  # noqa: E402
from tests.harness.interference import wake  # noqa: E402
from tests.harness.odoo_server import ADDONS, OdooServer  # noqa: E402
from tests.harness.stack import Stack, base_database, wait_for  # noqa: E402
from tests.harness.stack import test_cluster as cluster_of_tests  # noqa: E402

CLIENTS, REPETITIONS, CALLBACKS, GOAL = 8, 5, 40, 1.0
NUMBER = (REPETITIONS + 1) * CALLBACKS  # one round to warm up

MAKE = """
import json
ours = env.ref("pos_gateway.demo_provider")
# Both post their payments, in the same company, to a journal.
env.ref("payment.payment_provider_demo").write({"state": "test"})
env.ref("payment.payment_provider_demo").journal_id = env["account.journal"].search(
    [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1)
partner = env["res.partner"].create({"name": "Bench"})
made = {}
for code, provider in (
    ("demo", env.ref("payment.payment_provider_demo")),
    ("ours", ours),
):
    made[code] = []
    for number in range(%(number)s):
        tx = env["payment.transaction"].create({
            "provider_id": provider.id,
            "payment_method_id": env.ref("payment.payment_method_card").id,
            "reference": f"{code}-{number}",
            "amount": 100 + number,
            "currency_id": env.ref("base.TRY").id,
            "partner_id": partner.id,
            "operation": "online_redirect",
        })
        form = dict(tx._gateway_first_form().fields) if code == "ours" else {}
        made[code].append((tx.reference, form))
with open(%(path)r, "w") as file:
    json.dump(made, file)
"""

POST_PROCESS = """
import time
transactions = env["payment.transaction"].search(
    [("reference", "in", %(references)r)])
env.cr.commit()
started = time.perf_counter()
for transaction in transactions:
    transaction._post_process()
    env.cr.commit()
with open(%(path)r, "w") as file:
    file.write(str(time.perf_counter() - started))
assert len(transactions.payment_id) == len(transactions), "core posts payments too"
"""


class Ours:
    """The bank's message as the payer's browser brings it."""

    address = "/payment/pos_gateway/return/"

    def __init__(self, stack, forms):
        self.stack = stack
        self.messages = [
            stack.bank.post("charge", fields=form) for _reference, form in forms
        ]

    def send(self, session, number):
        said = self.messages[number]
        answer = session.post(
            said["target"], data=said["fields"], allow_redirects=False, timeout=60
        )
        return answer.status_code == 303

    def stored(self):
        return self.stack.query(
            "SELECT count(*) FROM pos_gateway_message WHERE kind = 'page_return'"
        )[0][0]


class Core:
    """What the page of core's demo provider sends."""

    address = "/payment/demo/simulate_payment"

    def __init__(self, stack, forms):
        self.stack = stack
        self.references = [reference for reference, _form in forms]

    def send(self, session, number):
        params = {
            "reference": self.references[number],
            "payment_details": "1234",
            "simulated_state": "done",
        }
        answer = session.post(
            self.stack.server.url + self.address,
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=60,
        )
        return answer.status_code == 200 and "error" not in answer.json()

    def stored(self):
        return self.stack.query(
            "SELECT count(*) FROM payment_transaction"
            " WHERE reference LIKE 'demo-%' AND state = 'done'"
        )[0][0]


def volley(side, numbers):
    """:return: seconds until all of them were answered"""
    sessions = [requests.Session() for _client in range(CLIENTS)]

    def client(place):
        return all(
            side.send(sessions[place], number) for number in numbers[place::CLIENTS]
        )

    started = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        if not all(pool.map(client, range(CLIENTS))):
            raise SystemExit(f"{side.address}: a callback was not answered well")
    return time.perf_counter() - started


def queries(stack, side):
    """:return: the median number of queries of a request, as the server's log has it"""
    pattern = rf'"POST {re.escape(side.address)}\S* HTTP/1\.1" \d+ - (\d+) '
    counts = re.findall(pattern, stack.server.log.read_text(errors="replace"))
    return statistics.median(map(int, counts))


def whole_way(stack, numbers):
    """:return: seconds from the first callback to the last posted payment, of ours"""
    stack.server.stop()
    stack.server.cron_threads = 2
    stack.server.start()
    started = time.perf_counter()
    wake(stack)
    wait_for(
        lambda: (
            stack.query(
                "SELECT count(*) FROM payment_transaction"
                " WHERE reference LIKE 'ours-%' AND payment_id IS NOT NULL"
            )[0][0]
            == len(numbers)
        ),
        600,
        "the posting of every payment",
    )
    return time.perf_counter() - started


def measure(stack):
    path = stack.folder / "made.json"
    stack.command.shell(MAKE % {"number": NUMBER, "path": str(path)})
    made = json.loads(path.read_text())
    ours, core = Ours(stack, made["ours"]), Core(stack, made["demo"])
    times = {ours: [], core: []}
    for turn in range(REPETITIONS + 1):
        numbers = range(turn * CALLBACKS, (turn + 1) * CALLBACKS)
        for side in (ours, core):
            seconds = volley(side, numbers)
            if turn:
                times[side].append(seconds)
    if ours.stored() != NUMBER or core.stored() != NUMBER:
        raise SystemExit("not every callback was stored")
    rates = {s: CALLBACKS / statistics.median(times[s]) for s in times}
    print(
        f"P2 callback, {CLIENTS} clients: ours {rates[ours]:.0f}/s"
        f" ({queries(stack, ours):.0f} queries),"
        f" core {rates[core]:.0f}/s ({queries(stack, core):.0f} queries),"
        f" ratio {rates[ours] / rates[core]:.2f} (goal {GOAL})"
    )
    result = stack.folder / "post_process.txt"
    references = [row[0] for row in made["demo"]]
    # Before any scheduled action can do it.
    stack.command.shell(POST_PROCESS % {"references": references, "path": str(result)})
    theirs = float(result.read_text())
    seconds = whole_way(stack, range(NUMBER))
    print(
        f"P2 stored to posted: ours {NUMBER / seconds:.1f}/s through the worker,"
        f" core's _post_process {NUMBER / theirs:.1f}/s,"
        f" ratio {theirs / seconds:.2f}"
    )


def main():
    os.chdir(ROOT)
    shared = cluster_of_tests()
    # Safely stored: this cluster asks its disk.
    own = Cluster(shared.data.parent / "bench-cluster").start()
    base = base_database(shared, shared.data.parent / "base")
    if base not in own.databases():
        own.copy_database(shared, base)
    stack = Stack(own, "p2", shared.data.parent / "p2")
    OdooServer.cron_threads = 0
    try:
        measure(stack.start((*ADDONS, "payment_demo")))
    finally:
        stack.stop()
        own.stop()
        shared.stop()


if __name__ == "__main__":
    main()
