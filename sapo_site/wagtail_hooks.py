"""What this app adds to the CMS: a handbook, the tip page's texts, messages on accessibility, and the report on how many tips came each day."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.models import Locale
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import (
    CreateView,
    IndexView,
    PreviewOnCreateView,
)

from pages.editing.register_views import NewsroomViewSet

from .accessibility.handling import list_on_start_page, messages_in_cms
from .account_screens import OpenOrCloseBulkAction, RefusedDeleteBulkAction, refuse_to_delete
from .handbook import handbook_address, handbook_in_menu, hide_guides_of_wagtail
from .models import TipTexts
from .own_logins import own_logins_address, own_logins_in_account
from .tip_page_preview import show_tip_page_in_crisis
from .tip_texts import standings
from .tips_per_day_report import may_see_tips_per_day, tips_per_day_address, tips_per_day_in_menu

hooks.register("register_admin_urls", handbook_address)
hooks.register("register_help_menu_item", handbook_in_menu)
hooks.register("construct_help_menu", hide_guides_of_wagtail)

hooks.register("register_admin_urls", tips_per_day_address)
hooks.register("register_reports_menu_item", tips_per_day_in_menu)

hooks.register("register_admin_urls", own_logins_address)
hooks.register("register_account_menu_item", own_logins_in_account)

hooks.register("register_admin_viewset", messages_in_cms)
list_on_start_page()
show_tip_page_in_crisis()

# A picture of oneself would be opened by the worker, past the cleaning and the virus scanner.
setattr(AvatarSettingsPanel, "is_active", lambda panel: False)  # noqa: B010

hooks.register("before_delete_user", refuse_to_delete)
for action in (OpenOrCloseBulkAction, RefusedDeleteBulkAction):
    # After Wagtail's own, whose place they take.
    hooks.register("register_bulk_action", action, order=1)


@hooks.register("register_account_menu_item")
def second_step_in_account(request: HttpRequest) -> dict[str, Any]:
    return {
        "url": reverse("own_factors"),
        "label": _("Second step of the login"),
        "help_text": _("Passkeys, an app with codes, and recovery codes."),
    }


# Texts


def _say_what_waits(request: HttpRequest) -> None:
    for language, standing in standings():
        if standing.waits:
            say = messages.warning if standing.has_arrived else messages.error
            say(request, f"{language}: {standing.shown_now} {standing.waits}")


class TipTextsIndexView(IndexView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.results_only:
            _say_what_waits(request)
        return super().get(request, *args, **kwargs)


class TipTextsCreateView(CreateView):
    """Starts from the release's texts in the chosen language."""

    def get_initial_form_instance(self) -> TipTexts:
        return TipTexts.begin(self.locale)

    def get_preview_url(self) -> str:
        return set_query_params(super().get_preview_url(), {"locale": self.locale.language_code})


class TipTextsPreviewOnCreateView(PreviewOnCreateView):
    def get_object(self) -> TipTexts:
        code = self.request.GET.get("locale")
        locale = get_object_or_404(Locale, language_code=code) if code else Locale.get_default()
        return TipTexts.begin(locale)


@register_snippet
class TipTextsViewSet(NewsroomViewSet):
    model = TipTexts
    icon = "form"
    menu_label = _("Texts of the tip page")
    menu_order = 125
    add_to_settings_menu = True
    list_display = ["__str__", "last_published_at"]
    index_view_class = TipTextsIndexView
    add_view_class = TipTextsCreateView
    preview_on_add_view_class = TipTextsPreviewOnCreateView


@hooks.register("construct_homepage_panels")
def show_which_texts_wait(request: HttpRequest, panels: list[Component]) -> None:
    """Shows those who edit the tip page's texts which of them wait."""
    if may_see_tips_per_day(request.user):
        _say_what_waits(request)
