"""Whether the tips' database would take in a tip, found out at little cost."""

import threading
import time

from django.db import Error as DatabaseFault
from django.db import connections

from tips.router import DATABASE

# Readers of the form and monitors are told what was found so many seconds ago.
_REMEMBERED = 5.0
_LONGEST = "3s"
# Asks for all that a tip needs, the right to add one too, and neither reads, writes nor waits.
_QUESTIONS = (
    "EXPLAIN INSERT INTO tips_tip (id) SELECT NULL WHERE 1 = 0",
    "EXPLAIN INSERT INTO tips_arrival (epoch) SELECT NULL WHERE 1 = 0",
)
_POSTGRESQL = """
    SELECT current_setting('transaction_read_only'), set_config('statement_timeout', %s, false)
"""


class Readiness:
    """Asks once for all: however many want to know, one at a time waits for the database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._asked_at = 0.0
        self._is_there: bool | None = None

    def is_database_there(self) -> bool:
        """What was found within the last seconds, or is found now."""
        # While it is gone, nobody but the one who asks has to wait for that to be found again.
        if not self._lock.acquire(blocking=self._is_there is not False):
            return False
        try:
            if self._is_there is None or time.monotonic() - self._asked_at > _REMEMBERED:
                self._is_there = _answers()
                self._asked_at = time.monotonic()
            return self._is_there
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Makes the next who wants to know ask anew."""
        self._is_there = None


def _answers() -> bool:
    """A connection of its own: one that is open already outlives what it leads to."""
    connection = connections[DATABASE].copy()
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(_POSTGRESQL, [_LONGEST])
                if cursor.fetchone()[0] == "on":
                    return False
            for question in _QUESTIONS:
                cursor.execute(question)
        return True
    except DatabaseFault:
        return False
    finally:
        connection.close()


readiness = Readiness()
