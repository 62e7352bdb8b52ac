"""Gives each request its content version, and answers where no page does."""

from collections.abc import Callable

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils.deprecation import MiddlewareMixin
from wagtail.contrib.redirects.middleware import RedirectMiddleware

from pages.ground.models import ContentVersion
from pages.ground.version.memory import one_version
from pages.public.store.keeping import kept
from pages.public.store.watch import watch

from .former import former_address_leads_to
from .missing import known_of
from .withdrawn import told_to


class OutageMiddleware(MiddlewareMixin):
    """Refuses at once what needs the database while it is gone: waiting for it would hold a thread."""

    def process_request(self, request: HttpRequest) -> None:
        if watch.is_blind and not request.path_info.startswith(settings.WITHOUT_DATABASE):
            raise OperationalError("The database does not answer")


class VersionMiddleware:
    """Gives a visitor's request one content version, so that it can use what is remembered.

    A preview passes here as well, but nothing of it may be remembered.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_reading = request.method in ("GET", "HEAD")
        is_preview = getattr(request, "is_dummy", False)
        is_in_cms = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        if not is_reading or is_preview or is_in_cms:
            return self.get_response(request)
        with one_version(ask=ContentVersion.now):
            return self.get_response(request)


class MissingPageMiddleware(MiddlewareMixin):
    """Says what became of a page: it was withdrawn, replaced, or lay on a former website.

    Listed before Wagtail's redirects in the settings, so that an editor's redirect comes first.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            return response
        known = known_of(request)
        if known.is_withdrawn:
            return self._withdrawn(request)
        if address := former_address_leads_to(request):
            return kept(lambda _request: HttpResponsePermanentRedirect(address))(request)
        return response

    def _withdrawn(self, request: HttpRequest) -> HttpResponse:
        told = told_to(request)
        if not told.leads_to:
            return render(request, "410.html", {"told": told}, status=410)
        # A browser asks again each time, since the page may come back.
        return HttpResponsePermanentRedirect(told.leads_to, headers={"Cache-Control": "max-age=0"})


class SiteRedirectMiddleware(RedirectMiddleware):
    """Asks Wagtail for a redirect only if there is one: it takes up to five queries to look."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if response.status_code != 404 or not known_of(request).is_redirected:
            return response
        return super().process_response(request, response)
