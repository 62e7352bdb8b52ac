"""The tokens that the full-text index holds for a page or a file, and the questions made of them.

A token is a word with its place and form: `bsskydd` is a word with the stem "skydd" in the title
or the lead. Other tokens serve as filters: `tnn` says that a page carries a topic. Synonyms are
not in the index; the question names them (`pages.search.query`).
"""

from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from .words import Name, is_stop_word, name_of, stem, words_in

# A text is about the words that it repeats this often.
_OFTEN = 4
_LONGEST_NAME = 200


class Where(StrEnum):
    """Where a word stands. Each place includes the one before, so the last one means all."""

    TITLE = "a"
    LEAD = "b"  # or often in the text
    ANYWHERE = "c"


def exact(where: Where, word: str) -> str:
    return f"{where}x{word}"


def stemmed(where: Where, stem: str) -> str:
    return f"{where}s{stem}"


# What the search of the CMS asks for. It asks for stems in every language, so also for a word as it stands.
FOR_EDITORS = exact(Where.TITLE, ""), stemmed(Where.TITLE, ""), stemmed(Where.ANYWHERE, "")


def called(name: Name) -> str:
    """The token of entries whose title is this name and nothing more."""
    return "e" + "".join(name)[:_LONGEST_NAME]


def in_language(code: str) -> str:
    """The token of entries that visitors find in this language."""
    return f"l{code}"


def with_topic(pk: int) -> str:
    return f"t{pk}"


def of_kind(kind: str) -> str:
    return f"k{kind}"


def tokens_of(title: str, lead: str, text: str, language: str) -> set[str]:
    """The tokens of a text in one language."""
    in_title = set(words_in(title))
    in_lead = in_title.union(words_in(lead))
    counted = Counter(words_in(text))
    tokens = {called(name_of(title, language))}
    for where, words in zip(Where, (in_title, in_lead, in_lead.union(counted)), strict=True):
        tokens.update(exact(where, word) for word in words)
        tokens.update(stemmed(where, stem(word, language)) for word in words)
    often: Counter[str] = Counter()
    for word, times in counted.items():
        if not is_stop_word(word, language):
            often[stem(word, language)] += times
    tokens.update(stemmed(Where.LEAD, each) for each, times in often.items() if times >= _OFTEN)
    return tokens


class TokenQuery(str):
    """Asks for entries by their tokens, in the words of FTS5."""


def all_of(parts: Iterable[str]) -> TokenQuery:
    """Asks for entries with every one of these tokens and questions."""
    return _joined(" AND ", parts)


def any_of(parts: Iterable[str]) -> TokenQuery:
    return _joined(" OR ", parts)


def beginning(token: str) -> TokenQuery:
    return TokenQuery(f'"{token}"*')


def _joined(between: str, parts: Iterable[str]) -> TokenQuery:
    # A token holds letters and digits only (`pages.search.words`): nothing in it can be syntax.
    found = [part if isinstance(part, TokenQuery) else f'"{part}"' for part in parts]
    return TokenQuery(f"({between.join(dict.fromkeys(found))})")
