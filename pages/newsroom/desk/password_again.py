"""Asks for the password again before what cannot wait, unless it was given a moment ago."""

import time

from django.http import HttpRequest
from wagtail.utils.loading import get_custom_form

_GIVEN = "password_given"
FRESH_FOR = 10 * 60


def note_password(request: HttpRequest, **_signal: object) -> None:
    """Remembers in the session when the password was given."""
    request.session[_GIVEN] = int(time.time())


def is_fresh(request: HttpRequest) -> bool:
    return time.time() - request.session.get(_GIVEN, 0) < FRESH_FOR


def why_wrong(request: HttpRequest, password: str) -> str:
    """Why the password does not let the user go on; empty, and remembered, if it does.

    Asked of the form of the login, which has a brake.
    """
    name = request.user.get_username()
    form = get_custom_form("WAGTAILADMIN_USER_LOGIN_FORM")(
        request, data={"username": name, "password": password}
    )
    if form.is_valid() and form.get_user() == request.user:
        note_password(request)
        return ""
    return str(next(iter(form.non_field_errors()), form.errors.get("password", [""])[0]))
