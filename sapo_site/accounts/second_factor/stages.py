"""How far somebody has come in the login.

After the password a session knows who it was, but nobody is logged in: so what a page of the CMS
refuses to strangers, it refuses to them as well. Only these views know of it.
"""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.contrib.auth.models import User
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from pages.newsroom.models import AccountEvent
from sapo_site.accounts.devices import KnownBrowsers
from sapo_site.audit_log.audit import CMS_DOOR
from tips.journal import note_login

from .factors import has_cms_factor

_HALF, _SHOWN = "half_login", "second_factor_shown"
_HALF_LASTS = 10 * 60
_What = AccountEvent.What
_ENDS_BROWSERS = (_What.PASSWORD_SET, _What.CLOSED_LEFT, _What.CLOSED_HIJACKED)


def _strange_since(username: str) -> datetime | None:
    """When the account was last given a password, rescued or closed."""
    events = AccountEvent.objects.filter(account__username=username, what__in=_ENDS_BROWSERS)
    return events.aggregate(at=Max("at"))["at"]


cms_browsers = KnownBrowsers("cms", _strange_since)


def may_use_cms(user: User) -> bool:
    return user.is_active and user.has_perm("wagtailadmin.access_admin")


def password_was_right(request: HttpRequest, user: User, go_on_to: str) -> HttpResponse:
    """Lets in whoever needs nothing more; leads the others on to the second step."""
    with_factor = has_cms_factor(user)
    if not with_factor and not settings.SECOND_FACTOR_REQUIRED:
        return let_into_cms(request, user, redirect(go_on_to), with_factor=False)
    request.session.flush()  # another may have been half in before, in this browser
    request.session[_HALF] = {
        "user": user.pk,
        "password": user.get_session_auth_hash(),
        "at": int(time.time()),
        "next": go_on_to,
    }
    return redirect("login_second_step" if with_factor else "own_factors")


def half_in(request: HttpRequest) -> User | None:
    """Who has given the right password a moment ago, and nothing more yet."""
    half: dict[str, Any] = request.session.get(_HALF) or {}
    if not half or time.time() - half["at"] > _HALF_LASTS:
        return None
    user = get_user_model()._default_manager.filter(pk=half["user"]).first()
    if user is None or not may_use_cms(user):
        return None
    is_same = constant_time_compare(user.get_session_auth_hash(), half["password"])
    return user if is_same else None


def wanted_address(request: HttpRequest) -> str:
    """Where the half login goes on to: an address of this website."""
    half: dict[str, Any] = request.session.get(_HALF) or {}
    return safe_address(request, half.get("next", ""))


def safe_address(request: HttpRequest, address: str) -> str:
    is_safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_safe else reverse("wagtailadmin_home")


def let_into_cms(
    request: HttpRequest, user: User, answer: HttpResponse, *, with_factor: bool = True
) -> HttpResponse:
    """Logs in, under a new key of the session, and lets the answer remember this browser."""
    request.session.pop(_HALF, None)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    if with_factor:
        note_shown(request)
    note_login(CMS_DOOR, user.get_username())
    cms_browsers.remember(request, answer, user.get_username())
    return answer


def note_shown(request: HttpRequest) -> None:
    request.session[_SHOWN] = True


def has_shown(request: HttpRequest) -> bool:
    """Whether this session has seen more than a password."""
    return bool(request.session.get(_SHOWN))
