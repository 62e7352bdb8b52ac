"""The registers of what leads elsewhere: redirects, in place of Wagtail's own, and former addresses."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column
from wagtail.snippets.models import register_snippet

from pages.content.models import FormerAddresses, Redirection

from .register_views import NewsroomViewSet


@register_snippet
class RedirectionViewSet(NewsroomViewSet):
    model = Redirection
    icon = "redirect"
    menu_label = _("Redirections")
    menu_order = 128
    add_to_settings_menu = True
    list_display = ["old_path", Column("target", label=_("Leads to"))]
    search_fields = ["old_path", "address", "note"]


@register_snippet
class FormerAddressesViewSet(NewsroomViewSet):
    model = FormerAddresses
    icon = "redirect"
    menu_label = _("Former addresses")
    menu_order = 129
    add_to_settings_menu = True
    list_display = ["name"]
    search_fields = ["name", "lines"]


def hide_redirects_of_wagtail(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """They are written by what is published in the register, and by nobody."""
    menu_items[:] = [item for item in menu_items if item.name != "redirects"]
