"""Proves an import: what the source says against what the page that came of it says as it renders.

Words, order, kinds, numbers and levels of lists, and where links lead. The source is the document as
it was read (`Notes.source`), before anything was arranged; `proof_lines` reads both.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from django.utils.translation import gettext as _
from wagtail.models import Page

from pages.comparing import DiffLine, Line, Piece, compare, rendered

from .documents import ImportedArticle
from .link_targets import target_of
from .proof_lines import NumberedLine, SourceLine, lines_of_page, lines_of_source, names_on_page

_TARGET = re.compile(r" \(→ ([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)")
_HANDMADE_MARK = re.compile(r"(?:[-*•–·▪◦o§]|(\d{1,3})[.)])\s+")
_AROUND_A_QUOTE = re.compile(r"^[”\"“«»–—―\s-]+|[”\"“«»\s]+$")
# A list here begins at 1, and counts in figures.
_WRITTEN = {("numbered", "paragraph"), ("numbered", "item")}
# What gives a line a part that its source did not tell of, and loses nothing.
_TOLD_MORE = {
    *_WRITTEN,
    ("row", "head"),
    ("head", "row"),
    *product(("head", "row"), ("item", "numbered")),
    ("table-title", "paragraph"),
    ("fold", "heading"),
    ("button", "fold"),
    ("button", "heading"),
    ("caption", "table-title"),
    ("table-title", "caption"),
    ("form", "paragraph"),
    ("quote", "source"),
}
_MAY_MOVE = ("caption", "picture", "table-title")


@dataclass(frozen=True)
class ProofRow:
    """A line of the source beside the line of the page that it became; either may be empty."""

    source: str
    page: str
    # What differs, as a sentence; empty where nothing does.
    difference: str = ""
    # Where in the source, or in the page for what stands there alone.
    place: str = ""
    # Whether something of the source is gone or is no longer what it was.
    is_loss: bool = False
    # What the lines are, for people: "Heading 2", "Item of a list 1", "" for a paragraph.
    source_kind: str = ""
    page_kind: str = ""
    # The words of both, each same, removed or added.
    pieces: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Proof:
    """All lines of the source and the page, in the order of the source."""

    rows: tuple[ProofRow, ...]

    @cached_property
    def differences(self) -> list[ProofRow]:
        """The rows whose lines differ, losses and what was left out or changed on purpose."""
        return [row for row in self.rows if row.difference]

    @cached_property
    def losses(self) -> list[ProofRow]:
        """The rows that stand in the way of publishing."""
        return [row for row in self.rows if row.is_loss]

    @property
    def is_whole(self) -> bool:
        return not self.losses


def prove_import(article: ImportedArticle, page: Page) -> Proof:
    """The proof of the newest version of the page that was made of the article."""
    parent = page.get_parent()

    # Their words stand on the page alone until something is public there, which the notes say.
    waiting = {text for _why, text in article.notes.left}

    def href(address: str) -> str:
        if address in waiting:
            return ""
        target = target_of(address, locale=page.locale, base=parent.get_url() or "/")
        if target.leads_nowhere:
            return address
        if target.page is not None:
            return target.page.get_url() or address
        return target.document.url if target.document is not None else target.address

    return proof_of(
        article, rendered(page.get_latest_revision_as_object(), explains=False), href=href
    )


def proof_of(article: ImportedArticle, html: str, *, href: Callable[[str], str]) -> Proof:
    """The proof of a rendered page. `href` says how a page writes an address of the source."""
    source = lines_of_source(article.notes.source, href=href, names=names_on_page(html))
    return Proof(tuple(_Comparison(article, source, lines_of_page(html)).rows()))


class _Comparison:
    def __init__(
        self, article: ImportedArticle, source: list[SourceLine], page: list[NumberedLine]
    ) -> None:
        self._page = page
        self._lead = article.lead
        self._left = Counter((text, why) for why, text in article.notes.left)
        self._heading = ""
        self._number = 0
        # The level of the item above whose number has become text, as the levels below it show.
        self._written_level = 0
        for said in (article.title, article.lead):
            source = _with_one_line(source, said)
        source = _with_written_numbers(source, page)
        self._source = _with_levels_of_a_page(source, article.title)

    def rows(self) -> Iterator[ProofRow]:
        kept = [each.line for each in self._source if not each.left_out]
        left_out = self._left_out_after()
        yield from left_out.get(0, [])
        number = 0
        for found in _with_moves(compare(kept, self._page)):
            yield self._row(found)
            if found.before is not None:
                number += 1
                yield from left_out.get(number, [])

    def _left_out_after(self) -> dict[int, list[ProofRow]]:
        """What was left out, by the number of the lines before it that were not."""
        found: dict[int, list[ProofRow]] = {}
        number, heading = 0, ""
        for each in self._source:
            if each.left_out:
                row = ProofRow(
                    each.line.text, "", _left_out(each.left_out), _place(number + 1, heading)
                )
                found.setdefault(number, []).append(row)
            else:
                number += 1
                heading = each.line.text if each.line.kind == "heading" else heading
        return found

    def _row(self, found: DiffLine) -> ProofRow:
        before, after = (
            line if isinstance(line, NumberedLine) else None for line in (found.before, found.after)
        )
        if before is not None:
            self._number += 1
            self._heading = before.text if before.kind == "heading" else self._heading
        difference, is_loss = self._difference(before, after, is_moved=found.state == "moved")
        return ProofRow(
            source=before.whole if before else "",
            page=after.whole if after else "",
            difference=difference,
            place=_place(self._number, self._heading),
            is_loss=is_loss,
            source_kind=_told(before) if before else "",
            page_kind=_told(after) if after else "",
            pieces=found.pieces,
        )

    def _difference(
        self, before: NumberedLine | None, after: NumberedLine | None, *, is_moved: bool
    ) -> tuple[str, bool]:
        """What differs, and whether that is a loss."""
        if before is None and after is not None:
            is_known = after.text == _("Notes") or after.kind in _MAY_MOVE
            return _("Stands on the page alone."), not is_known
        if before is None or after is None:
            return self._gone(before.text if before else "")
        if is_moved:
            return self._moved(after)
        if before.text == after.text and before.number != after.number:
            names = {"now": after.number or _("none"), "number": before.number or _("none")}
            return _("Has the number “%(now)s”, not “%(number)s”.") % names, True
        if before.text != after.text and before.whole != after.whole:
            return self._other_words(before, after)
        return self._other_kind(before, after)

    def _gone(self, text: str) -> tuple[str, bool]:
        if why := self._reason(text):
            return _left_out(why), False
        return _("Is not on the page."), True

    def _reason(self, text: str) -> str:
        """Why these words were left out; each reason counts once."""
        for (words, why), times in self._left.items():
            if times and words in (text, _TARGET.sub("", text)):
                self._left[words, why] -= 1
                return why
        return ""

    def _moved(self, after: NumberedLine) -> tuple[str, bool]:
        is_at_the_top = (after.kind, after.level) == ("heading", 1) or after.text == self._lead
        may_move = is_at_the_top or after.kind in _MAY_MOVE
        return _("Stands in another place."), not may_move

    def _other_words(self, before: NumberedLine, after: NumberedLine) -> tuple[str, bool]:
        targets, now = _TARGET.findall(before.text), _TARGET.findall(after.text)
        if _TARGET.sub("", before.text) == _TARGET.sub("", after.text):
            has_none = after.kind == "heading" or after.text == self._lead
            return self._other_targets(Counter(targets), Counter(now), is_loss=not has_none)
        mark = _HANDMADE_MARK.match(before.text)
        if mark and before.kind == "paragraph":
            number, text = f"{mark[1]}. " if mark[1] else "", before.text[mark.end() :]
            is_item = after.kind in ("item", "numbered")
            if ((is_item or number) and number + text == after.whole) or f"• {text}" == after.text:
                return _("A mark made by hand has become an item of a list."), False
        is_quote = "quote" in (before.kind, after.kind) or after.kind == "source"
        if is_quote and _AROUND_A_QUOTE.sub("", before.text) == _AROUND_A_QUOTE.sub("", after.text):
            return _("Quotation marks and dashes around it are the site's own."), False
        return _("Has other words."), True

    def _other_targets(
        self, before: Counter[str], now: Counter[str], *, is_loss: bool
    ) -> tuple[str, bool]:
        gone, wrong = list((before - now).elements()), list((now - before).elements())
        reasons = [self._reason(target) for target in gone]
        if gone and all(reasons):
            return " ".join(_left_out(why) for why in reasons), False
        target = ", ".join(gone)
        if wrong:
            names = {"now": ", ".join(wrong), "target": target or "–"}
            return _("Leads to %(now)s, not to %(target)s.") % names, True
        if gone:
            return _("Leads no longer to %(target)s.") % {"target": target}, is_loss
        return _("The links stand in another order."), True

    def _other_kind(self, before: NumberedLine, after: NumberedLine) -> tuple[str, bool]:
        difference, is_loss = "", False
        is_listed = before.kind in ("item", "numbered")
        # Those above it may still have become text, none beside it or below.
        self._written_level = min(self._written_level, before.level - 1) if is_listed else 0
        if before.kind != after.kind:
            told_more = (
                before.kind in ("caption", "paragraph", "link")
                or (before.kind, after.kind) in _TOLD_MORE
            )
            is_loss = not told_more
            kinds = {"before": _name_of(before), "after": _name_of(after)}
            difference = _("Was “%(before)s”, is “%(after)s”.") % kinds
            if (before.kind, after.kind) in _WRITTEN:
                difference = _("Its number has become text.")
        elif before.level != after.level:
            is_loss = not is_listed or before.level - after.level != self._written_level
            levels = {"before": before.level, "after": after.level}
            difference = _("Is on level %(after)s, not %(before)s.") % levels
        if before.kind == "numbered" and after.kind == "paragraph":
            self._written_level = before.level
        return difference, is_loss


def _told(line: Line) -> str:
    """What the line is, with its level where that says something."""
    if line.kind == "heading" or not line.level:
        return str(line.label)
    name = str(replace(line, level=0).label)
    said = _("%(kind)s, level %(level)d") % {"kind": name, "level": line.level}
    return said if line.level > 1 else name


def _name_of(line: Line) -> str:
    """What the line is, with the level of a heading."""
    named = line if line.kind == "heading" else replace(line, level=0)
    return str(named.label) or _("Paragraph")


def _left_out(why: str) -> str:
    return _("Left out: %(why)s.") % {"why": why or _("what tells of the file")}


def _place(number: int, heading: str) -> str:
    if heading:
        return _("line %(number)s, below “%(heading)s”") % {
            "number": number,
            "heading": heading[:60],
        }
    return _("line %(number)s") % {"number": number}


def _with_one_line(source: list[SourceLine], whole: str) -> list[SourceLine]:
    """The source with the lines that make up the title or the lead as one."""
    for start, first in enumerate(source):
        if first.left_out:
            continue
        text, words, end = "", "", start
        while end < len(source) and words != whole and whole.startswith(words):
            text = f"{text} {source[end].line.text}".strip()
            words, end = _TARGET.sub("", text), end + 1
        if whole and words == whole and end > start + 1:
            line = SourceLine(replace(first.line, text=text))
            return [*source[:start], line, *source[end:]]
    return source


def _with_written_numbers(source: list[SourceLine], page: list[NumberedLine]) -> list[SourceLine]:
    """The source with those numbers as text that the page writes so, for it can count no such."""
    written = {line.text for line in page if not line.number}
    return [
        replace(each, line=replace(each.line, text=each.line.whole, number=""))
        if each.line.number and each.line.whole in written
        else each
        for each in source
    ]


def _with_levels_of_a_page(source: list[SourceLine], said: str) -> list[SourceLine]:
    """The source with its headings on the levels that a page has: a title, and two below it."""
    headings = [each.line for each in source if each.line.kind == "heading" and not each.left_out]
    title = next((line for line in headings if _TARGET.sub("", line.text) == said), None)
    levels = sorted({line.level for line in headings if line is not title})
    leveled: list[SourceLine] = []
    has_section = False
    for each in source:
        if each.line is title:
            each = replace(each, line=replace(title, level=1))
        elif each.line.kind == "heading" and not each.left_out:
            is_section = each.line.level == levels[0] or not has_section
            has_section = True
            each = replace(each, line=replace(each.line, level=2 if is_section else 3))
        leveled.append(each)
    return leveled


def _with_moves(found: Sequence[DiffLine]) -> Iterator[DiffLine]:
    """The lines, with those that stand in two places as one that was moved."""
    added = [each.after for each in found if each.state == "added" and each.after]
    moved: dict[int, Line] = {}  # where each went, by what stood before
    for each in found:
        if each.state == "removed" and each.before:
            text = _TARGET.sub("", each.before.text)
            if twin := next((line for line in added if _TARGET.sub("", line.text) == text), None):
                added.remove(twin)
                moved[id(each.before)] = twin
    there = {*map(id, moved.values())}
    for each in found:
        if twin := moved.get(id(each.before)):
            yield DiffLine("moved", each.before, twin, (Piece(twin.text, "same"),))
        elif each.state != "added" or id(each.after) not in there:
            yield each
