"""Marks of papers that must not be spread, in all the ways in which they are shortened."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from pages.checks.models import PhraseKind

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Kind, Passage, Spot
from .phrase_finding import phrases_in
from .readability import sentence_begun_in

_LAW = r"(?:OSL|OSF|SekrL|sekretesslagen|(?:offentlighets-[ ]?och[ ])?sekretesslag(?:en)?(?:[ ]?\(\d{4}:\d+\))?)"
_PLACE = r"""(?:\d{1,2}[ ]?(?:kap\.?|k\.|:)[ ]?(?:\d{1,2}[ ]?[a-z]?[ ]?(?:(?:[-,]|och)[ ]?\d{1,2}[ ]?[a-z]?[ ]?){0,3}(?:§{1,2}|par(?:agraf(?:en)?)?\b\.?)?)?
    (?:[ ]?(?:första|andra|tredje|\d)[ ]?st(?:ycket|\.)?)?)"""
_TURNED = r"(?:\d{1,2}[ ]?[a-z]?[ ]?§{1,2}[ ]?\d{1,2}[ ]?kap\.?|kap\.?[ ]?\d{1,2}[ ]?§[ ]?\d{1,2})"
# The whole name of the law alone is what a heading says.
_REFERENCE = (
    rf"(?:(?:{_PLACE}|{_TURNED})(?:[ ]?(?:i[ ])?{_LAW})?|{_LAW}[ ,]{{0,2}}{_PLACE}|OS[LF]\b)"
)
_BY = r"(?:enligt|i[ ]enlighet[ ]med|enl\b\.?|e\.|jml\.?|jämlikt|jfr\.?|med[ ]stöd[ ]av|[:,(–-])"
_WORD = r"(?:sekretess(?:belag[dt]|klassad|markera[dt]|markering|skydda[dt])?|sekr\b\.?|(?:begränsat[ ]|kvalificerat[ ])?hemlig(?:t|stämplad)?|konfidentiell(?:t)?)"
_MARK = re.compile(
    rf"""(?:^|(?<=[.!?:;(\[–—/|,>”"-])|(?<=obs))[ ]*
    (?P<words>{_WORD}[ ]?(?:{_BY}[ ]?)?{_REFERENCE}|{_LAW}[ ]?,?[ ]?{_PLACE}(?=[ ]*(?:$|\n)))
    # Shortened, it is no running text.
    |(?P<short>{_WORD}[ ](?:enl\b\.?|jml\b\.?)[ ]?{_REFERENCE}|\bOSL[ ]\d{{1,2}}:\d{{1,2}}\b)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_SHORT = re.compile(r"(?<![\w/])(?:S/(?:KH|BH|H|K)|H/(?:KH|TS|R))(?![\w/])")
# What a paper says of itself, in whatever letters.
_CLASS = r"(?:(?:kvalificerat[ ]|begränsat[ ])?hemlig|konfidentiell)"
_STAMP = re.compile(
    rf"""(?:^|(?<=[.!?:;|]))[ ]*(?P<stamp>
        {_CLASS}(?:[ ]?/[ ]?(?:restricted|confidential|(?:top[ ])?secret)\b|[ ][–—-][ ](?:endast|får|ej|inte|only)\b)
        |säkerhetsskyddsklass(?:ad|at|ning)?[ ]?:[ ]?{_CLASS}\b
        |(?:exemplar|ex\.)(?:[ ]?nr\.?)?[ ]\d{{1,3}}[ ]?(?:av[ ]|\()\d{{1,3}}\)?(?=[.!]|\s*$))
    |\b(?P<placed>(?:(?:denna|detta|den[ ]här|det[ ]här|bifogade?)\b|(?:handlingen|dokumentet|bilagan|rapporten)[ ](?:är|har)\b)
        [^.!?\n]{{0,40}}\bsäkerhetsskyddsklass(?:en)?[ ]{_CLASS}\b)""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
# In running text the sentence goes on, and says what the law does.
_GOES_ON = re.compile(r"[ ,]+(?:[a-zåäöé]|[–-] )")
_TELLS = re.compile(
    r"\b(?:avser|bryts|finns|föreligger|får|gäller|har|hindrar|innebär|kan|omfattar|prövas|råder|ska|skyddar|är|syftar|upphör)\b"
)
_SAYS_OF_THIS_PAPER = re.compile(
    r"\b(?:denna|detta|handlingen|dokumentet|bilagan|avsnittet|uppgifterna nedan|(?:får|ska) (?:ej|inte|endast|bara))\b",
    re.IGNORECASE,
)


def law_marks_in(text: str) -> Iterator[tuple[str, int]]:
    """Each mark with the place where it begins; not what a sentence tells of the law."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    for match in _MARK.finditer(plain):
        after = re.split(r"[.!?](?:\s|$)|\n", plain[match.end() :], maxsplit=1)[0]
        goes_on = bool(_GOES_ON.match(after)) and bool(_TELLS.search(after))
        if not goes_on or _SAYS_OF_THIS_PAPER.search(after):
            found = "words" if match["words"] else "short"
            yield match[found], match.start(found)
    for match in _STAMP.finditer(plain):
        found = "stamp" if match["stamp"] else "placed"
        yield match[found], match.start(found)
    for match in _SHORT.finditer(plain):
        yield match[0], match.start()


_IN_A_LIST = re.compile(
    r",?\s*(?:,|och|eller|samt|and|or)?\s*(?:(?:nästa|sedan|därefter|next|then)\s+)?(?:(?:Nato|NATO|EU)\s+)?"
)
_FEWEST_LISTED = 3
_FEWEST_TOLD_OF = 2
_QUOTES = "”“\"'’‘»«"
# How a text speaks of the classes, and the words before a mark that it explains.
_SPEAKS_OF_CLASSES = re.compile(
    r"säkerhetsskyddsklass(?:er|erna|en)\b|(?:fyra|four|tre|olika) (?:\w+ )?(?:klasser|nivåer|grader|(?:security )?(?:class|level)\w*)"
    r"|(?:security|protective) (?:classes|classifications|markings)|klassificeringsnivåer|sekretessklasser",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"\b(?:stämplas|märks|betecknas|kallas|heter|skrivs|markeras|klassen|klasserna|säkerhetsskyddsklassen|beteckningen|markeringen"
    r"|termen|ordet|stämpeln|called|marked|class|term|word)(?: (?:med|som|är|as|ordet|stämpeln))?\W*$",
    re.IGNORECASE,
)
# A sentence that says what a mark means, or that papers may have it.
_TELLS_WHAT_IT_IS = re.compile(
    r"\b(?:motsvarar|motsvaras av|betyder|används|corresponds? to|means|is used)\b"
    r"|\b(?:kan|brukar|may|can) (?:vara|bli|be) (?:märk|stämpla|mark|stamp)",
    re.IGNORECASE,
)
_OF_THIS_PAPER = re.compile(
    r"\b(?:denna|detta|här|bifogade?|this|attached|enclosed) ?(?:\w+ )?(?:är|is|handling|dokument|bilaga|pm|rapport|document|annex|report|fil)"
    r"|\b\w+(?:en|et|na) (?:är|har|have|has|is) (?:\w+ )?(?:märk|stämpla|placera|klassa|klassifice)",
    re.IGNORECASE,
)
_NAMES = (
    "kvalificerat hemlig",
    "begränsat hemlig",
    "konfidentiell",
    "top secret",
    "restricted",
    "confidential",
)

Mark = tuple[Passage, str, int]


class SecrecyMarks(ContentCheck):
    name = "secrecy"
    title = _("Mark of secrecy")
    why = _("“%(words)s” usually stands on papers that must not be spread.")
    fix = _(
        "Check with the owner of the information."
        " Take the text out, or write why it may be published."
    )

    def find(self, content: Content) -> Iterator[Finding]:
        marks = [mark for mark in phrases_in(content, PhraseKind.SECRECY) if not _is_quoted(mark)]
        classes = _classes_told_of(content)
        scales = _scales_among(content, {words for _passage, words, _start in marks})
        found = [
            mark
            for mark in _not_listed(marks)
            if mark[0].spot not in scales and not _is_explained(mark, classes)
        ]
        for passage in content.passages:
            if passage.kind is not Kind.ADDRESS:
                known = [mark[2] for mark in found if mark[0] is passage]
                laws = law_marks_in(passage.words)
                named = ((passage, words, at) for words, at in laws if at not in known)
                found += [mark for mark in named if not _is_quoted(mark)]
        for passage, words, _start in found:
            yield self.finding(passage.spot, words=words)


def _is_quoted(mark: Mark) -> bool:
    """Whether the text speaks of the mark: it stands alone between quotation marks."""
    passage, words, start = mark
    before, after = passage.words[:start][-1:], passage.words[start + len(words) :][:1]
    return bool(before and after) and before in _QUOTES and after in _QUOTES


def _classes_told_of(content: Content) -> int:
    """How many classes the text names, if it says that it tells of them."""
    text = "\n".join(passage.words for passage in content.passages)
    if not _SPEAKS_OF_CLASSES.search(text):
        return 0
    return max(1, sum(name in text.casefold() for name in _NAMES))


def _is_explained(mark: Mark, classes: int) -> bool:
    """Whether it is a class that the text tells of, and no stamp on the text itself."""
    passage, words, start = mark
    before, after = passage.words[:start], passage.words[start + len(words) :]
    sentence = sentence_begun_in(before)
    if _OF_THIS_PAPER.search(sentence):
        return False
    if sentence.strip() and _TELLS_WHAT_IT_IS.search(f"{sentence}{after.partition('.')[0]}"):
        return True
    if not classes:
        return False
    if classes < _FEWEST_TOLD_OF:
        return bool(_EXPLAINS.search(before))
    is_alone = not sentence.strip() and bool(re.match(r"\s*(?:[.!]|\n|$)", after))
    return not is_alone


def _scales_among(content: Content, marks: set[str]) -> set[Spot]:
    """The tables of which each row tells of another class: it stands first in the row."""
    firsts = {table.spot: [row[0] for row in table.rows[1:] if row] for table in content.tables}
    return {
        spot
        for spot, first in firsts.items()
        if len(first) >= _FEWEST_TOLD_OF and len({*first}) == len(first) and marks.issuperset(first)
    }


def _not_listed(marks: list[Mark]) -> Iterator[Mark]:
    """Those that are not told of as the steps of a scale, three or more after each other."""
    run: list[Mark] = []
    for mark in marks:
        if run and not _goes_on(run[-1], mark):
            yield from _unless_a_list(run)
            run = []
        run.append(mark)
    yield from _unless_a_list(run)


def _goes_on(last: Mark, mark: Mark) -> bool:
    passage, words, start = last
    between = mark[0].words[start + len(words) : mark[2]]
    return passage is mark[0] and bool(between) and bool(_IN_A_LIST.fullmatch(between))


def _unless_a_list(run: list[Mark]) -> Iterator[Mark]:
    if len(run) < _FEWEST_LISTED:
        yield from run
