"""What editors keep for the search, each with its own item in the menu of the CMS."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.models import register_snippet

from pages.newsroom.editing.register_views import NewsroomViewSet
from pages.search.models import Recommendation, Synonym


@register_snippet
class SynonymViewSet(NewsroomViewSet):
    model = Synonym
    icon = "resubmit"
    menu_label = _("Synonyms")
    menu_order = 350
    add_to_admin_menu = True
    list_display = ["names", "locale"]
    list_filter = ["locale"]
    search_fields = ["names"]


@register_snippet
class RecommendationViewSet(NewsroomViewSet):
    model = Recommendation
    icon = "pick"
    menu_label = _("Recommended pages")
    menu_order = 360
    add_to_admin_menu = True
    list_display = ["__str__", "page"]
    search_fields = ["names"]
