"""What a process may remember between requests: only what it knows has not changed.

Every change to published content draws a new content version, in the same transaction. The version
holds a stamp for each kind of content, drawn again when that kind changes. A value is remembered
with the stamps of the kinds it is made of, and used only under the same stamps. So all processes
agree as soon as the change can be seen at all.

A visitor's request has one version (`pages.public.reading.middleware`). Outside of such a request, in the
CMS and in commands, nothing is remembered.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from django.http import HttpRequest
from django.utils import timezone

T = TypeVar("T")
K = TypeVar("K")

# The kinds of content whose changes draw a new stamp (`pages.changes.versions`).
KINDS: set[str] = set()


@dataclass(frozen=True)
class Version:
    """The version of all published content, with a stamp for each kind."""

    value: str = ""
    stamps: dict[str, str] = field(default_factory=dict)
    _made: dict[tuple[str, ...], str] = field(default_factory=dict, compare=False, repr=False)

    def stamp_of(self, kinds: tuple[str, ...]) -> str:
        """A value that changes with each of these kinds; empty before anything is published."""
        if not self.value:
            return ""
        if kinds not in self._made:
            self._made[kinds] = self._stamp_of(kinds)
        return self._made[kinds]

    def _stamp_of(self, kinds: tuple[str, ...]) -> str:
        if unknown := set(kinds) - KINDS:
            raise LookupError(f"{unknown}: no model raises the version for it")
        since = self.stamps.get("", "")
        return " ".join(f"{kind}={self.stamps.get(kind, since)}" for kind in kinds)


NOTHING = Version()


class _VisitorsRequest:
    """What a visitor's request knows about the version."""

    def __init__(self, ask: Callable[[], Version]) -> None:
        self.ask = ask
        self.version: Version | None = None
        self.began = timezone.now()


_request: ContextVar[_VisitorsRequest | None] = ContextVar("visitors_request", default=None)


@contextmanager
def one_version(*, ask: Callable[[], Version]) -> Iterator[None]:
    """A context in which everything remembered belongs to one content version.

    A query that the request makes anyway may bring the version along (`note_version`); otherwise
    `ask` fetches it.
    """
    token = _request.set(_VisitorsRequest(ask))
    try:
        yield
    finally:
        _request.reset(token)


def note_version(version: Version) -> None:
    """Takes the content version that a query has brought along, unless the request has one."""
    request = _request.get()
    if request is not None and request.version is None:
        request.version = version


def is_remembering() -> bool:
    """Whether this is a visitor's request, which may use what is remembered."""
    return _request.get() is not None


def request_began() -> datetime:
    """When this visitor's request began; the present time outside of a request."""
    request = _request.get()
    return timezone.now() if request is None else request.began


def knows_version() -> bool:
    """Whether this request knows its version already, without a query."""
    request = _request.get()
    return request is not None and request.version is not None


def version() -> Version:
    """The content version of this request; nothing is remembered under an empty one."""
    request = _request.get()
    if request is None:
        return NOTHING
    if request.version is None:
        request.version = request.ask()
    return request.version


_remembered: dict[str, tuple[str, Any]] = {}


def remembered(key: str, kinds: tuple[str, ...], make: Callable[[], T], *, since: str = "") -> T:
    """The value kept under this key while none of the kinds changes, or a new one from `make`.

    A key names a value and a language, so there are few and the memory is bounded. A value that
    also changes by itself holds since a moment: pass the last one that has come as `since`.
    """
    stamp = version().stamp_of(kinds)
    if not stamp:
        return make()
    kept = _remembered.get(key)
    if kept is None or kept[0] != stamp + since:
        kept = (stamp + since, make())
        _remembered[key] = kept
    return kept[1]


def last_remembered(key: str) -> Any:
    """The value last kept under a key, of any version; the caller checks that it still holds."""
    kept = _remembered.get(key)
    return None if kept is None else kept[1]


class Shelf(Generic[K, T]):
    """Remembers many small values of some kinds, and forgets them all when one kind changes.

    Bounded: a full shelf is emptied.
    """

    _all: list["Shelf[Any, Any]"] = []

    def __init__(self, kinds: tuple[str, ...], *, most: int) -> None:
        self._kinds = kinds
        self._most = most
        self._kept: tuple[str, dict[K, T | None]] = ("", {})
        Shelf._all.append(self)

    def all_of(self, keys: Iterable[K], fetch: Callable[[set[K]], dict[K, T]]) -> dict[K, T | None]:
        """The values of these keys, fetched if not kept; None where nothing has the key."""
        wanted = set(keys)
        kept = self._under(version().stamp_of(self._kinds))
        found = {key: kept[key] for key in wanted & kept.keys()}
        if missing := wanted - found.keys():
            found |= self.add(missing, fetch(missing))
        return found

    def one(self, key: K, make: Callable[[], T]) -> T | None:
        """The value of this key, made if not kept."""
        kept = self._under(version().stamp_of(self._kinds))
        return kept[key] if key in kept else self.add([key], {key: make()})[key]

    def add(self, keys: Iterable[K], values: dict[K, T]) -> dict[K, T | None]:
        """Keeps the values that a query for these keys has found, and which keys it did not find."""
        kept = self._under(version().stamp_of(self._kinds))
        added: dict[K, T | None] = {**dict.fromkeys(keys), **values}
        if len(kept) + len(added) > self._most:
            kept.clear()
        kept.update(added)
        return added

    def lacks(self, keys: Iterable[K]) -> set[K]:
        """The keys that are not kept."""
        return set(keys) - self._under(version().stamp_of(self._kinds)).keys()

    def _under(self, stamp: str) -> dict[K, T | None]:
        if not stamp:
            return {}
        if self._kept[0] != stamp:
            self._kept = (stamp, {})
        return self._kept[1]


_made_in: WeakKeyDictionary[HttpRequest, dict[str, Any]] = WeakKeyDictionary()


def once(request: HttpRequest, key: str, make: Callable[[], T]) -> T:
    """The value for this key, made once in a request, which the value must not refer to."""
    made = _made_in.setdefault(request, {})
    if key not in made:
        made[key] = make()
    return made[key]
