"""The first middleware, and the only one that a request to the tip form passes."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.middleware.security import SecurityMiddleware
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation
from django.utils.log import log_response

from . import answers, guard, policy, safety

# Headers that a view may set; every other is written here, and the policy where a view brings none.
_BROUGHT = (
    "Allow Content-Security-Policy Content-Type Integrity-Policy Location Strict-Transport-Security"
    " X-Robots-Tag"
)
_NOWHERE = logging.Logger("nowhere", logging.CRITICAL + 1)


class IntakeMiddleware:
    """Answers requests to the intake by itself, so that no other middleware reads or keeps them."""

    sync_capable = True
    async_capable = True  # so that it notices ASGI, and refuses

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        safety.refuse_leaks(get_response)
        self.get_response = get_response
        # Redirects to https and sends HSTS, as on the rest of the site.
        self._security = SecurityMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of_intake(request.path_info)
        if language is None:
            return self.get_response(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            answer = guard.guarded(
                lambda: self._answer(request), otherwise=lambda: answers.closed(request)
            )
            _write_headers(answer, language)
            return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        try:
            request.get_host()
        except DisallowedHost:
            return guard.plain_page("elsewhere", status=400)
        if not safety.is_safe_server(request):
            return answers.closed(request)
        answer = self._security.process_request(request) or _view_answer(request)
        self._security.process_response(request, answer)
        return answer


def language_of_intake(path: str) -> str | None:
    """The language of an address of the intake; None for any other address."""
    for language, _name in settings.LANGUAGES:
        prefix = "" if language == settings.LANGUAGE_CODE else f"{language}/"
        if path.startswith(f"/{prefix}{settings.INTAKE_PATH}"):
            return language
    return None


def _view_answer(request: HttpRequest) -> HttpResponse:
    if match := _match(request.path_info):
        return match.func(request, *match.args, **match.kwargs)
    if request.method in ("GET", "HEAD") and _match(f"{request.path_info}/"):
        return HttpResponsePermanentRedirect(f"{request.path_info}/")
    return answers.refused(request, 404)


def _match(path: str) -> ResolverMatch | None:
    """The intake's view; None for Wagtail's, which takes every address that is left."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    return match if match.app_name == "tips" else None


def _write_headers(answer: HttpResponse, language: str) -> None:
    for name in set(answer.headers).difference(_BROUGHT.split()):
        del answer.headers[name]
    answer.cookies.clear()
    written = {
        "Cache-Control": "no-store",
        "Content-Language": language,
        "Content-Length": str(len(answer.content)),
        "Content-Security-Policy": policy.PLAIN,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": settings.PERMISSIONS_POLICY,
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    for name, value in written.items():
        answer.headers.setdefault(name, value)
    # Django logs an answer only once: after this line, to nowhere, it does not log the address.
    log_response("", response=answer, logger=_NOWHERE)
