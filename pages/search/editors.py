"""The editors' part of the search: synonyms, recommended pages, and searches without hits."""

from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet

from pages.editing.register_views import NewsroomViewSet
from pages.models import Recommendation, Synonym, UnmetQuery

from . import misses


@register_snippet
class SynonymViewSet(NewsroomViewSet):
    model = Synonym
    icon = "resubmit"
    menu_label = _("Synonyms")
    menu_order = 350
    add_to_admin_menu = True
    list_display = ["names", "locale"]
    search_fields = ["names"]


@register_snippet
class RecommendationViewSet(NewsroomViewSet):
    model = Recommendation
    icon = "pick"
    menu_label = _("Recommended pages")
    menu_order = 360
    add_to_admin_menu = True
    list_display = ["names", "page"]
    search_fields = ["names"]


class UnmetQueriesView(ReportView):
    """The searches without hits, the most common first."""

    page_title = _("Searches without hits")
    header_icon = "search"
    index_url_name = "unmet_queries"
    index_results_url_name = "unmet_queries_results"
    permission_policy = ModelPermissionPolicy(Synonym)
    any_permission_required = {"add", "change"}
    template_name = "pages/unmet_queries.html"
    default_ordering = "-times"
    columns = [
        Column("query", label=_("Search"), sort_key="query"),
        Column("language", label=_("Language")),
        Column("times", label=_("Times"), sort_key="times"),
        DateColumn("last", label=_("Last day"), sort_key="last"),
    ]
    list_export = ["query", "language", "times", "last"]
    export_headings = {
        "query": _("Search"), "language": _("Language"), "times": _("Times"),
        "last": _("Last day"),
    }  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        misses.take_in()
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        return UnmetQuery.objects.values("query", "language").annotate(
            times=Sum("times"), last=Max("day")
        )

    def get_filename(self) -> str:
        return "sokningar-utan-traff"


class UnmetQueriesMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        policy = UnmetQueriesView.permission_policy
        return policy.user_has_any_permission(
            request.user, UnmetQueriesView.any_permission_required
        )


def add_unmet_queries_to_menu() -> MenuItem:
    return UnmetQueriesMenuItem(
        _("Searches without hits"), reverse("unmet_queries"), icon_name="search", order=700
    )


def add_unmet_queries() -> list[Any]:
    return [
        path("reports/unmet-queries/", UnmetQueriesView.as_view(), name="unmet_queries"),
        path(
            "reports/unmet-queries/results/",
            UnmetQueriesView.as_view(results_only=True),
            name="unmet_queries_results",
        ),
    ]
