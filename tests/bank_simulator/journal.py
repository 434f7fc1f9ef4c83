"""What the bank was asked and what it answered, without card data."""

import threading
from collections import deque

KEPT_ENTRIES = 20_000


class Journal:
    """The newest entries, oldest first.

    An entry names the card only by its masked number. Card numbers and security codes
    have no field here, so they cannot get in by accident.
    """

    def __init__(self, clock):
        self._clock = clock
        self._lock = threading.Lock()
        self._entries = deque(maxlen=KEPT_ENTRIES)
        self._count = 0

    def write(
        self, path, operation, verdict, *, terminal="", order="", card="", code=""
    ):
        """Add one entry.

        :param verdict: one word: accepted, refused, approved, declined, delivered...
        :param code: the bank's or the issuer's code, or an HTTP status
        """
        with self._lock:
            self._count += 1
            self._entries.append(
                {
                    "number": self._count,
                    "time": self._clock.now().isoformat(timespec="milliseconds"),
                    "path": path,
                    "terminal": terminal,
                    "order": order,
                    "operation": operation,
                    "verdict": verdict,
                    "code": code,
                    "card": card,
                }
            )

    def entries(self):
        with self._lock:
            return list(self._entries)

    def clear(self):
        with self._lock:
            self._entries.clear()
            self._count = 0
