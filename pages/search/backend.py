"""The search backend of the CMS: our index for pages, Wagtail's for all else, safe for any query.

In Wagtail's index on SQLite a quotation mark, a NUL or a query of blanks ends in a database error,
and a query of thousands of words exhausts the stack.
Use: WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] = "pages.search.backend".
"""

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cache, cached_property
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from modelsearch.backends import database
from modelsearch.backends.base import BaseIndex, BaseSearchBackend, BaseSearchResults
from modelsearch.query import (
    And,
    Boost,
    Fuzzy,
    MatchAll,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)
from wagtail.models import Page

from . import engine, index, tokens
from .places import key_at
from .tokens import Beginning, TokenQuery, Where, all_of, any_of
from .words import printable, stem, words_in

# An editor who finds more than this narrows the search down instead of reading on.
_MOST_FOUND = 1_000

_OPERATORS = str.maketrans(dict.fromkeys('"*^\\(){}:<>&|!', " "))


def harmless(text: str) -> str:
    """The words of a query, without anything that a database could read as syntax."""
    words = printable(text).translate(_OPERATORS).split()
    return " ".join(word for word in words if any(character.isalnum() for character in word))


def backend_for(params: dict[str, Any]) -> BaseSearchBackend:
    """The backend for the database in use, made safe for any query."""
    return _backend_of_this_database()(params)


SearchBackend = backend_for  # the name that Wagtail looks for in this module


@cache
def _backend_of_this_database() -> type[BaseSearchBackend]:
    stock = type(database.SearchBackend({}))
    return type(f"Site{stock.__name__}", (SiteSearch, stock), {})


class SiteSearch(BaseSearchBackend):
    """Stands before the database's own backend: every search and autocompletion passes here."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._rebuilder_of_others: Any = self.rebuilder_class
        self.rebuilder_class: Any = self._rebuilder

    def get_index_for_model(self, model: type[Model]) -> BaseIndex:
        return PageIndex(self) if issubclass(model, Page) else super().get_index_for_model(model)

    def _rebuilder(self, of: BaseIndex) -> Any:
        return PageRebuilder(of) if isinstance(of, PageIndex) else self._rebuilder_of_others(of)

    def _search(
        self,
        query_compiler_class: type,
        query: str | SearchQuery,
        model_or_queryset: type[Model] | QuerySet,
        **options: Any,
    ) -> BaseSearchResults:
        query = harmless(query) if isinstance(query, str) else _harmless_tree(query)
        if isinstance(model_or_queryset, QuerySet):
            queryset = model_or_queryset
        else:
            queryset = model_or_queryset._default_manager.all()
        if not query:
            # Wagtail's EmptySearchResults has no model, which the CMS's listings ask for.
            query, queryset = MatchAll(), queryset.none()
        if issubclass(queryset.model, Page):
            return PageResults(self, PageSearch(queryset, query, options["order_by_relevance"]))
        return super()._search(_unchecked(query_compiler_class), query, queryset, **options)


@cache
def _unchecked(query_compiler_class: type) -> type:
    """The compiler without a check of what the queryset filters and sorts by.

    The check is for search servers. Both databases filter and sort in SQL, by tag, use or file size
    as well.
    """
    return type(
        f"Site{query_compiler_class.__name__}", (query_compiler_class,), {"check": _check_nothing}
    )


def _check_nothing(compiler: Any) -> None:
    pass


class PageIndex(BaseIndex):
    """The index of pages. `pages.search.following` writes each saved page to it."""

    def __str__(self) -> str:
        return "pages"

    def get_key(self) -> str:
        return "pages"

    def add_item(self, obj: Page) -> None:
        pass

    def add_items(self, model: type[Page], items: Iterable[Page]) -> None:
        index.write_pages(items)


class PageRebuilder:
    """Rebuilds the index of pages for `update_index`."""

    def __init__(self, of: PageIndex) -> None:
        self.index = of

    def start(self) -> PageIndex:
        return self.index

    def finish(self) -> None:
        index.finish_rebuild()


class PageSearch:
    """An editor's search: words in any form, or as the beginning of a word in a title."""

    def __init__(
        self, queryset: QuerySet[Page], query: str | SearchQuery, order_by_relevance: bool
    ) -> None:
        self.queryset = queryset
        self.order_by_relevance = order_by_relevance
        self.words = None if isinstance(query, MatchAll) else list(_words_of(query))

    def keys(self) -> list[int]:
        """The keys of the pages with the words; by relevance, titles with them come first."""
        if self.words is None:
            return list(self.queryset.values_list("pk", flat=True))
        found = self._found()
        wanted = self._wanted(found)
        if len(found) == _MOST_FOUND > len(wanted):
            # The cheaper search, of the whole site, reached its limit before it found all these pages.
            found = self._newest(engine.editors.newest_among(self.queryset))
            wanted = self._wanted(found)
        if not self.order_by_relevance:
            return wanted
        among = set(wanted)
        return [key for key in found if key in among]

    def _found(self) -> list[int]:
        questions = self._questions()
        if not questions:
            return []
        if len(engine.editors.some(questions[-1], _MOST_FOUND + 1)) <= _MOST_FOUND:
            first = engine.editors.first_answered(questions)
            return list(map(key_at, sorted(first, key=lambda place: (first[place], -place))))
        return self._newest(engine.editors.newest)

    def _newest(self, newest: Callable[[TokenQuery, int], dict[int, str]]) -> list[int]:
        places: dict[int, str] = {}
        for question in self._questions():
            places |= newest(question, _MOST_FOUND)
            if len(places) >= _MOST_FOUND:
                break
        return list(map(key_at, list(places)[:_MOST_FOUND]))

    def _wanted(self, found: list[int]) -> list[int]:
        pages = self.queryset.order_by() if self.order_by_relevance else self.queryset
        return list(pages.filter(pk__in=found).values_list("pk", flat=True))

    def _questions(self) -> list[TokenQuery]:
        if not self.words:
            return []
        # Whole words first: finding words by their beginning costs many times as much.
        asked = [[_in_any_form(Where.TITLE, word) for word in self.words]]
        for where in (Where.TITLE, Where.ANYWHERE):
            asked.append(
                [
                    any_of([_in_any_form(where, word), Beginning(tokens.exact(Where.TITLE, word))])
                    for word in self.words
                ]
            )
        return [all_of(words) for words in asked]


class PageResults(BaseSearchResults):
    """The pages that an editor's search has found."""

    supports_facet = True

    @cached_property
    def _keys(self) -> list[int]:
        keys: list[int] = self.query_compiler.keys()
        return keys

    def _clone(self) -> "PageResults":
        clone = super()._clone()
        if "_keys" in vars(self):
            clone._keys = self._keys
        return clone

    def _do_count(self) -> int:
        return len(self._keys[self.start : self.stop])

    def _do_search(self) -> list[Page]:
        keys = self._keys[self.start : self.stop]
        pages = {page.pk: page for page in self.query_compiler.queryset.filter(pk__in=keys)}
        found = [pages[key] for key in keys if key in pages]
        if self._score_field:
            for number, page in enumerate(found):
                setattr(page, self._score_field, float(len(found) - number))
        return found

    def facet(self, field_name: str) -> dict[Any, int]:
        # The queryset's own filters have been applied already, when the keys were found.
        values = self.query_compiler.queryset.model._base_manager.filter(pk__in=self._keys)
        return dict(Counter(values.values_list(field_name, flat=True)).most_common())


def _in_any_form(where: Where, word: str) -> TokenQuery:
    """The word in the forms of every language, since the CMS searches the pages of all."""
    stems = {stem(word, language) for language, _name in settings.LANGUAGES}
    return any_of(tokens.stemmed(where, each) for each in sorted(stems))


def _words_of(query: str | SearchQuery) -> Iterator[str]:
    """The words of a harmless query, whatever operators join them."""
    if isinstance(query, str):
        yield from words_in(query)
    elif isinstance(query, (PlainText, Phrase, Fuzzy)):
        yield from words_in(query.query_string)
    elif isinstance(query, (And, Or)):
        for part in query.subqueries:
            yield from _words_of(part)
    elif isinstance(query, Boost):
        yield from _words_of(query.subquery)


def _harmless_tree(query: SearchQuery) -> SearchQuery | None:
    """The same query with harmless words; None when no word is left."""
    same = copy.copy(query)
    if isinstance(query, (PlainText, Phrase, Fuzzy)):
        same.query_string = harmless(query.query_string)
        return same if same.query_string else None
    if isinstance(query, (And, Or)):
        same.subqueries = list(filter(None, map(_harmless_tree, query.subqueries)))
        return same if same.subqueries else None
    if isinstance(query, (Not, Boost)):
        same.subquery = _harmless_tree(query.subquery)
        return same if same.subquery else None
    return query
