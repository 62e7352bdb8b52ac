"""What a process may remember between requests: only what it can see has not changed.

Every change to published content draws a new content version, in the same transaction as
the change. A remembered value is used only while its version is the one in the database,
so all processes agree as soon as the change can be seen at all.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

T = TypeVar("T")

_remembered: dict[str, tuple[str, Any]] = {}


def remembered(key: str, version: str, make: Callable[[], T]) -> T:
    """The value kept for this key and content version, or a newly made one.

    Keys name a kind of value and a language: a handful in all, so the memory is bounded.
    """
    if not version:
        return make()
    kept = _remembered.get(key)
    if kept is None or kept[0] != version:
        kept = (version, make())
        _remembered[key] = kept
    return kept[1]


def once(request: HttpRequest, key: str, make: Callable[[], T]) -> T:
    """The value made for this key when first asked for in a request."""
    made = vars(request).setdefault("_made_once", {})
    if key not in made:
        made[key] = make()
    return made[key]
