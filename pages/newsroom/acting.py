"""Who does what is being done: the person whose request it is, or a command."""

from collections.abc import Callable
from contextvars import ContextVar

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse

from pages.newsroom.models import AccountEvent

_request: ContextVar[HttpRequest | None] = ContextVar("acting_request", default=None)


class SignedInRequest(HttpRequest):
    """A request in the newsroom: whoever has not logged in is not let in."""

    user: User


class ActingMiddleware:
    """Lets what happens far from the view know whose request it is."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _request.set(request)
        try:
            return self.get_response(request)
        finally:
            _request.reset(token)


def who_acts() -> User | None:
    """Nobody by name where a command acts, or a visitor who has not logged in."""
    request = _request.get()
    # Asked of the request as late as this: the answer would else vary by the cookie.
    return request.user if request and request.user.is_authenticated else None


def acting_request() -> HttpRequest | None:
    """None where a command acts."""
    return _request.get()


def from_where() -> str:
    return AccountEvent.Where.CMS if _request.get() else AccountEvent.Where.COMMAND
