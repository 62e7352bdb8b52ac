"""Numbers of cases in the agency's register."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.checks.models import PhraseKind

from .checked_content import Content
from .findings import ContentCheck, Finding
from .phrase_finding import phrases_in
from .readability import sentence_begun_in

_TWO_NUMBERS = re.compile(r"(?P<first>(?:19|20)\d\d)\D(?P<second>\d+)")
_OTHER_REGISTERS = ("CVE-", "EUVD-")
# Who else has a register, and numbers that only another's has: its year stands last, or letters before.
_OTHERS = re.compile(
    r"\b(?:JO|JK|IMY|SIN|Siun|DO|PTS|MSB|MCF|FRA|FOI|FMV|Must|Chancellor of Justice|(?i:regering(?:en|ens))"
    r"|(?:[A-ZÅÄÖ]\w+(?:kansler|myndighet|revision|inspektion|departement|kansli|makt|nämnd|verk|kontor|arkiv|kassa|vård)"
    r"|(?i:\w*(?:ombudsm[aäe]n|domstol|styrelse|(?:tings|hov|kammar|förvaltnings)rätt)))(?:n?en|et|n)?s?"
    r"|Säkerhets- och integritetsskyddsnämnd\w*|Myndigheten för \w+)\b"
)
_AT_OTHERS = re.compile(rf"[\s,(]*(?:hos|vid) {_OTHERS.pattern}")
_OURS = re.compile(
    r"\b(?:vår[ta]?|våra|oss|our|SÄPO|SÄK|Säpos?)\b|\bSäkerhetspolisens (?=\S*(?:\s\S*)?$)",
    re.IGNORECASE,
)
_YEAR_LAST = re.compile(r"\d{1,6}[-/:](?:(?:19|20)\d\d|\d\d-\d)")
_LETTERS_FIRST = re.compile(
    r"(?!SÄ|Sä|A\d|K\d)(?:[A-ZÅÄÖ][A-Za-zÅÄÖåäö]{1,4}[ -]?|\d\.\d(?:\.\d)?-)\d", re.ASCII
)
_NUMBER = re.compile(r"\S*\d\S*$")
_PUBLIC = re.compile(
    r"\b(?:beslut|yttrande|rapport|skrivelse|ställningstagande|dom(?:en)?\b|ämbetsberättelse|uttal|kriti|granskning|tillsyn|föreskrift|decision|report|opinion"
    r"|remiss|promemoria|vägledning|konstatera|publicera|redovisa|ansåg|anser|skriver|skrev)",
    re.IGNORECASE,
)
# The latest year, or hour, that stands after the first one in a range.
_LATEST = 2_400


class CaseNumbers(ContentCheck):
    name = "case_number"
    title = _("Case number")
    why = _("“%(words)s” looks like the number of a case.")
    fix = _("Take it out, or write why it is to stand here.")

    def find(self, content: Content) -> Iterator[Finding]:
        for passage, words, start in phrases_in(content, PhraseKind.CASE_NUMBER):
            if (
                _is_range(words)
                or _is_of_another_kind(passage.words, start)
                or is_of_others(passage.words, start, words)
            ):
                continue
            yield self.finding(passage.spot, words=words)


def _is_range(words: str) -> bool:
    """Whether two years, two hours or two round numbers are written like a case number."""
    match = _TWO_NUMBERS.fullmatch(words)
    if match is None:
        return False
    first, second = int(match["first"]), int(match["second"])
    is_later = len(match["second"]) == 4 and first <= second <= _LATEST
    return is_later or (first % 100 == 0 and second % 100 == 0)


def _is_of_another_kind(text: str, start: int) -> bool:
    """Whether it is the number of a weakness in software, or stands in an address written out."""
    before = text[:start].rsplit(None, 1)
    is_inside = bool(before) and not text[start - 1 : start].isspace()
    return is_inside and ("://" in before[-1] or before[-1].endswith(_OTHER_REGISTERS))


def is_of_others(text: str, start: int, words: str) -> bool:
    """Whether it is a public number of another authority, which the sentence names."""
    before = sentence_begun_in(text[:start])
    sentence = before + re.split(r"[.!?]\s|\n", text[start + len(words) :])[0]
    if not _OTHERS.search(sentence) or _OURS.search(before):
        return False
    number = _NUMBER.search(words)
    written = f"{_joined_before(before)}{number[0] if number else words}"
    is_theirs = bool(_YEAR_LAST.search(written) or _LETTERS_FIRST.match(written))
    is_public = bool(_PUBLIC.search(sentence))
    if is_public and _AT_OTHERS.match(text, start + len(words)):
        return True
    if not _OTHERS.search(before):
        return is_theirs and is_public
    return is_theirs or (is_public and "säkerhetspolisen" not in before.casefold())


def _joined_before(before: str) -> str:
    """The letters that stand right before a number, such as IMY-."""
    return "" if before[-1:].isspace() else before.rsplit(None, 1)[-1] if before else ""
