"""From what a document holds, in its order, to the parts of an article."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from html import unescape
from itertools import groupby
from typing import TypeAlias

from django.utils.translation import gettext as _

from pages.content.blocks.anchors import anchor_for

from .documents import (
    AskedQuestion,
    Element,
    Figure,
    Heading,
    ImportedArticle,
    LinkRow,
    Notes,
    Paragraph,
    Part,
    Prose,
    RefusedError,
    Table,
    text_of,
)
from .list_items import list_of, with_lists_that_fit
from .sniff import (
    MAX_CHARACTERS,
    MAX_LINKS,
    MAX_TAGS_IN_A_PARAGRAPH,
    commented,
    too_intricate,
    too_long,
)

MAX_TITLE = 255
MAX_LEAD = 600
MAX_CAPTION = 300
MAX_LINK_TEXT = 120

# With more than this between the lead and an image, it belongs to the text around it.
_PARAGRAPHS_BEFORE_A_LEAD_IMAGE = 2
_LONGEST_LIKELY_HEADING = 80
_SENTENCE_ENDS = (".", "!", "?", ":", ";", ",", "…", "”", '"')
_ONE_LINK = re.compile(r'(?:<[bi]>)*<a href="([^"]+)">(.*)</a>(?:</[bi]>)*')
_ALL_ITALIC = re.compile(r"<i>((?:(?!</i>).)+)</i>")
_PLACE_LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>')
_COMMENT = re.compile(r"\[([a-z]{1,2})\](?=[^\s:])")
_COMMENT_MARK = re.compile(r"(?<=\S)\[([a-z]{1,2})\]")
_MARK = re.compile(r"(?:[•·▪●◦‣]|(\d{1,2})[.)])\s+(?=\S)")
# What stands at the head or foot of each page of a document, and a converter takes for text.
_RUNNING = re.compile(
    r"(?!.*[.!?]$)(?=.{1,120}$).*\b(UTKAST|ARBETSMATERIAL|[Dd]nr:? ?\S*\d\S*"
    r"|[Ss]ida? \d+ ?(\(\d+\)|av \d+))(?!\w).*"
)
_TABLE_CAPTION = re.compile(r"(tabell|table)\b", re.I)


@dataclass
class Framed:
    """A document without what stood around it, and what that told of it."""

    elements: list[Element]
    changed_on: date | None = None
    topic_names: list[str] = field(default_factory=list)


FrameRemoval: TypeAlias = Callable[[Sequence[Element], Notes], Framed]


def arrange(
    elements: Sequence[Element],
    *,
    notes: Notes,
    frame: FrameRemoval | None = None,
    has_markup: bool = True,
) -> ImportedArticle:
    """The article that the elements make. Raises RefusedError when there is none.

    `frame` takes away what stood around them. Without markup, short lines are taken for headings.
    """
    _refuse_comments(elements)
    elements = [each for each in elements if not _is_running(each, notes)]
    framed = frame(elements, notes) if frame else Framed(elements)
    rest = list(framed.elements)
    title = _take_title(rest)
    names = title.names if isinstance(title, Heading) else ()
    rest = _with_captions(_with_marked_lists(rest), notes)
    lead = _take_lead(rest, notes)
    if not has_markup:
        rest = _with_likely_headings(rest, notes)
    rest = _with_levels(rest, notes)
    article = ImportedArticle(
        title=title.text,
        lead=lead,
        image=_take_image(rest),
        notes=notes,
        changed_on=framed.changed_on,
        topic_names=framed.topic_names,
    )
    _refuse_what_is_intricate(rest)
    article.parts = [
        replace(part, html=with_lists_that_fit(part.html, notes))
        if isinstance(part, Prose | AskedQuestion)
        else part
        for part in _joined([_part(element) for element in _with_places(rest, names)])
    ]
    return article


def _refuse_comments(elements: Sequence[Element]) -> None:
    """Refuses the comments of Google Docs, which lie below the text as “[a]So be it?”."""
    marks: set[str] = set()
    for element in elements:
        begins = _COMMENT.match(element.text)
        if begins and begins[1] in marks:
            raise commented()
        marks.update(_COMMENT_MARK.findall(element.text))


def _refuse_what_is_intricate(elements: Sequence[Element]) -> None:
    texts = [each.html for each in elements if isinstance(each, Paragraph | Prose | AskedQuestion)]
    if sum(map(len, texts)) > MAX_CHARACTERS:
        raise too_long()
    if sum(html.count("<a ") for html in texts) > MAX_LINKS:
        raise too_intricate()
    for html in texts:
        if any(piece.count("</") > MAX_TAGS_IN_A_PARAGRAPH for piece in html.split("</li>")):
            raise too_intricate()


def _is_running(element: Element, notes: Notes) -> bool:
    if not isinstance(element, Heading | Paragraph) or not _RUNNING.fullmatch(element.text):
        return False
    why = _("header or footer of a page, as “%(text)s”") % {"text": element.text[:60]}
    notes.drop(why)
    notes.leave(_("header or footer of a page"), element.text)
    return True


def _take_title(elements: list[Element]) -> Heading | Paragraph:
    """Takes the title out of the elements; the first line when nothing says that it is one."""
    texts = [each for each in elements if isinstance(each, Heading | Paragraph)]
    titles = [each for each in texts if isinstance(each, Heading) and each.level <= 1]
    found = min(titles, key=lambda each: each.level, default=texts[0] if texts else None)
    if found is None:
        raise RefusedError(_("The file holds no text that could be a title."))
    elements.remove(found)
    if len(found.text) > MAX_TITLE:
        raise RefusedError(
            _("The file has no title: its first paragraph has %(length)s characters.")
            % {"length": len(found.text)}
        )
    return found


def _take_lead(elements: list[Element], notes: Notes) -> str:
    """Takes the lead out of the elements; the first paragraph when nothing says that it is one."""
    paragraphs = _lead_in(elements)
    if not paragraphs:
        notes.complete(_("Write a lead: the file has none."), has_field=True)
        return ""
    for paragraph in paragraphs:
        elements.remove(paragraph)
        if "<a " in paragraph.html:
            notes.drop(_("links in the lead"))
    lead = " ".join(paragraph.text for paragraph in paragraphs)
    if len(lead) > MAX_LEAD:
        notes.complete(
            _("Shorten the lead: it has %(length)s characters, %(most)s are the most.")
            % {"length": len(lead), "most": MAX_LEAD}
        )
    return lead


def _lead_in(elements: Sequence[Element]) -> list[Paragraph]:
    paragraphs = [each for each in elements if isinstance(each, Paragraph)]
    marked = [each for each in paragraphs if each.role == "lead"]
    marked = marked or [each for each in paragraphs if each.role == "subtitle"][:1]
    if marked:
        return marked
    first = next((each for each in elements if not isinstance(each, Figure)), None)
    if isinstance(first, Paragraph) and not _ONE_LINK.fullmatch(first.html):
        return [first]
    return []


def _with_marked_lists(elements: Sequence[Element]) -> list[Element]:
    """The elements with paragraphs that follow each other behind marks made by hand as lists."""
    found: list[Element] = []
    for name, group in groupby(elements, _list_marked_in):
        items = list(group)
        marked = [
            (_MARK.match(each.html), each.html) for each in items if isinstance(each, Paragraph)
        ]
        counted = [(f"{mark[1]}.", html[mark.end() :]) for mark, html in marked if mark]
        are_counted = all(number == f"{at}." for at, (number, _html) in enumerate(counted, 1))
        is_list = len(items) > 1 and (name == "ul" or (name == "ol" and are_counted))
        found += [Prose(list_of(name, counted))] if is_list else items
    return found


def _list_marked_in(element: Element) -> str:
    mark = (
        _MARK.match(element.html) if isinstance(element, Paragraph) and not element.role else None
    )
    return ("ol" if mark[1] else "ul") if mark else ""


def _with_captions(elements: Sequence[Element], notes: Notes) -> list[Element]:
    """The elements with the captions beside figures and tables brought into them."""
    kept: list[Element] = []
    waiting: Paragraph | None = None  # the caption of a table that comes next
    for index, element in enumerate(elements):
        following = elements[index + 1] if index + 1 < len(elements) else None
        last = kept[-1] if kept else None
        if waiting is not None and isinstance(element, Table):
            element = replace(element, caption=waiting.text)
            waiting = None
        if not isinstance(element, Paragraph) or not _is_caption(element, last):
            kept.append(element)
        elif (
            isinstance(following, Table)
            and not following.caption
            and (_TABLE_CAPTION.match(element.text) or not isinstance(last, Figure))
        ):
            waiting = element
        elif isinstance(last, Figure | Table) and not last.caption:
            kept[-1] = replace(last, caption=element.text)
        else:
            notes.check(
                _("A caption without an image has become text: “%(text)s”.")
                % {"text": element.text[:60]}
            )
            kept.append(element)
    return kept


def _is_caption(paragraph: Paragraph, last: Element | None) -> bool:
    """Whether it says that it is one, or stands in italics right below an image."""
    if paragraph.role == "caption":
        return True
    is_short = len(paragraph.text) <= MAX_CAPTION
    return (
        isinstance(last, Figure)
        and not last.caption
        and is_short
        and _ALL_ITALIC.fullmatch(paragraph.html) is not None
    )


def _with_likely_headings(elements: Sequence[Element], notes: Notes) -> list[Element]:
    """The elements of a text without markup, with short lines above paragraphs as headings."""
    found: list[Element] = []
    headings, links = [], []
    for index, element in enumerate(elements):
        following = elements[index + 1] if index + 1 < len(elements) else None
        if not isinstance(element, Paragraph) or not is_a_short_line(element):
            found.append(element)
        elif index and element.text in elements[index - 1].text:
            # Named in the paragraph above: on the site, a link stood below it.
            links.append(element.text)
            found.append(element)
        elif isinstance(following, Paragraph | Prose) and not is_a_short_line(following):
            headings.append(element.text)
            found.append(Heading(element.text, 2))
        else:
            found.append(element)
    if headings:
        notes.check(
            _("Short lines have become headings: %(lines)s.") % {"lines": _listed(headings)}
        )
    if links:
        notes.check(_("Perhaps these lines were links: %(lines)s.") % {"lines": _listed(links)})
    notes.check(
        _(
            "Plain text says nothing of headings, links, lists, tables and images: "
            "go through the page and mark them."
        )
    )
    return found


def is_a_short_line(element: Element) -> bool:
    """Whether an element may be a heading, by its looks."""
    return (
        isinstance(element, Paragraph)
        and element.role != "caption"
        and len(element.text) <= _LONGEST_LIKELY_HEADING
        and not element.text.endswith(_SENTENCE_ENDS)
        and element.text[:1].isalnum()
        and not element.text[0].islower()
    )


def _with_levels(elements: Sequence[Element], notes: Notes) -> list[Element]:
    """The elements with their headings on the two levels below the page's title."""
    levels = sorted({max(1, each.level) for each in elements if isinstance(each, Heading)})
    if len(levels) > 2:
        notes.check(_("Headings below the second level have been raised to it."))
    found: list[Element] = []
    has_section = False
    for element in elements:
        if isinstance(element, Heading):
            # A subsection needs a section above it.
            is_section = element.level <= levels[0] or not has_section
            element = replace(element, level=2 if is_section else 3)
            has_section = True
        found.append(element)
    return found


def _take_image(elements: list[Element]) -> Figure | None:
    """Takes out the image that stands at the top, before the first section."""
    for index, element in enumerate(elements[: _PARAGRAPHS_BEFORE_A_LEAD_IMAGE + 1]):
        if isinstance(element, Heading):
            return None
        if isinstance(element, Figure):
            del elements[index]
            return element
    return None


def _with_places(elements: Sequence[Element], names: Sequence[str]) -> list[Element]:
    """The elements with links to headings of the same page as the page writes them; `names`: the title's."""
    anchors = dict.fromkeys(names, "rubrik")  # as templates call the title of a page
    for element in elements:
        if isinstance(element, Heading):
            anchor = anchor_for(element.text)
            anchors |= dict.fromkeys((*element.names, anchor), anchor)

    def lead_there(match: re.Match[str]) -> str:
        anchor = anchors.get(unescape(match[1]))
        return f'<a href="#{anchor}">{match[2]}</a>' if anchor else match[2]

    return [
        replace(element, html=_PLACE_LINK.sub(lead_there, element.html))
        if isinstance(element, Paragraph | Prose | AskedQuestion)
        else element
        for element in elements
    ]


def _part(element: Element) -> Part:
    if not isinstance(element, Paragraph):
        return element
    link = _ONE_LINK.fullmatch(element.html)
    if link and "<a " not in link[2]:
        text, address = text_of(link[2]), unescape(link[1])
        if len(text) <= MAX_LINK_TEXT and not address.startswith("#"):
            return LinkRow(text, address)
    return Prose(f"<p>{element.html}</p>")


def _joined(parts: Sequence[Part]) -> list[Part]:
    """The parts with paragraphs and lists that follow each other as one."""
    joined: list[Part] = []
    for is_prose, group in groupby(parts, lambda part: isinstance(part, Prose)):
        if is_prose:
            joined.append(Prose("".join(each.html for each in group if isinstance(each, Prose))))
        else:
            joined += group
    return joined


def _listed(lines: Sequence[str]) -> str:
    return ", ".join(_("“%(text)s”") % {"text": line} for line in lines)
