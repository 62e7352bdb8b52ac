"""What could help those who look for something in vain: why nothing is found, and what is near."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.text import get_text_list
from django.utils.translation import gettext, ngettext

from pages.models import SearchWord
from pages.references.shelves import listed_in_order
from pages.tree.listed import ListedPage

from .answers import result_of, terms_that_find
from .places import pages_at
from .query import Query, Term, read_query
from .thesaurus import Thesaurus, thesaurus_of
from .words import name_of

_MOST_PAGES = 3
_LOOKED_AT = 20  # of the pages that each word finds
_RESEMBLANCE = 0.8  # as "bakgrundskoll" and "bakgrundskontroll"
_LETTERS_ALIKE = 2
_MOST_COMPARED = 500
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
    query = read_query(words, language, thesaurus)
    if result_of(query).places:
        return Remedy(is_found=True)
    found = terms_that_find(query)
    unknown = [" ".join(term.words) for term in query.terms if term not in found]
    return Remedy(
        is_found=False,
        reason=_reason(unknown),
        unknown=" ".join(unknown) or words,
        pages=_near(query, found, thesaurus),
    )


def can_be_name(title: str, language: str) -> bool:
    """Whether somebody may search for the title as it stands, so that it can have a synonym."""
    return not {",", "?"} & set(title) and len(name_of(title, language)) <= _LONGEST_NAME


def _reason(unknown: Sequence[str]) -> str:
    if not unknown:
        return gettext("No page has all the words.")
    words = get_text_list([f"”{word}”" for word in unknown], gettext("and"))
    return ngettext(
        "The website lacks the word %(words)s.", "The website lacks the words %(words)s.",
        len(unknown),
    ) % {"words": words}  # fmt: skip


def _near(query: Query, found: Sequence[Term], thesaurus: Thesaurus) -> list[ListedPage]:
    """Pages with most of the words, or with words that are spelt nearly as these."""
    known = [" ".join(term.words) for term in found]
    guesses = [_guess(term, query.language, thesaurus) for term in query.terms if term not in found]
    counted: Counter[int] = Counter()
    for words in filter(None, [*known, *guesses]):
        places = result_of(read_query(words, query.language, thesaurus)).places
        keys = pages_at(place for place in places[:_LOOKED_AT] if isinstance(place, int))
        for rank, key in enumerate(keys):
            counted[key] += 2 * _LOOKED_AT - rank  # two words count more than any place in the list
    return listed_in_order(key for key, _points in counted.most_common(_MOST_PAGES))


def _guess(term: Term, language: str, thesaurus: Thesaurus) -> str:
    """What a word that the site lacks may stand for: a word of the site, or a synonym's name."""
    if len(term.words) > 1:
        return ""
    (word,) = term.words
    alike = SearchWord.objects.filter(language=language, word__startswith=word[:_LETTERS_ALIKE])
    known = alike.order_by("-titles", "-pages").values_list("word", flat=True)[:_MOST_COMPARED]
    names = [*known, *(" ".join(name) for name in thesaurus.synonyms)]
    return next(iter(get_close_matches(word, names, n=1, cutoff=_RESEMBLANCE)), "")
