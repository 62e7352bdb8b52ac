"""Views that belong to no app: errors, robots.txt, security.txt, uploaded files, health."""

from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.db import DatabaseError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.template import TemplateDoesNotExist
from django.urls import reverse
from django.utils import translation
from django.utils._os import safe_join
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

from .error_page import plain_error_page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, without reading the form, which may have caused it."""
    return plain_error_page(400, translation.get_language())


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in the site's own frame."""
    return _framed_error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with the search field and the sections."""
    return _framed_error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 that needs neither database nor templates nor static files."""
    return plain_error_page(500, translation.get_language())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its CSRF token; says what to do."""
    return plain_error_page(403, translation.get_language())


def _framed_error(request: HttpRequest, status: int) -> HttpResponse:
    if not settings.WITH_PAGES:
        # The frame needs addresses that this process lacks and a database that it may not use.
        return plain_error_page(status, translation.get_language())
    try:
        response = render(request, f"{status}.html", status=status)
    except (DatabaseError, TemplateDoesNotExist):
        return plain_error_page(status, translation.get_language())
    if status == 404 and request.method in ("GET", "HEAD"):
        from pages.store.keeping import keep_until_change

        return keep_until_change(request, response)
    return response


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: everything but the CMS and the search results, and where the sitemap lies."""
    lines = [
        "User-agent: *",
        f"Disallow: /{settings.ADMIN_PATH}",
        "Disallow: /sok/",
        "Disallow: /en/sok/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness. Expires is always half a year ahead."""
    expires = (datetime.now(UTC) + timedelta(days=180)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: sv, en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; makes no query."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """An uploaded file, in ranges so that viewers can skip in films; nginx does it in production."""
    headers = [
        # Renditions and uploads never change under their name.
        ("Cache-Control", "public, max-age=31536000, immutable"),
        (
            "Content-Type",
            MEDIA_TYPES.get(PurePath(path).suffix.lower(), "application/octet-stream"),
        ),
    ]
    response = (
        _from_bucket(path, headers)
        if settings.MEDIA_BUCKET
        else _from_folder(request, path, headers)
    )
    response.headers[HEADER] = build_policy(settings.CSP_FOR_FILES)
    return response


def _from_folder(request: HttpRequest, path: str, headers: list[tuple[str, str]]) -> HttpResponse:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        is_there = file.is_file()
    except (SuspiciousFileOperation, ValueError, OSError):  # OSError: a name too long for a file
        raise Http404 from None
    if not is_there:
        raise Http404
    response: HttpResponse = WhiteNoiseMiddleware.serve(StaticFile(str(file), headers), request)
    return response


def _from_bucket(path: str, headers: list[tuple[str, str]]) -> HttpResponseBase:
    try:
        file = default_storage.open(path)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(file, headers=dict(headers))


def elsewhere(request: HttpRequest, **parts: str) -> HttpResponse:
    """404 for an address of another service, to which nginx has not passed the request."""
    raise Http404


MEDIA_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".webp": "image/webp",
}
