"""The words of published content: how they are related, and how often they occur."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from django.db import connection, transaction
from django.db.models import Q

from pages.ground.models import ContentVersion
from pages.search.models import SearchEntry, SearchWord

from . import engine
from .words import LONGEST_WORD, as_one, is_stop_word, stem, without_marks, words_in

# Limits for related words: how many are read, and how many are searched for as well.
_MOST_LOOKED_AT = 60
_MOST_TAKEN = 30
_MOST_COMPLETIONS = 10
_MOST_COMPARED = 500
_LETTERS_ALIKE, _LETTERS_MORE = 2, 4
# To a word with fewer pages nothing is mended while another that is as near has more.
_PAGES_OF_A_WORD = 3
# A search with more unknown words cannot be saved.
_MOST_MISSPELT = 3

# How alike two words are that are taken for the same, as `difflib` counts it; a compound may also
# be another that is new here.
_SAME_BUT_MISSPELT, _SAME_COMPOUND, _ALIKE = 0.8, 0.9, 0.6  # what is alike may be all there is
_LONG_ENOUGH = 5

_SHORTEST_PART, _SHORTEST_OF_ALL = 3, 5  # of a compound, and one that stands for all of it
# Swedish writes compounds as one word, English as a rule as several.
LANGUAGE_OF_COMPOUNDS = "sv"

# What only stands in an address is no word: "terrorhotniva" of "/terrorhotniva.json".
_ADDRESS = re.compile(r"\S+@\S+|(?:https?:/|www\.|(?<!\S))/?[\w.-]*/\S*|\b[\w-]+\.[a-z]{2,5}\b")

# Counting words


def words_of(entry: SearchEntry | None) -> dict[tuple[str, str], bool]:
    """(language, word) -> whether the title has it, for each word that visitors read."""
    if entry is None:
        return {}
    in_title = set(words_in(entry.title))
    return {
        (language, word): word in in_title
        for language in entry.languages.split()
        for word in in_title.union(words_in(_ADDRESS.sub(" ", entry.text)))
        if len(word) > 1 and word.isalpha()
    }


def change(before: dict[tuple[str, str], bool], after: dict[tuple[str, str], bool]) -> None:
    """Counts the words that an entry has gained and lost; within a transaction."""
    rows = [
        (*key, (key in after) - (key in before), after.get(key, False) - before.get(key, False))
        for key in before.keys() | after.keys()
        if before.get(key) != after.get(key)
    ]
    if rows:
        # Only one transaction at a time: each word is a row to lock, and two could wait for each other.
        ContentVersion.hold()
        _add(rows)
        # By name: the database would have to read all words to see which no page has any longer.
        lost = [row[:2] for row in rows if row[2] < 0]
        languages, words = map(set, zip(*lost, strict=True)) if lost else ((), ())
        SearchWord.objects.filter(language__in=languages, word__in=words, pages__lte=0).delete()


def count_anew() -> None:
    """Counts all words of published content from the beginning; publishing waits meanwhile."""
    counted: dict[tuple[str, str], list[int]] = {}
    with transaction.atomic():
        ContentVersion.hold()
        entries = SearchEntry.objects.only("languages", "title", "text")
        for entry in entries.iterator(chunk_size=500):
            for key, is_in_title in words_of(entry).items():
                row = counted.setdefault(key, [0, 0])
                row[0] += 1
                row[1] += is_in_title
        SearchWord.objects.all().delete()
        _add([(*key, pages, titles) for key, (pages, titles) in sorted(counted.items())])


def _add(rows: Iterable[tuple[str, str, int, int]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            """INSERT INTO search_searchword
                (language, word, stem, backwards, plain, pages, titles)
                VALUES (%s, %s, %s, %s, %s, %s, %s)
                ON CONFLICT (language, word) DO UPDATE SET
                pages = search_searchword.pages + excluded.pages,
                titles = search_searchword.titles + excluded.titles""",
            [_row(*row) for row in rows],
        )


def _row(language: str, word: str, pages: int, titles: int) -> tuple[str | int, ...]:
    own = stem(word, language)
    plain = stem(without_marks(word), language)[:LONGEST_WORD]
    return language, word, own, own[::-1], plain, pages, titles


# Finding related words


@dataclass
class Kin:
    """The words of the site that are related to a word of the query, as stems."""

    word: str  # as it was typed
    pages: int  # that have the word, in any form
    with_marks: Sequence[str] = ()  # "säkerhet" for "sakerhet"
    related: Sequence[str] = ()  # "säkerhetsskydd" for "skydd"
    completions: Sequence[str] = ()  # of the last: "kontraspionage" for "kontrasp"
    parts: Sequence[str] = ()  # the words of a compound that is new here
    part: str = ""  # the longest of it that is there, or the word most like it
    corrected: str = ""  # "kontraspionage" for "kontraspoinage"


def kin_of(
    typed: Sequence[str],
    language: str,
    names: Collection[str] = (),
    *,
    written: Collection[str] = (),
    compared: bool = False,
) -> list[Kin]:
    """The related words of each word, in two queries for any number of words that the site has.

    A compound may also have one of the names in it. A few unknown words may be compared with the
    words that are `written` in names and with those of the site, for which each takes two queries.
    """
    kin = _kin_on_the_site(typed, language)
    unknown = [its for its in kin if _is_unknown(its)]
    _split(unknown, language, names)
    if compared and unknown:
        spelt = {stem(each, language) for each in written}
        odd = [its for its in unknown if stem(its.word, language) not in spelt]
        _mend(odd[:_MOST_MISSPELT], language, written)
    return kin


def _kin_on_the_site(typed: Sequence[str], language: str) -> list[Kin]:
    looks = {each: _looks(as_one(each), language) for each in typed}
    last = [_Look("word", as_one(each)) for each in typed[-1:]]  # it may be unfinished
    found = _stems_found([look for its in (*looks.values(), last) for look in its], language)
    kin = [_kin(each, language, [found[look] for look in looks[each]]) for each in typed]
    if kin:
        kin[-1].completions = list(found[last[0]])[:_MOST_COMPLETIONS]
    return kin


def _is_unknown(its: Kin) -> bool:
    return not (its.pages or its.with_marks) and as_one(its.word).isalpha()


def _split(unknown: Sequence[Kin], language: str, names: Collection[str]) -> None:
    """Finds the words of the compounds among them, or of each the longest that the site has."""
    splits = {its.word: list(_splits(its.word, language)) for its in unknown}
    parts = {part for each in splits.values() for split in each for part in split}
    known = _known_among(parts, language, names)
    for its in unknown:
        possible = (split for split in splits[its.word] if known.issuperset(split))
        whole = max(possible, key=lambda split: min(map(len, split)), default=())
        there = known.intersection(part for split in splits[its.word] for part in split)
        longest = max(sorted(there), key=len, default="")
        is_enough = len(longest) >= _SHORTEST_OF_ALL or not its.word.isalpha()
        its.parts, its.part = whole, longest if is_enough else ""


def _mend(unknown: Sequence[Kin], language: str, written: Collection[str]) -> None:
    """Finds what they stand for if they are misspelt, and takes over its kin."""
    for its in unknown:
        if its.related:
            continue
        least = _SAME_COMPOUND if its.parts else _SAME_BUT_MISSPELT
        if correction := _correction(its.word, language, written, least=least):
            its.corrected, its.parts = correction, ()
        elif len(unknown) == 1 and not its.part:
            its.part = _correction(its.word, language, (), least=_ALIKE)
    mended = [its for its in unknown if its.corrected]
    for its, whole in zip(mended, kin_of([its.corrected for its in mended], language), strict=True):
        its.related = whole.related


@dataclass(frozen=True)
class _Look:
    """A search of SearchWord: what begins with these letters in one column, or equals them."""

    column: str
    beginning: str
    is_whole: bool = False
    within: str = ""  # letters that the word itself must contain, not only its stem


def _looks(word: str, language: str) -> list[_Look]:
    own = stem(word, language)
    looks = [
        _Look("stem", own, is_whole=True),
        _Look("plain", own, is_whole=True),
    ]
    if language == LANGUAGE_OF_COMPOUNDS and len(own) >= _SHORTEST_PART:
        end = _at_the_end(word, language)
        looks.append(_Look("backwards", end[::-1], within=own))
        if len(own) >= _LONG_ENOUGH:  # a short word begins others by chance: "FRA" and "framtid"
            looks.append(_Look("stem", own))
    return looks


def _splits(word: str, language: str) -> Iterator[tuple[str, ...]]:
    """The ways to split the word: at its hyphens, or into two, with or without an s between them."""
    if not word.isalpha():
        yield tuple(words_in(word))[1:]
    elif language == LANGUAGE_OF_COMPOUNDS:
        for end in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            yield word[:end], word[end:]
            if word[end] == "s" and len(word) - end > _SHORTEST_PART:
                yield word[:end], word[end + 1 :]


def _at_the_end(word: str, language: str) -> str:
    """The word's stem at the end of a long word, where more counts as an ending."""
    before = "bebe"
    return stem(before + word, language).removeprefix(before)


def _kin(typed: str, language: str, found: Sequence[dict[str, int]]) -> Kin:
    same, plain, *compounds = found
    word = as_one(typed)
    own, pages = stem(word, language), sum(same.values())
    parts = (_at_the_end(word, language), own)
    related = [
        each
        for its, part in zip(compounds, parts, strict=False)
        for each in its
        # The stem of a misspelt word begins others by chance: "säkerhetspolsen".
        if len(each) - len(part) >= _SHORTEST_PART
        and (pages or each.endswith(part) or each.startswith(word))
    ]
    return Kin(
        typed,
        pages,
        # A reader who types the marks means them: "får" is not "far".
        with_marks=[each for each in plain if each != own] if word.isascii() else [],
        related=related[:_MOST_TAKEN],
    )


def _stems_found(looks: Sequence[_Look], language: str) -> dict[_Look, dict[str, int]]:
    """The most common stems for each look and the pages with them, in one query."""
    if not looks:
        return {}
    statements: list[str] = []
    values: list[str | int] = []
    for number, look in enumerate(looks):
        until = "=" if look.is_whole else ">= %s AND {column} <"
        statements.append(
            # Grouped by more than the column, SQLite does not read all words in the order of their stems.
            "SELECT * FROM (SELECT %s, stem || '' AS own, SUM(titles), SUM(pages) "  # noqa: S608
            f"FROM search_searchword WHERE language = %s AND {look.column} "
            f"{until.format(column=look.column)} %s AND word LIKE %s "
            f"GROUP BY own ORDER BY 3 DESC, 4 DESC, own LIMIT {_MOST_LOOKED_AT}) AS look{number}"
        )
        values += [number, language, look.beginning]
        if not look.is_whole:
            values.append(look.beginning + "\U0010ffff")
        values.append(f"%{look.within}%")
    found: dict[_Look, dict[str, int]] = {look: {} for look in looks}
    with engine.public.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        for number, each, _titles, pages in cursor.fetchall():
            found[looks[number]][each] = int(pages)
    return found


def _known_among(words: Iterable[str], language: str, names: Collection[str]) -> set[str]:
    """The words that the site or the names have, in the same form or another."""
    stems = {word: stem(word, language) for word in words}
    rows = SearchWord.objects.filter(
        Q(word__in=[*stems]) | Q(stem__in={*stems.values()}), language=language
    )
    there = {each for row in rows.values_list("word", "stem") for each in row} if stems else set()
    return {word for word, own in stems.items() if {word, own} & there or own in names}


# Unknown words


def _correction(word: str, language: str, names: Iterable[str], *, least: float) -> str:
    """The word or name that a misspelt word stands for, if they are at least so much alike."""
    plain = without_marks(word)
    if len(word) < _LONG_ENOUGH:  # it may be like many
        return ""
    pages = {**dict.fromkeys(sorted(names), 0), **_with_the_same_edge(word, language)}
    candidates = {
        other: each
        for each in sorted(pages, key=pages.__getitem__)
        if abs(len(each) - len(word)) <= _LETTERS_MORE and not is_stop_word(each, language)
        for other in [without_marks(each)]
        # "olaglig" is no misspelling of "laglig".
        if not plain.endswith(other) and not other.endswith(plain)
    }
    closest = [candidates[each] for each in get_close_matches(plain, candidates, cutoff=least)]
    common = [each for each in closest if pages[each] >= _PAGES_OF_A_WORD]
    return next(iter(common or closest), "")


def _with_the_same_edge(word: str, language: str) -> dict[str, int]:
    """The most common words with the same beginning or end, and how many pages have them in any form."""
    found: set[tuple[int, int, str, str]] = set()
    for column, edge in (("word", word), ("backwards", stem(word, language)[::-1])):
        letters = edge[:_LETTERS_ALIKE]
        between = {f"{column}__gte": letters, f"{column}__lt": letters + "\U0010ffff"}
        rows = SearchWord.objects.filter(language=language, **between)
        most = rows.order_by("-titles", "-pages", "word")
        found.update(most.values_list("titles", "pages", "word", "stem")[:_MOST_COMPARED])
    pages: Counter[str] = Counter()
    for _titles, its, _word, own in found:
        pages[own] += its
    order = sorted(found, key=lambda each: (-each[0], -each[1], each[2]))
    return {each: pages[own] for _titles, _pages, each, own in order}
