"""Where somebody is logged in to the CMS: shown to the owner of the account, who can end it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from pages.ground.whole_numbers import whole_number
from sapo_site.audit_log.audit import CMS_DOOR
from tips.journal import note

from .cms_sessions import end_logins, is_login_of, logins_of

_TITLE = gettext_lazy("Your logins")


class OwnLoginsView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "sapo_site/own_logins.html"
    page_title = _TITLE
    header_icon = "user"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("wagtailadmin_account"), "label": gettext_lazy("Account")},
            {"url": "", "label": _TITLE},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        logins = [
            {"login": login, "is_this": is_login_of(self.request, login)}
            for login in logins_of(self.request.user)
        ]
        return super().get_context_data(**kwargs) | {"logins": logins}

    def post(self, request: HttpRequest) -> HttpResponse:
        """Ends one of them, or all but this one."""
        logins = logins_of(request.user)
        which = request.POST.get("which", "")
        if which:
            logins = logins.filter(pk=whole_number(which) or 0)
        if ended := end_logins(logins, but=request):
            note(CMS_DOOR, "session-ended", request.user.get_username(), kind=str(ended))
            said = ngettext("The login has ended.", "%(count)d logins have ended.", ended)
            messages.success(request, said % {"count": ended})
        return redirect("own_logins")


def own_logins_address() -> list[URLPattern]:
    return [path("account/logins/", OwnLoginsView.as_view(), name="own_logins")]


def own_logins_in_account(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("own_logins"),
        "label": _TITLE,
        "help_text": _("Where you are logged in. You can end it there."),
    }
