"""The numbers that Word shows before paragraphs, which it keeps nowhere but counts."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element as Node

from ..list_items import number_in
from .nodes import attribute_of, is_on, value_at, word_name
from .styles import WordStyles

_FORMATS = {"lowerLetter": "a", "upperLetter": "A", "lowerRoman": "i", "upperRoman": "I"}
_PLACE = re.compile(r"%([1-9])")
_ONLY_A_NUMBER = re.compile(r"[\s.():]*(\d{1,9})[\s.():]*")
_LONGEST_TEXT = 100


@dataclass(frozen=True)
class _Level:
    format: str
    text: str
    start: int
    goes_on: bool
    is_decimal: bool

    @property
    def shows_a_number(self) -> bool:
        return self.format != "bullet"

    def number(self, count: int, *, decimal: bool) -> str:
        if self.format == "none":
            return ""
        return number_in("1" if decimal else _FORMATS.get(self.format, "1"), count)


@dataclass
class _List:
    """The levels of a list, with those that one of its users has changed."""

    counted_as: str
    levels: dict[int, _Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


class WordNumbering:
    """Counts the paragraphs of a story, from its first to its last."""

    def __init__(self, tree: Node, styles: WordStyles) -> None:
        self._styles = styles
        self._kinds = {
            attribute_of(node, "abstractNumId"): node
            for node in tree
            if word_name(node) == "abstractNum"
        }
        self._users = {
            attribute_of(node, "numId"): node for node in tree if word_name(node) == "num"
        }
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._started: set[tuple[str, int]] = set()

    def number_of(self, paragraph: Node) -> str | None:
        """The number before the paragraph; None where there is none, or another mark."""
        user, level = self._styles.numbering_of(paragraph)
        found = self._list(user) if user else None
        if found is None or level not in found.levels:
            return None
        counts = self._counts[found.counted_as]
        for deeper in [each for each in counts if each > level]:
            if deeper not in found.levels or not found.levels[deeper].goes_on:
                del counts[deeper]
        if level in found.starts and (user, level) not in self._started:
            counts[level] = found.starts[level] - 1
        self._started.add((user, level))
        counts[level] = counts.get(level, found.levels[level].start - 1) + 1
        own = found.levels[level]
        return self._written(own, found.levels, counts) if own.shows_a_number else None

    def _written(self, own: _Level, levels: dict[int, _Level], counts: dict[int, int]) -> str:
        def number(place: re.Match[str]) -> str:
            level = levels.get(int(place[1]) - 1)
            if level is None:
                return ""
            count = counts.get(int(place[1]) - 1, level.start)
            return level.number(count, decimal=own.is_decimal)

        text = _PLACE.sub(number, own.text).strip()
        only = _ONLY_A_NUMBER.fullmatch(text)
        return f"{int(only[1])}." if only else text

    def _list(self, user: str) -> _List | None:
        if user not in self._lists:
            self._lists[user] = self._read(user)
        return self._lists[user]

    def _read(self, user: str) -> _List | None:
        node = self._users.get(user)
        kind_id = value_at(node, "abstractNumId") or ""
        kind = self._kinds.get(kind_id)
        if node is None or kind is None:
            return None
        if linked := value_at(kind, "numStyleLink"):  # a style says what the list is like
            node = self._users.get(self._styles.numbering_of_style(linked))
            kind_id = value_at(node, "abstractNumId") or ""
            kind = self._kinds.get(kind_id)
            if node is None or kind is None:
                return None
        found = _List(kind_id, _levels_in(kind))
        for change in node:
            if word_name(change) == "lvlOverride":
                found.levels |= _levels_in(change)
                start = value_at(change, "startOverride")
                if start is not None:
                    found.starts[_whole(attribute_of(change, "ilvl"))] = _whole(start)
        return found


def _levels_in(node: Node) -> dict[int, _Level]:
    levels = {}
    for child in node:
        if word_name(child) == "lvl":
            place = _whole(attribute_of(child, "ilvl"))
            text = value_at(child, "lvlText")
            levels[place] = _Level(
                format=value_at(child, "numFmt") or "decimal",
                text=f"%{place + 1}." if text is None else text[:_LONGEST_TEXT],
                start=_whole(value_at(child, "start"), default=1),
                goes_on=value_at(child, "lvlRestart") == "0",
                is_decimal=bool(is_on(child, "isLgl")),
            )
    return levels


def _whole(value: str | None, default: int = 0) -> int:
    return int(value) if value and re.fullmatch(r"\d{1,6}", value) else default
