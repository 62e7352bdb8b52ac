"""Marks of secrecy that name the law or the class of the paper, in all the ways in which they are shortened."""

import re
from collections.abc import Iterator

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
    |(?P<short>{_WORD}[ ](?:enl\b\.?|jml\b\.?)[ ]?{_REFERENCE})""",
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)
_SHORT = re.compile(r"(?<![\w/])(?:S/(?:KH|BH|H|K)|H/(?:KH|TS|R))(?![\w/])")
# What a paper says of itself, in whatever letters.
_CLASS = r"(?:(?:kvalificerat[ ]|begränsat[ ])?hemlig|konfidentiell)"
_STAMP = re.compile(
    rf"""(?:^|(?<=[.!?:;|]))[ ]*(?P<stamp>
        {_CLASS}(?:[ ]?/[ ]?(?:restricted|confidential|(?:top[ ])?secret)\b|[ ][–—-][ ](?:endast|får|ej|inte|only)\b)
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
_OF_THIS_PAPER = re.compile(
    r"\b(?:denna|detta|handlingen|dokumentet|bilagan|avsnittet|uppgifterna nedan|får (?:ej|inte|endast|bara))\b",
    re.IGNORECASE,
)


def law_marks_in(text: str) -> Iterator[tuple[str, int]]:
    """Each mark with the place where it begins; not what a sentence tells of the law."""
    plain = text.replace("\u00a0", " ").replace("\u202f", " ")
    for match in _MARK.finditer(plain):
        after = re.split(r"[.!?](?:\s|$)|\n", plain[match.end() :], maxsplit=1)[0]
        goes_on = bool(_GOES_ON.match(after)) and bool(_TELLS.search(after))
        if not goes_on or _OF_THIS_PAPER.search(after):
            found = "words" if match["words"] else "short"
            yield match[found], match.start(found)
    for match in _STAMP.finditer(plain):
        found = "stamp" if match["stamp"] else "placed"
        yield match[found], match.start(found)
    for match in _SHORT.finditer(plain):
        yield match[0], match.start()
