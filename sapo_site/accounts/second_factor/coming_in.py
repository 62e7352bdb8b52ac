"""Stands before the CMS: ends logins by password alone, and asks again before settings."""

import re
from collections.abc import Callable
from typing import Any

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pages.newsroom.desk.password_again import is_fresh, note_password, why_wrong

from . import passkeys
from .factors import has_passkey
from .stages import has_shown

# Accounts, roles and how the CMS itself is set; what one's own login needs; and what shuts or weeds records.
ASKED_BEFORE = re.compile(
    rf"/{settings.ADMIN_PATH}"
    "(users|groups|collections|sites|locales|workflows|redirects|bulk/auth|inloggning|account"
    "|redaktion/konton|sa-sag-sidan/sekretess|sa-sag-sidan/gallra)(/|$)"
)
_PASSWORD, _ANSWER, _WAS = "ask_again_password", "ask_again_passkey", "ask_again_was"
_OURS = (_PASSWORD, _ANSWER, _WAS)


class ComingInMiddleware:
    """Asks after Django's check of forms, and before any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        # Without the cookie the session is not asked for: the answer would vary by it.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        user = request.user
        if not user.is_authenticated:
            return None
        if settings.SECOND_FACTOR_REQUIRED and not has_shown(request):
            logout(request)  # it began before the second factor was required
            return None
        if ASKED_BEFORE.match(request.path_info) and not is_fresh(request):
            return _ask_again(request, user)
        return None


def _ask_again(request: HttpRequest, user: User) -> HttpResponseBase | None:
    """Asks on the same address, and gives back all that was sent: nothing is lost.

    None if the answer is right and the view may go on.
    """
    why = ""
    if request.method == "POST" and _WAS in request.POST:
        why = _why_not(request, user)
        if not why:
            return _go_on(request)
    context = {
        "why": why,
        "was": request.POST.get(_WAS, request.method),
        "sent": [
            (name, value)
            for name, values in request.POST.lists()
            if name not in (*_OURS, "csrfmiddlewaretoken")
            for value in values
        ],
        "has_passkey": has_passkey(user),
        "works_at": passkeys.works_at(request),
    }

    @never_cache
    @csp(settings.CSP_FOR_CMS_LOGINS)
    def page(request: HttpRequest) -> HttpResponse:
        answer = render(request, "sapo_site/login/ask_again.html", context, status=403)
        answer.asks_again = True  # type: ignore[attr-defined]  # it is a question, and no refusal
        return answer

    return page(request)


def _why_not(request: HttpRequest, user: User) -> str:
    if answer := request.POST.get(_ANSWER):
        if passkeys.shown_by(request, user, answer):
            note_password(request)
            return ""
        return _("The passkey was not accepted. Try again, or write your password.")
    return why_wrong(request, request.POST.get(_PASSWORD, ""))


def _go_on(request: HttpRequest) -> HttpResponseBase | None:
    request.session.cycle_key()
    if request.POST[_WAS] != "POST":
        return redirect(request.get_full_path())
    sent = request.POST.copy()
    for name in _OURS:
        sent.pop(name, None)
    request.POST = sent  # type: ignore[assignment]
    return None
