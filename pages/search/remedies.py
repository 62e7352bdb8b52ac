"""What could help those who look for something in vain: why nothing is found, and what is near."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from pages.references.shelves import listed_in_order
from pages.tree.listed import ListedPage

from .answers import result_of, terms_on_pages
from .places import pages_at
from .query import AS_TYPED, Query, read_query
from .thesaurus import thesaurus_of
from .words import name_of

_MOST_PAGES = 3
_LONGEST_NAME = 2  # words; a longer title is a sentence, which nobody searches for


@dataclass(frozen=True)
class Remedy:
    """What an editor should know of a search, and the pages that it could lead to."""

    is_found: bool
    reason: str = ""
    unknown: str = ""  # what needs another name: the words that the site lacks, or else all
    pages: Sequence[ListedPage] = field(default_factory=list)


def remedy_for(words: str, language: str) -> Remedy:
    """Whether the search finds a page with all its words now; else why not, and what is near."""
    thesaurus = thesaurus_of(language)
    as_typed = read_query(words, language, thesaurus, rules=AS_TYPED)
    if result_of(as_typed, rules=AS_TYPED).with_all:
        return Remedy(is_found=True)
    unknown = _unknown(as_typed)
    places = result_of(read_query(words, language, thesaurus)).places
    keys = pages_at(place for place in places if isinstance(place, int))
    return Remedy(
        is_found=False,
        reason=_reason(unknown),
        unknown=" ".join(unknown) or words,
        pages=listed_in_order(keys[:_MOST_PAGES]),
    )


def can_be_name(title: str, language: str) -> bool:
    """Whether somebody may search for the title as it stands, so that it can have a synonym."""
    return not {",", "?"} & set(title) and len(name_of(title, language)) <= _LONGEST_NAME


def _unknown(query: Query) -> list[str]:
    """The words that no page in the language has."""
    on_pages = zip(query.terms, terms_on_pages(query), strict=True)
    return [" ".join(term.words) for term, is_there in on_pages if not is_there]


def _reason(unknown: Sequence[str]) -> str:
    if not unknown:
        return gettext("No page has all the words.")
    words = get_text_list([f"”{word}”" for word in unknown], gettext("and"))
    return ngettext(
        "The website lacks the word %(words)s.", "The website lacks the words %(words)s.",
        len(unknown),
    ) % {"words": words}  # fmt: skip
