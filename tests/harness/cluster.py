"""A private PostgreSQL cluster: for the demo in the checkout, for tests beside it.

The server refuses to run as root; as root it runs as the system user ``postgres``.
"""

import os
import pwd
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Cluster:
    """:param data: folder of the cluster; made when missing
    :param durable: tests that kill nothing but Odoo do not need the disk to be asked
    """

    def __init__(self, data: Path, port: int | None = None, durable: bool = True):
        self.data = Path(data)
        self.port = port or free_port()
        self.durable = durable
        self.bin = Path(os.environ["DC_PG_BIN"])
        self.user = "odoo"

    def start(self) -> "Cluster":
        """Start the server, or join the one that somebody else runs on this folder."""
        self.is_ours = False
        if self._join():
            return self
        if not (self.data / "PG_VERSION").exists():
            self._make()
        options = f"-p {self.port} -k {self.data} -c listen_addresses=127.0.0.1"
        options += " -c max_connections=200"
        if not self.durable:
            options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
        log = self.data / "server.log"
        self._run("pg_ctl", "-D", self.data, "-l", log, "-w", "-o", options, "start")
        self.is_ours = True
        return self

    def _join(self) -> bool:
        """The fourth line of the server's own file is its port."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return False
        self.port = int(pid_file.read_text().splitlines()[3])
        try:
            self.query("postgres", "SELECT 1")
        except Exception:  # a server that was killed leaves its file behind
            self.port = free_port()
            return False
        return True

    def stop(self):
        """Only whoever started the server stops it."""
        if not self.is_ours:
            return
        self._run("pg_ctl", "-D", self.data, "-m", "fast", "-w", "stop", check=False)

    def crash(self):
        """As a power cut would: every connection is gone, nothing is finished."""
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def create_database(self, name: str, template: str = "template1"):
        self.execute("postgres", f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str):
        self.execute("postgres", f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def databases(self) -> list[str]:
        rows = self.query("postgres", "SELECT datname FROM pg_database")
        return [row[0] for row in rows]

    def dump(self, name: str) -> str:
        """:return: the whole database as plain SQL text"""
        command = [self.bin / "pg_dump", *self._client_arguments(), name]
        return subprocess.run(
            command, check=True, capture_output=True, text=True
        ).stdout

    def copy_database(self, other: "Cluster", name: str):
        """Take a database over from another cluster."""
        self.create_database(name, "template0")
        subprocess.run(
            [
                self.bin / "psql",
                "-q",
                "-o",
                os.devnull,
                *self._client_arguments(),
                name,
            ],
            input=other.dump(name),
            text=True,
            check=True,
            capture_output=True,
        )

    def query(self, database: str, statement: str, parameters=None) -> list[tuple]:
        with self.connect(database) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def execute(self, database: str, statement: str):
        connection = self.connect(database)
        try:
            connection.autocommit = True
            connection.cursor().execute(statement)
        finally:
            connection.close()

    def connect(self, database):
        import psycopg2

        return psycopg2.connect(
            host="127.0.0.1", port=self.port, user=self.user, dbname=database
        )

    def _client_arguments(self):
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", self.user]

    def _make(self):
        self.data.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0:
            account = pwd.getpwnam("postgres")
            os.chown(self.data, account.pw_uid, account.pw_gid)
        self.data.chmod(0o700)
        # The collation that Odoo gives its own databases: prefix searches use indexes.
        self._run(
            "initdb", "-D", self.data, "-A", "trust", "-U", self.user,
            "-E", "UTF8", "--locale=C.UTF-8",
        )  # fmt: skip

    def _run(self, program, *arguments, check=True):
        command = [str(self.bin / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        # Output to a file: the server would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command, stdout=output, stderr=output, cwd="/", check=False
            )
            if check and done.returncode:
                output.seek(0)
                text = output.read().decode(errors="replace")
                raise RuntimeError(f"{program} failed:\n{text}")


def reachable_folder(wanted: Path, name: str) -> Path:
    """Where a cluster can live: ``wanted``, unless its server user cannot get there.

    As root, the user ``postgres`` must be able to enter every folder on the way.
    """
    wanted = Path(wanted)
    if os.geteuid() != 0 or all(
        parent.stat().st_mode & 0o001
        for parent in wanted.resolve().parents
        if parent.exists()
    ):
        return wanted
    return Path(tempfile.gettempdir()) / f"dealer-collection-{name}"
