"""Knows the content version: one thread asks the database for it four times a second.

A reader never waits for that query, and without a database the last version stays. The thread asks
the database that pages are read from, which may be a copy that is some moments behind.
"""

import logging
import threading
import time

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from pages.models import ContentVersion
from pages.tree.addresses import forget_roots

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 0.25
# Without readers the thread ends. The first reader after such a silence waits for one query.
_SLEEPS_AFTER_SECONDS = 60


class Watch:
    """The content version as this process knows it, at most a third of a second old."""

    def __init__(self) -> None:
        self.is_blind = False  # the database did not answer the last query
        self._version = ""
        self._asked_at = 0.0
        self._lock = threading.Lock()
        self._thread = self._new_thread()

    def current(self) -> str:
        """The version now; empty before anything is published, or before the version is known."""
        self._asked_at = time.monotonic()
        # The thread does not run in a forked process, nor after a silence.
        if not self._thread.is_alive():
            self._start()
        return self._version

    def learn(self, version: str) -> None:
        """Takes a version, also the one that this process has just committed."""
        if version != self._version:
            self._version = version
            forget_roots()  # since Wagtail would remember them for an hour

    def _start(self) -> None:
        with self._lock:
            if not self._thread.is_alive():
                self._ask()
                self._thread = self._new_thread()
                self._thread.start()

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, daemon=True, name="content version")

    def _run(self) -> None:
        while time.monotonic() - self._asked_at < _SLEEPS_AFTER_SECONDS:
            time.sleep(_EVERY_SECONDS)
            self._ask()
        _connection().close()

    def _ask(self) -> None:
        try:
            self.learn(ContentVersion.current())
            _connection().close_if_unusable_or_obsolete()
        except (DatabaseError, InterfaceError):
            _connection().close()
            self._note(is_blind=True)
        except Exception:
            # Whatever it was, the thread must go on: without it this process would serve old pages.
            logger.exception("The content version could not be asked for")
            _connection().close()
        else:
            self._note(is_blind=False)

    def _note(self, *, is_blind: bool) -> None:
        if is_blind and not self.is_blind:
            logger.error("The database does not answer: pages stand as they were")
        elif self.is_blind and not is_blind:
            logger.warning("The database answers again")
        self.is_blind = is_blind


def _connection() -> BaseDatabaseWrapper:
    return connections[ContentVersion.objects.db]


watch = Watch()
