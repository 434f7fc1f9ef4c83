"""The bank core that all protocol families share: its books, clock and numbers."""

import base64
import random
import string
import threading

from .clock import Clock
from .faults import FaultBook
from .journal import Journal
from .orders import Order

FIRST_SETTLEMENT = 2400


class Bank:
    """Everything that the bank remembers.

    ``lock`` guards orders, payments and numbers; it is never held while the bank waits
    for a network.

    Numbers come from ``random.Random`` streams of seed, terminal and order, so that one
    order gets the same numbers in every run of a seed, even when a test plays many
    orders at once.
    """

    def __init__(self, seed, terminals):
        self.seed = seed
        self.terminals = {terminal.client_id: terminal for terminal in terminals}
        self.lock = threading.RLock()
        self.reset()

    def reset(self):
        """Forget everything but the terminals."""
        with self.lock:
            self.clock = Clock()
            self.journal = Journal(self.clock)
            self.faults = FaultBook()
            self.orders = {}
            self.payments = {}
            self.plans = {}
            self.settlement = FIRST_SETTLEMENT
            self.merchant_headers = {}
            self._streams = {}
            self._used = set()

    def terminal_of(self, family_name, client_id):
        """Return the terminal of a family, or None."""
        terminal = self.terminals.get(client_id)
        return terminal if terminal and terminal.family == family_name else None

    # -- books -----------------------------------------------------------------------

    def order(self, client_id, order_id):
        """Return the order, opened when it is new."""
        with self.lock:
            key = (client_id, order_id)
            if key not in self.orders:
                self.orders[key] = Order(client_id, order_id)
            return self.orders[key]

    def find_order(self, order_id, client_id=""):
        """Return a known order or None; without a terminal the first that fits."""
        with self.lock:
            if client_id:
                return self.orders.get((client_id, order_id))
            found = (o for o in self.orders.values() if o.order_id == order_id)
            return next(found, None)

    def charges(self):
        """Return the successful authorisations, oldest order first."""
        with self.lock:
            return [o.describe_charge() for o in self.orders.values() if o.sale]

    # -- numbers ---------------------------------------------------------------------

    def digits(self, owner, length):
        return self._text(owner, string.digits, length)

    def letters(self, owner, length):
        return self._text(owner, string.ascii_letters, length)

    def nonce(self, owner, size=20):
        """Return fresh base64 text, as banks use it for rnd, xid and cavv."""
        with self.lock:
            return base64.b64encode(self._stream(owner).randbytes(size)).decode()

    def token(self, owner):
        with self.lock:
            return self._stream(owner).randbytes(16).hex()

    def trans_id(self, owner):
        day = self.clock.now().strftime("%y%j")
        return self._unique(
            lambda: day + self.letters(owner, 4) + self.digits(owner, 5)
        )

    def host_ref(self, owner):
        day = self.clock.now().strftime("%y%j")[1:]
        return self._unique(lambda: day + self.digits(owner, 8))

    def claim(self, owner, number):
        """Take a number that a merchant chose; return whether it was still free."""
        with self.lock:
            key = (owner.client_id, number)
            free = key not in self._used
            self._used.add(key)
            return free

    def _unique(self, make):
        with self.lock:
            while (number := make()) in self._used:
                pass
            self._used.add(number)
            return number

    def _text(self, owner, alphabet, length):
        with self.lock:
            return "".join(self._stream(owner).choices(alphabet, k=length))

    def _stream(self, owner):
        key = f"{self.seed}/{owner.client_id}/{owner.order_id}"
        if key not in self._streams:
            self._streams[key] = random.Random(key)
        return self._streams[key]
