"""What a process may remember between requests: only what it can see has not changed.

Every change to published content draws a new content version, in the same transaction as
the change. The version holds a stamp for each kind of content, drawn anew when that kind
changes. What is remembered of some kinds is used only under the stamps that it was made
under, so all processes agree as soon as the change can be seen at all.

A visitor's request has one version (`pages.reading.middleware`). Outside of such a request, as in
the CMS and in commands, nothing is remembered.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
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

# The kinds of content whose changes draw a stamp (`pages.changes.versions`).
KINDS: set[str] = set()


@dataclass(frozen=True)
class Version:
    """The version of all published content, with the stamps of its kinds."""

    value: str = ""
    stamps: dict[str, str] = field(default_factory=dict)

    def stamp_of(self, kinds: Iterable[str]) -> str:
        """Changes whenever one of these kinds does; empty before anything has been published."""
        if not self.value:
            return ""
        if unknown := set(kinds) - KINDS:
            raise LookupError(f"{unknown}: no model raises the version for it")
        since = self.stamps.get("", "")
        return " ".join(f"{kind}={self.stamps.get(kind, since)}" for kind in kinds)


NOTHING = Version()


class _VisitorsRequest:
    """What a visitor's request knows of the version."""

    def __init__(self, ask: Callable[[], Version]) -> None:
        self.ask = ask
        self.version: Version | None = None
        self.began = timezone.now()


_request: ContextVar[_VisitorsRequest | None] = ContextVar("visitors_request", default=None)


@contextmanager
def one_version(*, ask: Callable[[], Version]) -> Iterator[None]:
    """While it is open, all that is remembered is of one content version.

    A query that the request makes anyway may bring the version along (`note_version`); else `ask`
    fetches it. It is always read from the database that the pages are read from: that may be a copy
    which is behind, and a newer version, heard of elsewhere, would not fit what it holds.
    """
    token = _request.set(_VisitorsRequest(ask))
    try:
        yield
    finally:
        _request.reset(token)


def note_version(version: Version) -> None:
    """Takes the content version that a query has brought along, unless one is known already."""
    request = _request.get()
    if request is not None and request.version is None:
        request.version = version


def is_remembering() -> bool:
    """Whether this is a visitor's request, in which things are remembered."""
    return _request.get() is not None


def request_began() -> datetime:
    """When this visitor's request began; now, outside of one."""
    request = _request.get()
    return timezone.now() if request is None else request.began


def knows_version() -> bool:
    """Whether what is remembered can be used without asking for the version."""
    request = _request.get()
    return request is not None and request.version is not None


def version() -> Version:
    """The content version of this request; nothing can be remembered under the empty one."""
    request = _request.get()
    if request is None:
        return NOTHING
    if request.version is None:
        request.version = request.ask()
    return request.version


_remembered: dict[str, tuple[str, Any]] = {}


def remembered(key: str, kinds: Collection[str], make: Callable[[], T], *, day: str = "") -> T:
    """The value kept for this key while none of the kinds changes, or a newly made one.

    Keys name a kind of value and a language: a handful in all, so the memory is bounded. `day` is
    today's date, for what the date changes too.
    """
    stamp = version().stamp_of(kinds)
    if not stamp:
        return make()
    kept = _remembered.get(key)
    if kept is None or kept[0] != stamp + day:
        kept = (stamp + day, make())
        _remembered[key] = kept
    return kept[1]


def last_remembered(key: str) -> Any:
    """What was last kept for a key, under whichever version: to be compared with what is found."""
    kept = _remembered.get(key)
    return None if kept is None else kept[1]


class Shelf(Generic[K, T]):
    """Many small things of some kinds, fetched together, and forgotten together when one changes.

    Bounded: a shelf that is full is emptied.
    """

    _all: list["Shelf[Any, Any]"] = []

    def __init__(self, kinds: Collection[str], *, most: int) -> None:
        self._kinds = kinds
        self._most = most
        self._kept: tuple[str, dict[K, T | None]] = ("", {})
        Shelf._all.append(self)

    def all_of(self, keys: Iterable[K], fetch: Callable[[set[K]], dict[K, T]]) -> dict[K, T | None]:
        """What belongs to these keys; None for what does not exist. What is not kept is fetched."""
        wanted = set(keys)
        kept = self._under(version().stamp_of(self._kinds))
        found = {key: kept[key] for key in wanted & kept.keys()}
        if missing := wanted - found.keys():
            found |= self.add(missing, fetch(missing))
        return found

    def add(self, keys: Iterable[K], things: dict[K, T]) -> dict[K, T | None]:
        """Keeps what a question about these keys has brought; the keys it knew nothing of, too."""
        kept = self._under(version().stamp_of(self._kinds))
        added: dict[K, T | None] = {**dict.fromkeys(keys), **things}
        if len(kept) + len(added) > self._most:
            kept.clear()
        kept.update(added)
        return added

    def lacks(self, keys: Iterable[K]) -> set[K]:
        """Those of the keys that are not kept."""
        return set(keys) - self._under(version().stamp_of(self._kinds)).keys()

    def clear(self) -> None:
        self._kept = ("", {})

    def _under(self, stamp: str) -> dict[K, T | None]:
        if not stamp:
            return {}
        if self._kept[0] != stamp:
            self._kept = (stamp, {})
        return self._kept[1]


def forget_everything() -> None:
    """As in a process that has just started."""
    _remembered.clear()
    for shelf in Shelf._all:
        shelf.clear()


_made_in: WeakKeyDictionary[HttpRequest, dict[str, Any]] = WeakKeyDictionary()


def once(request: HttpRequest, key: str, make: Callable[[], T]) -> T:
    """The value made for this key when first asked for in a request."""
    made = _made_in.setdefault(request, {})
    if key not in made:
        made[key] = make()
    return made[key]
