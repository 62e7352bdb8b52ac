"""Finds the article in a page, and takes out of it what does not belong there."""

import re
from collections.abc import Iterator
from contextlib import suppress

from bs4 import BeautifulSoup, Comment, NavigableString, ParserRejectedMarkup, Tag
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from lxml import etree

from ..documents import Notes, RefusedError, decoded_once, refuse_all
from ..sniff import MAX_DEPTH, MAX_PARAGRAPHS, MAX_TAGS, commented, too_deep, too_long, tracked
from .plainly import write_plainly

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
# Signs that no reader sees and no XML holds.
_CONTROL = re.compile(r"&#(x0*([0-8bcef]|1[0-9a-f])|0*([0-8]|1[124-9]|2\d|3[01]));", re.I)
# Says in the source, which `proof` reads, why a part of it does not come along.
LEFT_OUT = "data-left-out"
# What Word writes beside the text that somebody changed or remarked on; so do others.
_UNSETTLED = re.compile(r"mso-comment|MsoComment|suggest(ed|ion)", re.I)
# What is told to those who do not see the page, as "Länk till annan webbplats."
_HELPER = re.compile(
    r"(^|-)(assistive(-text)?|(visually-?|sr-)(hidden|only)|screen-?reader(-text)?)$"
)
_SHARING = re.compile(
    r"facebook\.com/(share|dialog)|(twitter|x)\.com/(share|intent)|linkedin\.com/(share|cws)|mailto:\?"
)
_HIDING_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)


def article_in(html: str, notes: Notes) -> Tag:
    """The part of a page that its article stands in, and of it what is seen. Raises RefusedError."""
    html = _CONTROL.sub(" ", decoded_once(html, notes))
    html = _EMPTY.sub(r"\g<0></\1>", html)
    _refuse_what_is_endless(html)
    try:
        soup = BeautifulSoup(html, "lxml")
    except (ParserRejectedMarkup, ValueError) as error:
        raise RefusedError(_("The file cannot be read as HTML.")) from error
    refuse_all(_unsettled(soup))
    write_plainly(soup)
    for tag in soup.select(f"[{LEFT_OUT}]"):
        del tag[LEFT_OUT]
    _leave_out(soup, notes)
    mains, articles = (
        [tag for tag in soup.find_all(name) if not _is_left_out(tag)]
        for name in ("main", "article")
    )
    article = mains[0] if mains else articles[0] if len(articles) == 1 else soup
    _leave_out_around(article)
    notes.source = _source(soup)
    for tag in soup.select(f"[{LEFT_OUT}]"):
        tag.extract()
    return article


def _unsettled(soup: BeautifulSoup) -> Iterator[RefusedError]:
    """What is said of what is in the text and not settled."""
    if soup.find(id=_COMMENT) or soup.find("a", href=_COMMENT):
        yield commented()
    for tag in soup.find_all(["ins", "del"]):
        if tag.has_attr("datetime") or tag.has_attr("cite"):
            yield tracked()
    for tag in soup.find_all(["a", "div", "p", "span"]):
        said = " ".join([*map(str, tag.get_attribute_list("class")), str(tag.get("style") or "")])
        if found := _UNSETTLED.search(said):
            yield tracked() if found[1] else commented()


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
        _mark(tag, str(_KINDS_LEFT_OUT[tag.name]), notes)
    for tag in soup.find_all("area", href=True):
        about = {"text": tag.get("alt") or "", "address": tag["href"]}
        notes.check(_("A link lay on a part of a picture: “%(text)s”, %(address)s.") % about)
    for tag in soup.find_all("abbr", title=True):
        about = {"text": tag.get_text(), "words": tag["title"]}
        notes.check(_("What “%(text)s” stands for was told beside it: “%(words)s”.") % about)
    for tag in soup.find_all(["header", "footer"]):
        if tag.h1 is None and not tag.find_parent(["article", "main", "blockquote", "figure"]):
            _mark(tag, _("the frame of the site around the article"), notes)
    for tag in soup.find_all(_is_hidden):
        _mark(tag, _("hidden text"), notes)
    for tag in soup.find_all(class_=_HELPER):
        tag[LEFT_OUT] = _("what is told to those who do not see the page")
    for tag in soup.find_all("a", href=_SHARING):
        tag[LEFT_OUT] = _("links that share the page")


def _mark(tag: Tag, kind: str, notes: Notes) -> None:
    """Marks what is left out, unless it lies in what is left out already."""
    if not _is_left_out(tag):
        tag[LEFT_OUT] = kind
        if kind:
            notes.drop(kind)


def _is_left_out(tag: Tag) -> bool:
    return tag.has_attr(LEFT_OUT) or any(each.has_attr(LEFT_OUT) for each in tag.parents)


def _leave_out_around(article: Tag) -> None:
    """Marks what stands beside the article, and beside all that is around it."""
    why = _("the frame of the site around the article")
    for around in [article, *article.parents]:
        for beside in [*around.previous_siblings, *around.next_siblings]:
            if type(beside) is NavigableString and beside.strip():
                beside.wrap(Tag(name="span", attrs={LEFT_OUT: why}))
            elif isinstance(beside, Tag) and not beside.has_attr(LEFT_OUT):
                beside[LEFT_OUT] = why


def _source(soup: BeautifulSoup) -> str:
    """The document with all its words, and without the pictures that it may hold."""
    pictures = [(tag, tag.attrs.pop("src", None)) for tag in soup.find_all("img")]
    source = soup.decode()
    for tag, address in pictures:
        if address is not None:
            tag["src"] = address
    return source


def _is_hidden(tag: Tag) -> bool:
    style = tag.get("style")
    return tag.has_attr("hidden") or bool(style and _HIDING_STYLE.search(str(style)))
