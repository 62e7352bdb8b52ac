"""The search backend of the CMS: our index for pages, Wagtail's for all else, safe for any query.

In Wagtail's index on SQLite a quotation mark, a NUL or a query of blanks ends in a database error,
and a query of thousands of words exhausts the stack.
Use: WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] = "pages.search.backend".
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from modelsearch.backends import database
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, BaseSearchResults
from modelsearch.query import MatchAll, SearchQuery
from wagtail.models import Page

from . import engine, index, tokens
from .places import key_at
from .tokens import TokenQuery, Where, all_of, any_of
from .words import printable, stem, words_in

# An editor who finds more than this narrows the search down instead of reading on.
_MOST_FOUND = 1_000

_OPERATORS = str.maketrans(dict.fromkeys('"*^\\(){}:<>&|!', " "))


def harmless(query: str | SearchQuery) -> str:
    """The words of a query, without anything that a database could read as syntax."""
    words = printable(_text_of(query)).translate(_OPERATORS).split()
    return " ".join(word for word in words if any(map(str.isalnum, word)))


def _text_of(query: str | SearchQuery) -> str:
    """What was typed: the page search of the CMS makes parts of it, some of them in quotes."""
    if isinstance(query, str):
        return query
    parts = map(_text_of, getattr(query, "subqueries", ()))
    return " ".join([getattr(query, "query_string", ""), *parts])


def SearchBackend(params: dict[str, object]) -> BaseSearchBackend:
    """The backend for the database in use, made safe for any query; Wagtail knows it by this name."""
    return _backend_of_this_database()(params)


# Wagtail asks for a backend at each search.
@cache
def _backend_of_this_database() -> type[BaseSearchBackend]:
    stock = type(database.SearchBackend({}))
    return type(f"Site{stock.__name__}", (SiteSearch, stock), {})


@cache
def _unchecked(query_compiler_class: type) -> type:
    """The compiler without a check of what the queryset filters and sorts by.

    The check is for search servers. Both databases do it in SQL, by tag, use or file size as well.
    """
    name = f"Site{query_compiler_class.__name__}"
    return type(name, (query_compiler_class,), {"check": lambda compiler: None})


class SiteSearch(BaseSearchBackend):
    """Stands before the database's own backend: every search and autocompletion passes here."""

    def __init__(self, params: dict[str, object]) -> None:
        super().__init__(params)
        of_others: Any = self.rebuilder_class
        self.rebuilder_class: object = lambda of: of if isinstance(of, PageIndex) else of_others(of)

    def get_index_for_model(self, model: type[Model]) -> BaseIndex:
        return PageIndex(self) if issubclass(model, Page) else super().get_index_for_model(model)

    def _search(
        self,
        query_compiler_class: type,
        query: str | SearchQuery,
        model_or_queryset: type[Model] | QuerySet,
        **options: Any,
    ) -> BaseSearchResults:
        rows: Any = getattr(model_or_queryset, "_default_manager", model_or_queryset)
        queryset: QuerySet = rows.all()
        if not isinstance(query, MatchAll):
            query = harmless(query)
        if not query:
            # Wagtail's EmptySearchResults has no model, which the CMS's listings ask for.
            query, queryset = MatchAll(), queryset.none()
        if issubclass(queryset.model, Page):
            return PageResults(self, PageSearch(queryset, query, options["order_by_relevance"]))
        return super()._search(_unchecked(query_compiler_class), query, queryset, **options)


class PageIndex(BaseIndex):
    """The index of pages, as `update_index` rebuilds it; `pages.search.following` writes each saved page."""

    def __str__(self) -> str:
        return "pages"

    def get_key(self) -> str:
        return str(self)

    def start(self) -> "PageIndex":
        return self

    def add_item(self, obj: Page) -> None:
        pass

    def add_items(self, model: type[Page], items: Iterable[Page]) -> None:
        index.write_pages(items)

    def finish(self) -> None:
        index.finish_rebuild()


@dataclass
class PageSearch:
    """An editor's search: words in any form, or as the beginning of a word in a title."""

    queryset: QuerySet[Page]
    query: str | MatchAll
    order_by_relevance: bool

    @cached_property
    def keys(self) -> list[int]:
        """The keys of the pages with the words; by relevance, titles with them come first."""
        if isinstance(self.query, MatchAll):
            return list(self.queryset.values_list("pk", flat=True))
        places: dict[int, str] = {}
        for question in self._questions():
            if len(places) < _MOST_FOUND:
                places |= engine.editors.newest(question, _MOST_FOUND, self.queryset)
        found = list(map(key_at, list(places)[:_MOST_FOUND]))
        if self.order_by_relevance:
            return found
        return list(self.queryset.filter(pk__in=found).values_list("pk", flat=True))

    def _questions(self) -> Iterator[TokenQuery]:
        words = list(words_in(str(self.query)))
        begun = [tokens.beginning(tokens.exact(Where.TITLE, word)) for word in words]
        in_title = [_in_any_form(Where.TITLE, word) for word in words]
        anywhere = [_in_any_form(Where.ANYWHERE, word) for word in words]
        if words:
            # Whole words first: finding words by their beginning costs many times as much.
            yield all_of(in_title)
            for whole in (in_title, anywhere):
                yield all_of(map(any_of, zip(whole, begun, strict=True)))


class PageResults(BaseSearchResults):
    """The pages that an editor's search has found."""

    supports_facet = True

    def _do_count(self) -> int:
        return len(self.query_compiler.keys[self.start : self.stop])

    def _do_search(self) -> list[Page]:
        keys = self.query_compiler.keys[self.start : self.stop]
        pages = {page.pk: page for page in self.query_compiler.queryset.filter(pk__in=keys)}
        return [pages[key] for key in keys if key in pages]

    def facet(self, field_name: str) -> dict[object, int]:
        # The queryset's own filters have been applied already, when the keys were found.
        model = self.query_compiler.queryset.model
        found = model._base_manager.filter(pk__in=self.query_compiler.keys)
        return dict(Counter(found.values_list(field_name, flat=True)).most_common())


def _in_any_form(where: Where, word: str) -> TokenQuery:
    """The word in the forms of every language, since the CMS searches the pages of all."""
    stems = {stem(word, language) for language, _name in settings.LANGUAGES}
    return any_of(tokens.stemmed(where, each) for each in sorted(stems))
