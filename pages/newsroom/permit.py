"""What the gate lets through at this moment. Nobody but the gate and the acts opens it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# (kind, key) -> the digest that may be saved as public; None for whatever the act makes of it.
_Allowed = dict[tuple[str, str], str | None]
_EVERYTHING = ("", "")
_allowed: ContextVar[_Allowed | None] = ContextVar("what may become public now", default=None)


@contextmanager
def permitted(kind: str, key: str, live_digest: str | None = None) -> Iterator[None]:
    """While it is open, the object may be saved as public with this content, or as an act needs."""
    token = _allowed.set({**(_allowed.get() or {}), (kind, key): live_digest})
    try:
        yield
    finally:
        _allowed.reset(token)


@contextmanager
def everything_permitted() -> Iterator[None]:
    """While it is open, anything may: for the building of a site that nobody reads yet."""
    with permitted(*_EVERYTHING):
        yield


def is_permitted(kind: str, key: str, take_digest: Callable[[], str]) -> bool:
    """Whether content with this digest, taken only if need be, may be saved as public now."""
    if not is_named(kind, key):
        return False
    wanted = (_allowed.get() or {}).get((kind, key))
    return wanted is None or wanted == take_digest()


def is_named(kind: str, key: str) -> bool:
    """Whether something of the object may change in public now."""
    return not {(kind, key), _EVERYTHING}.isdisjoint(_allowed.get() or {})


def is_open() -> bool:
    """Whether anything may; what follows from it, such as a redirect, may be written then."""
    return bool(_allowed.get())
