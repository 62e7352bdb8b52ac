"""The register of addresses that lead elsewhere, in place of Wagtail's own."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from pages.content.models import FormerAddresses

from .register_views import NewsroomViewSet


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
    """They are written where a page is moved, and by nobody."""
    menu_items[:] = [item for item in menu_items if item.name != "redirects"]
