"""What this app adds to the CMS."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.snippets.models import register_snippet

from pages.newsroom.editing.register_views import NewsroomViewSet

from .models import Partner


class PartnerFilters(WagtailFilterSet):
    class Meta:
        model = Partner
        fields = ["scope", "kind"]


@register_snippet
class PartnerViewSet(NewsroomViewSet):
    model = Partner
    icon = "group"
    menu_label = _("Partners")
    menu_order = 330
    add_to_admin_menu = True
    list_display = ["name", "abbreviation", "kind", "scope"]
    filterset_class = PartnerFilters
