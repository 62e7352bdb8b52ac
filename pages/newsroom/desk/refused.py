"""What the CMS answers who wants what is not theirs to do, or what nobody has confirmed."""

import sys

from django.http import HttpRequest, HttpResponse
from wagtail.admin import auth

from pages.newsroom import happenings
from pages.newsroom.editing.unfinished import not_confirmed
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.keeping_public import KeptError

_permission_denied = auth.permission_denied


def say_what_is_not_confirmed() -> None:
    """Shows the sentence of the refusal, where Wagtail says only that something is not permitted."""
    auth.permission_denied = _denied


def _denied(request: HttpRequest) -> HttpResponse:
    error = sys.exception()  # Wagtail asks while it handles it
    if isinstance(error, NotConfirmed | KeptError):
        return not_confirmed(request, error)
    answer = _permission_denied(request)
    happenings.led_back.send(type(error), why="")
    return answer
