"""Knows the content version, and whether the database answers: one thread asks four times a second.

On a machine with an edition, all processes go over to a new version when its edition becomes current:
files and processes change in the same moment, and no reader meets the new one here, the old one there.

A reader never waits for that query, and without a database the last version stays. A second thread
sees to it that nobody, not even the first, waits long for a database that is gone.
"""

import logging
import threading
import time
from collections import deque
from datetime import date

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.timezone import localdate

from pages.content.models import Withdrawal, WithdrawalReason
from pages.content.tree.addresses import forget_roots
from pages.ground.models import ContentVersion

from . import editions, waiting

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 0.25
_LOOK_SECONDS = 0.002
# Without readers the thread ends. The first reader after such a silence waits for one query.
_SLEEPS_AFTER_SECONDS = 60
# A database that has not answered for so long is gone, though its connections stand.
_PATIENCE_SECONDS = 1
# How often it is looked whether it has answered. Those looks are counted, and not the seconds: where the
# whole machine is slow, they come late as well.
_GUARDS_EVERY_SECONDS = 0.1
# How long the edition may lag behind the database before the processes go on without it.
_STEP_SECONDS = 1


class Watch:
    """The content version as this process knows it, at most a third of a second old."""

    def __init__(self) -> None:
        self.is_blind = False  # the database does not answer
        # The addresses of pages that were withdrawn while this process has run.
        self.withdrawn: frozenset[str] = frozenset()
        # Those of pages that were published by mistake; the same object until one comes or goes.
        self.mistakes: frozenset[str] = frozenset()
        self._began = localdate()
        self._version = ""
        self._learned_at = 0.0
        self._before: deque[str] = deque(maxlen=8)
        self._shown = ""  # the version of the edition, as it was last seen
        self._withdrawn_under = ""
        self._asked_at = 0.0
        self._waits_since: float | None = None
        self._lock = threading.Lock()
        self._has_answer = threading.Event()
        self._alarm = threading.Event()
        self._thread = self._new_thread()

    def current(self) -> str:
        """The version now; empty before anything is published, or before the version is known."""
        self._asked_at = time.monotonic()
        # The thread does not run in a forked process, nor after a silence.
        if not (self._thread.is_alive() and self._has_answer.is_set()):
            self._start()
        return self._in_step(self._version)

    def wait_for(self, version: str) -> str:
        """The version once it is the one that answers are made under, unless that is over.

        An answer may be made in the moment between a change and its edition.
        """
        until = time.monotonic() + _STEP_SECONDS
        while (
            (current := self.current()) != version
            and version not in self._before
            and editions.shown_version()
            and time.monotonic() < until
        ):
            time.sleep(_LOOK_SECONDS)
        return current

    def learn(self, version: str) -> None:
        """Takes a version, also the one that this process has just committed."""
        if version != self._version:
            self._before.append(self._version)
            self._version, self._learned_at = version, time.monotonic()
            forget_roots()  # since Wagtail would remember them for an hour

    def _in_step(self, known: str) -> str:
        """The version of the current edition, where there is one that does not lag behind."""
        shown = editions.shown_version()
        if not shown or shown == known:
            return known
        if shown != self._shown:  # it has moved on before the thread has asked
            self._shown = shown
            self.learn(shown)
            return shown
        return shown if time.monotonic() - self._learned_at < _STEP_SECONDS else known

    def learn_withdrawn(self, address: str) -> None:
        """Takes the address of a page that this process has just withdrawn."""
        self.withdrawn |= {address}

    def learn_mistakes(self, addresses: frozenset[str]) -> None:
        """Takes the addresses of all pages that were published by mistake."""
        if addresses != self.mistakes:
            self.mistakes = addresses

    def _start(self) -> None:
        with self._lock:
            if not self._thread.is_alive():
                self._has_answer.clear()
                self._thread = self._new_thread()
                self._thread.start()
                threading.Thread(target=self._guard, daemon=True, name="outages").start()
            if not self._has_answer.wait(_PATIENCE_SECONDS):
                self._note(is_blind=True)
                self._has_answer.set()  # so that only one reader waits

    def _new_thread(self) -> threading.Thread:
        return threading.Thread(target=self._run, daemon=True, name="content version")

    def _run(self) -> None:
        _connect_alone()
        while time.monotonic() - self._asked_at < _SLEEPS_AFTER_SECONDS:
            self._ask()
            time.sleep(_EVERY_SECONDS)
        _connection().close()

    def _ask(self) -> None:
        self._waits_since = time.monotonic()
        try:
            version = ContentVersion.current()
            if version != self._withdrawn_under:
                self.learn_mistakes(mistakes())
                self.withdrawn = _withdrawn_since(self._began) | self.mistakes
                self._withdrawn_under = version
            self.learn(version)
            _connection().close_if_unusable_or_obsolete()
        except (DatabaseError, InterfaceError):
            _connection().close()
            _connect_alone()
            self._note(is_blind=True)
        except Exception:
            # Whatever it was, the thread must go on: without it this process would serve old pages.
            logger.exception("The content version could not be asked for")
            _connection().close()
        else:
            self._note(is_blind=False)
        finally:
            self._waits_since = None
            self._has_answer.set()

    def _guard(self) -> None:
        """Ends all waiting for the database once it is gone, so that nobody waits for what hangs."""
        since, silent = None, 0
        while self._thread.is_alive():
            self._alarm.wait(_GUARDS_EVERY_SECONDS)
            silent = silent + 1 if self._waits_since == since is not None else 0
            since = self._waits_since
            if silent * _GUARDS_EVERY_SECONDS >= _PATIENCE_SECONDS:
                self._note(is_blind=True)
                self._alarm.set()
            if self._alarm.is_set():
                self._alarm.clear()
                waiting.end(ContentVersion.objects.db)

    def _note(self, *, is_blind: bool) -> None:
        if is_blind and not self.is_blind:
            logger.error("The database does not answer: pages stand as they were")
            self._alarm.set()
        elif self.is_blind and not is_blind:
            logger.warning("The database answers again")
        self.is_blind = is_blind


def _connect_alone() -> None:
    """Gives this thread a connection that is not the pool's, where it would wait for seconds."""
    alias = ContentVersion.objects.db
    alone = connections.create_connection(alias).copy()
    alone.settings_dict["OPTIONS"].pop("pool", None)
    alone.settings_dict["CONN_MAX_AGE"] = 600
    alone.settings_dict["CONN_HEALTH_CHECKS"] = False  # its one question tells as much
    connections[alias] = alone


def _withdrawn_since(day: date) -> frozenset[str]:
    rows = Withdrawal.objects.in_force().filter(withdrawn_on__gte=day)
    return frozenset(rows.values_list("address", flat=True))


def mistakes() -> frozenset[str]:
    """The addresses of the pages that were withdrawn since they were published by mistake."""
    rows = Withdrawal.objects.in_force().filter(reason=WithdrawalReason.MISTAKE)
    return frozenset(rows.values_list("address", flat=True))


def _connection() -> BaseDatabaseWrapper:
    return connections[ContentVersion.objects.db]


watch = Watch()
