"""What the full-text index holds of a page or a file, and the questions it can be asked.

A token is a word with where it stands and in which form: `bsskydd` is a word with the stem "skydd"
in title or lead. Others tell where and as what a page is found: `tnn` that it carries a topic.
What a word stands for in other words, the question says (`pages.search.query`), not the index.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .words import Name, is_function_word, name_of, stem, words_in

# A word that comes back so often in a text is what the text is about.
_OFTEN = 4
_LONGEST_NAME = 200
# What was written at about the same time, and how much of that is recent: a year, and one ahead.
_DAYS_TOGETHER = 100
_RECENT = range(-3, 5)


class Where(StrEnum):
    """Where a word stands. Each takes in the one before: to ask for the last is to ask for all."""

    TITLE = "a"
    LEAD = "b"  # or often in the text
    ANYWHERE = "c"


def exact(where: Where, word: str) -> str:
    return f"{where}x{word}"


def stemmed(where: Where, stem: str) -> str:
    return f"{where}s{stem}"


def called(name: Name) -> str:
    """That its title is this, and no more."""
    return "e" + "".join(name)[:_LONGEST_NAME]


def below(start_page: int) -> str:
    """That visitors find it below this start page, wherever that is moved."""
    return f"l{start_page}"


def with_topic(pk: int) -> str:
    return f"t{pk}"


def of_kind(kind: str) -> str:
    return f"k{kind}"


def of_time(day: date) -> str:
    """That its date is about this."""
    return f"d{day.toordinal() // _DAYS_TOGETHER}"


def recent(today: date) -> "TokenQuery":
    """That nothing is newer but what this finds too, short of what is dated more than a year ahead."""
    now = today.toordinal() // _DAYS_TOGETHER
    return any_of(f"d{now + each}" for each in _RECENT)


A_PAGE = "ksida"


def topics_among(filters: Iterable[str]) -> Iterator[int]:
    """The topics that these tokens name."""
    return (int(token[1:]) for token in filters if token.startswith("t"))


def tokens_of(title: str, lead: str, text: str, language: str) -> set[str]:
    """The tokens of what is written in a language."""
    in_title = set(words_in(title))
    in_lead = in_title.union(words_in(lead))
    counted = Counter(words_in(text))
    tokens = {called(name_of(title, language))}
    for where, words in (
        (Where.TITLE, in_title),
        (Where.LEAD, in_lead),
        (Where.ANYWHERE, in_lead.union(counted)),
    ):
        tokens.update(exact(where, word) for word in words)
        tokens.update(stemmed(where, stem(word, language)) for word in words)
    often: Counter[str] = Counter()
    for word, times in counted.items():
        if not is_function_word(word, language):
            often[stem(word, language)] += times
    tokens.update(stemmed(Where.LEAD, each) for each, times in often.items() if times >= _OFTEN)
    return tokens


@dataclass(frozen=True)
class All:
    """An entry that has every one of these."""

    parts: tuple["TokenQuery", ...]


@dataclass(frozen=True)
class AnyOf:
    """An entry that has at least one of these."""

    parts: tuple["TokenQuery", ...]


@dataclass(frozen=True)
class Beginning:
    """An entry with a token that begins so."""

    token: str


TokenQuery = str | Beginning | All | AnyOf


def all_of(parts: Iterable[TokenQuery]) -> TokenQuery:
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else All(found)


def any_of(parts: Iterable[TokenQuery]) -> TokenQuery:
    found = tuple(dict.fromkeys(parts))
    return found[0] if len(found) == 1 else AnyOf(found)
