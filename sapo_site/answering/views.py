"""Views that belong to no app: errors, robots.txt, security.txt, health."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template import TemplateDoesNotExist
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from sapo_site.running.outages import is_outage, outage_log
from sapo_site.running.readiness import fitness

from .error_page import plain_error_page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, without reading the form, which may have caused it."""
    return plain_error_page(400, _words_for(request))


def _words_for(request: HttpRequest) -> str:
    """In whose words an error is said: to editors, or in the language of the address."""
    if "editorial" in settings.ROLES and request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
        return "cms"
    # Maybe no language has been chosen yet, such as where a session cannot be read.
    return request.path_info[1:].partition("/")[0]


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 in the site's own frame."""
    return _framed_error(request, 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404 with the search field and the sections, unless the address leads elsewhere."""
    is_read = request.method in ("GET", "HEAD") and _words_for(request) != "cms"
    if not settings.WITH_PAGES or not is_read:
        return _framed_error(request, 404)
    from pages.public.reading.former import former_address_leads_to
    from pages.public.store.keeping import keep_until_change

    try:
        if former_address_leads_to(request):
            return HttpResponse(status=404)  # the middleware sends the reader there instead
    except DatabaseError:
        return _framed_error(request, 404)
    return _framed_error(request, 404, keep_until_change)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 that needs neither database nor templates nor static files; 503 if it is an outage."""
    error = sys.exc_info()[1]
    if is_outage(error):
        return _unavailable(request, error)
    return plain_error_page(500, _words_for(request))


def _unavailable(request: HttpRequest, error: BaseException | None) -> HttpResponse:
    outage_log.say(error)
    return plain_error_page(503, _words_for(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its CSRF token; says what to do."""
    response = plain_error_page(403, _words_for(request))
    response.is_foreign = True  # type: ignore[attr-defined]  # for the audit log
    return response


def _framed_error(
    request: HttpRequest,
    status: int,
    keep: Callable[[HttpRequest, HttpResponse], HttpResponse] | None = None,
) -> HttpResponse:
    words = _words_for(request)
    if not settings.WITH_PAGES or words == "cms":
        # The frame needs addresses that this process lacks and a database that it may not use.
        return plain_error_page(status, words)
    try:
        response = render(request, f"{status}.html", status=status)
    except (DatabaseError, TemplateDoesNotExist) as error:
        if is_outage(error):
            return _unavailable(request, error)
        return plain_error_page(status, words)
    return keep(request, response) if keep else response


@require_safe
@cache_control(public=True, max_age=3600)
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt: everything but the CMS and the search results, and where the sitemap lies."""
    lines = [
        "# All text here may be gathered, also to be searched, kept or learned from: name us as the source (CC BY 4.0).",
        "User-agent: *",
        f"Disallow: /{settings.ADMIN_PATH}",
        "Disallow: /sok/",
        "Disallow: /en/sok/",
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def favicon(request: HttpRequest) -> HttpResponse:
    """The sign for programs that ask for it by its old name, beside what is no page."""
    return redirect(static("images/apple-touch-icon.png"))


@require_safe
@cache_control(public=True, max_age=3600)
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116: where to report a weakness. Expires is half a year ahead."""
    page = request.build_absolute_uri(settings.SECURITY_PAGE)
    expires = (datetime.now(UTC) + timedelta(days=180)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [
        f"Contact: {page}",
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Policy: {page}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: sv, en",
        f"Canonical: {request.build_absolute_uri('/.well-known/security.txt')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 while this process answers; makes no query."""
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """200 if this process could do its work now, else 503; never why, and never late."""
    is_ready = fitness.is_ready()
    return HttpResponse(
        "redo" if is_ready else "inte redo",
        status=200 if is_ready else 503,
        content_type="text/plain; charset=utf-8",
        headers={} if is_ready else {"Retry-After": "5"},
    )


def elsewhere(request: HttpRequest, **parts: str) -> HttpResponse:
    """404 for an address that this service lacks, or that another one answers."""
    raise Http404


def closed_to_all(request: HttpRequest) -> HttpResponse:
    """Refuses a part of the CMS to everybody, also to superusers, as Wagtail refuses the others."""
    raise PermissionDenied
