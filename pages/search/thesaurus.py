"""Other names of things, and the pages that editors recommend for a name."""

import tomllib
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

from pages.ground.version.memory import remembered
from pages.search.models import Recommendation, Synonym, names_in

from .words import Name, is_stop_word, name_of, without_marks, words_in

_KINDS = ("synonym", "recommendation")


@dataclass
class Thesaurus:
    """The names in one language, by their stems."""

    synonyms: dict[Name, list[Name]] = field(default_factory=lambda: defaultdict(list))
    # With the words that say little, as in "become a police officer": without them it is another name.
    recommended: dict[Name, list[tuple[set[str], int]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    written: set[str] = field(default_factory=set)  # the words of all names, which are spelt right

    @cached_property
    def longest_name(self) -> int:
        return max(map(len, self.synonyms), default=1)

    @cached_property
    def single_names(self) -> set[str]:
        """The names of one word, which may be part of a compound: "säpo" of "säpochef"."""
        return {name[0] for name in self.synonyms if len(name) == 1}

    def names_for(self, name: Name) -> list[Name]:
        """The other names of the thing with this name."""
        return self.synonyms.get(name, [])

    def pages_for(self, typed: str, language: str) -> tuple[list[int], dict[int, set[str]]]:
        """The keys of the pages that come first when somebody looks for this; and of those for some
        of it, with the stems of the names that it has."""
        asked, words = name_of(typed, language), {*words_in(typed)}
        found = [
            (name, page)
            for name, rows in self.recommended.items()
            if {*asked}.issuperset(name)
            for little, page in rows
            if little <= words
        ]
        near: dict[int, set[str]] = defaultdict(set)
        for name, page in found:
            near[page].update(name)
        return [page for name, page in found if name == asked], near


def thesaurus_of(language: str) -> Thesaurus:
    """The names as they are now, read again only after a change."""
    return remembered(f"search thesaurus {language}", _KINDS, lambda: _made(language))


@cache
def shipped() -> dict[str, list[str]]:
    """The lines of names that come with the site, by language."""
    lines: dict[str, list[str]] = tomllib.loads(
        Path(__file__).with_name("synonyms.toml").read_text()
    )
    return lines


def _made(language: str) -> Thesaurus:
    made = Thesaurus()
    rows = Synonym.objects.public().filter(locale__language_code=language)
    for line in (*shipped().get(language, ()), *rows.values_list("names", flat=True)):
        names = [name_of(each, language) for each in names_in(line)]
        made.written.update(words_in(line))
        for name in names:
            others = [other for other in names if other != name]
            for typed in {name, tuple(map(without_marks, name))}:
                made.synonyms[typed] += others
    for row in Recommendation.objects.public().filter(page__locale__language_code=language):
        made.written.update(words_in(row.names))
        for each in names_in(row.names):
            little = {word for word in words_in(each) if is_stop_word(word, language)}
            name = name_of(each, language)
            for typed in {name, tuple(map(without_marks, name))}:
                made.recommended[typed].append((little, row.page_id))
    return made
