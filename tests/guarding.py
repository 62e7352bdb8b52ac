"""When the guard of the newsroom watches: in every request, and where a test says so.

Tests lay out what they need with the ORM, as nobody can outside of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from unittest.mock import patch

from django.core.signals import request_finished, request_started

from pages.newsroom import guard

# What the guard asks of the permit.
_ASKED = ("is_named", "is_open", "is_permitted")
_watches: ContextVar[bool] = ContextVar("the guard watches", default=False)


@contextmanager
def guarded() -> Iterator[None]:
    """The guard watches what the test itself does."""
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


def let_everything_through() -> None:
    """For a program that a test runs in a process of its own, where nobody has patched the guard."""
    for name in _ASKED:
        setattr(guard, name, lambda *_about: True)


@contextmanager
def guard_in_requests() -> Iterator[None]:
    """While it is open, what is not done in a request or `guarded` is let through."""
    request_started.connect(_begins)
    request_finished.connect(_ends)
    asked = {name: getattr(guard, name) for name in _ASKED}

    def let_through(name: str) -> Any:
        return lambda *about: not _watches.get() or asked[name](*about)

    with patch.multiple(guard, **{name: let_through(name) for name in asked}):
        yield
