"""What a view says of an answer that may be kept."""

import math
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from pages import memory
from pages.frame import frame_of

from .question import COOKIE_NOTICE_CLOSED, COOKIE_NOTICE_COOKIE

View = Callable[..., HttpResponse]

# In the environ of a request: who asks keeps the answer plain, and compresses it itself.
ASKED_BY_STORE = "pages.store"

_STATUSES = frozenset({200, 301})
_MISSING = 404


def kept(view: View | None = None, *, seconds: int | None = None) -> Any:
    """Lets the answers of a view be kept until published content changes, or for some seconds."""

    def decorator(view: View) -> View:
        @wraps(view)
        def keeping(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            if seconds is not None:
                vars(response)["kept_until"] = time.time() + seconds
            elif response.status_code in _STATUSES and not _is_somebodys(request):
                keep_until_change(request, response)
                _let_others_keep(request, response)
            return response

        return keeping

    return decorator if view is None else decorator(view)


def keep_until_change(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Lets this process keep the answer until published content changes; nobody else."""
    vars(response)["kept_until"] = _next_change(request)
    vars(response)["content_version"] = memory.version().value
    return response


def kept_until(response: HttpResponse) -> float | None:
    """Until when the answer may be kept, None when not at all: it holds what is one reader's."""
    until: float | None = vars(response).get("kept_until")
    if until is None or response.streaming:
        return None
    if response.status_code not in _STATUSES and response.status_code != _MISSING:
        return None
    if response.cookies or "Set-Cookie" in response.headers:
        return None
    if not {part.strip().lower() for part in response.headers.get("Vary", "").split(",")} <= {
        "", "accept-encoding",
    }:  # fmt: skip
        return None
    if "no-store" in response.headers.get("Cache-Control", "").lower():
        return None
    if "'nonce-" in response.headers.get("Content-Security-Policy", ""):
        return None
    return until


def content_version_of(response: HttpResponse, version: str) -> str:
    """The content version that the answer was made under; the one given, if it does not say.

    A copy of the database may still have an older one than who asks has met in another.
    """
    made_under: str = vars(response).get("content_version", version)
    return made_under


def _is_somebodys(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES or getattr(request, "is_preview", False)


def _next_change(request: HttpRequest) -> float:
    """When the page changes by itself, without anybody changing anything."""
    return min((at.timestamp() for at in frame_of(request).moments_ahead()), default=math.inf)


def _let_others_keep(request: HttpRequest, response: HttpResponse) -> None:
    """What browsers and caches between us may do with it.

    The page of one who has closed the notice on cookies is for their own browser alone: a cache
    that knows nothing of our cookie would else show it to all.
    """
    if response.has_header("Cache-Control"):
        return
    if request.COOKIES.get(COOKIE_NOTICE_COOKIE) == COOKIE_NOTICE_CLOSED:
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
