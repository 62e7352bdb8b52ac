"""What the CMS answers who wants what is not theirs to do, or what nobody has confirmed."""

import sys
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from pages.newsroom import happenings
from pages.newsroom.editing.unfinished import not_confirmed
from pages.newsroom.gate import NotConfirmed
from pages.newsroom.keeping_public import KeptError


def denied_with_reason(
    denied: Callable[[HttpRequest], HttpResponse], request: HttpRequest
) -> HttpResponse:
    """Shows the sentence of the refusal, where Wagtail says only that something is not permitted."""
    error = sys.exception()  # Wagtail asks while it handles it
    if isinstance(error, NotConfirmed | KeptError):
        return not_confirmed(request, error)
    answer = denied(request)
    happenings.led_back.send(type(error), why="")
    return answer
