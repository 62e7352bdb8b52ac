"""How a view says that its answer may be kept."""

import math
import time
from collections.abc import Callable
from functools import cache, wraps
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language

from pages.ground.version import memory
from pages.ground.version.clock import next_moment

from .question import has_closed_notice

View = Callable[..., HttpResponse]

# In the environ of a request by the page store, which compresses answers once for all readers.
ASKED_BY_STORE = "pages.public.store"
# With this header Django's GZipMiddleware leaves an answer alone; the store removes the header.
UNTOUCHED = ("Content-Encoding", "identity")


class _Kept(NamedTuple):
    """How long an answer may be kept, and the content version it was made under, if any."""

    until: float
    content_version: str | None = None


_kept: WeakKeyDictionary[HttpResponseBase, _Kept] = WeakKeyDictionary()

_STATUSES = frozenset({200, 301})
_MISSING = 404


def kept(view: View | None = None, *, seconds: int | None = None) -> Any:
    """Lets the answers of a view be kept: until published content changes, or for some seconds."""

    def decorator(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if seconds is not None:
                _keep(request, response, _Kept(time.time() + seconds))
            elif response.status_code in _STATUSES and not _is_somebodys(request):
                keep_until_change(request, response)
                _let_others_keep(request, response)
                _lead_onward(response)
            return response

        return keeping

    return decorator if view is None else decorator(view)


def keep_until_change(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Lets the page store, but nobody else, keep the answer until published content changes."""
    _keep(request, response, _Kept(_next_change(), memory.version().value))
    return response


def _keep(request: HttpRequest, response: HttpResponse, kept: _Kept) -> None:
    _kept[response] = kept
    if ASKED_BY_STORE in request.META:
        response.headers[UNTOUCHED[0]] = UNTOUCHED[1]


def kept_until(response: HttpResponse) -> float | None:
    """Until when the answer may be kept; None if it may not, since it is for one reader only."""
    kept = _kept.get(response)
    if kept is None or response.streaming:
        return None
    if response.status_code not in _STATUSES and response.status_code != _MISSING:
        return None
    if response.cookies or "Set-Cookie" in response.headers:
        return None
    varies = {part.strip().lower() for part in response.headers.get("Vary", "").split(",")}
    if not varies <= {"", "accept-encoding"}:
        return None
    if "no-store" in response.headers.get("Cache-Control", "").lower():
        return None
    if "'nonce-" in response.headers.get("Content-Security-Policy", ""):
        return None
    return kept.until


def content_version_of(response: HttpResponse, version: str) -> str:
    """The content version that the answer was made under; `version`, if the answer has none.

    It may be older than `version`, when something was published while it was made.
    """
    kept = _kept.get(response)
    return version if kept is None or kept.content_version is None else kept.content_version


def _is_somebodys(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or getattr(request, "is_preview", False)


def _next_change() -> float:
    """When the page next changes by itself, without anybody changing anything."""
    # Counted from the start of the request: a moment since then may not be in the answer yet.
    moment = next_moment(get_language() or settings.LANGUAGE_CODE, after=memory.request_began())
    return math.inf if moment is None else moment.timestamp()


def _lead_onward(response: HttpResponse) -> None:
    """Lets browsers draw the page that the reader points at (`pages.public.reading.onward`)."""
    if response.headers.get("Content-Type", "").startswith("text/html"):
        response.headers["Speculation-Rules"] = _onward_rules()


@cache
def _onward_rules() -> str:
    return f'"{reverse("onward_rules")}"'


def _let_others_keep(request: HttpRequest, response: HttpResponse) -> None:
    """Tells browsers and caches between us what they may do with the answer.

    A page with the cookie notice closed is for that reader's browser alone: a cache that does not
    know our cookie would show it to everybody.
    """
    if response.has_header("Cache-Control"):
        return
    if has_closed_notice(request.COOKIES):
        patch_cache_control(response, private=True, no_cache=True)
    else:
        patch_cache_control(
            response,
            public=True,
            max_age=0,
            s_maxage=settings.PAGE_STORE_SHARED_SECONDS,
            stale_while_revalidate=settings.PAGE_STORE_SHARED_SECONDS,
            stale_if_error=24 * 60 * 60,
        )
