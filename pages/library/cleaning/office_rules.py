"""What no reader of an Office file sees, and where it stands: rules for elements, by what they find."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from .found import HiddenThing, Whereabouts, some_words
from .xml_parts import path_of, short_name


class _Rule(NamedTuple):
    """Elements of these names that hide something, if the path is true of them."""

    what: str
    names: str
    path: str = "true()"


class _Look(NamedTuple):
    """A look that hides: what a style has that gives it, and elements that have it by naming the style."""

    what: str
    given_by: str
    names: str
    path: str = "true()"


def _is_on(attribute: str) -> str:
    return f"({attribute}='1' or {attribute}='true' or {attribute}='on')"


_VANISHES = "vanish[not(@val='0' or @val='false' or @val='off')]"
_TINY = "rPr/sz[@val < 4]"  # in half points
_GROUND = (
    "shd[not(re:test(@fill, '^(auto|(F[3-9A-F]){3})?$', 'i')) or @themeFill != 'background1'"
    " or (@val != 'clear' and @val != 'nil')]"
)
_WHITE = (
    "rPr[color[re:test(@val, '^(F[3-9A-F]){3}$', 'i') or @themeColor='background1' and not(@themeShade)]"
    f" or textFill/noFill][not(../*/{_GROUND})]"
)
# White words may stand on a fill, in a box or in a table, whose style has looks that we do not compute.
_WITHOUT_GROUND = (
    "not(/document/background)"
    f" and not(ancestor-or-self::*[self::txbxContent or */{_GROUND} or */highlight[@val != 'white']"
    " or tblPr/tblStyle])"
)
_IN_PLACES = "' dt ftr hdr sldImg sldNum '"
# A field writes the address of a folder with two strokes.
_OURS = r"re:test(., 'file:|\\\\|\b[a-z]:/(?!/)', 'i')"
_SHOWS_NOTHING = r"""re:test(@formatCode, '^(;|\s|""|[_*].)+$')"""

_OOXML = [
    _Rule("comments", "comment cm threadedComment commentEx commentReference commentRangeStart"),
    _Rule("external_link", "mailMerge"),
    _Rule("hidden_object", "cNvPr docPr", _is_on("@hidden")),
    _Rule(
        "hidden_object",
        "group line oval rect roundrect shape",
        r"re:test(@style, '(visibility\s*:\s*hidden|display\s*:\s*none)', 'i')"
        # The box of a comment in Excel is hidden; its words stand elsewhere.
        " and (not(ClientData/@ObjectType='Note') or textbox[normalize-space()])",
    ),
    _Rule("local_link", "instrText", _OURS),
    _Rule("local_link", "fldSimple", f"@instr[{_OURS}]"),
]
_RULES = {
    ".docx": [
        *_OOXML,
        _Rule(
            "tracked_changes",
            "cellDel cellIns cellMerge customXmlDelRangeStart customXmlInsRangeStart del delInstrText delText"
            " ins moveFrom moveFromRangeStart moveTo moveToRangeStart numberingChange pPrChange rPrChange"
            " sectPrChange tblGridChange tblPrChange tblPrExChange tcPrChange trPrChange",
        ),
        _Rule("hidden_text", "r", f"rPr/{_VANISHES} and *[not(self::rPr)]"),
        _Rule(
            "hidden_row", "hidden", "parent::trPr and not(@val='0' or @val='false' or @val='off')"
        ),
        _Rule("hidden_text", "rPrDefault lvl", f".//{_VANISHES}"),
        _Rule("tiny_text", "r", f"{_TINY} and t"),
        _Rule("white_text", "r", f"{_WHITE} and t[normalize-space()] and {_WITHOUT_GROUND}"),
    ],
    ".xlsx": [
        *_OOXML,
        _Rule("very_hidden_sheet", "sheet", "@state = 'veryHidden'"),
        _Rule("hidden_sheet", "sheet", "@state != 'visible' and @state != 'veryHidden'"),
        _Rule("hidden_row", "row", f"({_is_on('@hidden')} or @ht < 1) and c/*"),
        _Rule("hidden_row", "sheetFormatPr", _is_on("@zeroHeight")),
        _Rule("hidden_column", "col", f"{_is_on('@hidden')} or @width < 0.1"),
        _Rule("hidden_text", "dxf", f"numFmt[{_SHOWS_NOTHING}]"),
        # Excel hides names of its own, which name cells.
        _Rule(
            "unknown_part",
            "definedName",
            f"{_is_on('@hidden')} and (not(starts-with(@name, '_xl')) or contains(., '\"'))",
        ),
    ],
    ".pptx": [
        *_OOXML,
        _Rule("hidden_slide", "sld", "@show='0' or @show='false'"),
        _Rule(
            "speaker_notes",
            "sp",
            "ancestor::notes and .//t[normalize-space()]"
            f" and not(.//ph[contains({_IN_PLACES}, concat(' ', @type, ' '))])",
        ),
        _Rule(
            "text_beside",
            "graphicFrame grpSp pic sp",
            # The shapes of a group that was moved have measures of their own.
            "ancestor::spTree and ancestor::sld and not(ancestor::grpSp/grpSpPr/xfrm[chOff/@x != off/@x"
            " or chOff/@y != off/@y or chExt/@cx != ext/@cx or chExt/@cy != ext/@cy])"
            " and (. | spPr | grpSpPr)/xfrm[off][not(off/@x + ext/@cx >= 0"
            " and off/@y + ext/@cy >= 0 and off/@x <= $width and off/@y <= $height)]",
        ),
    ],
}
_IN_WORD = "pStyle rStyle tblStyle"
_CELL = "v or f or is"
_LOOKS = {
    ".docx": [
        _Look("hidden_text", f".//{_VANISHES}", _IN_WORD),
        _Look("tiny_text", _TINY, _IN_WORD),
        _Look("white_text", _WHITE, _IN_WORD, _WITHOUT_GROUND),
    ],
    ".xlsx": [
        _Look("hidden_text", "", "c", _CELL),
        _Look("white_text", "", "c", f"({_CELL}) and not(//tablePart)"),
    ],
    ".pptx": [],
}
_STYLES = path_of("//style | //cellXfs/xf")
_STYLE_NAME = path_of("string(@styleId)")
_IS_DEFAULT = path_of(f"boolean({_is_on('@default')})")
_BASED_ON = path_of("string(basedOn/@val)")
_GIVEN = path_of("@val | self::c/@s")
_FIRST = ("0",)  # the look of cells that name none
# Of a workbook: formats that show nothing, white fonts, and fills that give no ground.
_EMPTY_FORMATS = path_of(f"//numFmt[{_SHOWS_NOTHING}]/@numFmtId")
_WHITE_RGB = "re:test(@rgb, '^(FF|00)FFFFFF$', 'i')"
_FONTS, _FILLS = path_of("//fonts/font"), path_of("//fills/fill")
_IS_WHITE = path_of(f"boolean(color[(@theme='0' and not(@tint < -0.05)) or {_WHITE_RGB}])")
_IS_BARE = path_of(
    f"boolean(patternFill[not(@patternType) or @patternType='none' or fgColor[{_WHITE_RGB}]])"
)

_WORDS = path_of(".//t | .//delText | .//text")
_HOLDERS = path_of("ancestor-or-self::*[self::p or self::sp]")


def faults_in(
    kind: str, parts: Mapping[str, etree._Element], places: Mapping[str, Whereabouts], **size: float
) -> Iterator[HiddenThing]:
    """What no reader sees in the parts of a file. `places`: the sheet or slide that a part belongs to."""
    looks = _looks_in(kind, parts.values())
    yield from ((look.what, []) for look, names in looks.items() if "" in names)
    asked = [(each, path_of(f"boolean({each.path})")) for each in (*_RULES[kind], *looks)]
    wanted = {name for each, _path in asked for name in each.names.split()}
    for part, tree in parts.items():
        found = _by_name(tree, wanted)
        for each, path in asked:
            for element in (element for name in each.names.split() for element in found[name]):
                is_so = each not in looks or looks[each].intersection(_GIVEN(element) or _FIRST)
                if is_so and path(element, **size):
                    yield each.what, [*places.get(part, ()), *_place_of(element)]


def _looks_in(kind: str, parts: Collection[etree._Element]) -> dict[_Rule | _Look, set[str]]:
    """The looks that hide and that some style gives, with the names of those styles."""
    found = {look: set(_hiding(kind, look, parts)) for look in _LOOKS[kind]}
    return {look: names for look, names in found.items() if names}


def _by_name(tree: etree._Element, wanted: Container[str]) -> dict[str, list[etree._Element]]:
    found = defaultdict(list)
    for element in tree.iter("*"):
        if (name := short_name(element)) in wanted:
            found[name].append(element)
    return found


def _hiding(kind: str, look: _Look, parts: Iterable[etree._Element]) -> Iterator[str]:
    """The names of the styles that give the look; an empty one if all that has no style has it."""
    if kind == ".xlsx":
        for tree in parts:
            if short_name(tree) == "styleSheet":
                yield from _hiding_cells(tree, look.what)
        return
    given_by = path_of(f"boolean({look.given_by})")
    # Two parts of a file may have styles of the same name.
    styles = [(_STYLE_NAME(style), style) for tree in parts for style in _STYLES(tree)]
    hiding = {name for name, style in styles if given_by(style)} - {""}
    while heirs := {name for name, style in styles if _BASED_ON(style) in hiding} - hiding - {""}:
        hiding |= heirs
    yield from hiding
    if any(name in hiding and _IS_DEFAULT(style) for name, style in styles):
        yield ""


def _hiding_cells(styles: etree._Element, what: str) -> Iterator[str]:
    """The numbers of the looks that a workbook lists for its cells."""
    formats = _EMPTY_FORMATS(styles)
    white = {str(at) for at, font in enumerate(_FONTS(styles)) if _IS_WHITE(font)}
    bare = {str(at) for at, fill in enumerate(_FILLS(styles)) if _IS_BARE(fill)}
    for at, look in enumerate(_STYLES(styles)):
        is_white = look.get("fontId", "0") in white and look.get("fillId", "0") in bare
        if is_white if what == "white_text" else look.get("numFmtId") in formats:
            yield str(at)


def _place_of(element: etree._Element) -> Whereabouts:
    """Where one finds it in its part: a cell, a row, or the words around it."""
    name, said = short_name(element), element.get
    if name in ("definedName", "sheet"):
        return [("named", said("name", ""))]
    if name == "row":
        return [("row", said("r", "?"))]
    if name == "col":
        return [("column", _letters(int(said("min", "1"))))]
    if cell := said("ref") or (name == "c" and said("r")):
        return [("cell", cell)]
    holder = next(reversed(_HOLDERS(element)), element)
    texts = [each.text or "" for each in _WORDS(holder)] or list(holder.itertext())
    words = some_words("".join(texts))
    return [("words", words)] if words else []


def _letters(number: int) -> str:
    """The name of a column: 28 is AB."""
    above, at = divmod(number - 1, 26)
    return (_letters(above) if above else "") + chr(65 + at)
