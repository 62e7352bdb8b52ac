"""What the page of colleagues asks: who the handlers are."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.accounts import factors, people
from tips.models import DeskSession, Handler

from . import gate


@gate.account("GET")
def colleagues(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """Who the handlers are. Accounts are made and closed on the server, by two of them."""
    return JsonResponse({"people": [_about(each) for each in people.open_handlers()]})


def _about(handler: Handler) -> dict[str, Any]:
    return {
        "username": handler.username,
        "name": handler.name,
        "made_on": handler.made_on.isoformat(),
        "enrolled_by": handler.enrolled_by,
        "has_factor": factors.has_factor(handler),
        "is_locked": handler.is_locked,
        "waits": not handler.password,
    }
