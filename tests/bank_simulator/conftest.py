"""A running bank, a merchant that records, and a merchant's own hash computation."""

import base64
import hashlib
import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
import requests
from lxml import etree

ROOT = Path(__file__).parents[2]
STORE_KEY = "SimStore.Key|01"
GOOD_CARD = "4543600100000002"


def merchant_hash(fields, store_key=STORE_KEY):
    """Hash version 3, computed here once more and in another way than the bank does."""
    values = []
    for name in sorted(fields, key=lambda text: text.casefold()):
        if name.casefold() in ("hash", "encoding"):
            continue
        values.append(fields[name])
    text = "".join(
        "".join("\\" + c if c in "\\|" else c for c in value) + "|" for value in values
    )
    text += "".join("\\" + c if c in "\\|" else c for c in store_key)
    return base64.b64encode(hashlib.sha512(text.encode()).digest()).decode()


class Merchant:
    """A web server that keeps what the bank posts to it."""

    def __init__(self):
        received = self.received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fields = dict(parse_qsl(body, keep_blank_values=True))
                received.append((self.path, fields, dict(self.headers)))
                self.send_response(303)
                self.send_header("Location", "/done")
                self.end_headers()

            def do_GET(self):
                path, _mark, query = self.path.partition("?")
                fields = dict(parse_qsl(query, keep_blank_values=True))
                received.append((path, fields, dict(self.headers)))
                self.send_response(303)
                self.send_header("Location", "/done")
                self.end_headers()

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Client:
    """The merchant's and the tester's hands on a running bank."""

    def __init__(self, started, merchant, log_path):
        self.url, self.control_url = started["url"], started["control"]
        self.merchant = merchant
        self.log_path = log_path
        self._numbers = count(1)

    def form(self, **changes):
        """Return a signed form; a change to None takes the field away."""
        fields = {
            "clientid": "700655001",
            "storetype": "3d_pay_hosting",
            "hashAlgorithm": "ver3",
            "TranType": "Auth",
            "amount": "1250.40",
            "currency": "949",
            "taksit": "",
            "oid": f"TEST-{next(self._numbers)}",
            "okUrl": f"{self.merchant.url}/return",
            "failUrl": f"{self.merchant.url}/return?failed=1",
            "lang": "en",
            "rnd": "abc",
            **changes,
        }
        fields = {name: value for name, value in fields.items() if value is not None}
        fields.setdefault("hash", merchant_hash(fields))
        return fields

    def get(self, path):
        answer = requests.get(f"{self.control_url}/{path}", timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, path, **body):
        answer = requests.post(f"{self.control_url}/{path}", json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def pay(self, card_number=GOOD_CARD, fault=None, **changes):
        """Play a payment without a browser; return the form and the answer."""
        fields = self.form(**changes)
        return fields, self.charge("nestpay", fields, card_number, fault)

    def charge(self, family, fields, card_number=GOOD_CARD, fault=None):
        """Play the payer of a form; return the answer, also that of a refused form."""
        body = {"fields": fields, "card_number": card_number, "fault": fault}
        url = f"{self.control_url}/charge"
        return requests.post(url, json={**body, "family": family}, timeout=10).json()

    def api(self, order_id="", extra=None, raw=None, form=False, **changes):
        """Send a CC5Request; return the answer as a dict, Extra's fields included."""
        fields = {
            "Name": "simapi",
            "Password": "SimApi.Pass-1",
            "ClientId": "700655001",
            "OrderId": order_id,
            **changes,
        }
        root = etree.Element("CC5Request")
        for name, value in fields.items():
            etree.SubElement(root, name).text = value
        holder = etree.SubElement(root, "Extra")
        for name, value in (extra or {}).items():
            etree.SubElement(holder, name).text = value
        body = raw or etree.tostring(root, encoding="ISO-8859-9", xml_declaration=True)
        answer = requests.post(
            f"{self.url}/fim/api", data={"DATA": body} if form else body, timeout=10
        )
        answer.raise_for_status()
        root = etree.fromstring(answer.content)
        return {
            node.tag: node.text or "" for node in root.iter() if node.tag != "Extra"
        }

    def status(self, order_id, **changes):
        return self.api(order_id, extra={"ORDERSTATUS": "QUERY"}, **changes)

    def verdicts(self, order_id):
        """Return (operation, verdict) of the journal's entries of an order."""
        entries = self.get("log")["log"]
        return [
            (entry["operation"], entry["verdict"])
            for entry in entries
            if entry["order"] == order_id
        ]


def start_bank(log_path, *arguments):
    """Start the process; return it and its first line."""
    command = [sys.executable, "-m", "tests.bank_simulator", *arguments]
    with open(log_path, "w", encoding="utf-8") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True
        )
    return process, json.loads(process.stdout.readline())


@pytest.fixture(scope="session")
def merchant():
    merchant = Merchant()
    yield merchant
    merchant.server.shutdown()


@pytest.fixture(scope="session")
def running_bank(tmp_path_factory, merchant):
    log_path = tmp_path_factory.mktemp("bank") / "stderr"
    process, started = start_bank(log_path, "--public-host", "127.0.0.1")
    yield Client(started, merchant, log_path)
    process.terminate()
    assert process.wait(5) == 0
    process.stdout.close()


@pytest.fixture
def bank(running_bank):
    """The bank with empty books."""
    running_bank.post("reset")
    running_bank.merchant.received.clear()
    return running_bank
