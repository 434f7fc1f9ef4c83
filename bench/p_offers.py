"""P-offers: the price list over HTTP, against the cheapest public JSON routes of core.

One client asks one Odoo server (threaded, as installed), each route in turn. Ours is
asked as the payer's page does: eight digits of a card, the debt, the key of the payer;
it answers with each way to pay, priced at two POS with an agreement of 200 lines each.
The references: ``/web/webclient/version_info`` (``auth="none"``: no user, no query of
its own) and ``/bus/has_missed_notifications`` (``auth="public"``: a user, as ours, and
one query). All three with one session, as a browser has it from the page before.
What is kept of a payer and his debt is warm: the very first question is told apart.
Median of the single requests; fails if an answer is not the expected one.
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

import requests  # noqa: E402

from tests.harness.odoo_server import OdooServer  # noqa: E402
from tests.harness.stack import Stack  # noqa: E402
from tests.harness.stack import test_cluster as cluster_of_tests  # noqa: E402

ROUNDS, WARM_UP, GOAL = 300, 30, 1.2

MAKE = """
import json
first = env.ref("pos_gateway.demo_provider")
second = first.copy({"name": "Second POS"})
second.write({"gateway_merchant_id": "1", "gateway_store_key": "k",
              "gateway_api_user": "u", "gateway_api_password": "p"})
second.write({"state": "test", "is_published": True})
world = env.ref("pos_gateway.card_program_world")
partner = env["res.partner"].create({"name": "Bench"})
env["pos.gateway.agreement"].search([]).active = False
programs = env["pos.gateway.card.program"].search([], limit=8)
for provider, more in ((first, 0), (second, 0.1)):
    provider.gateway_program_ids = False
    env["pos.gateway.agreement"].create({
        "name": "Bench",
        "provider_id": provider.id,
        "date_from": "2026-01-01",
        "line_ids": [
            (0, 0, {"program_id": program.id, "installment_count": count,
                    "kind": kind, "rate": 1 + count + more})
            for program in programs | world
            for count in range(1, 13)
            for kind in ("credit", "commercial")
        ],
    })
env.cr.commit()
with open(%(path)r, "w") as file:
    json.dump({
        "provider_id": first.id,
        "amount": 1234.56,
        "currency_id": env.ref("base.TRY").id,
        "card_prefix": "45436001",
        "partner_id": partner.id,
        "key": first._gateway_page_key(partner.id),
    }, file)
"""


class Route:
    def __init__(self, stack, address, params, is_right):
        self.stack, self.address, self.is_right = stack, address, is_right
        self.body = {"jsonrpc": "2.0", "method": "call", "params": params}
        self.session = requests.Session()
        self.times = []

    def ask(self):
        started = time.perf_counter()
        answer = self.session.post(
            self.stack.server.url + self.address, json=self.body, timeout=60
        )
        self.times.append(time.perf_counter() - started)
        if not self.is_right(answer.json().get("result")):
            raise SystemExit(f"{self.address}: {answer.text[:500]}")

    @property
    def median(self):
        return statistics.median(self.times[WARM_UP:])

    def served(self):
        """:return: queries and milliseconds of a request, as the server's log has it"""
        pattern = rf'"POST {re.escape(self.address)} HTTP/1\.1" \d+ - (\d+) (\S+) (\S+)'
        log = self.stack.server.log.read_text(errors="replace")
        rows = re.findall(pattern, log)[WARM_UP:]
        queries = statistics.median(int(row[0]) for row in rows)
        seconds = statistics.median(float(row[1]) + float(row[2]) for row in rows)
        return f"{queries:.0f} queries, {seconds * 1000:.0f} ms in the server"


def session_of(stack):
    """:return: cookies of a browser that has been on a page"""
    answer = requests.post(
        f"{stack.server.url}/websocket/peek_notifications",
        json={"params": {"channels": [], "last": 0, "is_first_poll": True}},
        timeout=60,
    )
    return answer.cookies


def measure(stack):
    path = stack.folder / "made.json"
    stack.command.shell(MAKE % {"path": str(path)})
    question = json.loads(path.read_text())
    ours = Route(
        stack,
        "/payment/pos_gateway/offers",
        question,
        lambda answer: (
            [way["installment_count"] for way in answer["ways"]] == [1, 2, 3, 6]
        ),
    )
    no_user = Route(
        stack,
        "/web/webclient/version_info",
        {},
        lambda answer: answer["server_version"],
    )
    public = Route(
        stack,
        "/bus/has_missed_notifications",
        {"last_notification_id": 0},
        lambda answer: answer is False or answer is True,
    )
    # All three with one session, as a payer's browser has it from the page: without one
    # Odoo asks PostgreSQL for its databases each time.
    session = session_of(stack)
    for route in (ours, no_user, public):
        route.session.cookies.update(session)
    ours.ask()
    print(f"P-offers: the first question of a payer {ours.times.pop() * 1000:.2f} ms")
    for _round in range(WARM_UP + ROUNDS):
        for route in (ours, no_user, public):
            route.ask()
    print(f"P-offers: ours {ours.median * 1000:.2f} ms ({ours.served()})")
    for route in (no_user, public):
        print(
            f"P-offers: against {route.address} {route.median * 1000:.2f} ms"
            f" ({route.served()}),"
            f" ratio {ours.median / route.median:.2f} (goal {GOAL})"
        )


def main():
    os.chdir(ROOT)
    cluster = cluster_of_tests()
    stack = Stack(cluster, "p_offers", cluster.data.parent / "p_offers")
    OdooServer.cron_threads = 0
    try:
        measure(stack.start())
    finally:
        stack.stop()
        cluster.stop()


if __name__ == "__main__":
    main()
