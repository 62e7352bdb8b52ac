"""What every kind of file becomes before it becomes a page."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from html import unescape
from unicodedata import normalize

from django.utils.translation import gettext as _

from .wrapped_links import with_plain_addresses

# Characters that are not seen but change what is read: controls, joiners, turned directions.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    # A joiner between signs of pictures, or letters beyond the Latin ones, says what they are together.
    r"|(?<![^\x00-\u02ff])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\u02ff])"
)
# The bytes of a letter in UTF-8, each read as a letter of its own.
_LATER = "[\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]"
_DECODED_TWICE = re.compile(f"(?:[ÂÃ]|â{_LATER}){_LATER}")


class RefusedError(Exception):
    """The file cannot become a page; the message says why, in one sentence."""


def refuse_all(faults: Iterable[RefusedError]) -> None:
    """Raises one RefusedError that tells all of them, so that one round in Word is enough."""
    if told := sorted({str(fault) for fault in faults}):
        raise RefusedError(" ".join(told))


@dataclass
class Notes:
    """What whoever imports must be told."""

    # What was left out -> how many times.
    dropped: Counter[str] = field(default_factory=Counter)
    # What must be done before the page can be published.
    to_complete: list[str] = field(default_factory=list)
    # Those of them that the page of the CMS has a field for, beside the comparison.
    asked_in_fields: list[str] = field(default_factory=list)
    # What may need an editor's eye.
    to_check: list[str] = field(default_factory=list)
    # What was left out on purpose: why, and the words of the line.
    left: list[tuple[str, str]] = field(default_factory=list)
    # The document as it was read, as HTML, with all its words; `proof` reads it.
    source: str = field(default="", repr=False)
    _said: set[str] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self._said |= {*self.to_complete, *self.to_check}

    def drop(self, what: str, times: int = 1) -> None:
        """Remembers that something was left out."""
        self.dropped[what] += times

    def leave(self, why: str, text: str) -> None:
        """Remembers the words, or the address, of something that does not stand in the page's text."""
        self.left.append((why, text))

    def complete(self, what: str, *, has_field: bool = False) -> None:
        """Remembers what is missing, so that the page cannot be published."""
        if what not in self._said:
            self._said.add(what)
            self.to_complete.append(what)
            if has_field:
                self.asked_in_fields.append(what)

    def check(self, what: str) -> None:
        """Remembers what an editor should look at."""
        if what not in self._said:
            self._said.add(what)
            self.to_check.append(what)


@dataclass(frozen=True)
class ImportedPicture:
    """The file of a picture, as it stood in what was imported."""

    content: bytes
    extension: str


@dataclass(frozen=True)
class Heading:
    text: str
    # 0 is a title; 1 to 6 as in HTML.
    level: int
    # The names by which links within the document find it.
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    html: str
    # "lead", "subtitle", "caption" where the document says so.
    role: str = ""

    @property
    def text(self) -> str:
        return text_of(self.html)


@dataclass(frozen=True)
class Prose:
    """Paragraphs and lists."""

    html: str

    @property
    def text(self) -> str:
        return text_of(self.html)


@dataclass(frozen=True)
class AskedQuestion:
    question: str
    # Its answer: paragraphs and lists.
    html: str

    @property
    def text(self) -> str:
        return f"{self.question} {text_of(self.html)}"


@dataclass(frozen=True)
class LinkRow:
    text: str
    address: str


@dataclass(frozen=True)
class Figure:
    picture: ImportedPicture
    alt_text: str = ""
    caption: str = ""
    is_decorative: bool = False

    @property
    def text(self) -> str:
        return self.alt_text


@dataclass(frozen=True)
class Quote:
    text: str
    source: str = ""


@dataclass(frozen=True)
class Table:
    rows: tuple[tuple[str, ...], ...]
    # "row", "column" or "both", as the table block has it.
    header: str = "row"
    caption: str = ""

    @property
    def text(self) -> str:
        return " ".join(cell for row in self.rows for cell in row)


# What a reader of a format finds, in the order of the document.
Element = Heading | Paragraph | Prose | AskedQuestion | Figure | Quote | Table
# What a page's body is made of.
Part = Heading | Prose | AskedQuestion | LinkRow | Figure | Quote | Table


@dataclass
class ImportedArticle:
    """An article that no longer shows what kind of file it came from."""

    title: str
    lead: str = ""
    image: Figure | None = None
    parts: list[Part] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    changed_on: date | None = None
    topic_names: list[str] = field(default_factory=list)


def decoded_once(text: str, notes: Notes) -> str:
    """The text with letters as they were where its UTF-8 has been taken for Windows-1252: "Ã¥" is "å"."""
    mended = _DECODED_TWICE.sub(_once, text)
    if mended != text:
        notes.check(
            _(
                "Letters that a program had spoilt, as “%(spoilt)s”, have been mended: read the text through."
            )
            % {"spoilt": next(_DECODED_TWICE.finditer(text))[0]}
        )
    return mended


def _once(spoilt: re.Match[str]) -> str:
    try:
        return b"".join(
            each.encode("latin-1" if each < "\xa0" else "cp1252") for each in spoilt[0]
        ).decode()
    except UnicodeError:
        return spoilt[0]


def text_of(html: str) -> str:
    """The words of a piece of html, on one line."""
    html = re.sub(r"<br\s*/?>|</(p|li)>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def visible(text: str) -> str:
    """The text as its reader should see it: nothing unseen, and every address as it is."""
    return with_plain_addresses(normalize("NFC", UNSEEN.sub("", text)))
