"""What the page of colleagues asks: who the handlers are, to enrol another one, and to close one."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase

from tips.accounts import factors, people
from tips.login.journal import note
from tips.models import DeskSession

from . import asked, gate, proving

_SMALL = 16 * 1024
_LONGEST_NAME, _LONGEST_EMAIL = 150, 254


@gate.account("GET", "POST", asks_again=True)
def colleagues(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    """GET lists the handlers; POST enrols another one, and answers the code to hand over."""
    if request.method != "POST":
        return JsonResponse(_people())
    body = asked.json_body(request, _SMALL)
    asked.only(body, "username", "name", "email")
    username = asked.text(body, "username", _LONGEST_NAME)
    by = session.handler.username
    with gate.unfit_is_refused():
        code = people.enrol(
            username,
            asked.text(body, "name", _LONGEST_NAME),
            asked.text(body, "email", _LONGEST_EMAIL),
            by=by,
            lasts=people.CODE_FROM_COLLEAGUE,
        )
    note(proving.DESK_DOOR, "account-made", by, account=username)
    return JsonResponse({"code": code})


@gate.account("POST", asks_again=True)
def close_colleague(request: HttpRequest, session: DeskSession) -> HttpResponseBase:
    body = asked.json_body(request, _SMALL)
    asked.only(body, "username")
    username = asked.text(body, "username", _LONGEST_NAME)
    with gate.unfit_is_refused():
        people.close_account(username, by=session.handler)
    note(proving.DESK_DOOR, "account-closed", session.handler.username, account=username)
    return JsonResponse(_people())


def _people() -> dict[str, Any]:
    return {
        "people": [
            {
                "username": each.username,
                "name": each.name,
                "made_on": each.made_on.isoformat(),
                "enrolled_by": each.enrolled_by,
                "has_factor": factors.has_factor(each),
                "is_locked": each.is_locked,
                "waits": not each.password,
            }
            for each in people.open_handlers()
        ]
    }
