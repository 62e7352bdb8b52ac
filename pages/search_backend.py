"""Wagtail's database search, with every query made harmless first.

On SQLite a quotation mark, a NUL or a query of nothing but blanks ends in a database error,
in the CMS's own searches too, and a query of thousands of words exhausts the stack. Use it
as WAGTAILSEARCH_BACKENDS["default"]["BACKEND"] = "pages.search_backend".
"""

import unicodedata
from functools import cache
from typing import Any

from django.db.models import Model, QuerySet
from modelsearch.backends import database
from modelsearch.backends.base import BaseSearchBackend, BaseSearchResults
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

# More than anyone types and less than any limit of the databases.
LONGEST_QUERY = 200

# Control characters and halves of surrogate pairs cannot be shown, stored or even sent.
_UNPRINTABLE = ("Cc", "Cs")
_OPERATORS = str.maketrans(dict.fromkeys('"*^\\(){}:<>&|!', " "))


def printable(text: str) -> str:
    """The text as one line, no longer than the longest query, of what can be shown and stored."""
    # Cut before the work as well: nobody needs the end of a text this long.
    line = "".join(
        " " if unicodedata.category(character) in _UNPRINTABLE else character
        for character in text[: 10 * LONGEST_QUERY]
    )
    return " ".join(line.split())[:LONGEST_QUERY].rstrip()


def harmless(text: str) -> str:
    """The words of a query, without anything that a database could take for syntax."""
    words = printable(text).translate(_OPERATORS).split()
    return " ".join(word for word in words if any(character.isalnum() for character in word))


def backend_for(params: dict[str, Any]) -> BaseSearchBackend:
    """The search of the database in use, made to survive whatever is typed."""
    return _harmless_backend()(params)


SearchBackend = backend_for  # the name that Wagtail looks for in this module


@cache
def _harmless_backend() -> type[BaseSearchBackend]:
    stock = type(database.SearchBackend({}))
    return type(f"Harmless{stock.__name__}", (HarmlessQueries, stock), {})


class HarmlessQueries(BaseSearchBackend):
    """Before a database's own backend: every search and autocompletion passes through here."""

    def _search(
        self,
        query_compiler_class: type,
        query: str | SearchQuery,
        model_or_queryset: type[Model] | QuerySet,
        **options: Any,
    ) -> BaseSearchResults:
        query = harmless(query) if isinstance(query, str) else _harmless_tree(query)
        if not query:
            # Wagtail's EmptySearchResults has no model, which the CMS's listings ask for.
            query, model_or_queryset = MatchAll(), _none_of(model_or_queryset)
        return super()._search(query_compiler_class, query, model_or_queryset, **options)


def _none_of(model_or_queryset: type[Model] | QuerySet) -> QuerySet:
    if isinstance(model_or_queryset, QuerySet):
        return model_or_queryset.none()
    return model_or_queryset._default_manager.none()


def _harmless_tree(query: SearchQuery) -> SearchQuery | None:
    """The same query with harmless words; None when no word is left."""
    if isinstance(query, PlainText):
        text = harmless(query.query_string)
        return PlainText(text, operator=query.operator, boost=query.boost) if text else None
    if isinstance(query, Phrase):
        text = harmless(query.query_string)
        return Phrase(text) if text else None
    if isinstance(query, Fuzzy):
        text = harmless(query.query_string)
        return Fuzzy(text, operator=query.operator, unaccent=query.unaccent) if text else None
    if isinstance(query, (And, Or)):
        parts = [part for part in map(_harmless_tree, query.subqueries) if part is not None]
        return type(query)(parts) if parts else None
    if isinstance(query, Not):
        part = _harmless_tree(query.subquery)
        return None if part is None else Not(part)
    if isinstance(query, Boost):
        part = _harmless_tree(query.subquery)
        return None if part is None else Boost(part, query.boost)
    return query
