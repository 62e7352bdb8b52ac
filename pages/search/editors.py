"""The editors' part of the search: synonyms, recommended pages, and searches in vain."""

import contextlib
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.models import Locale
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import CreateView

from pages.editing.register_views import NewsroomViewSet
from pages.editing.writers_report import WritersReport
from pages.models import Recommendation, Synonym, UnmetQuery, names_in

from . import misses
from .remedies import can_be_name, remedy_for
from .words import name_of


class BegunView(CreateView):
    """An empty form, but for what the address says: so the report on searches fills it in."""

    def get_initial(self) -> dict[str, Any]:
        fields = self.get_form_class().base_fields
        begun = {}
        for name in ("names", "locale", "page"):
            with contextlib.suppress(KeyError, ValidationError):
                begun[name] = fields[name].clean(self.request.GET[name])
        return super().get_initial() | begun


@register_snippet
class SynonymViewSet(NewsroomViewSet):
    model = Synonym
    icon = "resubmit"
    menu_label = _("Synonyms")
    menu_order = 350
    add_to_admin_menu = True
    add_view_class = BegunView
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
    add_view_class = BegunView
    list_display = ["names", "page"]
    search_fields = ["names"]


class RemedyColumn(Column):
    """Why nothing was found, and what the editor can do."""

    cell_template_name = "pages/remedy_cell.html"


class UnmetQueriesReport(WritersReport):
    """What was looked for in vain, the most common first."""

    page_title = _("Searches in vain")
    header_icon = "search"
    index_url_name = "unmet_queries"
    index_results_url_name = "unmet_queries_results"
    address = "unmet-queries"
    menu_order = 700
    template_name = "pages/unmet_queries.html"
    default_ordering = "-times"
    paginate_by = 20  # each row searches
    columns = [
        Column("query", label=_("Searched for"), sort_key="query"),
        Column("times", label=_("Times"), sort_key="times"),
        RemedyColumn("remedy", label=_("What can be done")),
        Column("language", label=_("Language")),
        DateColumn("last", label=_("Last day"), sort_key="last"),
    ]
    list_export = ["query", "language", "times", "last"]
    export_headings = {
        "query": _("Searched for"), "language": _("Language"), "times": _("Times"),
        "last": _("Last day"),
    }  # fmt: skip

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        misses.take_in()
        return super().get(request, *args, **kwargs)

    def get_base_queryset(self) -> QuerySet:
        return UnmetQuery.objects.values("query", "language").annotate(
            times=Sum("times"), last=Max("day")
        )

    def decorate_paginated_queryset(self, object_list: Any) -> Any:
        if self.is_export:
            return object_list
        locales = {locale.language_code: locale.pk for locale in Locale.objects.all()}
        drafts = _names_in_drafts()
        for row in object_list:
            words, language = row["query"], row["language"]
            remedy = row["remedy"] = remedy_for(words, language)
            row["draft"] = drafts.get(name_of(words, language)) or drafts.get(
                name_of(remedy.unknown, language)
            )
            row["ways"] = [
                {
                    "page": page,
                    "as_synonym": can_be_name(page.title, language)
                    and self._way_to_add(
                        Synonym,
                        names=f"{remedy.unknown}, {page.title}",
                        locale=locales.get(language),
                    ),
                    "as_recommended": self._way_to_add(Recommendation, names=words, page=page.pk),
                }
                for page in remedy.pages
            ]
        return object_list

    def _way_to_add(self, model: Any, **begun: Any) -> str:
        """The form for a new row, filled in; nothing for who may not add one."""
        views = model.snippet_viewset
        if not views.permission_policy.user_has_permission(self.request.user, "add"):
            return ""
        return f"{reverse(views.get_url_name('add'))}?{urlencode(begun)}"

    def get_filename(self) -> str:
        return "sokt-forgaves"


def _names_in_drafts() -> dict[tuple[str, ...], str]:
    """Name -> the form of the row with it, for rows that visitors do not meet yet."""
    return {
        name_of(name, language): reverse(model.snippet_viewset.get_url_name("edit"), args=[pk])
        for model, locale in ((Synonym, "locale"), (Recommendation, "page__locale"))
        for pk, names, language in model.objects.filter(live=False).values_list(
            "pk", "names", f"{locale}__language_code"
        )
        for name in names_in(names)
    }
