"""The bank's clock: Turkish time, which tests may move forward."""

from datetime import datetime, timedelta, timezone

TURKEY = timezone(timedelta(hours=3))


class Clock:
    """Real time plus an offset that only grows."""

    def __init__(self):
        self._offset = timedelta()

    def now(self):
        return datetime.now(TURKEY) + self._offset

    @property
    def ahead(self):
        """How far tests moved it: the clock of the merchant stayed behind by that."""
        return self._offset

    def reach(self, moment):
        """Move forward to a moment; one that has passed changes nothing."""
        self._offset = max(self._offset, moment - datetime.now(TURKEY))
