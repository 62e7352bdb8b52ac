"""How many tips came each day, as a report of the CMS: all that it knows of them."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic import WagtailAdminTemplateMixin

from .tips_per_day import last_days


class TipsPerDayView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "sapo_site/tips_per_day.html"
    page_title = _("Tips per day")
    header_icon = "form"
    breadcrumbs_items = [
        *WagtailAdminTemplateMixin.breadcrumbs_items,
        {"url": "", "label": page_title},
    ]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_see_tips_per_day(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"days": last_days()}


class TipsPerDayMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_tips_per_day(request.user)


def may_see_tips_per_day(user: Any) -> bool:
    """Whether the user writes what stands on the website."""
    return user.has_perm("pages.change_alert")


def tips_per_day_address() -> list[URLPattern]:
    return [path("reports/tips-per-day/", TipsPerDayView.as_view(), name="tips_per_day")]


def tips_per_day_in_menu() -> MenuItem:
    return TipsPerDayMenuItem(
        TipsPerDayView.page_title, reverse("tips_per_day"), icon_name="form", order=800
    )
