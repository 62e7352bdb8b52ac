"""Headers, compression and language of every answer, and what becomes of malformed requests."""

import logging
import re
import sys
import traceback
from collections.abc import Callable
from itertools import chain

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DataError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.urls import NoReverseMatch
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from django.utils.deprecation import MiddlewareMixin

from .views import bad_request

logger = logging.getLogger(__name__)

# A number with as many digits may be too large for a column.
_DIGITS = 19
# Whose faults are those of who called them.
_LIBRARIES = {"django", "django_filters", "modelcluster", *sys.stdlib_module_names}
# Where Wagtail goes on without a form or a field that was not sent, or without the page above the
# root of the tree, which no screen offers to lock; module by module.
_GOES_ON_WITHOUT = {
    ("wagtail.admin.forms.choosers", "is_absolute_path"),
    ("wagtail.admin.views.generic.chooser", "post"),
    ("wagtail.admin.views.pages.lock", "get_success_url"),
}


class SecurityHeadersMiddleware(MiddlewareMixin):
    """Adds the headers that Django has no setting for."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", settings.CROSS_ORIGIN_RESOURCE_POLICY
        )
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # No shared cache may keep a page, since it may hold the cookie notice or the editor's bar.
            response.headers.setdefault("Cache-Control", "private, no-cache")
        if getattr(request, "is_preview", False):
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response


class PolicyMiddleware(CSPMiddleware):
    """Picks the content security policy; a visitor's answer gets the strictest one, the default."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if parts.config is None and not report_only:
            parts.config = self._policy(request)
        return parts

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """In one order, whichever process says it: else the records keep the same page many times."""
        response = super().process_response(request, response)
        if policy := response.headers.get("Content-Security-Policy"):
            response.headers["Content-Security-Policy"] = "; ".join(sorted(policy.split("; ")))
        return response

    def _policy(self, request: HttpRequest) -> dict[str, list[str]] | None:
        if getattr(request, "is_preview", False):
            return settings.CSP_FOR_PREVIEW
        if request.path_info.startswith(f"/{settings.ADMIN_PATH}"):
            return _policy_in_cms(request.path_info.removeprefix(f"/{settings.ADMIN_PATH}"))
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            return settings.CSP_FOR_LOGGED_IN
        return None


def _policy_in_cms(path: str) -> dict[str, list[str]]:
    if path.startswith(settings.CMS_LOGINS):
        return settings.CSP_FOR_CMS_LOGINS
    policy = settings.CSP_FOR_CMS
    for pattern, more in settings.CMS_VIEWS_THAT_NEED_MORE:
        if re.match(pattern, path):
            policy = {**policy, **more}
    return policy


class PagesOnlyGZipMiddleware(GZipMiddleware):
    """Compresses pages, not files: files are compact, and a range of one must not be changed."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


class UTF8OnlyMiddleware(MiddlewareMixin):
    """Refuses forms in an encoding other than UTF-8, which Django would answer with a 500."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        charset = (request.content_params or {}).get("charset", "utf-8")
        is_utf8 = charset.strip("\"' ").lower() in ("utf-8", "utf8", "us-ascii")
        return None if is_utf8 else bad_request(request)


class AddressLanguageMiddleware:
    """Lets the address alone decide the language: no cookie, no Accept-Language, no Vary."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Django would take `/en-vanlig-dag/` for English.
        first = request.path_info[1:].partition("/")[0]
        language = first if first in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
            return response


class MalformedRequestMiddleware(MiddlewareMixin):
    """Answers 400 where Wagtail fails on something that none of its pages sends.

    Only where its own code fails, and on what was sent: our code has to answer whatever comes. It is
    logged too.
    """

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        is_in_cms = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        if not is_in_cms or not _is_due_to_what_was_sent(request, error):
            return None
        # One line, without what was sent: whoever has a login could fill the log.
        view = request.resolver_match.view_name if request.resolver_match else ""
        logger.warning("400: %s, %s in %s", view, type(error).__name__, ".".join(_whose(error)))
        return bad_request(request, error)


def _is_due_to_what_was_sent(request: HttpRequest, error: Exception) -> bool:
    whose = _whose(error)
    return whose[0].partition(".")[0] == "wagtail" and _names_any(_sent_in(request), error, whose)


def _names_any(sent: set[str], error: Exception, whose: tuple[str, str]) -> bool:
    """Whether the error names something of what was sent, or is one that only that can bring about."""
    said = str(error)
    match error:
        case MultiValueDictKeyError():  # a field that every form has
            return True
        case AttributeError() if error.obj is None:
            return whose in _GOES_ON_WITHOUT
        case ValidationError():
            return str((getattr(error, "params", None) or {}).get("value")) in sent
        case ValueError() if getattr(error, "doc", None) in sent:  # JSON
            return True
        case NoReverseMatch():
            return any(value and (repr(value) in said or f"'{value}'" in said) for value in sent)
        case OverflowError() | DataError():
            return any(map(_may_be_too_large, sent))
        case ValueError() if "NUL" in said or "null character" in said:
            return any("\0" in value for value in sent)
        case ValueError() if "digits" in said:
            return any(map(_may_be_too_large, sent))
        case ValueError():
            return any(said.rstrip(".").endswith(repr(value)) for value in sent)
    return False


def _whose(error: Exception) -> tuple[str, str]:
    """The module and the function that failed, or that called the library that did."""
    frames = [frame for frame, _line in traceback.walk_tb(error.__traceback__)]
    # Whoever listens to statements only passes them on.
    heard = (
        at for at, frame in enumerate(frames) if frame.f_code.co_name == "_execute_with_wrappers"
    )
    for frame in reversed(frames[: next(heard, None)]):
        module = str(frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] not in _LIBRARIES:
            return module, frame.f_code.co_name
    return "", ""


def _sent_in(request: HttpRequest) -> set[str]:
    """Every value of the address, its query and the form."""
    match = request.resolver_match
    parts = [*match.args, *match.kwargs.values()] if match else []
    fields = [each for form in (request.GET, request.POST) for _, each in form.lists()]
    return {str(value) for value in [*parts, *chain.from_iterable(fields)]}


def _may_be_too_large(value: str) -> bool:
    return value.lstrip("-").isdecimal() and len(value) >= _DIGITS
