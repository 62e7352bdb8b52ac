"""Words that somebody meant to replace before readers see them."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext

from pages.models import PhraseKind

from .content import Content
from .findings import ContentCheck, Finding
from .met import Kind, Passage
from .phrase_finding import phrases_in

_UNFINISHED = re.compile(
    r"""
    (?P<todo>(?<![\w])to[ -]?do\s*:|(?<![\w])(?:TO[ -]?DO|T\.O\.D\.O)(?![\w]))
    |(?P<filler>(?<![\w/=-])[xX]{3,}(?![\w]))
    |(?P<pair>(?<![\w-])[xX]{2}[.:/-][xX]{2,}(?![\w])|(?<![\w-])xx(?![\w-])
        |(?<![\w-])(?:den|kl\.?|klockan|cirka|ca|tel\.?|dnr)\s[xX]{2}(?![\w-]))
    |(?P<capitals>(?<![\w])(?:FIXME|TBD|TBA|FYLLS?\ I|KOMPLETTERAS|ATT\ GÖRA|SKRIV\ HÄR)(?![\w])
        |(?<![\w])(?:FIXA|KOLLA|ÄNDRA)(?=\s*[:!]))
    |(?<![\w])(?:19|20)xx(?![\w])|(?<![\w-])x\s+(?:procent|%|kr(?:onor)?|st|personer|ärenden|miljoner)(?![\w])
    |(?<![\w])lor[eu]m\s+ips[iu]m(?:[\s,]+\w+){0,12}|(?<![\w])(?:dolor\s+sit\s+amet|consectetur\s+adipi\w*)
    |\[\s*(?:fyll|skriv|ange|infoga|l[äa]gg|komplettera|byt|uppdatera|kontrollera|kolla|fixa|se\ över
        |namn|förnamn|efternamn|titel|datum|tid|plats|ort|adress|länk|bild|bildtext|foto|text|rubrik
        |ingress|citat|källa|siffra|antal|belopp|telefon|e-post|webbadress|att\ göra|kommer|saknas
        |todo|to\ do|tbd|tbc|insert|fill\ in|add|name|date|link|image|xx?x?)(?![\w])[^\][]{0,80}\]
    |\[\s*(?:_{2,}|\.{4,}|x+|\?+)\s*\]
    |\(\s*(?:fyll\ i|fylls\ i|text\ kommer|bild\ kommer|länk\ kommer|mer\ text|komplettera|kolla|todo|\?{2,})\s*\)
    |<\s*(?:fyll\ i|skriv|ange|infoga|namn|datum|länk|text)(?![\w])[^<>]{0,60}>
    |\{\{[^{}\n]{0,60}\}\}|\{\{|\}\}
    |\?{3,}
    |_{4,}|\#{3,}|…{2,}|\.{5,}
    |(?<![\w])(?:bla[ -]?){2,}(?![\w])|(?<![\w])(?:text[ ,.]+){2,}text(?![\w])
    |(?<![\w])(?:text|bild|länk|citat|ingress|rubrik)\s+(?:kommer\s+(?:här|senare|sen)|här)(?=\s*(?:[.!\n]|$))
    |(?<![\w])(?:skriv|lägg\ in|klistra\ in|fyll\ på)\s+(?:din\s+|en\s+)?(?:text|rubrik|ingress|brödtext|bildtext)\s+här
    |(?<![\w])(?:här\ kommer\ (?:mer\ )?text|(?:dummy|blind|platshållar|exempel)text(?=\s*(?:[.!:\n]|$)))
    |klicka\s+(?:eller\s+tryck\s+)?här\s+(?:om\s+du\s+vill|för\s+att)\s+(?:ange|skriva)\s+text
    |click\s+(?:or\s+tap\s+)?here\s+to\s+enter\s+text
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALONE = frozenset(
    {"todo", "to do", "tbd", "tk", "xx", "rubrik", "ingress", "brödtext", "mellanrubrik", "bildtext", "lorem",
     "rubrik här", "text här", "skriv här", "fyll i", "asdf", "namnlös", "ny sida", "platshållare",
     "placeholder", "test test", "testtext", "untitled"}
)  # fmt: skip
# What stands beside "TODO" where it is Spanish or Portuguese for "all".
_SPANISH = frozenset(
    {"a", "al", "bien", "con", "de", "del", "el", "en", "es", "está", "esto", "la", "las", "lo",
     "los", "mi", "mundo", "más", "no", "o", "para", "pero", "por", "que", "se", "son", "sobre",
     "su", "tipo", "un", "una", "va", "y"}
)  # fmt: skip
_ROMAN = re.compile(r"(?<![\w])(?=[IVXLC]{2,}(?![\w]))X{0,4}(?:IX|IV|V?I{0,3})(?![\w])")
_NUMBERED = re.compile(
    r"(?:artikel|art\.?|kapitel|kap\.?|avdelning|bilaga|avsnitt|volym|band|del|titel|akt|bok|psalm"
    r"|protokoll|sonett|super\s+bowl|article|chapter|annex|volume|book|title|section|part|olympiad\w*)"
    r"\s+$",
    re.IGNORECASE,
)
# "ÅÅMMDD-XXXX" tells how a number is written.
_FORM_OF_A_NUMBER = re.compile(r"(?:d{2}|n{2,}|å{2}|y{2}|m{2}|x{2,}|\d)[-+ ]?$", re.IGNORECASE)
_EXPLAINED = re.compile(r"(?:åå|yy)?(?:åå|yy)mmdd", re.IGNORECASE)


class PlaceholderText(ContentCheck):
    name = "placeholder"

    def find(self, content: Content) -> Iterator[Finding]:
        known = ((each, words) for each in content.passages for words in unfinished_in(each))
        kept = ((each, words) for each, words, _at in phrases_in(content, PhraseKind.PLACEHOLDER))
        for passage, words in (*known, *kept):
            yield self.finding(
                passage.spot,
                title=gettext("Text that is not finished"),
                why=gettext("“%(words)s” looks like something you meant to replace.")
                % {"words": words},
                fix=gettext("Finish writing, or take the words out."),
                words=words,
            )


def unfinished_in(passage: Passage) -> Iterator[str]:
    """The words of the passage that are no text yet."""
    if passage.kind is Kind.ADDRESS:
        return
    if (whole := " ".join(passage.words.split())).strip(" .:!…-").casefold() in _ALONE:
        yield whole
        return
    is_explained = None
    for match in _UNFINISHED.finditer(passage.words):
        if is_explained is None:  # once: the time is to grow with the text alone
            is_explained = bool(_EXPLAINED.search(passage.words))
        if not _is_text(match, is_explained):
            yield " ".join(match[0].split())


def _is_text(match: re.Match[str], is_explained: bool) -> bool:
    """Whether it only looks like a placeholder."""
    words = match[0]
    if words.endswith(":"):
        return False
    # Small letters are words of a language.
    if match["capitals"] or match["todo"]:
        return words != words.upper() or (bool(match["todo"]) and _is_spanish(match))
    if match["filler"]:
        return _is_roman(match) or (is_explained and _is_form(match))
    if match["pair"]:
        return (is_explained and _is_form(match)) or (words.isupper() and len(words) == 2)
    return False


def _is_spanish(match: re.Match[str]) -> bool:
    following = re.match(r"[\s,]+(\w+)", match.string[match.end() :])
    return following is not None and following[1].casefold() in _SPANISH


def _is_roman(match: re.Match[str]) -> bool:
    """Thirty: after what is numbered so, or beside other such numbers."""
    if match[0] != "XXX":
        return False
    before, after = match.string[: match.start()], match.string[match.end() :]
    others: Iterable[str] = (
        each[0] for each in _ROMAN.finditer(f"{before[-200:]} | {after[:200]}")
    )
    return bool(_NUMBERED.search(before[-30:])) or any(other != "XXX" for other in others)


def _is_form(match: re.Match[str]) -> bool:
    """Whether it says how something is written, such as ÅÅMMDD-XXXX, where ÅÅMMDD stands."""
    before = match.string[max(0, match.start() - 12) : match.start()]
    return bool(_FORM_OF_A_NUMBER.search(before))
