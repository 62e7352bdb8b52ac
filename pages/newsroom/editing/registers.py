"""The snippets that editors keep, each with its own item in the menu of the CMS."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import yesno
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.utils import get_user_display_name
from wagtail.snippets.models import register_snippet

from pages.content.models import (
    Alert,
    Contact,
    CookieNotice,
    Footer,
    ThreatLevelDecision,
    Topic,
    Withdrawal,
)

from .decisions import CorrectingCreateView
from .register_views import MomentsInspectView, NewsroomViewSet, RegisterViewSet


@register_snippet
class TopicViewSet(NewsroomViewSet):
    model = Topic
    icon = "tag"
    menu_label = _("Topics")
    menu_order = 325
    add_to_admin_menu = True
    list_display = ["name", "slug", "locale"]


@register_snippet
class ContactViewSet(NewsroomViewSet):
    model = Contact
    icon = "user"
    menu_label = _("Contacts")
    menu_order = 320
    add_to_admin_menu = True
    list_display = ["name", "phone", "email", "locale"]


@register_snippet
class ThreatLevelDecisionViewSet(NewsroomViewSet):
    model = ThreatLevelDecision
    icon = "sliders"
    menu_label = _("Threat level")
    menu_order = 340
    add_to_admin_menu = True
    list_display = ["decided_at", Column("level_name", label=_("Level")), "decided_by"]
    add_view_class = CorrectingCreateView


@register_snippet
class AlertViewSet(NewsroomViewSet):
    model = Alert
    icon = "warning"
    menu_label = _("Important messages")
    menu_order = 100
    add_to_settings_menu = True
    list_display = ["heading", "level", "starts_at", "ends_at", "locale"]


@register_snippet
class CookieNoticeViewSet(NewsroomViewSet):
    model = CookieNotice
    icon = "info-circle"
    menu_label = _("Cookie notice")
    menu_order = 110
    add_to_settings_menu = True
    list_display = [
        "heading",
        Column("is_shown", label=_("Show the notice"), accessor=lambda row: yesno(row.is_shown)),
        "locale",
    ]


@register_snippet
class FooterViewSet(NewsroomViewSet):
    model = Footer
    icon = "list-ul"
    menu_label = _("Footer")
    menu_order = 120
    add_to_settings_menu = True
    list_display = ["__str__"]


@register_snippet
class WithdrawalViewSet(RegisterViewSet):
    actions = ("view",)  # the newsroom writes here
    model = Withdrawal
    icon = "bin"
    menu_label = _("Withdrawn pages")
    menu_order = 130
    add_to_settings_menu = True
    list_display = [
        TitleColumn(
            "name",
            label=_("Title of the page"),
            url_name="wagtailsnippets_content_withdrawal:inspect",
        ),
        "address",
        "reason",
        Column("when", label=_("Withdrawn")),
        Column(
            "withdrawn_by",
            label=_("Withdrawn by"),
            accessor=lambda each: get_user_display_name(each.withdrawn_by) or "–",
        ),
        "back_at",
    ]
    list_filter = ["reason"]
    search_fields = ["title", "address"]
    inspect_view_enabled = True
    inspect_view_class = MomentsInspectView
    inspect_view_fields = [
        "title",
        "address",
        "page",
        "reason",
        "replaced_by",
        "withdrawn_on",
        "withdrawn_at",
        "withdrawn_by",
        "back_at",
    ]
    copy_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Withdrawal]:
        return Withdrawal.objects.select_related("page", "withdrawn_by")


def hide_snippets_menu(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Each kind of snippet has a place of its own in the menu; files stand together."""
    menu_items[:] = [item for item in menu_items if item.name != "snippets"]
    for item in menu_items:
        if item.name == "documents":
            item.order = 301
