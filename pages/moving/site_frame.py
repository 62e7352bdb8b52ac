"""The frame of the site, which comes along when a page is saved or copied as a whole."""

import re
from collections.abc import Collection, Sequence
from datetime import date

from django.utils.translation import gettext as _

from pages.importing.arrange import Framed
from pages.importing.documents import Element, Notes, Prose, text_of

_ABOVE = re.compile(
    r"(placeholders? ?logotyp.*|.*logotyp, till startsidan|hoppa till (huvud)?innehåll(et)?"
    r"|till (huvud)?innehållet|du är här:?)",
    re.I,
)
_SHARE = re.compile(
    r"dela( (denna artikel|(den här )?sidan|artikeln|på|i sociala medier))?:?", re.I
)
_CHANGED = re.compile(r"(?:senast (?:ändrad|uppdaterad)|last (?:changed|updated))\b:?\s*(.*)", re.I)
_BELOW = re.compile(
    r"placeholders? ?logotyp"
    r"|säkerhetspolisen avvärjer hot mot sveriges säkerhet och mot medborgarnas .*"
    r"|sociala medier"
    r"|följ säkerhetspolisen i sociala medier.*"
    r"|(facebook|twitter|x|linkedin|instagram|youtube|e-post|skriv ut|kopiera länk(en)?)"
    r"|tipsa oss"
    r"|har du sett eller hört något som säkerhetspolisen kan ha nytta av .*"
    r"|till tipssidan"
    r"|telefon: ?010-568 ?70 ?00"
    r"|om kakor på webbplatsen"
    r"|på denna webbplats används endast nödvändiga kakor .*"
    r"|jag förstår"
    r"|läs mer om kakor",
    re.I,
)
_MONTHS = (
    "januari/january februari/february mars/march april maj/may juni/june juli/july augusti/august"
    " september oktober/october november december"
)
_MONTH_NUMBERS = {
    name: number for number, names in enumerate(_MONTHS.split(), 1) for name in names.split("/")
}
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_WRITTEN_DATE = re.compile(r"(?:den )?(\d{1,2}) (\w+) (\d{4})", re.I)
_LONGEST_TOPIC_LINE = 200
# Fewer of the frame's lines at the end of a text may be the author's own.
_FEWEST_OF_A_FRAME = 2


def without_frame(elements: Sequence[Element], notes: Notes, *, topics: Collection[str]) -> Framed:
    """What is the article's own. `topics` are the names of the topics there are."""
    texts = [_text_in(element) for element in elements]
    start = _start_of_article(texts)
    end = _end_of_article(texts, start, topics)
    framed = Framed([])
    dropped = start
    for element in elements[:start]:
        _leave(element, notes)
    for index in range(start, len(texts)):
        text, is_below = texts[index], index >= end
        if _tells_of_change(texts, index):
            framed.changed_on = framed.changed_on or written_date(text)
            notes.leave(_("the date of the last change is a setting"), text)
        elif is_below and (names := topics_in_line(text, topics)):
            framed.topic_names += [name for name in names if name not in framed.topic_names]
            notes.leave(_("topics are a setting"), text)
        elif is_below and (_SHARE.fullmatch(text) or _BELOW.fullmatch(text)):
            dropped += 1
            _leave(elements[index], notes)
        else:
            framed.elements.append(elements[index])
            if is_below:
                notes.check(
                    _("Text below the article's end has come along: “%(text)s”.")
                    % {"text": text[:60]}
                )
    if dropped:
        notes.drop(_("lines of the site's frame (logotype, share, footer, cookies)"), dropped)
    return framed


def _text_in(element: Element) -> str:
    """The text of the element; of a list with links of the frame alone, its first."""
    lines = _lines_in(element)
    return lines[0] if lines and all(map(_BELOW.fullmatch, lines)) else element.text


def _lines_in(element: Element) -> list[str]:
    if not isinstance(element, Prose):
        return [element.text]
    return list(filter(None, map(text_of, re.split(r"</?(?:li|ol|p|ul)\b[^>]*>", element.html))))


def _leave(element: Element, notes: Notes) -> None:
    for line in _lines_in(element):
        notes.leave(_("the site's frame"), line)


def _start_of_article(texts: list[str]) -> int:
    return next((at for at, text in enumerate(texts) if not _ABOVE.fullmatch(text)), len(texts))


def _end_of_article(texts: list[str], start: int, topics: Collection[str]) -> int:
    """Where the lines below the article begin."""
    marks = [
        index
        for index in range(start, len(texts))
        if _SHARE.fullmatch(texts[index]) or _is_change_line(texts, index)
    ]
    end = mark = marks[-1] if marks else len(texts)
    unknown = [text for text in texts[end:] if not _is_of_the_frame(text, topics)]
    if len(unknown) > end - start:  # a date above the text, not below it
        end = mark = len(texts)
    while end > start + 1 and _is_of_the_frame(texts[end - 1], topics):
        end -= 1
    # One topic's name by itself may be a link of the article's own.
    while end < mark and len(topics_in_line(texts[end], topics)) == 1:
        end += 1
    return end if marks or _are_a_frame(texts[end:], topics) else len(texts)


def _are_a_frame(texts: list[str], topics: Collection[str]) -> bool:
    """Whether they are more than the author's own last lines may be."""
    has_topics = any(len(topics_in_line(text, topics)) > 1 for text in texts)
    return has_topics or len(texts) >= _FEWEST_OF_A_FRAME


def _is_of_the_frame(text: str, topics: Collection[str]) -> bool:
    return bool(
        _SHARE.fullmatch(text)
        or _BELOW.fullmatch(text)
        or _CHANGED.fullmatch(text)
        or written_date(text)
        or topics_in_line(text, topics)
    )


def _tells_of_change(texts: list[str], index: int) -> bool:
    """Whether the line is of those that say when the page was last changed."""
    is_date = _is_change_line(texts, index) or (index > 0 and _is_change_line(texts, index - 1))
    return is_date and bool(_CHANGED.fullmatch(texts[index]) or written_date(texts[index]))


def _is_change_line(texts: list[str], index: int) -> bool:
    """Whether the date of the last change stands here, on this line or the next."""
    found = _CHANGED.fullmatch(texts[index])
    if found is None:
        return False
    following = texts[index + 1] if index + 1 < len(texts) else ""
    return written_date(found[1] or following) is not None


def topics_in_line(text: str, topics: Collection[str]) -> list[str]:
    """The topics that a line consists of; none if there is anything else on it."""
    rest, names = text.casefold(), []
    by_length = sorted(topics, key=len, reverse=True)
    while rest and len(text) <= _LONGEST_TOPIC_LINE:
        name = next((each for each in by_length if rest.startswith(each.casefold())), None)
        if name is None:
            return []
        names.append(name)
        rest = rest[len(name) :].lstrip(" ,;·|/•#")
    return names


def written_date(text: str) -> date | None:
    """The date that a line consists of, as "21 mars 2024" or 2024-03-21."""
    changed = _CHANGED.fullmatch(text.strip())
    text = (changed[1] if changed else text).strip().rstrip(".")
    try:
        if found := _ISO_DATE.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        found = _WRITTEN_DATE.fullmatch(text)
        if found and (month := _MONTH_NUMBERS.get(found[2].lower())):
            return date(int(found[3]), month, int(found[1]))
    except ValueError:
        pass
    return None
