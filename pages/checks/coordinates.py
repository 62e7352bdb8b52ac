"""Places told so exactly that they may be what has to be protected."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from .checked_content import Content
from .findings import ContentCheck, Finding
from .met import Kind
from .plain_signs import plainly

_STROKES = str.maketrans(
    {**dict.fromkeys("′’‘´`ʹ", "'"), **dict.fromkeys("″”“ʺ", '"'), **dict.fromkeys("º˚", "°")}
)
_NS = r"""(?:(?<![^\W\d])[NS]\b|(?<![^\W\d])[NS](?=[ ]?\d)|\b(?i:nord(?:lig)?(?:[ ](?:bredd|latitud))?|norr|north|south)\b
    |(?i:lat)(?i:itude?n?|\.)?(?![^\W\d])|!3d)"""
_EW = r"""(?:(?<![^\W\d])[EWVOÖ]\b|(?<![^\W\d])[EWVOÖ](?=[ ]?\d)|\b(?i:[öo]st(?:lig)?(?:[ ](?:längd|longitud))?|väst(?:lig)?|east|west)\b
    |(?i:lo?n)(?i:g|gitude?n?|g\.|\.)?(?![^\W\d])|!4d)"""
_DECIMAL = r"-?\d{1,3}[.,]\d{2,}(?:[ ]?(?:°|(?i:grader)\b))?"
_MINUTES = r"""\d{1,3}[ ]{0,2}(?:°|(?i:grader|gr|deg(?:rees)?)\b)[ ,]{0,2}(?:och[ ])?
    \d{1,2}(?:[.,]\d+)?(?!\d)(?:[ ]{0,2}(?:'{1,2}|"|(?i:minuter|min(?:utes)?)\b))?"""
_WITHOUT_SIGNS = r"\d{1,3}[ -]?\d{2}(?:[ .,-]?\d{2}(?:[.,]\d+)?|[.,]\d+)"
_NORTH = r"(?:6[1-9]|7[0-7])[ ]?\d{2}[ ]?\d[ ]?\d{2}|(?:6[ .][1-9]|7[ .][0-7])\d{2}[ .]\d{3}"
_EAST = r"1[ .]?[2-8]\d{2}[ .]?\d{3}|[1-9]\d{1,2}[ .]?\d{3}"
# Between the two numbers of a place.
_SEP, _GRID_SEP = (
    r"[\s,;:/|&=()+'\"-]{0,6}(?:och|and|x)?[\s,;:/|&=()+'\"-]{0,6}",
    r"[\s,;:/|=()m-]{1,6}(?:(?:och|and|samt)[ ])?",
)
# A letter or a word at each of two numbers of a grid.
_ON_NORTH = r"\b(?i:x|n|nord|nordlig[ ]koordinat|norr|north|northing|x-?koordinat(?:en)?)[ :=]{0,3}"
_ON_EAST = r"\b(?i:y|e|ö|öst|östlig[ ]koordinat|ost|east|easting|y-?koordinat(?:en)?)[ :=]{0,3}"
_A_PLACE = re.compile(
    rf"""
      {_MINUTES}[^\d\n]{{0,40}}\s?(?:\d{{1,2}}(?:[.,]\d+)?[^\d]{{1,40}})?{_MINUTES}
    | (?:(?:{_NS}[\s:=]{{0,3}})?{_NS}[\s:='\"]{{0,3}}{_DECIMAL}°?|{_DECIMAL}[ ]?°?[ ]?{_NS}){_SEP}
      (?:(?:{_EW}[\s:=]{{0,3}})?{_EW}[\s:='\"]{{0,3}}{_DECIMAL}|{_DECIMAL}[ ]?°?[ ]?{_EW})
    | (?:(?:{_EW}[\s:=]{{0,3}})?{_EW}[\s:='\"]{{0,3}}{_DECIMAL}°?|{_DECIMAL}[ ]?°?[ ]?{_EW}){_SEP}
      (?:(?:{_NS}[\s:=]{{0,3}})?{_NS}[\s:='\"]{{0,3}}{_DECIMAL}|{_DECIMAL}[ ]?°?[ ]?{_NS})
    | (?<![\d.,]){_DECIMAL}[ ]?°\s?[,;/|]?\s?{_DECIMAL}[ ]?°
    | \b[NS][ ]?{_WITHOUT_SIGNS}\W{{0,5}}[EWVOÖ][ ]?{_WITHOUT_SIGNS}
    | (?<!\d){_WITHOUT_SIGNS}[ ]?[NS]\W{{0,5}}{_WITHOUT_SIGNS}[ ]?[EWVOÖ]\b
    | \b3[2-5][ ]?[VW][ ]?[A-HJ-NP-Z]{{2}}[ ]?\d{{2,5}}[ ]?\d{{2,5}}(?!\d)
    """,
    re.VERBOSE,
)
_TWO_DECIMALS = re.compile(
    r"(?<![\d.,])(?P<a>-?\d{1,3}[.,]\d{3,})(?P<between>[ ]?[,;/|][ ]?\+?|[ \n])(?P<b>-?\d{1,3}[.,]\d{3,})(?![\d%])"
)
_GRID = re.compile(
    rf"""(?<![\d.,])(?:
      (?P<mark>{_ON_NORTH})?(?P<north>{_NORTH})(?:[.,]\d+)?[ ]?(?:[mN]\b)?{_GRID_SEP}
      (?P<second>{_ON_EAST})?(?P<east>{_EAST})(?:[.,]\d+)?
    | (?P<mark2>{_ON_EAST})?(?P<east2>{_EAST})(?:[.,]\d+)?[ ]?(?:[mE]\b)?{_GRID_SEP}
      (?P<second2>{_ON_NORTH})?(?P<north2>{_NORTH})(?:[.,]\d+)?
    )(?![\d])(?![ ]?(?:kr|procent|%|mkr|euro))""",
    re.VERBOSE,
)
_SPOKEN_OF = re.compile(
    r"ko+rdinat|coordinat|position|\bgps\b|sweref|\brt[ -]?90|\bgrid|\bwgs|\blat|\blon|rikets n",
    re.IGNORECASE,
)
_BEFORE = 80


class Coordinates(ContentCheck):
    name = "coordinates"
    title = _("Coordinates")
    why = _("“%(words)s” shows exactly where something lies.")
    fix = _("Take it out, or write why everybody may know the place.")

    def find(self, content: Content) -> Iterator[Finding]:
        told = [
            (each.spot, unquote(each.words) if each.kind is Kind.ADDRESS else each.words)
            for each in content.passages
        ]
        # A place may be told in two cells of a row.
        told += [(table.spot, " | ".join(row)) for table in content.tables for row in table.rows]
        for spot, text in told:
            for words in places_in(text):
                yield self.finding(spot, words=words)


def places_in(text: str) -> Iterator[str]:
    """Each place as it is written: degrees, decimal degrees, RT 90, SWEREF 99 or MGRS."""
    if sum(character.isdigit() for character in text) < 6:
        return
    plain = plainly(text).translate(_STROKES)
    found = [match.span() for match in _A_PLACE.finditer(plain)]
    found += [match.span() for match in _TWO_DECIMALS.finditer(plain) if _is_a_place(match)]
    found += [match.span() for match in _GRID.finditer(plain) if _is_in_a_grid(match)]
    end = -1
    for start, stop in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield " ".join(plain[start:stop].split())
            end = stop


def _is_a_place(match: re.Match[str]) -> bool:
    """Whether two decimal numbers are degrees, and not amounts or shares."""
    first, second = (match[name].replace(",", ".") for name in "ab")
    if abs(float(first)) > 180 or abs(float(second)) > 180:
        return False
    if _is_spoken_of(match):
        return True
    fewest = min(len(each.partition(".")[2]) for each in (first, second))
    low, high = sorted((float(first), float(second)))
    return fewest >= 5 or (fewest >= 4 and 4 < low < 32 and 54 < high < 72)


def _is_in_a_grid(match: re.Match[str]) -> bool:
    """Whether two whole numbers are metres: with their letters, spoken of, or written without spaces."""
    north, east = match["north"] or match["north2"], match["east"] or match["east2"]
    marked = (match["mark"] or match["mark2"]) and (match["second"] or match["second2"])
    is_whole = north.isdigit() and east.isdigit() and len(east) >= 6
    return bool(marked) or is_whole or _is_spoken_of(match)


def _is_spoken_of(match: re.Match[str]) -> bool:
    return bool(_SPOKEN_OF.search(match.string[max(0, match.start() - _BEFORE) : match.end()]))
