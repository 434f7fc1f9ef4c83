"""The bank simulator as a process of its own, and its control interface."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Simulator:
    def __init__(self, log: Path, port: int = 0, seed: int = 1):
        self.log = Path(log)
        self.port = port
        self.seed = seed

    def start(self) -> "Simulator":
        command = [sys.executable, "-m", "tests.bank_simulator"]
        command += ["--host", "127.0.0.1", "--port", str(self.port)]
        # Another host name than Odoo's: for the browser the bank is another site.
        command += ["--public-host", "localhost", "--seed", str(self.seed)]
        self._output = self.log.open("ab")
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=self._output,
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the bank simulator stopped: see {self.log}")
        hello = json.loads(line)
        self.url, self.control_url = hello["url"], hello["control"]
        return self

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()
        self._output.close()

    def get(self, path: str):
        with urllib.request.urlopen(f"{self.control_url}/{path}", timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, **values):
        request = urllib.request.Request(
            f"{self.control_url}/{path}",
            data=json.dumps(values).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=90) as answer:
            return json.load(answer)

    def charges(self, order_id: str) -> list[dict]:
        rows = self.get("charges")["charges"]
        return [row for row in rows if row["order"] == order_id]
