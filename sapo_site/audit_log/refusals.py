"""Notes in the audit log what the CMS refuses somebody, once they are in or where they log in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from pages.newsroom import happenings
from pages.newsroom.acting import acting_request
from tips.journal import note_attempt

from .audit import CMS_DOOR

_EVENTS = {403: "denied", 413: "too-large"}


def connect_refusals() -> None:
    happenings.led_back.connect(_note_who_was_led_back)


class RefusalsMiddleware:
    """Notes who was refused and which view it was: never the address, nor what was sent.

    Visitors are told so too, and are not noted: they have no session of the CMS.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_foreign = getattr(response, "is_foreign", False)
        event = "foreign" if is_foreign else _EVENTS.get(response.status_code)
        if event and not getattr(response, "asks_again", False) and _is_of_the_cms(request):
            _note(event, request)
        return response


def _note_who_was_led_back(why: str, **_signal: Any) -> None:
    if request := acting_request():
        _note("denied", request, why=why)


def _note(event: str, request: HttpRequest, **about: str) -> None:
    user = request.user if request.user.is_authenticated else None
    found = request.resolver_match
    what = found.view_name if found else ""
    note_attempt(CMS_DOOR, event, user.get_username() if user else None, what=what, **about)


def _is_of_the_cms(request: HttpRequest) -> bool:
    # Without the cookie nobody is asked for: the answer would vary by it.
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return True
    return request.path_info.startswith(f"/{settings.ADMIN_PATH}")
