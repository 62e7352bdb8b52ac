"""Ends the waiting for a PostgreSQL that is gone: of all who ask it, and of all who want to."""

import contextlib
import os
import socket
import threading
from typing import Any
from weakref import WeakSet

import psycopg
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


class _Open:
    """The connections of this process, by alias; those of the pools together."""

    def __init__(self) -> None:
        self._by_alias: dict[str, WeakSet[psycopg.Connection[Any]]] = {}
        self._lock = threading.Lock()

    def add(self, connection: psycopg.Connection[Any], alias: str = "") -> None:
        with self._lock:
            self._by_alias.setdefault(alias, WeakSet()).add(connection)

    def take(self, alias: str) -> list[psycopg.Connection[Any]]:
        with self._lock:
            return [each for key in (alias, "") for each in self._by_alias.pop(key, ())]


_open = _Open()


class PooledConnection(psycopg.Connection[Any]):
    """Known from its beginning: the pool tries a connection before it gives it to anybody."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _open.add(self)


def note_connection(connection: BaseDatabaseWrapper, **_signal: Any) -> None:
    """Receives each connection that a thread opens for itself."""
    if connection.vendor == "postgresql" and not isinstance(
        connection.connection, PooledConnection
    ):
        _open.add(connection.connection, connection.alias)


def end(alias: str) -> None:
    """Lets every query fail that has no answer yet, and whoever waits for a connection.

    A server that hangs keeps its connections open, so that they have to be closed from here.
    """
    pooled: Any = connections[alias]
    if getattr(pooled, "pool", None):
        pooled.pool.close(timeout=0)
        pooled.close_pool()  # the next query makes another
    for each in _open.take(alias):
        with contextlib.suppress(OSError, psycopg.Error), _socket(each) as end:
            end.shutdown(socket.SHUT_RDWR)


def _socket(connection: psycopg.Connection[Any]) -> socket.socket:
    return socket.socket(fileno=os.dup(connection.fileno()))
