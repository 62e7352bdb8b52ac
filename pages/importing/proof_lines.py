"""Reads a source, and the page made of it, as lines that may be compared.

Both by the reader of the newsroom, which knows nothing of how files are read. What it does not read
is written into the text first: the numbers that a browser counts, and the levels of items.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from django.utils.translation import gettext as _
from lxml import etree
from lxml import html as lxml_html
from lxml.html import HtmlElement

from pages.comparing import Line, lines_of

from .completeness import usable_alt_text
from .documents import UNSEEN
from .html.inline import BACK_ARROWS, MOVED, NOTE_ADDRESS
from .html.markup import NUMBER_MARK
from .html.soup import LEFT_OUT
from .list_items import counted_in, number_in, whole_number_in
from .wrapped_links import with_plain_addresses

# Before the text of an item: its level, and in the source how much was left out before it.
_LEVEL, _HOLE = "\ue010", "\ue011"
_LEVEL_MARK = re.compile(f"{_LEVEL}(\\d+):([^{_LEVEL}]*){_LEVEL}")
_HOLE_MARK = re.compile(f"{_HOLE}(\\d+){_HOLE}")
_NUMBER = re.compile(f"{NUMBER_MARK}([^{NUMBER_MARK}]*){NUMBER_MARK}")
_OURS = re.compile(f"[{_LEVEL}{_HOLE}]")
_LISTS = ("ul", "ol")
_CELLS = ("td", "th")
_PLAIN_BLOCKS = ("p", "div", "section", "article", "dd", "dt")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_MORE_THAN_A_QUOTE = ("li", "table", "img", *_HEADINGS)
_WITHOUT_LINKS = ("blockquote", "caption", "figcaption", "summary", "tr", *_HEADINGS)
_MORE_BLOCKS = ("center", "dialog", "hgroup", "hr", "main", "search")
# What a template adds to the words of a page, by class.
_ADDED = ("link-row__note", "page-foot", "page-head__about", "beside__more")
_NO_ADDRESS = re.compile(r"\s*(about|javascript|vbscript|data|file):", re.I)
_ONE_LINE = re.compile(r"h[1-6]|summary|caption")
# An item that is but the place of a list within it, and has no item above.
_IS_SILENT = etree.XPath(
    "not(preceding-sibling::* | ../preceding-sibling::*[1][self::ul or self::ol]"
    " | text()[normalize-space()] | *[not(self::ul or self::ol)][normalize-space()])"
)
_MOST_CELLS = 5_000
# So many tags are copied to give the merged cells of a table their places.
_MOST_COPIED = 50_000


@dataclass(frozen=True)
class NumberedLine(Line):
    """A line with the number that stands before it, which is no reason to take it for another line."""

    number: str = field(default="", compare=False)

    @property
    def whole(self) -> str:
        return f"{self.number} {self.text}" if self.number else self.text


@dataclass(frozen=True)
class SourceLine:
    """A line of the source; `left_out` is its reason if it was not to come along."""

    line: NumberedLine
    left_out: str = ""


def lines_of_page(html: str) -> list[NumberedLine]:
    """The lines of a rendered page."""
    document = lxml_html.document_fromstring(html)
    for name in _ADDED:
        for element in document.find_class(name):
            element.drop_tree()
    for number in document.find_class("phone"):  # a link that the website makes of each
        number.drop_tag()
    # What a press invitation says in fields: time and place in a table, and the way to a calendar.
    for link in document.xpath("//p[a[@download and contains(@href, 'kalender.ics')]]"):
        for element in (link.getprevious(), link):
            element.drop_tree()
    for picture in document.find_class("picture-missing"):  # renditions come with publishing
        picture.tag, picture.attrib["alt"], picture.text = "img", picture.text_content(), None
    _write_out(document)
    return [line for line, _holes in _read(document)]


def names_on_page(html: str) -> dict[str, str]:
    """The names by which the headings of a rendered page are found, by their text."""
    document = lxml_html.document_fromstring(html)
    return {
        _plain(heading.text_content()): heading.get("id")
        for heading in document.iter("h1", "h2", "h3")
        if heading.get("id")
    }


def lines_of_source(
    html: str, *, href: Callable[[str], str], names: dict[str, str]
) -> list[SourceLine]:
    """The lines of a source. `href` says how a page writes an address, `names` how its headings."""
    try:
        document = lxml_html.document_fromstring(html)
    except etree.ParserError:  # nothing in it
        return []
    _plain_out(document)
    for table in list(document.iter("table")):
        _settle_table(table)
    _settle_links(document, href, names)
    holes = _holes(document)
    _write_out(document)
    lines: list[SourceLine] = []
    for line, numbers in _read(document):
        if line.text or line.kind == "picture":
            lines.append(SourceLine(_expected(line)))
        lines += (
            SourceLine(NumberedLine("paragraph", text), kind)
            for kind, text in map(holes.__getitem__, numbers)
        )
    return lines


def _read(document: HtmlElement) -> Iterator[tuple[NumberedLine, list[int]]]:
    # Which language a program took words for is not taken over: nobody has said so.
    etree.strip_attributes(document, "lang")
    for line in lines_of(lxml_html.tostring(document, encoding="unicode")):
        text, level, number = line.text, line.level, ""
        if found := _LEVEL_MARK.search(text):
            level, number = int(found[1]), found[2]
        holes = [int(number) for number in _HOLE_MARK.findall(text)]
        text = _plain(_HOLE_MARK.sub("", _LEVEL_MARK.sub("", _NUMBER.sub(r"\1 ", text))))
        if text or holes or line.kind == "picture":
            yield NumberedLine(line.kind, text, level, number=number), holes


def _plain(text: str) -> str:
    text = " ".join(normalize("NFC", UNSEEN.sub("", text)).split())
    text = re.sub(r"(?<! \|)(?: \|)+$", "", text)  # empty cells at the end of a row
    return text if text.strip("| ") else ""


def _expected(line: NumberedLine) -> NumberedLine:
    if line.kind == "picture":
        return replace(line, text=usable_alt_text(line.text))
    return replace(line, text=with_plain_addresses(line.text))


# The source alone


def _plain_out(document: HtmlElement) -> None:
    """Takes away what would make the reader pass over something."""
    etree.strip_tags(document, etree.Comment, etree.ProcessingInstruction)
    for element in document.iter():
        _as_common_tag(element)
        for name in ("aria-hidden", "aria-label", "class", "hidden"):
            element.attrib.pop(name, None)
        element.text = element.text and _OURS.sub("", element.text)
        element.tail = element.tail and _OURS.sub("", element.tail)
    for pre in list(document.iter("pre")):
        lines = pre.text_content().split("\n")
        pre.clear(keep_tail=True)
        for text in lines:
            etree.SubElement(pre, "div").text = text
    for quote in document.iter("blockquote"):
        if list(quote.iter(*_MORE_THAN_A_QUOTE)):
            quote.tag = "div"  # as whoever imports is told
        for element in list(quote.iterdescendants("p", "div", "br")) if quote.tag != "div" else ():
            element.tag = "span"
            element.tail = f" {element.tail or ''}"
    _flatten(document)


def _flatten(document: HtmlElement) -> None:
    """Writes cards and items as the lines that they become, and pictures beside them."""
    for link in list(document.iter("a")):
        _write_on_a_line(link)
    for item in document.iter("li"):
        for element in item.iterdescendants("blockquote", "summary", *_HEADINGS):
            element.tag = "p"
    for picture in list(document.iter("img")):
        lists = [*picture.iterancestors(*_LISTS)]
        line = lists[-1] if lists else next(picture.iterancestors(*_PLAIN_BLOCKS), None)
        if line is not None and (lists or line.tag == "p"):
            _move_out(picture, line)


def _as_common_tag(element: HtmlElement) -> None:
    if element.tag in _MORE_BLOCKS:
        element.tag = "div"
    elif element.tag == "menu":
        element.tag = "ul"
    elif element.tag in MOVED and len(element) == 0 and element.text:
        element.text = element.text.translate(MOVED[element.tag])
    elif element.tag == "q":
        element.text, element.tail = f"”{element.text or ''}", f"”{element.tail or ''}"


def _move_out(picture: HtmlElement, line: HtmlElement) -> None:
    """A picture in the midst of a line, list or table does not divide it: a page shows it beside it."""
    span = etree.Element("span")
    span.tail, picture.tail = picture.tail, None
    picture.getparent().replace(picture, span)
    line.addprevious(picture)


def _write_on_a_line(link: HtmlElement) -> None:
    """A link around a whole card is a line of its own."""
    blocks = list(link.iterdescendants(*_PLAIN_BLOCKS, *_HEADINGS))
    for element in blocks:
        element.tag, element.text = "span", f" {element.text or ''}"
        element.tail = f" {element.tail or ''}"
    if blocks:
        link.addprevious(etree.Element("br"))
        link.addnext(etree.Element("br"))


def _holes(document: HtmlElement) -> list[tuple[str, str]]:
    """What was left out: its kind and its words. A mark is put in its place."""
    holes: list[tuple[str, str]] = []
    for element in list(document.xpath(f"//*[@{LEFT_OUT}][not(ancestor::*[@{LEFT_OUT}])]")):
        code = element.tag in ("script", "style", "noscript", "template", "svg", "math")
        if not element.get(LEFT_OUT):  # tells of the file alone
            element.drop_tree()
            continue
        holes.append((element.get(LEFT_OUT), "" if code else _plain(element.text_content())))
        element.tail = f"{_HOLE}{len(holes) - 1}{_HOLE}{element.tail or ''}"
        element.drop_tree()
    return holes


def _settle_links(document: HtmlElement, href: Callable[[str], str], names: dict[str, str]) -> None:
    """Writes the addresses as the page should write them."""
    places = _places_in(document, names)
    for link in list(document.iter("a")):
        address, text = (link.get("href") or "").strip(), link.text_content()
        if text[-1:].isspace():
            link.tail = f" {link.tail or ''}"
        if address[:1] == "#" and text.strip() in BACK_ARROWS:
            link.drop_tree()
        elif NOTE_ADDRESS.match(address):
            _unlink_footnote(link)
        elif not _plain(text) or not address or _NO_ADDRESS.match(address):
            link.attrib.pop("href", None)  # nobody can follow it
        elif next(link.iterancestors(*_WITHOUT_LINKS), None) is not None:
            _unlink(link, address, _("links where a page has none"))
        elif address.startswith("#") and address[1:] not in places:
            _unlink(link, address, _("a link to a place that is no heading"))
        else:
            link.set("href", places[address[1:]] if address.startswith("#") else href(address))


def _places_in(document: HtmlElement, names: dict[str, str]) -> dict[str, str]:
    """How the page writes an address of each place that a heading has, in the source or on the page."""
    places: dict[str, str] = {}
    for heading in document.iter(*_HEADINGS):
        name = names.get(_plain(heading.text_content()))
        for element in (*heading.iterancestors(), *heading.iter()) if name else ():
            for said in filter(None, (element.get("id"), element.get("name"))):
                places.setdefault(said, f"#{name}")
    return {name: f"#{name}" for name in names.values()} | places


def _unlink(link: HtmlElement, address: str, why: str) -> None:
    etree.SubElement(link, "span", {LEFT_OUT: why}).text = address
    link.drop_tag()


def _unlink_footnote(link: HtmlElement) -> None:
    """Leaves of a link to a note its number."""
    text = link.text_content()
    for child in list(link):
        child.drop_tag()
    link.text = f"[{text.strip('[] ')}]"
    link.drop_tag()


def _settle_table(table: HtmlElement) -> None:
    """Gives a merged cell all its places; what only places text becomes text."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    cells = [row for row in map(_cells_of, rows) if row]
    if not _is_grid(table, cells):
        for element in (each for row in rows for each in (row, *row)):
            element.tag = "div"
        return
    for picture in list(table.iter("img")):
        _move_out(picture, table)
    taken = _places_of(cells)
    if len(taken) > sum(map(len, cells)):  # some are merged, and not too many
        places: list[list[HtmlElement]] = [[] for _row in cells]
        for y, x in sorted(taken):
            places[y].append(taken[y, x])
        for row, in_row in zip(cells, places, strict=True):
            row[0].getparent()[:] = [deepcopy(cell) for cell in in_row]


def _cells_of(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in _CELLS]


def _is_grid(table: HtmlElement, cells: list[list[HtmlElement]]) -> bool:
    """Whether it says something by its rows and columns, rather than places text."""
    flat = [cell for row in cells for cell in row]
    holding_tables = sum(cell.find(".//table") is not None for cell in flat)
    is_for_looks = table.get("role") in ("presentation", "none") or 2 * holding_tables >= len(flat)
    return not is_for_looks and len(cells) > 1 and max(map(len, cells)) > 1


def _places_of(cells: list[list[HtmlElement]]) -> dict[tuple[int, int], HtmlElement]:
    """The row and column of each place that a cell takes; nothing if there are too many."""
    taken: dict[tuple[int, int], HtmlElement] = {}
    copied = 0
    for y, row in enumerate(cells):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            across, down = _span(cell, "colspan"), min(_span(cell, "rowspan"), len(cells) - y)
            taken |= {(y + dy, x + dx): cell for dx in range(across) for dy in range(down)}
            x += across
            copied += across * down * sum(1 for _tag in cell.iter())
            if len(taken) > _MOST_CELLS or copied > _MOST_COPIED:
                return {}
    return taken


def _span(cell: HtmlElement, name: str) -> int:
    return min(max(whole_number_in(cell.get(name, ""), 1), 1), 100)


def _write_out(document: HtmlElement) -> None:
    """Writes before each item its number, and into each line of it its level."""
    for line_end in document.iter("br"):
        if not any(_ONE_LINE.fullmatch(str(each.tag)) for each in line_end.iterancestors()):
            line_end.tag = "div"
    numbers = _numbers(document)
    silent = {item for item in document.iter("li") if _IS_SILENT(item)}
    for item in document.iter("li"):
        around = list(item.iterancestors())
        number = _own_number(item) or numbers.get(item, "")
        if any(each.tag in _CELLS for each in around):
            _put_before(item, f"{number or '•'} ")
        else:
            depth = sum(each.tag in _LISTS for each in around)
            _write_level(item, depth - len(silent.intersection(around)), number)


def _write_level(item: HtmlElement, depth: int, number: str) -> None:
    first = _put_before(item, f"{_LEVEL}{depth}:{number}{_LEVEL}")
    level = f"{_LEVEL}{depth}:{_LEVEL}"
    for element in item.iterdescendants():
        if next(element.iterancestors("li")) is not item:
            continue
        if element.tag in _PLAIN_BLOCKS and element not in first:
            element.text = level + (element.text or "")
        if element.tag in (*_PLAIN_BLOCKS, *_LISTS):
            element.tail = level + (element.tail or "")


def _put_before(item: HtmlElement, mark: str) -> list[HtmlElement]:
    """Puts a mark before the first words of an item; the blocks that they begin."""
    path = [item]
    while not (path[-1].text or "").strip() and len(path[-1]) and path[-1][0].tag in _PLAIN_BLOCKS:
        path.append(path[-1][0])
    path[-1].text = mark + (path[-1].text or "").lstrip()
    return path


def _numbers(document: HtmlElement) -> dict[HtmlElement, str]:
    """What a browser shows before each item; nothing where that is a bullet."""
    numbers: dict[HtmlElement, str] = {}
    for numbered in document.iter("ol"):
        items = [each for each in numbered if each.tag == "li"]
        step = -1 if numbered.get("reversed") is not None else 1
        number = whole_number_in(numbered.get("start", ""), len(items) if step < 0 else 1)
        style = counted_in(numbered.get("style", ""), numbered.get("type", ""))
        for item in items:
            number = whole_number_in(item.get("value", ""), number)
            numbers[item] = f"{number_in(style, number)}."
            number += step
    return numbers


def _own_number(item: HtmlElement) -> str:
    """The number that the document itself writes before an item, which is taken out."""
    for element in item.iter():
        if (element.text or "").strip():
            found = _NUMBER.match(element.text.lstrip())
            if found:
                element.text = element.text.lstrip()[found.end() :]
            return found[1] if found else ""
        if element is not item and (element.tail or "").strip():
            return ""
    return ""
