"""When the database refuses what nobody has confirmed: in every request, and where a test says so.

What tests lay out themselves has a permit for everything, statement by statement.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.core.signals import request_finished, request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from pages.newsroom import guard
from pages.newsroom.models import Permit

_watches: ContextVar[bool] = ContextVar("the database refuses", default=False)
_WRITES = re.compile(r"(?:INSERT[A-Z ]* INTO|UPDATE|DELETE FROM) \"?(\w+)")
_TABLE = Permit._meta.db_table


@contextmanager
def guarded() -> Iterator[None]:
    """The database refuses what the test itself does."""
    token = _watches.set(True)
    try:
        yield
    finally:
        _watches.reset(token)


def _begins(**_signal: Any) -> None:
    _watches.set(True)


def _ends(**_signal: Any) -> None:
    _watches.set(False)


def look_away() -> None:
    """Ends a request of which a file was sent that nobody has read to its end."""
    _watches.set(False)


@cache
def _guarded_tables() -> set[str]:
    return {each.table for each in guard.refusals()}


def _let_through(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    connection = context["connection"]
    written = _WRITES.match(sql)
    if _watches.get() or not written or written[1] not in _guarded_tables():
        return execute(sql, params, many, context)
    own = connection.connection.cursor()  # in no test's list of what was asked
    own.execute(f"INSERT INTO {_TABLE} (kind, key) VALUES ('', '')")
    try:
        return execute(sql, params, many, context)
    finally:
        with suppress(connection.Database.Error):  # what has failed is rolled back
            own.execute(f"DELETE FROM {_TABLE} WHERE kind = ''")


def _is_opened(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    if _let_through not in connection.execute_wrappers:
        connection.execute_wrappers.insert(0, _let_through)


def let_everything_through() -> None:
    """For a program that a test runs in a process of its own."""
    connection_created.connect(_is_opened)
    for connection in connections.all(initialized_only=True):
        _is_opened(connection)


@contextmanager
def guard_in_requests() -> Iterator[None]:
    """While it is open, what is not done in a request or `guarded` is let through."""
    request_started.connect(_begins)
    request_finished.connect(_ends)
    let_everything_through()
    yield
