"""The pages that the words of an address without a page are near to."""

import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from pages.reading.missing import known_of

from .answers import Hit, hits, result_of
from .query import read_query
from .thesaurus import thesaurus_of
from .words import is_function_word, normal

_MOST_PAGES = 4
_MOST_WORDS, _MOST_ASKED = 6, 2
# Pages with less of what the address says are not near to it.
_LEAST_SHARE = 0.5
# What addresses of pages and texts end in; programs that look for holes ask for others.
_OF_A_TEXT = re.compile(r"([^.]*)(?:\.(?:html?|aspx?|pdf|docx?))?")
_WORD = re.compile(r"[^\W\d_]{3,30}")
_NO_WORDS = frozenset({"default", "index", "start"})
# A search is followed by so many times its own length without one: a flood of addresses that
# nobody has asked for before takes no more than a tenth of a process for this.
_REST = 9


@dataclass(frozen=True)
class Nearest:
    """The nearest pages; `is_spared` if nobody has looked for them, since others have just been looked for."""

    hits: Sequence[Hit] = ()
    is_spared: bool = False


class Spare:
    """Lets one after another do what may be left out, and for a tenth of the time at most."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rests_until = 0.0

    @contextmanager
    def moment(self) -> Iterator[bool]:
        """Whether there is time for it now."""
        if time.monotonic() < self._rests_until or not self._lock.acquire(blocking=False):
            yield False
            return
        began = time.monotonic()
        try:
            yield True
        finally:
            self._rests_until = time.monotonic() + _REST * (time.monotonic() - began)
            self._lock.release()

    def forget(self) -> None:
        self._rests_until = 0.0


spare = Spare()


def nearest_to(request: HttpRequest) -> Nearest:
    """The pages to offer on the page that says 404, but none where something else will be said."""
    asked = words_in_address(request.path_info)
    known = known_of(request)
    is_answered = known.is_redirected or known.is_withdrawn or bool(known.is_in_language)
    if not asked or is_answered:
        return Nearest()
    with spare.moment() as there_is_time:
        if not there_is_time:
            return Nearest(is_spared=True)
        return Nearest(_pages_with(asked, get_language() or settings.LANGUAGE_CODE))


def words_in_address(path: str) -> list[str]:
    """What an address says, the last part first, as one would type it into the search field."""
    *above, last = path.rstrip("/").split("/")
    text = _OF_A_TEXT.fullmatch(last)
    if path.startswith(f"/{settings.ADMIN_PATH}") or not text:
        return []
    parts = [text[1], *reversed(above)]
    words = [[word for word in _WORD.findall(part) if word not in _NO_WORDS] for part in parts]
    return [" ".join(some[:_MOST_WORDS]) for some in words if some][:_MOST_ASKED]


def _pages_with(asked: Sequence[str], language: str) -> list[Hit]:
    for words in asked:
        if all(is_function_word(word, language) for word in normal(words).split()):
            continue  # every text has them
        # As they are written: to look for what else was meant takes several times as long.
        query = read_query(words, language, thesaurus_of(language), as_typed=True)
        found = result_of(query)
        if found.places and found.share >= _LEAST_SHARE:
            return hits(found.places[:_MOST_PAGES], query)
    return []
