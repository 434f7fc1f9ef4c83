"""Command line: ``python -m tests.bank_simulator``. See README.md."""

import argparse
import json
import os
import signal
import sys
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from . import control, hosted
from .app import BankApp
from .bank import Bank
from .families import build_families, default_terminals, family_names
from .terminals import check_terminals, load_terminals


class QuietHandler(WSGIRequestHandler):
    """One short line for each request: no query, no headers, no address."""

    def log_request(self, code="-", size="-"):
        path = getattr(self, "path", "-").partition("?")[0]
        command = getattr(self, "command", "-")
        line = f"{command} {path} {getattr(code, 'value', code)}\n"
        sys.stderr.write(line)

    def log(self, type, message, *args):
        """Say nothing else: tracebacks of dropped connections are no news here."""


def build_app(bank):
    """Put the subjects and the protocol families on one application."""
    families = build_families(bank)
    routes = [*hosted.routes(bank), *control.routes(bank, families)]
    for family in families.values():
        routes += family.routes()
    return BankApp(routes)


def parse_arguments(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m tests.bank_simulator")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument(
        "--public-host",
        default="localhost",
        help="host name in the printed URL; browsers and merchants use it",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--terminals", metavar="FILE.json")
    return parser.parse_args(arguments)


def main():
    options = parse_arguments()
    if options.terminals:
        terminals = load_terminals(options.terminals)
    else:
        terminals = default_terminals()
    check_terminals(terminals, family_names())
    server = make_server(
        options.host,
        options.port,
        build_app(Bank(options.seed, terminals)),
        threaded=True,
        request_handler=QuietHandler,
    )

    def stop(_signal, _frame):
        # shutdown() waits for serve_forever(), which runs in this very thread.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    control_host = "127.0.0.1" if options.host == "0.0.0.0" else options.host
    started = {
        "url": f"http://{options.public_host}:{server.port}",
        "control": f"http://{control_host}:{server.port}/control",
        "pid": os.getpid(),
    }
    print(json.dumps(started), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
