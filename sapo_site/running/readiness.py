"""Whether this process could do its work now: found out beside the requests that ask for it."""

import logging
import shutil
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connections

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 5
_SLEEPS_AFTER_SECONDS = 600  # nobody asks any more
# What is older was found by a thread that hangs.
_TOO_OLD_SECONDS = 12
# The first question after a silence waits for its answer: long enough for whatever is well, under load too.
_PATIENCE_SECONDS = 2
_RESERVE_BYTES = 200 * 1024 * 1024


def _answers(alias: str, table: str) -> bool:
    """A connection of its own: one that is open already outlives what it leads to."""
    connection = connections[alias].copy()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM {table} WHERE 1 = 0")  # noqa: S608 (our own names)
        return True
    finally:
        connection.close()


def _has_room() -> bool:
    return shutil.disk_usage(settings.VAR_DIR).free >= _RESERVE_BYTES


# What the work of this process's roles needs, each under the word that operators are told.
NEEDED: dict[str, Callable[[], bool]] = {}
if settings.WITH_PAGES:
    NEEDED["database"] = lambda: _answers("default", "ground_contentversion")
    NEEDED["space"] = _has_room
if "intake" in settings.ROLES:
    from tips.keeping.intake import Closed, check_ready

    def _is_open() -> bool:
        """What the form itself goes by, so that both say the same."""
        try:
            check_ready()
        except Closed:
            return False
        return True

    NEEDED["form"] = _is_open
if "desk" in settings.ROLES:
    NEEDED["tips' database"] = lambda: _answers("tips", "tips_tip")


def lacking() -> list[str]:
    """What the work of this process needs and does not have; asks each, and so may take long."""
    return [word for word, check in NEEDED.items() if not _holds(check)]


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseFault, OSError):
        return False


class Fitness:
    """What was last found, for whoever asks; a thread finds it out while somebody does."""

    def __init__(self, look: Callable[[], list[str]] = lacking) -> None:
        self._look = look
        self._lock = threading.Lock()
        self._has_looked = threading.Event()
        self._thread: threading.Thread | None = None
        self._asked_at = self._looked_at = 0.0
        self._found: list[str] = []

    def is_ready(self) -> bool:
        """What was found within the last seconds; no, where nothing could be found out."""
        self._asked_at = time.monotonic()
        with self._lock:
            # It does not run in a forked process, nor after a silence.
            if self._thread is None or not self._thread.is_alive():
                self._has_looked.clear()
                self._thread = threading.Thread(target=self._go_on, daemon=True, name="readiness")
                self._thread.start()
        has_looked = self._has_looked.wait(_PATIENCE_SECONDS)
        is_fresh = time.monotonic() - self._looked_at < _TOO_OLD_SECONDS
        return has_looked and is_fresh and not self._found

    def _go_on(self) -> None:
        while time.monotonic() - self._asked_at < _SLEEPS_AFTER_SECONDS:
            found = self._look()
            if found and found != self._found:
                logger.error("Not ready: %s", ", ".join(found))
            elif self._found and not found:
                logger.warning("Ready again")
            self._found, self._looked_at = found, time.monotonic()
            self._has_looked.set()
            time.sleep(_EVERY_SECONDS)


fitness = Fitness()
