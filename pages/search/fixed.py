"""Pages at fixed addresses, which have no entry in the index."""

from pages.content.tree.fixed_pages import FixedPage, fixed_pages_in

from .query import Query
from .tokens import tokens_of
from .words import keywords_in, name_of, normal


def fixed_pages_named(query: Query) -> dict[FixedPage, set[str]]:
    """The fixed pages with a name that is among the words, and the tokens that they would have."""
    asked = {each for term in query.terms for each in term.stems}
    return {
        page: tokens_of(" ".join([*page.names, page.title]), page.summary, "", query.language)
        for page in fixed_pages_in(query.language)
        if any(asked.issuperset(name_of(name, query.language)) for name in page.names)
    }


def fixed_pages_begun(query: Query) -> list[FixedPage]:
    """The fixed pages that are called this so far: the last word may be unfinished."""
    typed = " ".join(word for term in query.terms for word in term.words)
    return [
        page
        for page in fixed_pages_in(query.language)
        if any(
            written.startswith(typed)
            for name in [*page.names, page.title]
            # "tipsa o" begins a whole name; of "leave a t" the query holds the keywords.
            for written in (normal(name), " ".join(keywords_in(name, query.language)))
        )
    ]
