"""Lets a registrar who is nothing else meet the records in the CMS, and nothing else."""

import re
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.auth import permission_denied
from wagtail.admin.menu import MenuItem

from pages.content.publishing.roles import is_registrar, may_look_back, only_looks_back

_CMS = re.compile(rf"/{settings.ADMIN_PATH}")
_HOME = re.compile(rf"/{settings.ADMIN_PATH}$")
# The records, the handbook, and what one's own account and login need.
_OPEN = re.compile(
    rf"/{settings.ADMIN_PATH}"
    "(sa-sag-sidan|handbok|account|inloggning|login|logout|nytt-losenord|password_reset|jsi18n|sprite)(/|$)"
)
# In the CMS's menu: the records, the handbook.
_NAME = "records"
_IN_MENU = {_NAME, "help"}
# What the role is given, so that no group has to be asked of anybody who may do more.
_LOOKS_BACK = "records.view_weedingproposal"
_FEWEST = {"wagtailadmin.access_admin", _LOOKS_BACK}

RecordsView = Callable[..., HttpResponseBase]


class OnlyRecordsMiddleware:
    """Turns a registrar away from every address of the CMS that is not for registrars."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponseBase | None:
        path = request.path_info
        # Without the cookie the session is not asked for: the answer would vary by it.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not _CMS.match(path):
            return None
        if _OPEN.match(path) or not meets_records_alone(request.user):
            return None
        if _HOME.match(path):
            return redirect("registrar:at")
        return permission_denied(request)


def meets_records_alone(user: AbstractUser | AnonymousUser) -> bool:
    return not user.is_superuser and user.get_all_permissions() <= _FEWEST and only_looks_back(user)


def _only_for(
    may: Callable[[AbstractUser | AnonymousUser], bool],
) -> Callable[[RecordsView], RecordsView]:
    def is_let_in(user: AbstractUser | AnonymousUser) -> bool:
        if not may(user):
            raise PermissionDenied
        return True

    return user_passes_test(is_let_in)


# For a view that those who may see the records meet, and for one that only registrars do.
looks_back = _only_for(may_look_back)
keeps_records = _only_for(is_registrar)


class _RecordsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        """Asked of the permission, which is at hand; of a superuser, who has all, of the groups."""
        user = request.user
        return user.has_perm(_LOOKS_BACK) and (not user.is_superuser or may_look_back(user))


def records_in_menu() -> MenuItem:
    return _RecordsMenuItem(
        _("How the page looked"),
        reverse("registrar:at"),
        name=_NAME,
        icon_name="history",
        order=380,
    )


def only_records_in_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    if meets_records_alone(request.user):
        menu_items[:] = [item for item in menu_items if item.name in _IN_MENU]
