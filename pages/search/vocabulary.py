"""The words of published content: how they are related, and how often they occur."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Q, Sum

from pages.models import ContentVersion, SearchEntry, SearchWord

from . import engine
from .distance import distance
from .words import LONGEST_WORD, is_function_word, root, stem, without_marks, words_in

# Limits for related words: how many are read, and how many are searched for as well.
_MOST_LOOKED_AT = 60
_MOST_TAKEN = 30
_MOST_COMPLETIONS = 10
_MOST_COMPARED = 500
_LETTERS_ALIKE = 2
_LEAST_LIKENESS = 0.5
# A search with more unknown words cannot be saved.
_MOST_MISSPELT = 3

# A short word may begin or end another by chance: "lag" is no part of "slag". The rest has to be
# a word of the site as well, as "underrättelse" is before "hot".
_SHORTEST_PART = 3
_LONG_ENOUGH = 5
_JOINTS = "saeou"  # "säkerhetsskydd", "kungafamilj"
_LONG = 8
_LONG_HEAD = 4
# Swedish writes compounds as one word, English as a rule as several.
LANGUAGE_OF_COMPOUNDS = "sv"

_ROWS_AT_A_TIME = 100  # seven values each, and the oldest SQLite takes 999

T = TypeVar("T")

# Counting words


def words_of(entry: SearchEntry | None) -> dict[tuple[str, str], bool]:
    """(language, word) -> whether the title has it, for each word that visitors read."""
    if entry is None:
        return {}
    in_title = {word for word in words_in(entry.title) if _is_kept(word)}
    words = in_title.union(word for word in words_in(entry.text) if _is_kept(word))
    return {
        (language, word): word in in_title for language in entry.languages.split() for word in words
    }


def change(before: dict[tuple[str, str], bool], after: dict[tuple[str, str], bool]) -> None:
    """Counts the words that an entry has gained and lost; within a transaction."""
    rows = [
        (language, word, pages, titles)
        for language, word in before.keys() | after.keys()
        for pages in [((language, word) in after) - ((language, word) in before)]
        for titles in [after.get((language, word), False) - before.get((language, word), False)]
        if pages or titles
    ]
    if not rows:
        return
    # Only one transaction at a time: each word is a row to lock, and two could wait for each other.
    ContentVersion.hold()
    _add(rows)
    for language in {language for language, _word, pages, _titles in rows if pages < 0}:
        gone = [row[1] for row in rows if row[0] == language and row[2] < 0]
        for some in _in_parts(gone):
            SearchWord.objects.filter(language=language, word__in=some, pages__lte=0).delete()


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


def _is_kept(word: str) -> bool:
    return len(word) > 1 and word.isalpha()


def _add(rows: Sequence[tuple[str, str, int, int]]) -> None:
    with connection.cursor() as cursor:
        for some in _in_parts(rows):
            values = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(some))
            cursor.execute(
                f"""INSERT INTO pages_searchword
                    (language, word, stem, backwards, plain, pages, titles) VALUES {values}
                    ON CONFLICT (language, word) DO UPDATE SET
                    pages = pages_searchword.pages + excluded.pages,
                    titles = pages_searchword.titles + excluded.titles""",  # noqa: S608
                [value for row in some for value in _row(*row)],
            )


def _row(language: str, word: str, pages: int, titles: int) -> tuple[str | int, ...]:
    stem_of_word = stem(word, language)
    plain = stem(without_marks(word), language)
    return (
        language, word, stem_of_word, stem_of_word[::-1], plain[:LONGEST_WORD], pages, titles,
    )  # fmt: skip


def _in_parts(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), _ROWS_AT_A_TIME):
        yield rows[start : start + _ROWS_AT_A_TIME]


# Finding related words


@dataclass
class Kin:
    """The words of the site that are related to a word of the query, as stems."""

    pages: int = 0  # that have the word, in any form
    with_marks: list[str] = field(default_factory=list)  # "säkerhet" for "sakerhet"
    compounds: list[str] = field(default_factory=list)  # "säkerhetsskydd" for "skydd"
    family: list[str] = field(default_factory=list)  # "finansiering" for "finansiera"
    parts: tuple[str, ...] = ()  # the words of a compound that is new here
    heads: list[str] = field(default_factory=list)  # "resa" for "utlandsresa", new and no compound
    completions: list[str] = field(default_factory=list)  # "kontraspionage" for "kontrasp"
    meant: str = ""  # "kontraspionage" for "kontraspoinage"
    alike: list[str] = field(default_factory=list)  # what has most of the parts of an unknown word


def kin_of(
    words: Sequence[str], language: str, names: Collection[str] = (), *, compared: bool = False
) -> list[Kin]:
    """The related words of each word, in two queries for any number of words that the site has.

    A compound may also have one of the names in it. A few unknown words may be compared with
    the names and with the words of the site, for which each takes two more queries.
    """
    looks = {word: _looks(word, language) for word in words}
    found = _rows([look for its in looks.values() for look in its], language)
    rests = {
        rest
        for its in looks.values()
        for look in its
        for each in found[look]
        for rest in look.rests_of(each)
    }
    new = [word for word in words if not found[looks[word][0]]]
    splits = {word: list(_splits(word, language)) for word in new}
    parts = {part for its in splits.values() for split in its for part in split}
    known = known_among(rests | parts, language)
    known |= {each for each in parts if stem(each, language) in names}
    kin = [_kin(word, language, looks[word], found, known, splits.get(word, [])) for word in words]
    unknown = [
        (word, its)
        for word, its in zip(words, kin, strict=True)
        if not its.pages
        and not its.with_marks
        and word.isalpha()
        and stem(word, language) not in names
    ]
    for word, its in unknown[:_MOST_MISSPELT] if compared else []:
        meant, its.alike = _meant(word, language, names, is_compound=bool(its.parts))
        its.meant = "" if its.family or its.compounds else meant
    return kin


@dataclass(frozen=True)
class _Look:
    """A search of SearchWord: what begins with these letters in one column, or equals them."""

    column: str
    beginning: str
    is_whole: bool = False
    is_by_chance: bool = False  # so short that a match may only look like a compound
    within: str = ""  # letters that the word itself must contain, not only its stem

    def is_part_of(self, found: str, known: set[str]) -> bool:
        """Whether the found stem is a compound with the word that it was found by."""
        if not self.is_by_chance:
            return len(found) - len(self.beginning) >= _SHORTEST_PART
        return bool(self.rests_of(found) & known)

    def rests_of(self, found: str) -> set[str]:
        """The forms of the rest that would prove a compound, if one is a word of its own."""
        if not self.is_by_chance:
            return set()
        rest = found[: -len(self.beginning)] if self.is_end else found[len(self.beginning) :]
        # A letter may join the parts, and the stem of a long word loses a doubled last letter.
        joint = rest[-1:] if self.is_end else rest[:1]
        shorter = rest[:-1] if self.is_end else rest[1:]
        candidates = {rest, shorter} if joint and joint in _JOINTS else {rest}
        if not self.is_end:
            candidates |= {each + each[-1] for each in candidates if each}
        return {each for each in candidates if len(each) >= _SHORTEST_PART}

    @property
    def is_end(self) -> bool:
        return self.column == "backwards"


def _looks(word: str, language: str) -> list[_Look]:
    own = stem(word, language)
    looks = [
        _Look("stem", own, is_whole=True),
        _Look("plain", own, is_whole=True),
        _Look("word", word),
        _Look("stem", root(own), within=root(own)),
    ]
    if language == LANGUAGE_OF_COMPOUNDS and len(own) >= _SHORTEST_PART:
        is_short = len(word) < _LONG_ENOUGH
        looks += [
            _Look(
                "backwards", _at_the_end(word, language)[::-1], is_by_chance=is_short, within=own
            ),
            _Look("stem", own, is_by_chance=len(own) < _LONG_ENOUGH),
        ]
    return looks


def _splits(word: str, language: str) -> Iterator[tuple[str, str]]:
    """The ways to split the word into two, with or without an s between them."""
    if language == LANGUAGE_OF_COMPOUNDS:
        for end in range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1):
            yield word[:end], word[end:]
            if word[end] == "s" and len(word) - end > _SHORTEST_PART:
                yield word[:end], word[end + 1 :]


def _at_the_end(word: str, language: str) -> str:
    """The word's stem at the end of a long word, where more counts as an ending."""
    before = "bebe"
    return stem(before + word, language).removeprefix(before)


def _kin(
    word: str,
    language: str,
    looks: Sequence[_Look],
    found: dict[_Look, dict[str, int]],
    known: set[str],
    splits: Sequence[tuple[str, str]],
) -> Kin:
    same, plain, longer, related, *compounds = looks
    own = stem(word, language)
    pages = sum(found[same].values())
    kin = Kin(
        pages=pages,
        # A reader who types the marks means them: "får" is not "far".
        with_marks=[each for each in found[plain] if each != own] if word.isascii() else [],
        compounds=[
            each
            for look in compounds
            for each in found[look]
            # The stem of a misspelt word begins others by chance: "säkerhetspolsen".
            if each != own
            and look.is_part_of(each, known)
            and (pages or look.is_end or each.startswith(word))
        ][:_MOST_TAKEN],
        family=[each for each in found[related] if each != own and root(each) == root(own)],
        parts=max(
            (split for split in splits if known.issuperset(split)),
            key=lambda split: min(map(len, split)),
            default=(),
        ),
        completions=list(found[longer])[:_MOST_COMPLETIONS],
    )
    if not kin.pages and not kin.with_marks and word.isalpha():
        heads = [last for _first, last in splits if last in known and len(last) >= _LONG_HEAD]
        kin.heads = [
            stem(each, language) for each in heads[:1] if not is_function_word(each, language)
        ]
    return kin


def _rows(looks: Sequence[_Look], language: str) -> dict[_Look, dict[str, int]]:
    """The most common stems for each look and the pages with them, in one query."""
    if not looks:
        return {}
    statements: list[str] = []
    values: list[str | int] = []
    for number, look in enumerate(looks):
        until = "=" if look.is_whole else ">= %s AND {column} <"
        statements.append(
            "SELECT * FROM (SELECT %s AS look, stem, SUM(titles) AS titles, SUM(pages) AS pages "  # noqa: S608
            f"FROM pages_searchword WHERE language = %s AND {look.column} "
            f"{until.format(column=look.column)} %s AND word LIKE %s "
            f"GROUP BY stem ORDER BY 3 DESC, 4 DESC, stem LIMIT {_MOST_LOOKED_AT}) AS look{number}"
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


def pages_with(stems: Iterable[str], language: str) -> dict[str, int]:
    """Stem -> the pages with a word of this stem, for those that the site has."""
    rows = SearchWord.objects.filter(language=language, stem__in=set(stems)).values_list("stem")
    return dict(rows.annotate(Sum("pages")))


def known_among(words: Iterable[str], language: str) -> set[str]:
    """The words that the site has, in the same form or another."""
    stems = {word: stem(word, language) for word in words}
    if not stems:
        return set()
    known = SearchWord.objects.filter(
        Q(word__in=list(stems)) | Q(stem__in=set(stems.values())), language=language
    ).values_list("word", "stem")
    known_words, known_stems = set(), set()
    for word, its_stem in known:
        known_words.add(word)
        known_stems.add(its_stem)
    return {
        word for word, its_stem in stems.items() if word in known_words or its_stem in known_stems
    }


# Unknown words


def _meant(
    word: str, language: str, names: Iterable[str], *, is_compound: bool
) -> tuple[str, list[str]]:
    """The word or name that a misspelt word stands for, and the stems that look like it."""
    plain = without_marks(word)
    own = _pieces(plain)
    near = []
    for candidate in dict.fromkeys([*_with_the_same_edge(word, language), *sorted(names)]):
        pieces = _pieces(without_marks(candidate))
        near.append((2 * len(own & pieces) / (len(own) + len(pieces)), candidate))
    near = sorted(near, key=lambda each: -each[0])[:_MOST_TAKEN]
    most = 0 if len(word) < _LONG_ENOUGH else 1 if is_compound or len(word) < _LONG else 2
    steps = [
        (distance(plain, other, most) + (plain[0] != other[0]), each)
        for _likeness, each in near
        for other in [without_marks(each)]
        # "olaglig" is no misspelling of "laglig".
        if not plain.endswith(other) and not other.endswith(plain)
    ]
    best = min(steps, key=lambda each: each[0], default=(most + 1, ""))
    alike = [stem(each, language) for likeness, each in near if likeness >= _LEAST_LIKENESS]
    return best[1] if best[0] <= most else "", list(dict.fromkeys(alike))


def _pieces(word: str) -> set[str]:
    """The runs of three letters in a word, and those at its edges."""
    framed = f" {word} "
    return {framed[start : start + 3] for start in range(len(framed) - 2)}


def _with_the_same_edge(word: str, language: str) -> list[str]:
    """The most common words with the same beginning or end, those in most titles first."""
    edges = {
        "word": word[:_LETTERS_ALIKE],
        "backwards": stem(word, language)[: -_LETTERS_ALIKE - 1 : -1],
    }
    found: dict[str, tuple[int, int, str]] = {}
    for column, letters in edges.items():
        between = {f"{column}__gte": letters, f"{column}__lt": letters + "\U0010ffff"}
        rows = SearchWord.objects.filter(language=language, **between)
        for each, titles, pages in rows.order_by("-titles", "-pages", "word").values_list(
            "word", "titles", "pages"
        )[:_MOST_COMPARED]:
            found[each] = (-titles, -pages, each)
    return sorted(found, key=found.__getitem__)
