"""Finds the article in a page, and takes out of it what does not belong there."""

import re
from contextlib import suppress

from bs4 import BeautifulSoup, Comment, ParserRejectedMarkup, Tag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from ..documents import Notes, RefusedError
from ..sniff import MAX_DEPTH, MAX_PARAGRAPHS, MAX_TAGS, commented, too_deep, too_long

# Empty by the standard; libxml2 would look for an end, and take what follows into them.
_EMPTY = re.compile(r"<(embed|source|track|wbr)\b[^<>]*>", re.I)
# What a reader would not see, or what runs, calls elsewhere or belongs to the site around.
_LEFT_OUT = (
    (gettext_lazy("embedded content"), "applet canvas embed frame frameset iframe object"),
    (gettext_lazy("sound"), "audio"),
    (gettext_lazy("forms"), "button form input select textarea"),
    (gettext_lazy("deleted text"), "del"),
    (gettext_lazy("formulas"), "math"),
    (gettext_lazy("menus"), "nav"),
    (gettext_lazy("scripts"), "noscript script template"),
    (gettext_lazy("style sheets"), "style"),
    (gettext_lazy("drawings"), "svg"),
    (gettext_lazy("films"), "video"),
    ("", "base head link map meta title track"),
)
_KINDS_LEFT_OUT = {tag: kind for kind, tags in _LEFT_OUT for tag in tags.split()}
# How Google Docs names the places of comments and the comments.
_COMMENT = re.compile(r"^#?cmnt(_ref)?\d+$")
_PIECE = 4096
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def article_in(html: str, notes: Notes) -> Tag:
    """The part of a page that its article stands in, and of it what is seen. Raises RefusedError."""
    html = _EMPTY.sub(r"\g<0></\1>", html)
    _refuse_what_is_endless(html)
    try:
        soup = BeautifulSoup(html, "lxml")
    except (ParserRejectedMarkup, ValueError) as error:
        raise RefusedError(_("The file cannot be read as HTML.")) from error
    if soup.find(id=_COMMENT) or soup.find("a", href=_COMMENT):
        raise commented()
    _leave_out(soup, notes)
    articles = soup.find_all("article")
    return soup.find("main") or (articles[0] if len(articles) == 1 else soup)


class _Measure:
    """Counts the tags as the parser meets them, which takes no tree, and stops it in time."""

    def __init__(self) -> None:
        self._depth = self._tags = self._paragraphs = 0

    def start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        self._tags += 1
        self._paragraphs += name in ("p", "li", "td", "th", "br")
        if self._depth >= MAX_DEPTH:
            raise too_deep()
        if self._paragraphs > MAX_PARAGRAPHS or self._tags > MAX_TAGS:
            raise too_long()

    def end(self, _name: str) -> None:
        self._depth -= 1

    def comment(self, _text: str) -> None:
        self.start("", None)
        self.end("")

    def close(self) -> None:
        pass


def _refuse_what_is_endless(html: str) -> None:
    parser = etree.HTMLParser(target=_Measure())
    with suppress(etree.LxmlError, ValueError):  # what is wrong with it is seen when it is read
        # In pieces: what stops the parser is heard of after each, and not before.
        for start in range(0, len(html), _PIECE):
            parser.feed(html[start : start + _PIECE])
        parser.close()


def _leave_out(soup: BeautifulSoup, notes: Notes) -> None:
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
        notes.drop(_("comments in the code"))
    for tag in soup.find_all(list(_KINDS_LEFT_OUT)):
        if kind := _KINDS_LEFT_OUT[tag.name]:
            notes.drop(str(kind))
        tag.extract()
    for tag in soup.find_all(["header", "footer"]):
        if tag.h1 is None and not tag.find_parent(["article", "main", "blockquote", "figure"]):
            tag.extract()
            notes.drop(_("the frame of the site around the article"))
    for tag in soup.find_all(_is_hidden):
        tag.extract()
        notes.drop(_("hidden text"))


def _is_hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return tag.has_attr("hidden") or bool(style and _HIDING_STYLE.search(str(style)))
