"""Finds pages at fixed addresses, which have no entry in the index."""

from collections.abc import Sequence

from pages.tree.fixed_pages import FixedPage, fixed_pages_in

from .query import Query
from .words import name_of, stem, words_in


def fixed_pages_for(query: Query, *, is_being_typed: bool = False) -> list[FixedPage]:
    """The fixed pages that are called this; while it is typed, its last word may be unfinished."""
    typed = [word for term in query.terms for word in term.words]
    if not typed:
        return []
    return [
        page
        for page in fixed_pages_in(query.language)
        if any(
            _is_called(page, words, query.language)
            for words in (_continued(page, typed) if is_being_typed else [typed])
        )
    ]


def _continued(page: FixedPage, typed: Sequence[str]) -> list[list[str]]:
    *whole, last = typed
    return [[*whole, word] for word in dict.fromkeys(_words(page)) if word.startswith(last)]


def _is_called(page: FixedPage, words: Sequence[str], language: str) -> bool:
    """Whether one of its names is among the words, and the other words are said of it too."""
    stems = {stem(word, language) for word in words}
    return stems <= {stem(word, language) for word in _words(page)} and any(
        stems.issuperset(name_of(name, language)) for name in page.names
    )


def _words(page: FixedPage) -> list[str]:
    return list(words_in(" ".join([*page.names, page.title, page.summary])))
