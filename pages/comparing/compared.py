"""Compares two versions line by line, and changed lines word by word."""

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import groupby, takewhile
from operator import attrgetter
from typing import Any

from .read_lines import Line

_TOKEN = re.compile(r"\s+|\w+(?:[.,:'’/@-]\w+)*|[^\w\s]")
_WORD = re.compile(r"\w+")
# Two lines are one changed line if they have this much in common, from 0 to 1.
_ALIKE = 0.4
# So many pairs of lines are looked at, which takes a fifth of a second.
_MOST_PAIRS = 200_000
# So many pairs of equal words within a changed line: the time grows with more than their number.
_MOST_WORD_PAIRS = 20_000
# In a text that repeats itself without end, lines that stand there more often hold nothing together.
_MOST_REPEATED = 5
# The unchanged lines that are shown before and after a change, and the fewest that are folded.
_AROUND, _FEWEST_FOLDED = 1, 2
# The words of an unchanged stretch that lead over to what was taken away.
_LEADING = 6


@dataclass(frozen=True)
class Piece:
    """Some words of a changed line; `state` is same, added or removed."""

    text: str
    state: str


@dataclass(frozen=True)
class DiffLine:
    """A line of one or both versions; `state` is same, added, removed or changed.

    The pieces that are not added make the text before, those that are not removed the text after.
    `fold` numbers the stretches that may be folded, from 1; 0 for a line that is always shown.
    """

    state: str
    before: Line | None
    after: Line | None
    pieces: tuple[Piece, ...] = ()
    fold: int = 0

    @property
    def line(self) -> Line | None:
        """The newest there is of it."""
        return self.after or self.before

    @property
    def is_same(self) -> bool:
        return self.state == "same"

    @property
    def is_whole(self) -> bool:
        """Whether all of it was added or removed."""
        return self.state in ("added", "removed")

    @property
    def is_other_kind(self) -> bool:
        return self._differs("kind", "level")

    @property
    def is_other_file(self) -> bool:
        return self._differs("file")

    def _differs(self, *names: str) -> bool:
        return self.state == "changed" and any(
            getattr(self.before, name) != getattr(self.after, name) for name in names
        )

    @property
    def after_pieces(self) -> list[Piece]:
        return [piece for piece in self.pieces if piece.state != "removed"]

    @property
    def before_pieces(self) -> list[Piece]:
        """The text before, with long unchanged stretches cut to the words around each change."""
        kept = [piece for piece in self.pieces if piece.state != "added"]
        last = len(kept) - 1
        return [
            replace(piece, text=_cut(piece.text, is_first=at == 0, is_last=at == last))
            if piece.state == "same"
            else piece
            for at, piece in enumerate(kept)
        ]

    @property
    def loses(self) -> bool:
        """Whether something of the former line is gone: words, kind, level or file."""
        words_gone = any(piece.state == "removed" for piece in self.pieces)
        return words_gone or self.is_other_kind or self.is_other_file


def compare(before: Sequence[Line], after: Sequence[Line]) -> list[DiffLine]:
    """All lines of both versions in reading order; where both differ, what was before comes first."""
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    i_end, j_end = len(before) - end, len(after) - end
    return list(
        _folded(
            [
                *map(_both, before[:start], after[:start]),
                *_aligned(before[start:i_end], after[start:j_end]),
                *map(_both, before[i_end:], after[j_end:]),
            ]
        )
    )


def _shared(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """How many lines, or words, both begin with."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False))
    return sum(1 for _pair in alike)


def _both(before: Line, after: Line) -> DiffLine:
    if before == after:
        return DiffLine("same", before, after, (Piece(after.text, "same"),))
    return DiffLine("changed", before, after, words_compared(before.text, after.text))


def _removed(line: Line) -> DiffLine:
    return DiffLine("removed", line, None, (Piece(line.text, "removed"),))


def _added(line: Line) -> DiffLine:
    return DiffLine("added", None, line, (Piece(line.text, "added"),))


def _aligned(before: Sequence[Line], after: Sequence[Line]) -> Iterator[DiffLine]:
    """Pairs the lines that are most alike, in order; the rest was removed and added."""
    i = j = 0
    for i_pair, j_pair in [*_pairs(before, after), (len(before), len(after))]:
        yield from map(_removed, before[i:i_pair])
        yield from map(_added, after[j:j_pair])
        if i_pair < len(before):
            yield _both(before[i_pair], after[j_pair])
        i, j = i_pair + 1, j_pair + 1


def _pairs(before: Sequence[Line], after: Sequence[Line]) -> list[tuple[int, int]]:
    """The pairs whose likenesses add up to the most; in very long texts, around equal lines."""
    rows, columns = len(before), len(after)
    if rows * columns > _MOST_PAIRS:
        return list(_pairs_around_equal_ones(before, after))
    words_before, words_after = list(map(_words, before)), list(map(_words, after))
    alike = [
        [_alike(before[i], after[j], words_before[i], words_after[j]) for j in range(columns)]
        for i in range(rows)
    ]
    best = [[0.0] * (columns + 1) for _row in range(rows + 1)]
    for i in reversed(range(rows)):
        here, below, likeness = best[i], best[i + 1], alike[i]
        for j in reversed(range(columns)):
            here[j] = max(below[j], here[j + 1], likeness[j] and likeness[j] + below[j + 1])
    return list(_walk(alike, best))


def _pairs_around_equal_ones(
    before: Sequence[Line], after: Sequence[Line]
) -> Iterator[tuple[int, int]]:
    """Pairs of lines that say the same, and of those between them, while that takes no more time."""
    old, new = ([line.text or line.file for line in side] for side in (before, after))
    times = Counter(new) if _equal_pairs(old, new) > _MOST_PAIRS else Counter[str]()
    blocks = SequenceMatcher(
        lambda text: times[text] > _MOST_REPEATED, old, new, autojunk=False
    ).get_matching_blocks()
    i_from = j_from = taken = 0
    for i, j, size in blocks:
        taken += (i - i_from) * (j - j_from)
        if taken <= _MOST_PAIRS:
            between = _pairs(before[i_from:i], after[j_from:j])
            yield from ((i_from + one, j_from + other) for one, other in between)
        yield from ((i + step, j + step) for step in range(size))
        i_from, j_from = i + size, j + size


def _equal_pairs(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """How many pairs of equal things there are, one of each side."""
    times = Counter(after)
    return sum(times[each] for each in before)


def _walk(alike: list[list[float]], best: list[list[float]]) -> Iterator[tuple[int, int]]:
    i = j = 0
    while i < len(alike) and j < len(alike[i]):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield i, j
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _words(line: Line) -> frozenset[str]:
    return frozenset(_WORD.findall(line.text.lower()))


def _alike(
    before: Line, after: Line, words_before: frozenset[str], words_after: frozenset[str]
) -> float:
    """How much two lines have in common: 2 for equal ones, else up to 1; 0 for too little."""
    if before == after:
        return 2.0
    if before.kind == after.kind and (before.file or after.file):
        return 1.0 if before.file == after.file or before.text == after.text else _ALIKE
    total = len(words_before) + len(words_after)
    shared = 2 * len(words_before & words_after) / total if total else 0.0
    if before.kind != after.kind:
        shared -= _ALIKE / 2  # a line of another kind must be more alike
    return shared if shared >= _ALIKE else 0.0


def words_compared(before: str, after: str) -> tuple[Piece, ...]:
    """The words of both texts: what is the same, what was removed and what was added."""
    return tuple(_pieces(before, after))


def _pieces(before: str, after: str) -> Iterator[Piece]:
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    words = [[each for each in side if not each.isspace()] for side in (old, new)]
    if _equal_pairs(*words) > _MOST_WORD_PAIRS:
        yield from _ends_compared(old, new)
        return
    # Spaces alone hold nothing together.
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for what, i, i_end, j, j_end in matcher.get_opcodes():
        if what == "equal":
            yield Piece("".join(new[j:j_end]), "same")
            continue
        if i < i_end:
            yield Piece("".join(old[i:i_end]), "removed")
        if j < j_end:
            yield Piece("".join(new[j:j_end]), "added")


def _ends_compared(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    """What both begin and end with, and all between: enough for a line that is far too long."""
    start = _shared(old, new)
    end = _shared(old[start:][::-1], new[start:][::-1])
    for tokens, state in (
        (new[:start], "same"),
        (old[start : len(old) - end], "removed"),
        (new[start : len(new) - end], "added"),
        (new[len(new) - end :], "same"),
    ):
        if tokens:
            yield Piece("".join(tokens), state)


def _cut(text: str, *, is_first: bool, is_last: bool) -> str:
    words = re.findall(r"\s*\S+\s*", text)
    if len(words) <= 2 * _LEADING + 1:
        return text
    beginning = "" if is_first else "".join(words[:_LEADING])
    end = "" if is_last else "".join(words[-_LEADING:])
    return f"{beginning} … {end}"


def _folded(lines: list[DiffLine]) -> Iterator[DiffLine]:
    """Numbers the long stretches without a change, but for the lines next to one."""
    number, at = 0, 0
    for is_same, group in groupby(lines, key=attrgetter("is_same")):
        stretch: list[Any] = list(group)
        first = at and _AROUND
        at += len(stretch)
        last = len(stretch) - (_AROUND if at < len(lines) else 0)
        if not is_same or last - first < _FEWEST_FOLDED:
            yield from stretch
            continue
        number += 1
        yield from stretch[:first]
        yield from (replace(each, fold=number) for each in stretch[first:last])
        yield from stretch[last:]
