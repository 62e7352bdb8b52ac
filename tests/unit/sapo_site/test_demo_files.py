"""What the demo offers for download: it holds no hidden data, and those who hear it hear all of it.

No program that judges PDF/UA as a whole can be installed here (veraPDF is in none of the registries
that we use): these are the rules that a machine can judge and that our files can break.
"""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from bs4 import BeautifulSoup
from django.core.files import File

from pages.library.cleaning.cleaned_files import cleaned
from tests.demo_files import FILES, SOURCES
from tests.tables import every_row

NAMES = [row["name"] for row in tomllib.loads((FILES / "files.toml").read_text())["file"]]
PRINTED = [name for name in NAMES if name.endswith(".pdf")]
each_printed = pytest.mark.parametrize("name", PRINTED)


@every_row("name", NAMES)
def test_a_file_of_the_demo_passes_to_the_byte(name):
    with (FILES / name).open("rb") as file, cleaned(File(file), name) as kept:
        assert kept.removed == ()
        assert kept.read() == (FILES / name).read_bytes()
        if name.endswith(".pdf"):
            assert kept.inspection["seen"] == {"title": True, "language": True, "tags": True}


def test_every_printed_file_is_made_from_a_source():
    assert {f"{source.stem}.pdf" for source in SOURCES} == set(PRINTED)


@each_printed
def test_it_says_what_it_is_called_in_which_language_and_that_it_is_for_everybody(name):
    with pikepdf.open(FILES / name) as document:
        title = _source(name).title.get_text()
        assert str(document.docinfo.Title) == title
        assert document.Root.ViewerPreferences.DisplayDocTitle
        assert document.Root.MarkInfo.Marked
        assert str(document.Root.Lang) == "sv"
        described = document.open_metadata()
        assert described["dc:title"] == title
        assert described["pdfuaid:part"] == "1"


@each_printed
def test_its_fonts_are_in_it_and_tell_which_letters_they_draw(name):
    with pikepdf.open(FILES / name) as document:
        fonts = [font for page in document.pages for font in page.resources.Font.values()]
        assert fonts
        for font in fonts:
            assert font.Subtype == "/Type0"
            assert "SchibstedGrotesk" in str(font.BaseFont)
            assert font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
            assert "/ToUnicode" in font


@each_printed
def test_all_that_is_drawn_has_a_tag_or_is_an_ornament(name):
    painting = {"Tj", "TJ", "'", '"', "f", "f*", "F", "S", "s", "B", "B*", "b", "b*", "Do", "sh"}
    with pikepdf.open(FILES / name) as document:
        for page in document.pages:
            open_tags: list[str] = []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in ("BDC", "BMC"):
                    open_tags.append(str(operands[0]))
                elif str(operator) == "EMC":
                    open_tags.pop()
                elif str(operator) in painting:
                    assert open_tags, (operands, operator)


@each_printed
def test_lists_headings_and_pictures_are_what_they_look_like(name):
    with pikepdf.open(FILES / name) as document:
        tags = list(_tags(document))
        for tag in tags:
            kinds = [str(part.S) for part in _parts(tag)]
            if tag.S == "/L":
                assert set(kinds) == {"/LI"}
                assert tag.A.ListNumbering == "/Disc"
            elif tag.S == "/LI":
                assert kinds == ["/Lbl", "/LBody"]
            elif tag.S == "/Figure":
                assert str(tag.Alt).strip()
        found = [str(tag.S)[1:].lower() for tag in tags]
    source = _source(name).body
    names = {"li": "li", "h1": "h1", "h2": "h2", "p": "p", "ul": "l", "img": "figure"}
    wanted = [names[each.name] for each in source.find_all(list(names))]
    assert [each for each in found if each in names.values()] == wanted


@each_printed
def test_those_who_hear_it_hear_the_words_of_its_source(name):
    with pikepdf.open(FILES / name) as document:
        texts = _texts(document)
        heard = [
            "".join(texts.get(mark, "") for mark in _marks(tag))
            for tag in _tags(document)
            if tag.S in ("/H1", "/H2", "/P", "/LI")
        ]
    said = _source(name).body.find_all(["h1", "h2", "p", "li"])
    assert [" ".join(each.split()) for each in heard] == [
        " ".join(f"{'• ' if each.name == 'li' else ''}{each.get_text()}".split()) for each in said
    ]


def _source(name: str) -> Any:
    return BeautifulSoup((FILES / "printed" / name).with_suffix(".html").read_text(), "lxml")


def _parts(tag: Any) -> list[Any]:
    held = tag.get("/K", [])
    held = held if isinstance(held, pikepdf.Array) else [held]
    return [part for part in held if isinstance(part, pikepdf.Dictionary) and "/S" in part]


def _tags(document: pikepdf.Pdf) -> Iterator[Any]:
    """All tags in the order in which they are heard."""

    def below(tag: Any) -> Iterator[Any]:
        for part in _parts(tag):
            yield part
            yield from below(part)

    return below(document.Root.StructTreeRoot)


def _marks(tag: Any, page: Any = None) -> Iterator[tuple[Any, int]]:
    """Which marks on which pages a tag stands for."""
    page = tag.get("/Pg", page)
    held = tag.get("/K", [])
    for part in held if isinstance(held, pikepdf.Array) else [held]:
        if isinstance(part, int):
            yield page.objgen, part
        elif "/MCID" in part:
            yield part.get("/Pg", page).objgen, int(part.MCID)
        else:
            yield from _marks(part, page)


def _texts(document: pikepdf.Pdf) -> dict[tuple[Any, int], str]:
    """The letters under each mark of each page."""
    found: dict[tuple[Any, int], str] = {}
    for page in document.pages:
        fonts = {name: _letters(font) for name, font in page.resources.Font.items()}
        letters, marks = {}, [-1]
        for operands, operator in pikepdf.parse_content_stream(page):
            match str(operator):
                case "BDC" | "BMC":
                    held = operands[-1]
                    is_mark = isinstance(held, pikepdf.Dictionary) and "/MCID" in held
                    marks.append(int(held.MCID) if is_mark else marks[-1])
                case "EMC":
                    marks.pop()
                case "Tf":
                    letters = fonts[str(operands[0])]
                case "Tj":
                    codes = bytes(operands[0])
                    drawn = zip(codes[::2], codes[1::2], strict=True)
                    key = page.obj.objgen, marks[-1]
                    found[key] = found.get(key, "") + "".join(letters[code] for code in drawn)
    return found


def _letters(font: Any) -> dict[tuple[int, int], str]:
    """What each code of a font stands for."""
    table = font.ToUnicode.read_bytes().decode()
    found = {}
    for start, end, letter in re.findall(r"<(\w{4})> (?:<(\w{4})> )?<(\w{4})>", table):
        first = int(start, 16)
        for code in range(first, int(end or start, 16) + 1):
            found[divmod(code, 256)] = chr(int(letter, 16) + code - first)
    return found
