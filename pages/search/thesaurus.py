"""Other names of things, and the pages that editors recommend for a name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pages.content.models import Topic
from pages.ground.version.memory import remembered
from pages.search.models import Recommendation, Synonym, names_in

from .words import Name, is_stop_word, name_of, stem, without_marks, words_in

_KINDS = ("topic", "synonym", "recommendation")


@dataclass
class Thesaurus:
    """The names in one language, by their stems."""

    topics: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
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
        return {name[0] for name in self.synonyms if len(name) == 1} | self.topics.keys()

    def topics_named(self, stem: str) -> Sequence[int]:
        """The keys of the topics with this word in their names: their pages are found by it."""
        return self.topics.get(stem, ())

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


def _made(language: str) -> Thesaurus:
    made = Thesaurus()
    for topic in Topic.objects.public().filter(locale__language_code=language):
        for each in {stem(word, language) for word in words_in(topic.name)}:
            made.topics[each].append(topic.pk)
    for synonym in Synonym.objects.public().filter(locale__language_code=language):
        names = [name_of(each, language) for each in names_in(synonym.names)]
        made.written.update(words_in(synonym.names))
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
