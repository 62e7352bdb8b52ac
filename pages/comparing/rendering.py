"""Renders a version as readers would meet it."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.utils import translation


def rendered(obj: Any, mode: str = "", *, explains: bool = True) -> str:
    """The HTML of a page or of something with a preview, in its language; nothing is written.

    Without the full names of abbreviations, which are not the page's own words, unless it `explains`.

    Not through the middleware, as Wagtail's own preview: in production that would send a request
    without https away.
    """
    locale = getattr(obj, "locale", None)
    language = locale.language_code if locale else settings.LANGUAGE_CODE
    with translation.override(language):
        request = _request_of_a_reader(obj, mode)
        request.explains_abbreviations = explains
        response = obj.serve_preview(request, mode)
        if hasattr(response, "render"):
            response.render()
    return response.content.decode()


class _ReadersRequest(HttpRequest):
    """Marked as Wagtail marks the requests of its previews."""

    is_dummy = is_preview = True
    preview_mode = ""
    explains_abbreviations = True


def _request_of_a_reader(obj: Any, mode: str) -> _ReadersRequest:
    host = settings.ALLOWED_HOSTS[0].lstrip(".") if settings.ALLOWED_HOSTS else "localhost"
    request = _ReadersRequest()
    request.method = "GET"
    request.path = request.path_info = getattr(obj, "url", None) or "/"
    request.META = {"HTTP_HOST": "localhost" if host == "*" else host, "SERVER_PORT": "443"}
    request.user = AnonymousUser()
    request.preview_mode = mode
    return request
