"""Rewrites what authors and programs write in ways of their own with the tags that are meant for it."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from pages.blocks.flat_lists import ListItem, nested
from pages.whole_numbers import whole_number

from ..list_items import number_in
from .markup import HEADINGS, NUMBER_MARK

_HIDDEN = re.compile(r"display\s*:\s*none;?|visibility\s*:\s*hidden;?", re.I)
# Word's web pages have paragraphs for items, with their marks in them; Google Docs has a list for each
# level, beside that of the level above, and tells of their numbers in its style sheet.
_WORD_ITEM = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_WORD_MARK = re.compile(r"mso-list:\s*Ignore", re.I)
_GOOGLE_LIST = re.compile(r"lst-kix_\w+-(\d)")
_GOOGLE_STYLE = re.compile(
    r"\.(lst-kix_\w+-\d)\s*>\s*li:before\s*\{\s*content:[^}]*counter\([^,)]+,\s*([\w-]+)\)\s*\"([^\"]*)\""
)
_STYLES = {
    "lower-latin": "a", "lower-alpha": "a", "upper-latin": "A", "upper-alpha": "A",
    "lower-roman": "i", "upper-roman": "I",
}  # fmt: skip
_NUMBER = re.compile(r"\w+[.)]")


def write_plainly(soup: BeautifulSoup) -> None:
    """Writes questions in buttons as `details`, and the lists of Word and Google Docs as lists in lists."""
    for button in soup.find_all("button"):
        if button.has_attr("aria-controls") or button.has_attr("aria-expanded"):
            _write_question(button, soup)
    styles = {
        found[1]: (_STYLES.get(found[2], "1"), found[3].strip())
        for sheet in soup.find_all("style")
        for found in _GOOGLE_STYLE.finditer(sheet.get_text())
    }
    for tag in soup.find_all(lambda tag: _level_of(tag) is not None):
        if tag.parent is not None:  # not in a list already
            _write_list(tag, styles)


def _write_question(button: Tag, soup: BeautifulSoup) -> None:
    heading = button.find_parent(list(HEADINGS))
    asked = button if heading is None else heading
    named = str(button.get("aria-controls") or "")
    answer = (soup.find(id=named) if named else None) or asked.find_next_sibling()
    if answer is None or asked in answer.descendants or not button.get_text(strip=True):
        return
    del answer["hidden"]
    answer["style"] = _HIDDEN.sub("", str(answer.get("style") or ""))
    details, summary = soup.new_tag("details"), soup.new_tag("summary")
    asked.replace_with(details)
    summary.extend(list(asked.contents))
    if asked is not button:
        button.unwrap()
    details.extend([summary, answer.extract()])


def _level_of(tag: Tag) -> int | None:
    """The level that the tag says its items are on, in one of these ways."""
    if tag.name == "p" and (found := _WORD_ITEM.search(str(tag.get("style") or ""))):
        return int(found[1]) - 1
    if tag.name in ("ol", "ul") and (name := _google_name(tag)):
        return int(name[-1])
    return None


def _google_name(tag: Tag) -> str:
    return next(filter(_GOOGLE_LIST.fullmatch, map(str, tag.get_attribute_list("class"))), "")


def _write_list(first: Tag, styles: dict[str, tuple[str, str]]) -> None:
    """Writes a tag, and those after it that have items too, as one list."""
    tags = [first]
    for beside in first.next_siblings:
        if isinstance(beside, Tag) and _level_of(beside) is not None:
            tags.append(beside)
        elif not isinstance(beside, NavigableString) or beside.strip():
            break
    items = [
        ListItem(_level_of(tag) or 0, "ol" if number else "ul", f"<li>{_marked(number)}{html}")
        for tag in tags
        for number, html in (_word_items(tag) if tag.name == "p" else _google_items(tag, styles))
    ]
    first.insert_before(*BeautifulSoup(nested(items), "html.parser").contents)
    for tag in tags:
        tag.extract()


def _marked(number: str) -> str:
    return number and f"{NUMBER_MARK}{number}{NUMBER_MARK}"


def _word_items(paragraph: Tag) -> Iterator[tuple[str, str]]:
    mark = paragraph.find(style=_WORD_MARK)
    number = mark.extract().get_text(strip=True) if mark else ""
    yield number if _NUMBER.fullmatch(number) else "", paragraph.decode_contents()


def _google_items(tag: Tag, styles: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    style, end = styles.get(_google_name(tag), ("1", "."))
    start = str(tag.get("start") or "1")
    for number, item in enumerate(tag.find_all("li", recursive=False), whole_number(start) or 1):
        written = f"{number_in(style, number)}{end}" if tag.name == "ol" else ""
        yield f"{number}." if style == "1" and written else written, item.decode_contents()
