"""Word, Excel and PowerPoint files go out with what every reader sees, or not at all."""

import io
import re
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.shared import Pt, RGBColor
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from pptx.util import Inches

from pages.library.cleaning.cleaning_job import clean_and_tell
from pages.library.cleaning.sentences import hidden_sentences, removed_in_words
from tests.factories.office_files import (
    RELATIONS,
    W,
    edited,
    linked_outside,
    packed,
    parts_of,
    sheet_file,
    slide_file,
    with_part,
    word_file,
)
from tests.factories.pdf_files import telling_jpeg
from tests.tables import every_row

from .test_pdf import kept_of, refusal_of

FILES = Path(__file__).parent / "files"
WORD, SHEET, SLIDES = word_file(), sheet_file(), slide_file()
DOCUMENT, OF_DOCUMENT = "word/document.xml", "word/_rels/document.xml.rels"


def _run(document, words="dolda ord", **look):
    run = document.add_paragraph("Det som syns ").add_run(words)
    for name, value in look.items():
        setattr(run.font, name, value)
    return run


def _white(document):
    _run(document).font.color.rgb = RGBColor(255, 255, 255)


def _hidden_style(document):
    style = document.styles.add_style("Hemlig", 1)
    style.font.hidden = True
    document.add_paragraph("dolda ord", style)


def _white_style(document):
    style = document.styles.add_style("Vit", 1)
    style.font.color.rgb = RGBColor(255, 255, 255)
    document.add_paragraph("vita ord", style)


def _commented(document):
    document.add_comment(document.paragraphs[1].runs, text="hemligt", author="Anna", initials="A")


def _strict(content: bytes) -> bytes:
    """The same, as Word saves it as "Strict Open XML"."""
    names = (
        (b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
         b"http://purl.oclc.org/ooxml/wordprocessingml/main"),
        (b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
         b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
    )  # fmt: skip
    parts = parts_of(content)
    for ours, strict in names:
        parts = {name: part.replace(ours, strict) for name, part in parts.items()}
    return packed(parts)


def _in_body(xml: str, content: bytes = WORD) -> bytes:
    return edited(content, DOCUMENT, "<w:sectPr", f"{xml}<w:sectPr")


def _tracked(name: str) -> bytes:
    words = "delText" if name == "del" else "t"
    return _in_body(
        f'<w:p {W}><w:r><w:t>Ordet </w:t></w:r><w:{name} w:id="1" w:author="Anna"><w:r><w:{words}>'
        f"ändrat</w:{words}></w:r></w:{name}></w:p>"
    )


def _rows(book):
    return book.active.row_dimensions


def _cell(value, **style):
    def change(book):
        cell = book.active["B5"]
        cell.value = value
        for name, each in style.items():
            setattr(cell, name, each)

    return change


def _hidden_sheet(state):
    def change(book):
        sheet = book.create_sheet("Löner")
        sheet["A1"] = "hemligt"
        sheet.sheet_state = state

    return change


def _speak(presentation):
    presentation.slides[1].notes_slide.notes_text_frame.text = "säg inte detta"


def _beside(presentation):
    box = presentation.slides[0].shapes.add_textbox(Inches(20), 0, Inches(1), Inches(1))
    box.text_frame.text = "hemligt"


def _hidden_shape(presentation):
    box = presentation.slides[0].shapes.add_textbox(0, 0, Inches(1), Inches(1))
    box.text_frame.text = "hemligt"
    box._element.nvSpPr.cNvPr.set("hidden", "1")


def _hidden_everywhere() -> bytes:
    content = word_file(_commented, lambda d: _run(d, hidden=True), _white)
    content = _in_body(
        f"<w:p {W}><w:r><w:instrText>INCLUDETEXT H:\\\\\\\\hemligt</w:instrText></w:r></w:p>",
        content,
    )
    content = linked_outside(content, "hyperlink", "file:///H:/hemlig.docx", OF_DOCUMENT)
    content = with_part(content, "word/embeddings/lon.xlsx", SHEET, "package", OF_DOCUMENT)
    return with_part(content, "word/ny.xml", b"<a>hemligt</a>", "nyttSlag", OF_DOCUMENT)


def _worded(look: str, words: str = "hemligt") -> bytes:
    return _in_body(f"<w:p {W}><w:r><w:rPr>{look}</w:rPr><w:t>{words}</w:t></w:r></w:p>")


def _on_slide(before: str, after: str, x: int) -> bytes:
    shape = (f'<p:sp><p:spPr><a:xfrm><a:off x="{x}" y="0"/><a:ext cx="9" cy="9"/></a:xfrm></p:spPr>'
             "<p:txBody><a:p><a:r><a:t>hemligt</a:t></a:r></a:p></p:txBody></p:sp>")  # fmt: skip
    return edited(
        SLIDES, "ppt/slides/slide1.xml", "</p:spTree>", f"{before}{shape}{after}</p:spTree>"
    )


def _with_icon(blip: str = "<a:blip r:embed=") -> bytes:
    """A slide with an icon as PowerPoint has it: in SVG, beside a picture for programs that know none."""
    slide, pictured = "ppt/slides/slide1.xml", slide_file(_picture)
    content = with_part(pictured, "ppt/media/i.svg", b"<svg><metadata>hemligt</metadata></svg>", "image",
                        "ppt/slides/_rels/slide1.xml.rels")  # fmt: skip
    beside = (
        '<a:extLst><a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}"><asvg:svgBlip r:embed="rIdNy" '
        'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main"/></a:ext></a:extLst>'
    )
    [shown] = re.findall(r"<a:blip [^>]*", parts_of(content)[slide].decode())
    given = shown.removesuffix("/").replace("<a:blip r:embed=", blip)
    return edited(content, slide, f"{shown}>", f"{given}>{beside}</a:blip>")


def _picture(presentation):
    presentation.slides[0].shapes.add_picture(telling_jpeg(), 0, 0)


MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
OF_SHEET, OF_BOOK = "xl/worksheets/_rels/sheet1.xml.rels", "xl/_rels/workbook.xml.rels"
CANNOT = "något som inte går att kontrollera"
REFUSED = {
    "foreign.docx": (_worded('<w:vanish q:val="0" xmlns:q="urn:q"/>'), "dold text vid ”hemligt"),
    "foreign_style.docx": (
        edited(word_file(_hidden_style), DOCUMENT, '<w:pStyle w:val="Hemlig"',
               '<w:pStyle q:val="Normal" xmlns:q="urn:q" w:val="Hemlig"'), "dold text vid ”dolda ord"),
    "white_on_white.docx": (_worded('<w:color w:val="FFFFFF"/><w:shd w:val="clear" w:fill="FFFFFF"/>'),
                            "vit text på vitt"),
    "white_by_theme.docx": (_worded('<w:color w:val="auto" w:themeColor="background1"/>'),
                            "vit text på vitt"),
    "field.docx": (_in_body(f'<w:p {W}><w:fldSimple w:instr="INCLUDETEXT C:/x/hemlig.docx"/></w:p>'),
                   "en länk till en fil på era egna datorer"),
    "svg.docx": (with_part(WORD, "word/media/i.svg", b"<svg><metadata>hemligt</metadata></svg>", "image",
                           OF_DOCUMENT), CANNOT),
    "svg_alone.pptx": (_with_icon("<a:blip r:link="), f"{CANNOT} på bild 1 (”i.svg”)"),
    "no_font.docx": (with_part(WORD, "word/fonts/f.odttf", SHEET, "font", OF_DOCUMENT), CANNOT),
    "no_vml.docx": (with_part(WORD, "word/o.bin", b"x", "vmlDrawing", OF_DOCUMENT), CANNOT),
    "vml.xlsx": (with_part(SHEET, "xl/drawings/v.vml", b"<x><shape style='Visibility : hidden'><textbox>"
                           b"hemligt</textbox></shape></x>", "vmlDrawing", OF_SHEET),
                 "ett dolt objekt på bladet ”Lokaler” vid ”hemligt"),
    "unnamed.xlsx": (with_part(SHEET, "xl/worksheets/sheet9.xml", b"<worksheet/>", "worksheet", OF_BOOK),
                     f"{CANNOT} (”sheet9.xml”)"),
    "low_row.xlsx": (sheet_file(lambda book: setattr(_rows(book)[2], "height", 0.01)), "en dold rad"),
    "name.xlsx": (edited(SHEET, "xl/workbook.xml", "</sheets>", '</sheets><definedNames><definedName '
                         'name="Kod" hidden="1">"hemligt"</definedName></definedNames>'),
                  f"{CANNOT} (”Kod”)"),
    "spaced_format.xlsx": (sheet_file(_cell("hemligt", number_format="; ;_ ;")), "i cell B5"),
    "condition.xlsx": (edited(SHEET, "xl/styles.xml", "</styleSheet>", '<dxfs><dxf><numFmt formatCode=";;;"/>'
                              "</dxf></dxfs></styleSheet>"), "dold text"),
    "group.pptx": (_on_slide("<p:grpSp><p:grpSpPr/>", "</p:grpSp>", -9_000_000),
                   "något utanför bilden på bild 1 vid ”hemligt"),
    "alternative.pptx": (_on_slide(f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice>',
                                   "</mc:Choice></mc:AlternateContent>", 99_000_000),
                         "något utanför bilden på bild 1 vid ”hemligt"),
    "inserted.docx": (_tracked("ins"), "spårade ändringar vid ”Ordet ändrat…”. Word: Granska > Acceptera"),
    "deleted.docx": (_tracked("del"), "spårade ändringar vid ”Ordet ändrat…”"),
    "moved.docx": (_tracked("moveTo"), "spårade ändringar"),
    "commented.docx": (word_file(_commented), "kommentarer vid ”Varje lokal ska ha en ansvarig.…”"),
    "hidden.docx": (word_file(lambda d: _run(d, hidden=True)), "dold text vid ”Det som syns dolda"),
    "hidden_by_style.docx": (word_file(_hidden_style), "dold text vid ”dolda ord…”"),
    "hidden_by_its_base.docx": (
        edited(word_file(_hidden_style), "word/styles.xml", "</w:styles>", '<w:style w:type="paragraph" '
               'w:styleId="Arv"><w:basedOn w:val="Hemlig"/></w:style></w:styles>'),
        "dold text vid ”dolda ord…”"),
    "all_hidden.docx": (edited(WORD, "word/styles.xml", "<w:rPrDefault><w:rPr>",
                               "<w:rPrDefault><w:rPr><w:vanish/>"), "dold text"),
    "hidden_entry.docx": (_in_body(f"<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:instrText>XE hemligt"
                                   "</w:instrText></w:r></w:p>"), "dold text"),
    "strict_tracked.docx": (_strict(_tracked("ins")), "spårade ändringar vid ”Ordet ändrat…”"),
    "strict_hidden.docx": (_strict(word_file(_hidden_style)), "dold text vid ”dolda ord…”"),
    "white.docx": (word_file(_white), "vit text på vitt vid ”Det som syns dolda ord…”"),
    "white_by_style.docx": (word_file(_white_style), "vit text på vitt vid ”vita ord…”"),
    "tiny.docx": (word_file(lambda d: _run(d, size=Pt(1))), "text som är för liten"),
    "embedded.docx": (with_part(WORD, "word/embeddings/lon.xlsx", SHEET, "package", OF_DOCUMENT),
                      "en inbäddad fil (”lon.xlsx”)"),
    "unknown.docx": (with_part(WORD, "word/ny.xml", b"<a>hemligt</a>", "nyttSlag", OF_DOCUMENT),
                     "något som inte går att kontrollera (”ny.xml”). Kopiera det som läsarna ska se"),
    "no_picture.docx": (with_part(WORD, "word/media/bild.png", SHEET, "image", OF_DOCUMENT),
                        "något som inte går att kontrollera (”bild.png”)"),
    "no_xml.docx": (with_part(WORD, "word/ny.bin", b"hemligt", "theme", OF_DOCUMENT),
                    "något som inte går att kontrollera (”ny.bin”)"),
    "linked_picture.docx": (linked_outside(WORD, "image", "file:///H:/hemlig.png", OF_DOCUMENT),
                            "en länk till en annan fil, med innehåll därifrån (”hemlig.png”)"),
    "local_link.docx": (linked_outside(WORD, "hyperlink", "file:///H:/hemlig.docx", OF_DOCUMENT),
                        "en länk till en fil på era egna datorer (”hemlig.docx”)"),
    "link_beside.docx": (linked_outside(WORD, "hyperlink", "hemlig.docx", OF_DOCUMENT),
                         "en länk till en fil på era egna datorer (”hemlig.docx”)"),
    "macros.docx": (with_part(WORD, "word/vbaProject.bin", b"x", "vbaProject", OF_DOCUMENT),
                    "makron"),
    "macro_kind.docx": (edited(WORD, "[Content_Types].xml",
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main",
                        "application/vnd.ms-word.document.macroEnabled.main"), "makron"),
    "hidden_picture.docx": (edited(WORD, DOCUMENT, "<pic:cNvPr ", '<pic:cNvPr hidden="1" '), "ett dolt objekt"),
    "row.xlsx": (sheet_file(lambda book: setattr(_rows(book)[2], "hidden", True)),
                 "en dold rad på bladet ”Lokaler” på rad 2. Excel: markera alla celler"),
    "column.xlsx": (sheet_file(lambda b: setattr(b.active.column_dimensions["AB"], "hidden", True)),
                    "en dold kolumn på bladet ”Lokaler” i kolumn AB"),
    "sheet.xlsx": (sheet_file(_hidden_sheet("hidden")), 
                   "ett dolt blad (”Löner”). Excel: högerklicka på en flik, Ta fram. LibreOffice Calc: Blad"),
    "very_hidden.xlsx": (sheet_file(_hidden_sheet("veryHidden")),
                         "ett dolt blad som ingen meny i Excel visar (”Löner”). Excel: tryck på Alt+F11"),
    "format.xlsx": (sheet_file(_cell("hemligt", number_format=";;;")),
                    "dold text på bladet ”Lokaler” i cell B5"),
    "white.xlsx": (sheet_file(_cell("hemligt", font=Font(color="FFFFFFFF"))),
                   "vit text på vitt på bladet ”Lokaler” i cell B5"),
    "comment.xlsx": (sheet_file(_cell("syns", comment=Comment("hemligt", "Anna"))),
                     "kommentarer på bladet ”Lokaler” i cell B5"),
    "link.xlsx": (with_part(SHEET, "xl/externalLinks/externalLink1.xml", b"<a/>", "externalLink",
                            "xl/_rels/workbook.xml.rels"), "en länk till en annan fil"),
    "pivot.xlsx": (with_part(SHEET, "xl/pivotCache/pivotCacheDefinition1.xml", b"<a/>",
                             "pivotCacheDefinition", "xl/_rels/workbook.xml.rels"), "en pivottabell"),
    "database.xlsx": (with_part(SHEET, "xl/connections.xml", b"<a/>", "connections",
                                "xl/_rels/workbook.xml.rels"), "en koppling till en databas"),
    "notes.pptx": (slide_file(_speak), "talaranteckningar på bild 2 vid ”säg inte detta…”"),
    "slide.pptx": (slide_file(lambda p: p.slides[1]._element.set("show", "0")), "en dold bild på bild 2"),
    "beside.pptx": (slide_file(_beside), "något utanför bilden på bild 1 vid ”hemligt…”"),
    "shape.pptx": (slide_file(_hidden_shape), "ett dolt objekt på bild 1 vid ”hemligt…”"),
    "film.pptx": (with_part(SLIDES, "ppt/media/film.mp4", b"film", "video", "ppt/slides/_rels/slide2.xml.rels"),
                  "en inbäddad fil på bild 2 (”film.mp4”)"),
    "comments.pptx": (with_part(SLIDES, "ppt/comments/comment1.xml",
                                b"<cmLst><cm><text>hemligt</text></cm></cmLst>", "comments",
                                "ppt/slides/_rels/slide2.xml.rels"), "kommentarer på bild 2 vid ”hemligt…”"),
    "locked.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
                    + "EncryptedPackage".encode("utf-16-le"), "låst med ett lösenord"),
}  # fmt: skip


PROGRAMS = {
    ".docx": ("Word", "Writer"), ".xlsx": ("Excel", "Calc"), ".pptx": ("PowerPoint", "Impress"),
}  # fmt: skip


def _sentences(content: bytes, name: str, folder: Path) -> list[str]:
    (folder / "source").write_bytes(content)
    told = clean_and_tell(str(folder / "source"), str(folder / name))
    return hidden_sentences(told.get("hidden", ()), Path(name).suffix)


@every_row("name", REFUSED)
def test_what_only_some_see_is_refused_with_the_place_and_what_to_do(name, tmp_path):
    content, words = REFUSED[name]
    [said] = _sentences(content, name, tmp_path)
    assert said.startswith("Filen togs inte emot: ")
    assert words in said
    # Of no other program than those of the file.
    menus = re.findall(r"(\w+)(?=: )", said.partition(": ")[2])
    assert set(menus) <= set(PROGRAMS[Path(name).suffix])
    assert bool(menus) == (" > " in said)


def test_all_that_is_hidden_is_told_at_once_each_with_what_to_do(tmp_path):
    said = _sentences(_hidden_everywhere(), "allt.docx", tmp_path)
    assert [each.partition(" vid ")[0].partition(" (")[0] for each in said] == [
        "Filen togs inte emot: en länk till en fil på era egna datorer", "Dessutom: en inbäddad fil",
        "Dessutom: något som inte går att kontrollera", "Dessutom: kommentarer", "Dessutom: dold text",
        "Dessutom: vit text på vitt",
    ]  # fmt: skip
    assert all(each.endswith(".") and ". " in each for each in said)
    assert "(”hemlig.docx”), vid ”INCLUDETEXT" in said[0]


def test_words_of_a_file_are_never_markup_in_what_is_said_of_it(tmp_path):
    content = word_file(lambda d: _run(d, "<img src=x onerror=alert(1)>", hidden=True))
    [said] = _sentences(content, "plan.docx", tmp_path)
    assert "‹img src=x…" in said
    assert "<" not in said


def test_of_many_places_the_first_three_are_named(tmp_path):
    content = word_file(*(lambda d, n=n: _run(d, f"hemligt {n}", hidden=True) for n in range(5)))
    [said] = _sentences(content, "allt.docx", tmp_path)
    assert "vid ”Det som syns hemligt 2…” och på 2 ställen till. Word: markera allt" in said
    assert "hemligt 3" not in said


def _on_ground(document):
    cell = document.add_table(1, 1, style="Light Grid Accent 1").cell(0, 0)
    cell.paragraphs[0].add_run("Rubrik").font.color.rgb = RGBColor(255, 255, 255)


def _shaded_white(book):
    cell = book.active["A1"]
    cell.font, cell.fill = Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FF112233")


def _empty_hidden_row(book):
    _rows(book)[20].hidden = True


def _empty_notes(presentation):
    assert presentation.slides[0].notes_slide.notes_text_frame.text == ""


def _with_fonts() -> bytes:
    key = bytes.fromhex("00112233445566778899AABBCCDDEEFF")[::-1]
    font = bytes(a ^ b for a, b in zip(b"\0\1\0\0" + bytes(28), key * 2, strict=True))
    content = edited(
        with_part(WORD, "word/fonts/f.odttf", font, "font", "word/_rels/fontTable.xml.rels"),
        "word/fontTable.xml", "</w:fonts>",
        f'<w:font w:name="A"><w:embedRegular xmlns:r="{RELATIONS}" r:id="rIdNy" '
        'w:fontKey="{00112233-4455-6677-8899-AABBCCDDEEFF}"/></w:font></w:fonts>',
    )  # fmt: skip
    return content


MOVED = (
    '<p:grpSp><p:grpSpPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/><a:chOff x="-9000000" y="0"/>'
    '<a:chExt cx="9" cy="9"/></a:xfrm></p:grpSpPr>'
)
CLEAN = {
    "font.docx": _with_fonts(), "moved_group.pptx": _on_slide(MOVED, "</p:grpSp>", -9_000_000),
    "filter.xlsx": edited(SHEET, "xl/workbook.xml", "</sheets>", '</sheets><definedNames><definedName hidden="1" '
                          'name="_xlnm._FilterDatabase">Lokaler!$A$1</definedName></definedNames>'),
    "word.docx": WORD, "white_in_table.docx": word_file(_on_ground),
    "link.docx": linked_outside(WORD, "hyperlink", "https://msb.se/", OF_DOCUMENT),
    "libreoffice.docx": (FILES / "libreoffice.docx").read_bytes(), "excel.xlsx": SHEET,
    "white_on_dark.xlsx": sheet_file(_shaded_white),
    "empty_row.xlsx": sheet_file(_empty_hidden_row),
    "libreoffice.xlsx": (FILES / "libreoffice.xlsx").read_bytes(), "powerpoint.pptx": SLIDES,
    "empty_notes.pptx": slide_file(_empty_notes),
}  # fmt: skip


def _seen_in(content: bytes, name: str) -> object:
    """What a reader sees, as another program reads it."""
    file = io.BytesIO(content)
    if name.endswith(".docx"):
        document = docx.Document(file)
        return [each.text for each in document.paragraphs], len(document.inline_shapes)
    if name.endswith(".xlsx"):
        book = openpyxl.load_workbook(file)
        return {each.title: list(each.iter_rows(values_only=True)) for each in book}
    return [
        [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        for slide in pptx.Presentation(file).slides
    ]


@every_row("name", CLEAN)
def test_who_wrote_it_with_what_is_taken_out_and_the_rest_reads_as_before(name):
    kept = kept_of(CLEAN[name], name)
    after = kept.read()
    assert "författare" in removed_in_words(kept.removed)
    assert not any(b"Hemlig" in content for content in parts_of(after).values())
    assert _seen_in(after, name) == _seen_in(CLEAN[name], name)
    assert not any("thumbnail" in part.lower() for part in parts_of(after))
    again = kept_of(after, name)
    assert again.removed == ()
    assert again.read() == after


CHART = (
    f'<c:chart xmlns:c="c" xmlns:r="{RELATIONS}"><c:externalData r:id="rIdNy"/></c:chart>'.encode()
)
TAKEN_OUT = {
    "template.docx": (linked_outside(WORD, "attachedTemplate", "file:///H:/hemlig.dotx",
                                     "word/_rels/settings.xml.rels"), "mall"),
    "custom.docx": (with_part(WORD, "docProps/custom.xml", b"<Properties>hemlig</Properties>",
                              "custom-properties"), "andra egenskaper"),
    "rsid.docx": (edited(WORD, DOCUMENT, "<w:p>", '<w:p w:rsidR="00AB12CD">'), "redigeringsspår"),
    "people.docx": (with_part(WORD, "word/people.xml", b"<people>Anna Hemlig</people>", "people",
                              OF_DOCUMENT), "författare"),
    "printer.xlsx": (with_part(SHEET, "xl/printerSettings/printerSettings1.bin", b"hemlig skrivare",
                               "printerSettings", "xl/worksheets/_rels/sheet1.xml.rels"),
                     "skrivarinställningar"),
    "path.xlsx": (edited(SHEET, "xl/workbook.xml", "<bookViews",
                         '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml'
                         '/2010/11/ac" url="C:\\Users\\hemlig\\"/><bookViews'), "adresser till era"),
    "authors.pptx": (with_part(SLIDES, "ppt/commentAuthors.xml", b"<a>Anna Hemlig</a>",
                               "commentAuthors", "ppt/_rels/presentation.xml.rels"), "författare"),
    "custom_xml.docx": (with_part(WORD, "customXml/item7.xml", b"<a>hemligt</a>", "customXml", OF_DOCUMENT),
                        "andra programs uppgifter"),
    "chart.docx": (with_part(with_part(WORD, "word/charts/chart1.xml", CHART, "chart", OF_DOCUMENT),
                             "word/embeddings/alla.xlsx", b"hemligt", "package",
                             "word/charts/_rels/chart1.xml.rels"), "kalkylbladet bakom ett diagram"),
    "camera.docx": (WORD, "kamerans uppgifter"),
    "icon.pptx": (_with_icon(), "SVG-bilder"),
}  # fmt: skip


@every_row("name", TAKEN_OUT)
def test_what_no_reader_sees_is_taken_out(name):
    content, words = TAKEN_OUT[name]
    kept = kept_of(content, name)
    after = kept.read()
    assert words in removed_in_words(kept.removed)
    assert not any(b"hemlig" in part.lower() for part in parts_of(after).values())
    assert _seen_in(after, name) == _seen_in(content, name)


def test_the_title_of_a_document_stays():
    assert docx.Document(kept_of(WORD, "plan.docx")).core_properties.title == "Plan"


def test_the_title_on_a_cover_page_stays():
    words = "<w:sdtContent><w:p><w:r><w:t>Synlig</w:t></w:r></w:p></w:sdtContent>"
    content = _in_body(
        f'<w:p {W}><w:r><mc:AlternateContent xmlns:mc="{MC}"><mc:Choice><w:txbxContent><w:sdt><w:sdtPr>'
        f"<w:dataBinding/></w:sdtPr>{words}</w:sdt></w:txbxContent></mc:Choice></mc:AlternateContent></w:r></w:p>"
    )
    after = parts_of(kept_of(content, "framsida.docx").read())[DOCUMENT]
    assert b"Synlig" in after
    assert b"dataBinding" not in after


def test_an_alternative_that_tells_only_a_folder_goes_whole():
    path = f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice><absPath url="C:/"/></mc:Choice></mc:AlternateContent>'
    content = edited(SHEET, "xl/workbook.xml", "<bookViews", f"{path}<bookViews")
    after = parts_of(kept_of(content, "bok.xlsx").read())["xl/workbook.xml"]
    assert b"AlternateContent" not in after


LAUGHS = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><x>&b;</x>'
FETCHES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
SHEET_1 = "xl/worksheets/sheet1.xml"
BROKEN = {
    "empty.docx": b"",
    "program.docx": b"MZ" + bytes(300),
    "zip.docx": packed({"a.txt": b"a"}),
    "excel.docx": SHEET,
    "cut_off.xlsx": SHEET[:2000],
    "laughs.docx": packed({**parts_of(WORD), DOCUMENT: LAUGHS}),
    "fetches.docx": packed({**parts_of(WORD), DOCUMENT: FETCHES}),
    "bomb.docx": packed({**parts_of(WORD), "word/x.bin": bytes(60_000_000)}),
    "many_parts.docx": packed({**parts_of(WORD), **{f"x/{n}": b"" for n in range(5_001)}}),
    "slip.docx": packed({**parts_of(WORD), "../../etc/cron.d/x": b"x"}),
    "column_0.xlsx": edited(
        SHEET, SHEET_1, "<sheetData>", '<cols><col min="0" hidden="1"/></cols><sheetData>'
    ),
    "column_x.xlsx": edited(
        SHEET, SHEET_1, "<sheetData>", '<cols><col min="x" hidden="1"/></cols><sheetData>'
    ),
    "wide.pptx": edited(SLIDES, "ppt/presentation.xml", '<p:sldSz cx="', '<p:sldSz cx="x'),
    "endless.pptx": edited(SLIDES, "ppt/presentation.xml", "<p:sldSz cx=", '<p:sldSz cx="nan" q='),
}


@every_row("name", BROKEN)
def test_what_is_not_of_its_kind_is_refused(name):
    kind = name.rpartition(".")[2]
    assert refusal_of(BROKEN[name], name).startswith(
        f"Filen togs inte emot: den går inte att läsa som {kind}."
    )
