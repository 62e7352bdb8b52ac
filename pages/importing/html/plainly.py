"""Rewrites what authors and programs write in ways of their own with the tags that are meant for it."""

import re

from bs4 import BeautifulSoup, NavigableString, Tag

from pages.content.blocks.flat_lists import ListItem, nested

from .markup import HEADINGS, NUMBER_MARK

_HIDDEN = re.compile(r"display\s*:\s*none;?|visibility\s*:\s*hidden;?", re.I)
# Word's web pages have paragraphs for items, with their marks in them.
_WORD_ITEM = re.compile(r"mso-list:\s*l\d+\s+level(\d)")
_WORD_MARK = re.compile(r"mso-list:\s*Ignore", re.I)
_NUMBER = re.compile(r"\w+[.)]")


def write_plainly(soup: BeautifulSoup) -> None:
    """Writes questions in buttons as `details`, and the lists of Word as lists in lists."""
    for button in soup.find_all("button"):
        if button.has_attr("aria-controls") or button.has_attr("aria-expanded"):
            _write_question(button, soup)
    for heading in soup.select(", ".join(f"summary {name}" for name in HEADINGS)):
        heading.unwrap()
    for tag in soup.find_all(lambda tag: _level_of(tag) is not None):
        if tag.parent is not None:  # not in a list already
            _write_list(tag)


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
    """The level that the tag says its item is on."""
    if tag.name == "p" and (found := _WORD_ITEM.search(str(tag.get("style") or ""))):
        return int(found[1]) - 1
    return None


def _write_list(first: Tag) -> None:
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
        for number, html in [_word_item(tag)]
    ]
    first.insert_before(*BeautifulSoup(nested(items), "html.parser").contents)
    for tag in tags:
        tag.extract()


def _marked(number: str) -> str:
    return number and f"{NUMBER_MARK}{number}{NUMBER_MARK}"


def _word_item(paragraph: Tag) -> tuple[str, str]:
    mark = paragraph.find(style=_WORD_MARK)
    number = mark.extract().get_text(strip=True) if mark else ""
    return number if _NUMBER.fullmatch(number) else "", paragraph.decode_contents()
