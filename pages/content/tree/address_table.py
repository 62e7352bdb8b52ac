"""Tables of former addresses, one line each: `/old/*.html → /new/*/`.

`*` is the only sign that stands for others. No expression of an editor's is ever run, so the time to
find an address grows with its length and the number of patterns alone.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from urllib.parse import quote, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

ARROW = "→"
MOST_LINES, MOST_PATTERNS, MOST_SIGNS = 5_000, 200, 1_000_000
_LONGEST_ADDRESS = 500
_MOST_STARS = 3
# So many letters and digits of a pattern stand for themselves, or it would catch everything.
_FEWEST = 3

_BETWEEN = (ARROW, "\t", ";", ",")
_FOREIGN = re.compile(r"[\s\"<>\\^`{|}\x00-\x1f\x7f]")
_UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
_ENDINGS = re.compile(r"-?(?:\.html?)?\Z")
_is_whole_address = URLValidator(schemes=["http", "https"])


@dataclass(frozen=True)
class AddressLine:
    """One former address, or a pattern of them, and where it leads."""

    number: int
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.old} {ARROW} {self.new}"

    @property
    def spelling(self) -> str:
        return spelling(unquote(self.old))

    @property
    def is_pattern(self) -> bool:
        return "*" in self.old

    @property
    def path_here(self) -> str:
        """The address on this website to which it leads; empty for one elsewhere, or with `*`."""
        return path_here(self.new) if "*" not in self.new else ""


@dataclass(frozen=True)
class Destination:
    """Where a former address leads; `is_filled` if a part of what was asked for stands in it."""

    address: str
    is_filled: bool = False


class AddressTable:
    """Finds what the lines say of an address."""

    def __init__(self, lines: Iterable[AddressLine]) -> None:
        self._exact: dict[str, Destination] = {}
        patterns: dict[str, Destination] = {}
        for line in lines:
            known = patterns if line.is_pattern else self._exact
            known.setdefault(line.spelling, Destination(line.new))
        # The one that says most of the address comes first.
        told = sorted(patterns.items(), key=lambda each: (-len(each[0]), each[0]))
        self._patterns = [(old.split("*"), target.address) for old, target in told]

    def exact(self, path: str) -> Destination | None:
        """Where a line leads that has this very address, however it is spelled."""
        return self._exact.get(spelling(path))

    def by_patterns(self, path: str) -> Iterator[Destination]:
        """Where the patterns lead that fit the address, the closest first; never to another website by what was asked for."""
        asked = spelling(path)
        for parts, new in self._patterns:
            if (caught := _caught(parts, asked)) is not None:
                fixed = new.split("*")
                if len(fixed) == 1:
                    yield Destination(new)
                    continue
                filled = zip_longest(fixed, map(quote, caught[: len(fixed) - 1]), fillvalue="")
                address = "".join("".join(pair) for pair in filled)
                # Two slashes at the beginning would make a host of what follows them.
                yield Destination(f"/{address.lstrip('/')}", is_filled=True)


def spelling(path: str) -> str:
    """One spelling for all in which an address is asked for: small letters, and no `.html` or slash at its end."""
    parts = unicodedata.normalize("NFC", path).lower().split("/")
    return "/" + _ENDINGS.sub("", "/".join(filter(None, parts)))


def path_here(address: str) -> str:
    """The path of an address that begins with a slash, as a page here has it; else empty."""
    if not address.startswith("/"):
        return ""
    path = unquote(urlsplit(address).path).removesuffix(".html")
    return path if path.endswith("/") or "." in path.rpartition("/")[2] else f"{path}/"


def _caught(parts: Sequence[str], path: str) -> list[str] | None:
    """What each `*` between the parts stands for in the path; None if it does not fit."""
    first, *middle, last = parts
    at, end = len(first), len(path) - len(last)
    if end < at or not path.startswith(first) or not path.endswith(last):
        return None
    caught = []
    for part in middle:
        found = path.find(part, at, end)
        if found < 0:
            return None
        caught.append(path[at:found])
        at = found + len(part)
    return [*caught, path[at:end]]


# Reading


def read_table(text: str) -> tuple[list[AddressLine], list[str]]:
    """The lines of a table, as CSV or as we write them, and what is wrong with it, in sentences."""
    if len(text) > MOST_SIGNS:
        return [], [
            _("The table is too long: %(most)d characters are the most.") % _most(MOST_SIGNS)
        ]
    lines: list[AddressLine] = []
    faults: list[str] = []
    is_first = True
    for number, written in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        if not (cells := _cells(written)):
            continue
        is_head = is_first and len(cells) == 2 and not any("/" in cell for cell in cells)
        is_first = False
        if is_head:
            continue
        if fault := _fault(cells):
            faults.append(on_line(number, fault))
        else:
            lines.append(AddressLine(number, urlsplit(cells[0]).path, cells[1]))
    if len(lines) > MOST_LINES:
        faults.append(_("The table is too long: %(most)d lines are the most.") % _most(MOST_LINES))
    if sum(line.is_pattern for line in lines) > MOST_PATTERNS:
        faults.append(
            _("There are too many patterns: %(most)d are the most.") % _most(MOST_PATTERNS)
        )
    return lines, [*faults, *_twice(lines)]


def on_line(number: int, sentence: str) -> str:
    return _("Line %(number)d: %(sentence)s") % {"number": number, "sentence": sentence}


def _most(count: int) -> dict[str, int]:
    return {"most": count}


def _cells(written: str) -> list[str]:
    between = next((sign for sign in _BETWEEN if sign in written), ";")
    try:
        row = next(csv.reader([written], delimiter=between, skipinitialspace=True))
    except csv.Error:  # a cell of more than a hundred thousand signs
        return [written]
    cells = [cell.strip() for cell in row]
    while cells and not cells[-1]:  # as Excel fills up a row
        cells.pop()
    return cells


def _fault(cells: Sequence[str]) -> str:
    """What is wrong with a row, in a sentence; empty if nothing is."""
    if len(cells) != 2:
        return _("write two addresses, the former one and the new one.")
    old, new = cells
    if any(len(cell) > _LONGEST_ADDRESS for cell in cells):
        return _("an address may have %(most)d characters at most.") % _most(_LONGEST_ADDRESS)
    if any(_FOREIGN.search(cell) or _UNSEEN.search(unquote(cell)) for cell in cells):
        return _("an address has a sign that belongs in none; write a space as %20.")
    return _fault_of_old(old) or _fault_of_new(new, old.count("*"))


def _fault_of_old(old: str) -> str:
    try:
        parts = urlsplit(old)
    except ValueError:
        parts = urlsplit("")
    is_whole = parts.scheme in ("http", "https") and bool(parts.netloc)
    if not parts.path.startswith("/") or bool(parts.scheme or parts.netloc) != is_whole:
        return _("the former address must begin with one slash, or be a whole address.")
    if parts.query or parts.fragment:
        return _("write the former address without ? and #: what follows them is not looked at.")
    if spelling(parts.path) == "/":
        return _("the start page cannot lead elsewhere.")
    if parts.path.count("*") > _MOST_STARS or "**" in parts.path:
        most = _most(_MOST_STARS)
        return _("a pattern may have %(most)d * at most, and none beside another.") % most
    if "*" in parts.path and len(re.findall(r"[^\W_]", parts.path)) < _FEWEST:
        return _("the pattern would catch nearly every address: write more of it.")
    return ""


def _fault_of_new(new: str, stars: int) -> str:
    if not new.startswith("/") or new.startswith("//"):
        no_address = _("the new address must begin with one slash, or be a whole address.")
        try:
            _is_whole_address(new)
        except ValidationError:
            return no_address
        if "@" in urlsplit(new).netloc:  # what stands before it looks like a host
            return no_address
        if "*" in new:
            return _("with * in it, the new address must be on this website.")
    if new.count("*") not in (0, stars):
        return _("the new address must have as many * as the former one, or none.")
    return ""


def _twice(lines: Iterable[AddressLine]) -> Iterator[str]:
    """The lines whose address has led elsewhere on a line above."""
    first: dict[str, AddressLine] = {}
    for line in lines:
        above = first.setdefault(line.spelling, line)
        if above.new != line.new:
            said = _("the same address stands on line %(above)d, and leads elsewhere there.")
            yield on_line(line.number, said % {"above": above.number})
