"""What pages at fixed addresses, which have no entry in the index, are worth to a query."""

from pages.tree.fixed_pages import FixedPage, fixed_pages_in

from .query import PLACES, Query, Term
from .tokens import Where
from .words import name_of, stem, words_in


def fixed_worths(query: Query) -> dict[FixedPage, list[float]]:
    """The fixed pages with a name that is among the words, and what each word is worth to them."""
    asked = {each for term in query.terms for each in term.stems}
    found = {}
    for page in fixed_pages_in(query.language):
        if any(asked.issuperset(name_of(name, query.language)) for name in page.names):
            places = {
                Where.TITLE: _stems(" ".join([*page.names, page.title]), query.language),
                Where.LEAD: _stems(page.summary, query.language),
            }
            found[page] = [_worth(term, places) for term in query.terms]
    return found


def fixed_pages_begun(query: Query) -> list[FixedPage]:
    """The fixed pages that are called this so far: the last word may be unfinished."""
    typed = [word for term in query.terms for word in term.words]
    if not typed:
        return []
    *whole, last = typed
    return [
        page
        for page in fixed_pages_in(query.language)
        for its in [list(words_in(" ".join([*page.names, page.title, page.summary])))]
        if _stems(" ".join(whole), query.language) <= _stems(" ".join(its), query.language)
        and any(
            _stems(" ".join([*whole, each]), query.language).issuperset(
                name_of(name, query.language)
            )
            for each in its
            if each.startswith(last)
            for name in page.names
        )
    ]


def _worth(term: Term, places: dict[Where, set[str]]) -> float:
    return max(
        (
            PLACES[where] * form
            for where, stems in places.items()
            for form, names in term.forms()
            for name in names
            if stems.issuperset(name)
        ),
        default=0.0,
    )


def _stems(text: str, language: str) -> set[str]:
    return {stem(word, language) for word in words_in(text)}
