"""Odoo as its users run it: a database made by its own command line, a real server."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xmlrpc.client
from pathlib import Path

from .cluster import Cluster, free_port

ROOT = Path(__file__).resolve().parents[2]
ADDONS = ("pos_gateway", "dealer_collection", "dealer_reports")


class OdooCommand:
    """Runs Odoo's command line on one database of one cluster."""

    def __init__(self, cluster: Cluster, database: str, folder: Path):
        self.cluster = cluster
        self.database = database
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.config = self.folder / "odoo.conf"

    def write_config(self, **extra):
        options = {
            "db_host": "127.0.0.1",
            "db_port": self.cluster.port,
            "db_user": self.cluster.user,
            "db_name": self.database,
            "dbfilter": f"^{self.database}$",
            "list_db": "False",
            "addons_path": os.environ["DC_ADDONS_PATH"],
            "data_dir": self.folder / "data",
            "http_interface": "127.0.0.1",
            **extra,
        }
        lines = ["[options]", *(f"{key} = {value}" for key, value in options.items())]
        self.config.write_text("\n".join(lines) + "\n")

    def run(self, *arguments, stdin: str | None = None, log: str = "install.log"):
        """:raise RuntimeError: with the end of the log, if Odoo fails"""
        path = self.folder / log
        command = [sys.executable, "-m", "odoo", *arguments]
        with path.open("ab") as output:
            done = subprocess.run(
                command,
                input=stdin and stdin.encode(),
                stdin=None if stdin else subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                check=False,
            )
        if done.returncode:
            tail = "\n".join(path.read_text(errors="replace").splitlines()[-30:])
            raise RuntimeError(f"{' '.join(command)} failed:\n{tail}")

    def shell(self, script: str):
        arguments = ["shell", "-c", self.config, "--no-http", "--log-level=warn"]
        self.run(*map(str, arguments), stdin=script + "\nenv.cr.commit()\n")

    def install(self, *modules):
        """With demo data; the log is kept in ``install.log``."""
        self.run(
            "-c", str(self.config), "--stop-after-init", "--no-http", "--with-demo",
            "-i", ",".join(modules), "--log-level=info",
        )  # fmt: skip


class OdooServer:
    """One server process with cron threads, as threaded production would have.

    :ivar cron_threads: may be changed before a start
    """

    cron_threads = 2

    def __init__(self, command: OdooCommand, port: int | None = None, debug=False):
        self.command = command
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = command.folder / f"server-{self.port}.log"
        self.debug = debug
        self.process = None

    def start(self) -> "OdooServer":
        self.command.write_config()
        arguments = [
            sys.executable, "-m", "odoo", "-c", self.command.config,
            f"--http-port={self.port}", f"--max-cron-threads={self.cron_threads}",
            f"--log-level={'debug' if self.debug else 'info'}",
        ]  # fmt: skip
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                list(map(str, arguments)),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds: float = 120):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"Odoo stopped:\n{self.tail()}")
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).close()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        raise RuntimeError(f"Odoo did not answer:\n{self.tail()}")

    def tail(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def kill(self):
        """As a power cut would: nothing is finished, nothing is told."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()

    def client(self, login: str, password: str) -> "Client":
        return Client(self.url, self.command.database, login, password)


class Client:
    """Odoo's external API, with the rights of one user."""

    def __init__(self, url, database, login, password):
        self.url, self.database, self.password = url, database, password
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.uid = common.authenticate(database, login, password, {})
        if not self.uid:
            raise PermissionError(f"{login} cannot log in")

    def call(self, model, method, *arguments, **keywords):
        # A proxy of its own for each call: they are not safe to share among threads.
        proxy = xmlrpc.client.ServerProxy(
            f"{self.url}/xmlrpc/2/object", allow_none=True
        )
        return proxy.execute_kw(
            self.database, self.uid, self.password, model, method, arguments, keywords
        )

    def search_read(self, model, domain, fields, **keywords):
        return self.call(model, "search_read", domain, fields=fields, **keywords)
