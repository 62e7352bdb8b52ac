"""Reads from an imported text what a news item says in fields of its own: day, time, place, last day."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time

from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _

from pages.models import NewsKind

from .documents import ImportedArticle, Part, Prose, Table, text_of
from .site_frame import MONTH_NUMBERS

_KINDS = {
    NewsKind.PRESS_INVITATION: re.compile(
        r"(press)?inbjudan|pressträff|presskonferens|press invitation", re.I
    ),
    NewsKind.PRESS_RELEASE: re.compile(r"pressmeddelande|press release", re.I),
}
_LABELS = {
    name: label
    for label, names in {
        "when": ("datum", "tid", "när", "datum och tid", "tid och datum", "dag",
                 "date", "time", "when", "date and time"),
        "place": ("plats", "var", "lokal", "adress", "place", "where", "venue"),
        "register": ("anmälan", "anmälan senast", "anmälan senast den", "sista anmälningsdag",
                     "sista dag för anmälan", "anmäl dig senast", "osa", "osa senast",
                     "register by", "register no later than"),
        "published": ("publicerad", "publicerat", "published"),
        "contact": ("kontakt", "presskontakt", "kontaktperson", "contact", "press contact"),
    }.items()
    for name in names
}  # fmt: skip
_LABELLED = re.compile(r"([^\W\d][^\d:]{1,30}):\s*(.+)")
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.S)
_LINE = re.compile(r"<(p|li)>(.*?)(?=</?(?:p|li|ul|ol)>)", re.S)
_BREAK = re.compile(r"<br\s*/?>")
_MOST_OF_PLACE = 200
_END_OF_DAY = time(23, 59)

_MONTH = "|".join(MONTH_NUMBERS)
_DAY = re.compile(
    rf"(?P<iso>\d{{4}}-\d{{2}}-\d{{2}})"
    rf"|(?P<day>\d{{1,2}})\s+(?P<month>{_MONTH})\b(?:\s+(?P<year>\d{{4}}))?",
    re.I,
)
_CLOCK = r"\d{1,2}(?:[.:]\d{2})?"
_TO = r"\s*(?:[-–—]|till|to)\s*"
_HOURS = re.compile(
    rf"\b(?:kl\.?|klockan)\s*(?P<hour>{_CLOCK})(?:{_TO}(?P<until>{_CLOCK}))?"
    rf"|\b(?P<from>\d{{1,2}}[.:]\d{{2}})(?:{_TO}(?P<to>{_CLOCK}))?",
    re.I,
)
# What may stand around a day and a time and says no more.
_FILLING = re.compile(
    r"\b(?:(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|den|senast|at|on|no later than)\b|[\s.,;()]",
    re.I,
)


@dataclass(frozen=True)
class NewsFacts:
    """What stands in the fields of a news item; empty where nobody has said it."""

    kind: str = ""
    published_on: date | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: str = ""
    register_by: datetime | None = None
    contact: str = ""

    def or_else(self, others: "NewsFacts") -> "NewsFacts":
        """These, and of the others what is lacking here."""
        lacking = {
            each.name: getattr(others, each.name)
            for each in fields(self)
            if not getattr(self, each.name)
        }
        return replace(self, **lacking)

    @property
    def is_invitation(self) -> bool:
        return self.kind == NewsKind.PRESS_INVITATION


@dataclass(frozen=True)
class Moment:
    """A day, and the hours that stand beside it."""

    day: date | None = None
    begins: time | None = None
    ends: time | None = None
    # Whether the text says nothing else.
    is_all: bool = False

    def and_also(self, other: "Moment") -> "Moment":
        return Moment(self.day or other.day, self.begins or other.begins, self.ends or other.ends)

    def is_within(self, begins: datetime | None, ends: datetime | None) -> bool:
        """Whether all that it says is said by these two."""
        start, end = (localtime(each) if each else None for each in (begins, ends))
        return (
            self.is_all
            and start is not None
            and self.day in (None, start.date())
            and self.begins in (None, start.time())
            and self.ends in (None, end and end.time())
        )


def news_facts_in(article: ImportedArticle) -> NewsFacts:
    """What the article says plainly, on lines such as “Plats: Solna”, in a list or in a table."""
    when = register = Moment()
    published, place, contact = None, "", ""
    for label, said in _said_in(article):
        moment = moment_in(said, when.day or published or article.changed_on)
        if label == "when":
            when = when.and_also(moment)
        elif label == "register":
            register = register.and_also(moment)
        elif label == "published":
            published = published or moment.day
        elif label == "place" and len(said) <= _MOST_OF_PLACE:
            place = place or said
        elif label == "contact":
            contact = contact or said
    found = (kind for kind, words in _KINDS.items() if words.search(article.title))
    is_meeting = when.begins is not None and place != ""
    kind = next(found, NewsKind.PRESS_INVITATION if is_meeting else NewsKind.NEWS)
    if kind != NewsKind.PRESS_INVITATION:
        return NewsFacts(kind=kind, published_on=published or when.day, contact=contact)
    return NewsFacts(
        kind=kind,
        published_on=published,
        starts_at=_at(when.day, when.begins),
        ends_at=_at(when.day, when.ends),
        place=place,
        register_by=_at(register.day, register.begins or _END_OF_DAY),
        contact=contact,
    )


def leave_out(article: ImportedArticle, facts: NewsFacts) -> None:
    """Takes lines out of the article that say nothing but what readers meet of the facts.

    A line that says more, such as when the doors open, stays in the text.
    """

    why = _("stands above the text")

    def without(paragraph: re.Match[str]) -> str:
        lines = [text_of(line) for line in _BREAK.split(paragraph[1])]
        if not all(_is_said(line, facts, article) for line in lines):
            return paragraph[0]
        for line in lines:
            article.notes.leave(why, line)
        return ""

    parts: list[Part] = []
    if article.lead and _is_said(article.lead, facts, article):
        article.notes.leave(why, article.lead)
        _take_next_lead(article)
    for part in article.parts:
        if isinstance(part, Prose):
            html = _PARAGRAPH.sub(without, part.html)
            parts += [Prose(html)] if html else []
        elif isinstance(part, Table) and all(
            _is_said(line, facts, article) for line in _lines_of_table(part) or [""]
        ):
            for row in part.rows:
                article.notes.leave(why, " | ".join(row))
        else:
            parts.append(part)
    article.parts = parts


def _take_next_lead(article: ImportedArticle) -> None:
    """Lets the next paragraph be the lead, where the lead only said a day or a place."""
    article.lead = ""
    first = article.parts[0] if article.parts else None
    found = _PARAGRAPH.match(first.html) if isinstance(first, Prose) else None
    if found and isinstance(first, Prose) and "<a " not in found[1]:
        article.lead = text_of(found[1])
        article.parts[0] = Prose(first.html[found.end() :])


def _said_in(article: ImportedArticle) -> Iterator[tuple[str, str]]:
    """Every line with one of our labels: the label, and what stands after it."""
    for line in _lines_of(article):
        label, said = _labelled(line)
        if label:
            yield label, said


def _lines_of(article: ImportedArticle) -> Iterator[str]:
    yield article.lead
    for part in article.parts:
        if isinstance(part, Prose):
            for found in _LINE.finditer(part.html):
                yield from map(text_of, _BREAK.split(found[2]))
        elif isinstance(part, Table):
            yield from _lines_of_table(part)


def _lines_of_table(table: Table) -> list[str]:
    """A line of each row, if the table is one of labels and values."""
    if table.caption or any(len(row) != 2 for row in table.rows):
        return []
    return [f"{row[0].rstrip(': ')}: {row[1]}" for row in table.rows]


def _labelled(line: str) -> tuple[str, str]:
    found = _LABELLED.fullmatch(line.strip())
    if found:
        return _LABELS.get(found[1].strip().lower(), ""), found[2].strip()
    moment = moment_in(line)
    # A day alone on its line is that of the news.
    return ("published", line) if moment.day and moment.is_all and not moment.begins else ("", "")


def _is_said(line: str, facts: NewsFacts, article: ImportedArticle) -> bool:
    """Whether readers meet everything that the line says in the fields of the page."""
    label, said = _labelled(line)
    near = facts.starts_at.date() if facts.starts_at else facts.published_on or article.changed_on
    moment = moment_in(said, near)
    if label == "published" or (label == "when" and not facts.is_invitation):
        return moment.is_all and not moment.begins and moment.day == facts.published_on
    if not facts.is_invitation or facts.starts_at is None:
        return False
    if label == "place":
        return said == facts.place
    if label == "when":
        return moment.is_within(facts.starts_at, facts.ends_at)
    return label == "register" and moment.is_within(facts.register_by, None)


def moment_in(text: str, near: date | None = None) -> Moment:
    """The day and the hours in a text; `near` gives the year where the text does not."""
    rest, day = text, None
    if found := _DAY.search(rest):
        day = _day(found, near)
        rest = rest.replace(found[0], " ", 1) if day else rest
    begins = ends = None
    if hours := _HOURS.search(rest):
        begins = _hour(hours["hour"] or hours["from"])
        ends = _hour(hours["until"] or hours["to"])
        rest = rest.replace(hours[0], " ", 1) if begins else rest
    is_all = (day or begins) is not None and not _FILLING.sub("", rest)
    return Moment(day, begins, ends, is_all)


def _day(found: re.Match[str], near: date | None) -> date | None:
    year = found["year"] or (near and near.year)
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month = MONTH_NUMBERS[found["month"].lower()]
        return date(int(year), month, int(found["day"])) if year else None
    except ValueError:
        return None


def _hour(text: str | None) -> time | None:
    hour, _point, minute = (text or "").replace(":", ".").partition(".")
    try:
        return time(int(hour), int(minute or 0)) if hour else None
    except ValueError:
        return None


def _at(day: date | None, hour: time | None) -> datetime | None:
    return make_aware(datetime.combine(day, hour)) if day and hour else None
