"""Reads rendered HTML as a person would: line by line, in reading order, nothing left out."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from lxml import html as lxml_html
from lxml.etree import ParserError

from pages.content.tree.spoken_languages import LANGUAGES, known_language

# What templates write around the words of a page, by class. Each would tell of a change twice, or
# of one that nobody made: it follows from headings, title, topics or the moment of publishing, or
# shows other pages.
NOT_ITS_OWN = frozenset(
    {
        "breadcrumbs",  # titles of the pages above
        "changed",  # the date is set when the page is published
        "on-this-page",  # made of its headings
        "related",  # other pages; which ones is a setting
        "section-menu",  # titles of the pages beside it
        "share",  # made of title and address
        "site-header",
        "skip-link",
        "topics",  # a setting
        "twins",  # other pages, and a setting
        "twins__behind",  # follows from two dates
    }
)
_UNSEEN = frozenset({"head", "noscript", "script", "style", "template"})
_BLOCKS = {
    **{f"h{level}": "heading" for level in range(1, 7)},
    "blockquote": "quote",
    "caption": "table-title",
    "summary": "fold",
    "button": "button",
    **dict.fromkeys(("label", "legend", "option", "textarea"), "form"),
    # These say nothing of what stands in them.
    **dict.fromkeys(
        ("address", "article", "aside", "body", "dd", "details", "div", "dl", "dt", "fieldset"), ""
    ),
    **dict.fromkeys(("figure", "footer", "form", "header", "main", "nav", "ol", "p", "pre"), ""),
    **dict.fromkeys(("section", "select", "table", "tbody", "tfoot", "thead", "ul"), ""),
}
_FILMS = frozenset({"audio", "video"})
_FRAMES = frozenset({"embed", "iframe", "object"})
# What Wagtail adds to the name of a picture for one of its sizes.
_SIZE = re.compile(
    r"\.(?:[0-9a-f]{8}\.)?(?:fill|format|height|max|min|original|scale|width)[-.].*$"
)
_SPACES = re.compile(r"[ \t\r\n\f]+")

_LABELS = {
    "paragraph": "",
    "heading": _("Heading"),
    "item": _("Item of a list"),
    "numbered": _("Item of a numbered list"),
    "row": _("Row of a table"),
    "head": _("Headings of a table"),
    "table-title": _("Title of a table"),
    "caption": _("Caption"),
    "film-title": _("Title of a film"),
    "source": _("Who said it"),
    "quote": _("Quote"),
    "fold": _("Foldable heading"),
    "picture": _("Picture"),
    "film": _("Film"),
    "frame": _("Embedded"),
    "link": _("Link"),
    "button": _("Button"),
    "form": _("Form"),
}


@dataclass(frozen=True)
class Line:
    """One line as a reader meets it; two that are equal differ in nothing that stands there."""

    kind: str
    text: str = ""
    level: int = 0  # of a heading
    # The files that are shown, by folder and whole name: two pictures may differ in the end alone.
    file: str = ""
    shown: str = field(default="", compare=False)  # an address under which to show a picture

    @property
    def label(self) -> Any:
        name = _LABELS[self.kind]
        return format_lazy("{} {}", name, self.level) if self.level else name

    @property
    def file_name(self) -> str:
        """As the editor knows it, without its folder and the size in which a picture is shown."""
        return " ".join(_SIZE.sub("", each.rpartition("/")[2]) for each in self.file.split(" "))


def lines_of(html: str) -> list[Line]:
    """The lines of a page's `main`, of a part of the frame that is shown on an example, or of any HTML."""
    try:
        document = lxml_html.document_fromstring(html)
    except ParserError:  # nothing in it
        return []
    reader = _Reader()
    reader.read(_part_to_read(document))
    return reader.lines


def _part_to_read(document: Any) -> Any:
    main = document.find(".//main")
    if main is None:
        return document
    if main.find(".//*[@data-example]") is not None:
        main.drop_tree()
        return document
    return main


def _line_of(element: Any) -> Line | None:
    """The line of what holds no words that are read: a picture, a film, a frame."""
    if element.tag == "img":
        return _picture(element)
    if element.tag in _FILMS:
        return Line("film", file=" ".join(_files_of(element)))
    if element.tag in _FRAMES:
        source = element.get("src") or element.get("data") or ""
        return Line("frame", _plain(element.get("title") or ""), file=source)
    return None


class _Reader:
    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._kind, self._level = "paragraph", 0
        self._words: list[tuple[str, bool]] = []  # with whether they are a link

    def read(self, element: Any) -> None:
        tag = element.tag
        if not isinstance(tag, str) or _is_left_out(element):
            return
        if line := _line_of(element):
            self._alone(line)
        elif tag == "input":
            self._input(element)
        elif tag == "tr":
            self._row(element)
        elif tag in _BLOCKS or tag in ("li", "figcaption"):
            with self._block(element):
                self._inside(element)
        elif tag == "br":
            self._add(" ")
        elif tag == "a" and element.get("href"):
            self._link(element)
        else:
            self._inside(element)
            if tag != "html" and (
                language := LANGUAGES.get(known_language(element.get("lang") or ""))
            ):
                # A space that may not break: it belongs to the words before it.
                self._add(f"\xa0({str(language).lower()})")

    def _inside(self, element: Any, *, is_link: bool = False) -> None:
        self._add(element.text, is_link)
        for child in element:
            self.read(child)
            self._add(child.tail, is_link)

    def _add(self, text: str | None, is_link: bool = False) -> None:
        if text:
            self._words.append((text, is_link))

    @contextmanager
    def _block(self, element: Any) -> Iterator[None]:
        self._end_line()
        around = self._kind, self._level
        if kind := _kind_of(element):
            self._kind = kind
            self._level = int(element.tag[1]) if kind == "heading" else 0
        if label := element.get("aria-label") if element.tag == "button" else None:
            self._add(f"{label} ")
        self._add(element.get("placeholder"))
        yield
        self._end_line()
        self._kind, self._level = around

    def _end_line(self) -> None:
        text = _plain("".join(words for words, _is_link in self._words))
        if text:
            is_link = all(is_link for words, is_link in self._words if words.strip())
            kind = "link" if is_link and self._kind == "paragraph" else self._kind
            self.lines.append(Line(kind, text, self._level))
        self._words = []

    def _alone(self, line: Line) -> None:
        self._end_line()
        self.lines.append(line)

    def _link(self, element: Any) -> None:
        before = len(self._words)
        self._inside(element)
        inside = self._words[before:]
        if not any(words.strip() for words, _is_link in inside):
            inside = [(element.get("aria-label") or element.get("title") or "", True)]
        self._words[before:] = [
            *((words, True) for words, _is_link in inside),
            (f" (→ {element.get('href')})", True),
        ]

    def _input(self, element: Any) -> None:
        kind = element.get("type", "text")
        names = (
            ("value", "aria-label") if kind in ("button", "submit") else ("placeholder", "value")
        )
        text = _plain(" ".join(element.get(name) or "" for name in names))
        if text and kind not in ("checkbox", "hidden", "radio"):  # whose labels say it
            self._alone(Line("button" if kind in ("button", "submit") else "form", text))

    def _row(self, element: Any) -> None:
        """One line for the row; pictures and films of its cells follow it."""
        cells = [cell for cell in element if cell.tag in ("td", "th")]
        texts, others = [], []
        for cell in cells:
            reader = _Reader()
            reader._inside(cell)
            reader._end_line()
            texts.append(" ".join(line.text for line in reader.lines if not line.file))
            others += [line for line in reader.lines if line.file]
        is_head = all(cell.tag == "th" for cell in cells)
        if any(texts):
            self._alone(Line("head" if is_head else "row", " | ".join(texts)))
        self.lines += others


def _plain(text: str) -> str:
    """In one line; a space that may not break stays what it is."""
    return _SPACES.sub(" ", text).strip(" ")


def _is_left_out(element: Any) -> bool:
    return (
        element.tag in _UNSEEN
        or element.get("aria-hidden") == "true"
        or element.get("hidden") is not None
        or not NOT_ITS_OWN.isdisjoint((element.get("class") or "").split())
    )


def _kind_of(element: Any) -> str:
    if element.tag == "li":
        return "numbered" if element.getparent().tag == "ol" else "item"
    if element.tag == "figcaption":
        figure = element.getparent()
        if figure.find(".//blockquote") is not None:
            return "source"
        return "film-title" if figure.find(".//video") is not None else "caption"
    return _BLOCKS[element.tag]


def _picture(element: Any) -> Line:
    source = element.get("src") or ""
    return Line("picture", _plain(element.get("alt") or ""), file=_file(source), shown=source)


def _file(address: str) -> str:
    """The name with the folder, which all sizes of a picture share: long names are cut."""
    return "/".join(unquote(urlsplit(address).path).split("/")[-2:])


def _files_of(film: Any) -> Iterator[str]:
    """Film, captions and still: a change of any of them is a change of the film."""
    parts = [film, *film.iter("source", "track")]
    addresses = [part.get("src") for part in parts] + [film.get("poster")]
    yield from (_file(address) for address in addresses if address)
