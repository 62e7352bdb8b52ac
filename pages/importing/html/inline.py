"""Reads what stands within a line."""

import re
from collections.abc import Callable
from html import escape

from bs4 import Tag
from django.conf import settings
from django.utils.translation import gettext as _

from pages.content.tree.spoken_languages import known_language, opening_tag

from ..documents import Figure, ImportedPicture, Notes, text_of, visible
from .markup import BLOCKS, text_between

# Finds the picture that an address within the document stands for; None if it may not or
# cannot be had.
OpenPicture = Callable[[str], ImportedPicture | None]

_MARKS = {"b": "b", "strong": "b", "i": "i", "em": "i", "cite": "i", "dfn": "i"}
MOVED = {
    "sup": str.maketrans("0123456789+-()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾"),
    "sub": str.maketrans("0123456789+-()", "₀₁₂₃₄₅₆₇₈₉₊₋₍₎"),
}
# How mammoth and others name their footnotes, and lead back from them.
NOTE_ADDRESS = re.compile(r"^#(footnote|endnote|fn)[-:]")
BACK_ARROWS = ("↑", "↩", "↩︎")


class InlineReader:
    """Reads the tags within lines, and keeps the pictures that it meets there."""

    def __init__(self, open_picture: OpenPicture, notes: Notes) -> None:
        self._open_picture = open_picture
        self._notes = notes
        self._figures: list[Figure] = []

    def taken_figures(self) -> list[Figure]:
        """The pictures met since this was asked last."""
        figures, self._figures = self._figures, []
        return figures

    def content(self, tag: Tag) -> str:
        """What stands within a tag, as one line of HTML."""
        return "".join(
            self.tag(child) if isinstance(child, Tag) else text_between(child)
            for child in tag.children
        )

    def tag(self, tag: Tag) -> str:
        """What a tag and all within it are in a line of HTML."""
        if tag.name == "img":
            self._keep_picture(tag)
            return " "
        if tag.name == "br":
            return "<br/>"
        inner = _in_its_language(tag, self.content(tag))
        if tag.name in BLOCKS:  # as within a link around a whole card
            return f" {inner} "
        if not text_of(inner):
            return inner if "<br/>" in inner or not inner.strip() else ""
        return self._marked(tag, inner)

    def _marked(self, tag: Tag, inner: str) -> str:
        if tag.name == "a":
            return _link(tag, inner)
        if tag.name in _MARKS:
            return _wrapped(inner, _MARKS[tag.name])
        if tag.name in MOVED:
            moved = _moved(tag, inner)
            if re.search(r"[^\W\d_]", moved) and not moved.startswith("["):
                self._notes.check(
                    _("Raised or lowered letters have become ordinary ones: “%(text)s”.")
                    % {"text": _shortened(text_of(inner))}
                )
            return moved
        if tag.name in ("s", "strike"):
            self._notes.complete(
                _("Take away or keep the text that was struck through: “%(text)s”.")
                % {"text": _shortened(text_of(inner))}
            )
        return f"”{inner}”" if tag.name == "q" else inner

    def _keep_picture(self, tag: Tag) -> None:
        alt_text = _attribute(tag, "alt")
        address = str(tag.get("src") or tag.get("data-src") or "").strip()
        picture = self._open_picture(address) if address else None
        if picture is None:
            name = alt_text or ("" if address.startswith("data:") else address)
            self._notes.complete(
                _("Add the picture that could not be brought along: %(name)s.")
                % {"name": _shortened(name) or _("without a name")}
            )
            return
        decorative = tag.get("role") in ("presentation", "none") or tag.has_attr("data-decorative")
        self._figures.append(Figure(picture, alt_text, _attribute(tag, "title"), decorative))


def _in_its_language(tag: Tag, inner: str) -> str:
    """The words within a tag, marked where the document says that they are in another language."""
    language = known_language(str(tag.get("lang") or ""))
    # Word says of every Swedish word that it is Swedish.
    if not language or language == settings.LANGUAGE_CODE:
        return inner
    return _between(inner, opening_tag(language), "</span>")


def _attribute(tag: Tag, name: str) -> str:
    return " ".join(visible(str(tag.get(name) or "")).split())


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59].rstrip()}…"


def _link(tag: Tag, inner: str) -> str:
    href = str(tag.get("href") or "").strip()
    if href.startswith("#") and text_of(inner) in BACK_ARROWS:
        return ""
    inner = re.sub(r"</?a\b[^>]*>", "", inner)
    return f'<a href="{escape(href)}">{inner}</a>' if href else inner


def _wrapped(inner: str, name: str) -> str:
    """The mark around the words only, so that spaces stay between words."""
    return _between(re.sub(rf"</?{name}>", "", inner), f"<{name}>", f"</{name}>")


def _between(inner: str, opening: str, closing: str) -> str:
    words = inner.strip()
    return inner.replace(words, f"{opening}{words}{closing}", 1) if words else inner


def _moved(tag: Tag, inner: str) -> str:
    if tag.find("a", href=NOTE_ADDRESS):
        return f"[{text_of(inner).strip('[]')}]"
    return inner if "<" in inner else inner.translate(MOVED[tag.name])
