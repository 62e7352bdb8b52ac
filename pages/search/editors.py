"""The report on searches in vain, with the ways to mend them."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.models import Locale

from pages.editing.writers_report import WritersReport
from pages.models import Recommendation, Synonym, UnmetQuery, names_in
from pages.references.shelves import listed_in_order
from pages.tree.listed import ListedPage

from . import misses
from .answers import result_of
from .places import pages_at
from .query import read_query
from .thesaurus import thesaurus_of
from .words import Name, name_of

_MOST_PAGES = 3
_LONGEST_NAME = 2  # words; a longer title is a sentence, which nobody searches for


class RemedyColumn(Column):
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
        if not self.is_export:
            locales = {locale.language_code: locale.pk for locale in Locale.objects.all()}
            drafts = _names_in_drafts()
            for row in object_list:
                row["remedy"] = self._remedy(row["query"], row["language"], locales, drafts)
        return object_list

    def _remedy(
        self, words: str, language: str, locales: Mapping[str, int], drafts: Mapping[Name, str]
    ) -> dict[str, Any]:
        """Whether a page with all the words is found now; else why not, and what an editor can do."""
        as_typed = read_query(words, language, thesaurus_of(language), as_typed=True)
        if result_of(as_typed).with_all:
            return {"is_found": True}
        lacking = [" ".join(term.words) for term in as_typed.terms if not term.is_known]
        unknown = " ".join(lacking) or words  # what needs another name
        found = result_of(read_query(words, language, thesaurus_of(language))).places
        keys = pages_at(place for place in found if isinstance(place, int))
        return {
            "reason": _reason(lacking),
            "unknown": unknown,
            "draft": drafts.get(name_of(words, language)) or drafts.get(name_of(unknown, language)),
            "ways": [
                self._way(page, words, unknown, language, locales)
                for page in listed_in_order(keys[:_MOST_PAGES])
            ],
        }

    def _way(
        self, page: ListedPage, words: str, unknown: str, language: str, locales: Mapping[str, int]
    ) -> dict[str, Any]:
        # Somebody may search for the title as it stands, so that it can have a synonym.
        is_name = not {",", "?"} & set(page.title)
        is_short = len(name_of(page.title, language)) <= _LONGEST_NAME
        names = f"{unknown}, {page.title}"
        return {
            "page": page,
            "as_synonym": is_name
            and is_short
            and self._way_to_add(Synonym, names=names, locale=locales.get(language)),
            "as_recommended": self._way_to_add(Recommendation, names=words, page=page.pk),
        }

    def _way_to_add(self, model: Any, **begun: Any) -> str:
        """The form for a new row, filled in; nothing for who may not add one."""
        views = model.snippet_viewset
        if not views.permission_policy.user_has_permission(self.request.user, "add"):
            return ""
        return f"{reverse(views.get_url_name('add'))}?{urlencode(begun)}"

    def get_filename(self) -> str:
        return "sokt-forgaves"


def _reason(unknown: Sequence[str]) -> str:
    if not unknown:
        return gettext("No page has all the words.")
    words = get_text_list([f"”{word}”" for word in unknown], gettext("and"))
    return ngettext(
        "The website lacks the word %(words)s.", "The website lacks the words %(words)s.",
        len(unknown),
    ) % {"words": words}  # fmt: skip


def _names_in_drafts() -> dict[Name, str]:
    """Name -> the form of the row with it, for rows that visitors do not meet yet."""
    return {
        name_of(name, language): reverse(model.snippet_viewset.get_url_name("edit"), args=[pk])
        for model, locale in ((Synonym, "locale"), (Recommendation, "page__locale"))
        for pk, names, language in model.objects.filter(live=False).values_list(
            "pk", "names", f"{locale}__language_code"
        )
        for name in names_in(names)
    }
