"""What is read out of a file, before there is a page."""

import re
import zipfile
from html import escape
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pages.importing import sniff
from pages.importing.completeness import look_through, usable_alt_text
from pages.importing.documents import (
    Figure,
    Heading,
    LinkRow,
    Notes,
    Paragraph,
    Prose,
    Quote,
    RefusedError,
    Table,
)
from pages.importing.html import read_html
from pages.importing.read import read_article
from tests.factories.word_files import (
    STYLES,
    item,
    link,
    paragraph,
    picture,
    run,
    style,
    table,
    word_file,
)
from tests.tables import every_row


def jpeg(width: int = 60, height: int = 40) -> bytes:
    output = BytesIO()
    Image.new("RGB", (width, height), "#113158").save(output, "JPEG")
    return output.getvalue()


def word(*body: str, **options) -> bytes:
    """A Word file with a title and a lead above its body."""
    top = (paragraph("Rubrik", style="Title"), paragraph("Ingressen står här."))
    return word_file(*top, *body, **options)


def prose(article) -> str:
    return "".join(part.html for part in article.parts if isinstance(part, Prose))


# Word


def test_word_file_of_the_agencys_shape_has_every_part_in_its_place(read):
    article = read(
        "a.docx",
        word_file(
            paragraph("Samarbete", style="Title"),
            paragraph("Ingressen i fetstil.", bold=True),
            paragraph(inner=picture(alt="Två personer vid ett bord.")),
            paragraph("De samtalar.", style="Caption"),
            paragraph("Första stycket."),
            paragraph("Nationellt", style="Heading2"),
            paragraph("Andra stycket."),
            paragraph(inner=link("Samverkansrådet", 0)),
            paragraph("Tredje stycket."),
            links=("https://www.example.se/",),
            pictures=(jpeg(),),
        ),
    )
    assert article.title == "Samarbete"
    assert article.lead == "Ingressen i fetstil."
    assert article.image.alt_text == "Två personer vid ett bord."
    assert article.image.caption == "De samtalar."
    assert article.parts == [
        Prose("<p>Första stycket.</p>"),
        Heading("Nationellt", 2),
        Prose("<p>Andra stycket.</p>"),
        LinkRow("Samverkansrådet", "https://www.example.se/"),
        Prose("<p>Tredje stycket.</p>"),
    ]


@every_row("name", ["Ingress", "Ingress Säpo", "Lead", "Subtitle", "Underrubrik", "Preamble"])
def test_word_style_says_which_paragraph_is_the_lead(read, name):
    styles = STYLES + style("Egen", name)
    article = read(
        "a.docx",
        word_file(
            paragraph("Rubrik", style="Heading1"),
            paragraph("Inte ingressen."),
            paragraph("Ingressen.", style="Egen"),
            styles=styles,
        ),
    )
    assert article.lead == "Ingressen."
    assert prose(article) == "<p>Inte ingressen.</p>"


def test_style_made_from_a_known_style_means_the_same(read):
    styles = STYLES + style("Husstil", "Säpo avsnitt", based_on="Heading2")
    article = read(
        "a.docx", word(paragraph("Avsnitt", style="Husstil"), paragraph("x"), styles=styles)
    )
    assert article.parts[0] == Heading("Avsnitt", 2)


def test_style_that_only_has_a_level_in_the_outline_is_a_heading(read):
    level = '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'
    styles = STYLES + style("Husstil", "Egen stil", more=level)
    article = read("a.docx", word(paragraph("Avsnitt", style="Husstil"), styles=styles))
    assert article.parts[0] == Heading("Avsnitt", 2)


def test_styles_of_a_swedish_template_are_known_by_their_ids(read):
    article = read(
        "a.docx", word_file(paragraph("Titeln", style="Rubrik1"), paragraph("x"), styles="")
    )
    assert article.title == "Titeln"


def test_headings_fall_on_the_two_levels_below_the_title(read):
    article = read(
        "a.docx",
        word(
            *(paragraph(f"Nivå {level}", style=f"Heading{level}") for level in (1, 2, 3)),
            paragraph("Nivå 1 igen", style="Heading1"),
        ),
    )
    headings = [(part.text, part.level) for part in article.parts]
    assert headings == [("Nivå 1", 2), ("Nivå 2", 3), ("Nivå 3", 3), ("Nivå 1 igen", 2)]
    assert "Rubriker under den andra nivån har lyfts till den." in article.notes.to_check


def test_first_heading_is_a_section_even_when_the_document_begins_deeper(read):
    article = read("a.html", "<h1>T</h1><p>I.</p><h3>A</h3><h2>B</h2><h3>C</h3>")
    assert [part.level for part in article.parts] == [2, 2, 3]


def test_nested_lists_of_word_stay_nested(read):
    article = read(
        "a.docx", word(item("ett"), item("två"), item("två ett", level=1, numbered=True))
    )
    assert prose(article) == "<ul><li>ett</li><li>två<ol><li>två ett</li></ol></li></ul>"


def test_word_table_keeps_its_header_row_and_takes_the_caption_above(read):
    article = read(
        "a.docx",
        word(
            paragraph("Tabell 1. Ärenden", style="Caption"), table(["År", "Antal"], ["2024", "7"])
        ),
    )
    assert article.parts == [Table((("År", "Antal"), ("2024", "7")), "row", "Tabell 1. Ärenden")]


def test_table_without_headers_says_what_it_was_taken_for(read):
    article = read("a.docx", word(table(["a", "b"], ["c", "d"], header=False)))
    assert article.parts[0].header == "row"
    look_through(article)
    assert article.notes.to_complete == [
        "Skriv en tabellrubrik till tabellen som börjar med ”a | b”."
    ]
    assert any("den första raden har blivit rubrik" in note for note in article.notes.to_check)


def test_quote_style_becomes_a_quote_with_its_source(read):
    article = read(
        "a.docx",
        word(paragraph("Vi skyddar.", style="Quote"), paragraph("– Anna Berg", style="Quote")),
    )
    assert article.parts == [Quote("Vi skyddar.", "Anna Berg")]


def test_bold_and_italic_stay_and_other_styling_goes(read):
    runs = run("fet", "<w:b/>") + run(" och ") + run("kursiv", "<w:i/>")
    runs += run(" röd", '<w:color w:val="FF0000"/><w:u w:val="single"/>')
    article = read("a.docx", word(paragraph(inner=runs)))
    assert prose(article) == "<p><b>fet</b> och <i>kursiv</i> röd</p>"


def test_raised_digits_stay_raised(read):
    runs = run("10 m") + run("2", '<w:vertAlign w:val="superscript"/>')
    assert prose(read("a.docx", word(paragraph(inner=runs)))) == "<p>10 m²</p>"


def test_footnotes_become_a_list_at_the_end(read):
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    article = read(
        "a.docx",
        word(
            paragraph(inner=run("Påstående") + reference),
            parts={"footnotes": f'<w:footnote w:id="1">{paragraph("Källan.")}</w:footnote>'},
        ),
    )
    assert article.parts == [
        Prose("<p>Påstående[1]</p>"),
        Heading("Noter", 2),
        Prose("<ol><li>Källan.</li></ol>"),
    ]


def test_picture_marked_as_decorative_needs_no_text_alternative(read):
    mark = '><a:extLst><a:ext><adec:decorative val="1"/></a:ext></a:extLst></wp:docPr>'
    article = read("a.docx", word(paragraph(inner=picture(more=mark)), pictures=(jpeg(),)))
    look_through(article)
    assert article.image.is_decorative
    assert article.notes.to_complete == []


@every_row("alt", ["", "alt", "Bild 1", "image1.jpg", "Picture 3", "placeholder"])
def test_text_that_says_nothing_is_no_text_alternative(read, alt):
    article = read("a.docx", word(paragraph(inner=picture(alt=alt)), pictures=(jpeg(),)))
    look_through(article)
    assert len(article.notes.to_complete) == 1
    assert article.notes.to_complete[0].startswith("Skriv en alternativtext till bild 1")


def test_text_that_a_program_wrote_is_no_text_alternative():
    assert not usable_alt_text("En hund\n\nAutomatiskt genererad beskrivning")
    assert usable_alt_text(" Livvakter samtalar. ") == "Livvakter samtalar."


def test_picture_that_the_site_cannot_show_is_asked_for(read):
    article = read(
        "a.docx", word(paragraph(inner=picture(alt="Karta")), pictures=(b"\x01\x00\x00\x00emf",))
    )
    assert article.image is None
    assert article.notes.to_complete == ["Lägg till bilden som inte kunde tas med: Karta."]


def test_image_far_down_stays_in_the_body(read):
    article = read(
        "a.docx",
        word(
            paragraph("Avsnitt", style="Heading2"),
            paragraph(inner=picture(alt="En kust.")),
            pictures=(jpeg(),),
        ),
    )
    assert article.image is None
    assert isinstance(article.parts[1], Figure)


def test_table_of_contents_and_empty_placeholders_are_left_out(read):
    placeholder = (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{paragraph('Klicka här')}</w:sdtContent></w:sdt>"
    )
    article = read(
        "a.docx",
        word(
            paragraph("Avsnitt 3", style="TOC1"),
            placeholder,
            paragraph("Kvar."),
            styles=STYLES + style("TOC1", "toc 1"),
        ),
    )
    assert prose(article) == "<p>Kvar.</p>"


@every_row("field", ["AUTHOR", "FILENAME \\p", "LASTSAVEDBY", "USERNAME"])
def test_fields_that_tell_of_the_author_are_left_out(read, field):
    def char(kind):
        return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'

    instruction = f"<w:r><w:instrText> {field} </w:instrText></w:r>"
    written = char("begin") + instruction + char("separate") + run("Hemlig") + char("end")
    simple = f'<w:fldSimple w:instr=" {field} ">{run("Hemlig")}</w:fldSimple>'
    article = read("a.docx", word(paragraph(inner=run("Av ") + written + simple + run("oss"))))
    assert prose(article) == "<p>Av oss</p>"
    assert article.notes.dropped["fält som berättar om filen eller dess författare"] == 2


def field_of(instruction: str, shown: str) -> tuple[str, str]:
    """A field in the two ways that Word writes it: in runs, and in one piece."""
    half = len(instruction) // 2
    parts = [
        '<w:fldChar w:fldCharType="begin"/>',
        *(f'<w:instrText xml:space="preserve">{escape(text)}</w:instrText>'
          for text in (instruction[:half], instruction[half:])),
        '<w:fldChar w:fldCharType="separate"/>',
    ]  # fmt: skip
    in_runs = "".join(f"<w:r>{part}</w:r>" for part in parts) + run(shown)
    in_runs += '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    return in_runs, f'<w:fldSimple w:instr="{escape(instruction)}">{run(shown)}</w:fldSimple>'


@every_row(
    ("instruction", "address"),
    [
        (' HYPERLINK "https://www.msb.se/b" ', "https://www.msb.se/b"),
        (r' HYPERLINK "https://www.msb.se/b" \t "_blank" ', "https://www.msb.se/b"),
        (r' HYPERLINK \t "_blank" "https://www.msb.se/b"', "https://www.msb.se/b"),
        (r' HYPERLINK "https://www.msb.se/b" \o "Till MSB" \n', "https://www.msb.se/b"),
        (r' HYPERLINK "https://www.msb.se/b" \l "kap2"', "https://www.msb.se/b#kap2"),
        (r' hyperlink https://www.msb.se/b \h', "https://www.msb.se/b"),
        (r' HYPERLINK "mailto:a@msb.se?subject=\"x\"" ', "mailto:a@msb.se?subject=%22x%22"),
        (r' HYPERLINK \l "_Toc1"', "#avsnitt"),
    ],
)  # fmt: skip
def test_link_in_a_field_leads_to_its_address_whatever_else_it_says(read, instruction, address):
    place = '<w:bookmarkStart w:id="1" w:name="_Toc1"/>'
    heading = paragraph(style="Heading2", inner=place + run("Avsnitt"))
    for written in field_of(instruction, "Läs"):
        article = read("a.docx", word(paragraph(inner=run("Se ") + written), heading))
        assert prose(article) == f'<p>Se <a href="{address}">Läs</a></p>'


def test_field_within_a_link_that_tells_of_the_author_is_left_out(read):
    within = f'<w:fldSimple w:instr=" AUTHOR ">{run("Hemlig")}</w:fldSimple>'
    link_around = f"<w:fldSimple w:instr=' HYPERLINK \"https://a.se\" '>{run('A')}{within}"
    article = read("a.docx", word(paragraph(inner=f"{run('Se ')}{link_around}</w:fldSimple>")))
    assert prose(article) == '<p>Se <a href="https://a.se">A</a></p>'


def test_text_of_other_fields_stays(read):
    simple = f'<w:fldSimple w:instr=" DATE ">{run("21 mars")}</w:fldSimple>'
    assert (
        prose(read("a.docx", word(paragraph(inner=run("Den ") + simple)))) == "<p>Den 21 mars</p>"
    )


def test_text_struck_through_must_be_settled_before_publishing(read):
    article = read("a.docx", word(paragraph(inner=run("struken", "<w:strike/>"))))
    assert article.notes.to_complete == [
        "Ta bort eller behåll texten som var genomstruken: ”struken”."
    ]


# What Word files are refused for


@every_row(
    "change",
    [
        f'<w:ins w:author="A">{run("nytt")}</w:ins>',
        '<w:del w:author="A"><w:r><w:delText>gammalt</w:delText></w:r></w:del>',
        f'<w:moveFrom w:author="A">{run("flyttat")}</w:moveFrom>',
        f'<w:moveTo w:author="A">{run("flyttat")}</w:moveTo>',
        run("x", '<w:rPrChange w:author="A"><w:rPr/></w:rPrChange>'),
    ],
    ids=["ins", "del", "moveFrom", "moveTo", "rPrChange"],
)
def test_tracked_changes_are_refused(refused, change):
    message = refused("a.docx", word(paragraph(inner=change)))
    assert message == "Dokumentet har spårade ändringar: godkänn eller avvisa alla och spara igen."


def test_tracked_changes_in_footnotes_are_refused(refused):
    note = f'<w:footnote w:id="1">{paragraph(inner=f"<w:ins>{run(chr(120))}</w:ins>")}</w:footnote>'
    assert "spårade ändringar" in refused("a.docx", word(parts={"footnotes": note}))


@every_row(
    "options",
    [
        {"parts": {"comments": f'<w:comment w:id="0">{paragraph("Obs!")}</w:comment>'}},
        {"body": paragraph(inner='<w:r><w:commentReference w:id="0"/></w:r>')},
    ],
    ids=["comment", "reference"],
)
def test_comments_are_refused(refused, options):
    message = refused("a.docx", word(options.get("body", ""), parts=options.get("parts")))
    assert message == "Dokumentet har kommentarer: ta bort alla och spara igen."


GOOGLE = (
    '<h1>T</h1><p>I.</p><p>Text<sup><a href="#cmnt1" id="cmnt_ref1">[a]</a></sup> här.</p>'
    '<div><p><a href="#cmnt_ref1" id="cmnt1">[a]</a><span>Är detta hemligt?</span></p></div>'
)


@every_row(
    ("name", "content"),
    [
        ("a.html", GOOGLE),
        ("a.html", re.sub("<a[^>]*>|</a>", "", GOOGLE)),
        ("a.txt", "T\n\nIngress.\n\nText[a] här.\n\n[a]Är detta hemligt?\n[b]Nej."),
        (
            "a.docx",
            word(paragraph(inner=run("Text")
                 + f'<w:hyperlink w:anchor="cmnt1">{run("[a]")}</w:hyperlink>')),
        ),
    ],
    ids=["html", "html without places", "txt", "docx"],
)  # fmt: skip
def test_comments_of_google_docs_are_refused(refused, name, content):
    message = refused(name, content)
    assert message == "Dokumentet har kommentarer: ta bort alla och spara igen."


def test_letters_in_brackets_are_no_comments(read):
    article = read("a.txt", "T\n\nI.\n\nSe not[a] och [b].\n\n[a] Noten.\n\n[b]Noten.")
    assert "[a] Noten." in prose(article)


def test_hidden_text_is_refused(refused):
    message = refused("a.docx", word(paragraph(inner=run("dolt", "<w:vanish/>"))))
    assert message == "Dokumentet har dold text: visa eller ta bort den och spara igen."


def test_all_that_is_to_be_settled_in_word_is_told_at_once(refused):
    cropped = picture().replace("<a:blip", '<a:srcRect l="9000"/><a:blip')
    body = paragraph(
        inner=run("dolt", "<w:vanish/>") + f'<w:ins w:id="1">{run("nytt")}</w:ins>' + cropped
    )
    told = refused("a.docx", word(body, pictures=(jpeg(),)))
    assert told == (
        "Dokumentet har dold text: visa eller ta bort den och spara igen. Dokumentet har spårade ändringar: "
        "godkänn eller avvisa alla och spara igen. En bild är beskuren men hel i filen: ta bort de "
        "beskurna områdena och spara igen."
    )


def test_text_hidden_by_its_style_is_refused(refused):
    hiding = style("Dold", "Dold", more="<w:rPr><w:vanish/></w:rPr>")
    inherited = style("Arvtagare", "Arvtagare", based_on="Dold")
    content = word(paragraph("dolt", style="Arvtagare"), styles=STYLES + hiding + inherited)
    assert "dold text" in refused("a.docx", content)


def test_text_that_is_said_to_show_is_not_hidden(read):
    shown = paragraph(inner=run("syns", '<w:vanish w:val="0"/>'))
    assert prose(read("a.docx", word(shown))) == "<p>syns</p>"


def test_hidden_picture_is_refused(refused):
    content = word(paragraph(inner=picture(more='hidden="1"')), pictures=(jpeg(),))
    assert "dold text" in refused("a.docx", content)


def test_hidden_row_of_a_table_is_refused(refused):
    hidden = table(["a", "b"], ["c", "d"]).replace("<w:tblHeader/>", "<w:hidden/>")
    assert "dold text" in refused("a.docx", word(hidden))


@every_row("kind", ["chart", "diagram"])
def test_diagram_is_asked_for(read, kind):
    drawing = f'<w:r><w:drawing><wp:inline><a:graphic><a:graphicData uri="x/{kind}"/></a:graphic>'
    article = read("a.docx", word(paragraph(inner=f"{drawing}</wp:inline></w:drawing></w:r>")))
    assert article.notes.to_complete == ["Lägg till diagrammen, som inte kunde tas med."]


def test_cropped_picture_is_refused_as_the_rest_of_it_is_in_the_file(refused):
    body = paragraph(inner=picture(alt="En kust.", crop='<a:srcRect l="25000"/>'))
    assert "beskuren" in refused("a.docx", word(body, pictures=(jpeg(),)))


def test_picture_cropped_by_nothing_is_taken(read):
    body = paragraph(inner=picture(alt="En kust.", crop='<a:srcRect l="0" t="-500"/>'))
    assert read("a.docx", word(body, pictures=(jpeg(),))).image is not None


def test_macros_are_refused(refused):
    macros = "application/vnd.ms-word.document.macroEnabled.main+xml; wordprocessingml"
    assert "makron" in refused("a.docx", word(main_type=macros))


def test_entities_are_never_unfolded(refused):
    bomb = '<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    assert "går inte att läsa" in refused("a.docx", word(start=bomb))


def test_package_that_unfolds_without_end_is_refused(refused):
    output = BytesIO(word())
    with zipfile.ZipFile(output, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/bomb.bin", b"\0" * 30 * 1024 * 1024)
    assert "för stor när den packas upp" in refused("a.docx", output.getvalue())


def test_package_with_locked_entries_is_refused(refused):
    content = bytearray(word())
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for found in re.finditer(signature, bytes(content)):
            content[found.start() + place] |= 1
    assert "lösenord" in refused("a.docx", bytes(content))


def test_document_with_too_many_paragraphs_is_refused(refused):
    body = paragraph("x") * (sniff.MAX_PARAGRAPHS + 1)
    assert refused("a.docx", word(body)).startswith("Dokumentet är för långt: högst 5")


def test_document_nested_without_end_is_refused(refused):
    body = "<w:tbl><w:tr><w:tc>" * 200 + "</w:tc></w:tr></w:tbl>" * 200
    assert "för djupt" in refused("a.docx", word(body))


def test_word_file_cut_off_anywhere_is_refused_in_one_line(refused):
    content = word(paragraph(inner=picture(alt="En kust.")), pictures=(jpeg(),))
    for part in range(50):
        assert refused("a.docx", content[: 1 + part * len(content) // 50])


def test_parts_of_the_file_that_hold_no_article_are_not_read(read):
    output = BytesIO(word())
    with zipfile.ZipFile(output, "a") as package:
        package.writestr("word/header1.xml", "<trasig")
        package.writestr("mammoth/style-map", "p => script")
    assert read("a.docx", output.getvalue()).title == "Rubrik"


def test_picture_of_too_many_pixels_is_refused(refused):
    huge = BytesIO()
    Image.new("1", (10_000, 5_001)).save(huge, "PNG")
    content = word(paragraph(inner=picture(alt="En kust.")), pictures=(huge.getvalue(),))
    assert refused("a.docx", content) == (
        "Bilden har för många bildpunkter. En JPEG får ha 60 miljoner, en PNG 40 miljoner, "
        "andra bilder 20 miljoner."
    )


# Files that are not what they are called


@every_row(
    ("name", "content", "found"),
    [
        ("a.docx", b"%PDF-1.7 ...", "en pdf"),
        ("a.docx", b"<html><p>x</p></html>", "inget Worddokument"),
        ("a.docx", b"{\\rtf1 x}", "en text i formatet RTF"),
        ("a.docx", sniff._OLE + b"x" * 600, "ett Worddokument av äldre slag (.doc)"),
        ("a.txt", b"%PDF-1.7 ...", "en pdf"), ("a.txt", b"text\x00mer", "inte text"),
        ("a.txt", b"<!DOCTYPE html><p>x</p>", "en HTML-fil"),
        ("a.txt", b"PK\x03\x04...", "en packad fil"), ("a.html", b"bara text", "text utan märkning"),
        ("a.html", b"\x89PNG\r\n\x1a\n", "en bild"),
    ],
)  # fmt: skip
def test_file_that_is_not_what_its_name_says_is_refused(refused, name, content, found):
    message = refused(name, content)
    assert message == f"Filen {name} är inte vad namnet säger: den är {found}."


def test_packed_file_of_another_kind_is_no_word_document(refused):
    output = BytesIO()
    with zipfile.ZipFile(output, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    assert "inget Worddokument" in refused("a.docx", output.getvalue())


def test_word_file_with_a_password_is_refused(refused):
    content = sniff._OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    assert refused("a.docx", content) == (
        "Filen a.docx är skyddad med lösenord: ta bort det och spara igen."
    )


@every_row("content", [b"", b" \n\t ", b"\xef\xbb\xbf"])
@every_row("name", ["a.docx", "a.txt", "a.html"])
def test_empty_file_is_refused(refused, name, content):
    message = refused(name, content)
    assert "tom" in message or "inget Worddokument" in message


def test_unknown_kind_of_file_is_refused(refused):
    assert refused("a.rtf", b"x") == (
        "Filen a.rtf är av ett slag som inte kan importeras: använd .docx, .odt, .html, .txt."
    )


def test_file_larger_than_the_limit_is_not_even_read(tmp_path):
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(sniff.MAX_FILE_SIZE + 1)
    with pytest.raises(RefusedError, match="för stor: högst 20 MB"):
        read_article(path)


def test_missing_file_and_folder_are_refused(tmp_path):
    with pytest.raises(RefusedError, match="finns inte"):
        read_article(tmp_path / "borta.docx")
    with pytest.raises(RefusedError, match="är en mapp"):
        read_article(tmp_path)


# The letters of a text


@every_row("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_swedish_letters_are_read_in_every_unicode_encoding(read, encoding):
    assert read("a.txt", "Åäö\n\nIngress.".encode(encoding)).title == "Åäö"


def test_html_in_an_older_encoding_is_read_when_it_says_so(read):
    html = '<meta charset="iso-8859-1"><h1>Åäö – “x”</h1>'
    assert read("a.html", html.encode("cp1252")).title == "Åäö – “x”"


@every_row(("name", "encoding"), [("a.txt", "mac-roman"), ("a.html", "cp1252")])
def test_text_in_an_unknown_encoding_is_refused(refused, name, encoding):
    assert "UTF-8" in refused(name, "<p>Åäö</p>".encode(encoding))


def test_letters_written_in_two_parts_are_joined(read):
    assert read("a.txt", "A\u030angstrom\n\nx").title == "Ångstrom"


def test_characters_that_turn_or_hide_text_are_left_out(read):
    assert read("a.html", "<h1>A\u202eb\u200bc\u00add</h1>").title == "Abcd"


# HTML


def test_whole_page_gives_its_article_without_menus_scripts_and_comments(read):
    article = read(
        "a.html",
        """<!doctype html><html><head><title>T</title><style>p{}</style></head><body>
        <header>Logotyp</header><nav>Meny</nav><main><h1>Rubrik</h1><p>Ingress.</p>
        <p>Kvar <!-- hemligt --><span style="display: none">dold</span> text.</p>
        <script>alert(1)</script><iframe src="x"></iframe></main><footer>Fot</footer></body>""",
    )
    assert (article.title, article.lead) == ("Rubrik", "Ingress.")
    assert prose(article) == "<p>Kvar text.</p>"
    assert article.notes.dropped["skript"] == 1
    assert article.notes.dropped["kommentarer i koden"] == 1
    assert article.notes.dropped["dold text"] == 1


def test_tags_that_html_lets_an_author_leave_open_are_ended(read):
    article = read(
        "a.html",
        "<h1>T</h1><p>I.<p>a<ul><li>b<li>c<ul><li>d</ul></ul>"
        "<table><tr><th>A<th>B<tr><td>1<td>2</table>",
    )
    assert article.parts == [
        Prose("<p>a</p><ul><li>b</li><li>c<ul><li>d</li></ul></li></ul>"),
        Table((("A", "B"), ("1", "2"))),
    ]


def test_table_keeps_its_rows_where_its_caption_is_left_open(read):
    article = read(
        "a.html",
        "<h1>T</h1><p>I.<table><caption>C<thead><tr><th>A<th>B<tbody><tr><td>1<td>2</table>",
    )
    assert article.parts == [Table((("A", "B"), ("1", "2")), caption="C")]


@every_row("tag", ["<wbr>", "<embed src=x>", "<track>", "</body></html>"])
def test_text_after_a_tag_that_holds_none_is_kept(read, tag):
    assert prose(read("a.html", f"<h1>T</h1><p>I.<p>Säker{tag}het")).count("het") == 1


def test_entities_in_html_open_no_files(read):
    declared = '<!doctype html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY y "ja">]>'
    assert "<p>&amp;x;&amp;y;</p>" in prose(read("a.html", f"{declared}<h1>T</h1><p>&x;&y;"))


def test_figure_takes_its_caption_and_only_pictures_beside_the_file(read, tmp_path):
    (tmp_path / "bild.jpg").write_bytes(jpeg())
    (tmp_path.parent / "utanfor.jpg").write_bytes(jpeg())
    article = read(
        "a.html",
        """<h1>T</h1><figure><img src="bild.jpg" alt="En kust."><figcaption>Kusten</figcaption>
        </figure><p>I.</p><img src="../utanfor.jpg" alt="Utanför"><img src="/etc/passwd" alt="Rot">
        <img src="https://example.se/x.jpg" alt="Annan värd">""",
    )
    assert (article.image.alt_text, article.image.caption) == ("En kust.", "Kusten")
    assert [note.rpartition(": ")[2] for note in article.notes.to_complete] == [
        "Utanför.",
        "Rot.",
        "Annan värd.",
    ]


def test_header_cells_of_row_and_column_are_told_apart(read):
    table_of = "<h1>T</h1><p>I.</p><table>{}</table>".format
    row = read("a.html", table_of("<tr><th>A<th>B<tr><td>1<td>2")).parts[0]
    column = read("a.html", table_of("<tr><th>A<td>1<tr><th>B<td>2")).parts[0]
    both = read("a.html", table_of("<tr><td><th>B<tr><th>C<td>2")).parts[0]
    assert (row.header, column.header, both.header) == ("row", "column", "both")


def test_list_in_a_cell_becomes_lines_of_it(read):
    article = read(
        "a.html",
        "<h1>T</h1><p>I.</p><table><tr><th>A<th>B<tr><td>Gör så här:<ul><li>byt <b>lösen</b>"
        "<ol start=2><li>ring</ol></ul>och vänta<td>1</table>",
    )
    assert article.parts[0].rows[1] == ("Gör så här:\n• byt lösen\n2. ring\noch vänta", "1")
    assert "Listor i en tabell har blivit rader av text." in article.notes.to_check


def test_merged_cells_are_divided(read):
    html = '<h1>T</h1><p>I.</p><table><tr><th colspan="2">A<tr><td rowspan="2">x<td>1<tr><td>2'
    assert read("a.html", html).parts[0].rows == (("A", "A"), ("x", "1"), ("x", "2"))


def test_quote_in_html_has_text_and_source(read):
    html = "<h1>T</h1><p>I.</p><blockquote><p>”Vi skyddar.”</p><footer>– Anna</footer></blockquote>"
    assert read("a.html", html).parts == [Quote("Vi skyddar.", "Anna")]


def test_link_alone_in_a_paragraph_is_a_row_and_others_stay_in_the_text(read):
    article = read(
        "a.html",
        '<h1>T</h1><p>I.</p><p><a href="https://a.se/">Ensam</a></p>'
        '<p>Se <a href="https://b.se/">mer</a>.</p><p>Utan länk</p>',
    )
    assert article.parts == [
        LinkRow("Ensam", "https://a.se/"),
        Prose('<p>Se <a href="https://b.se/">mer</a>.</p><p>Utan länk</p>'),
    ]


def test_links_within_the_page_lead_to_its_headings_or_are_left_out(read):
    article = read(
        "a.html",
        '<h1>T</h1><p>I.</p><p>Se <a href="#ett">ett</a> och <a href="#borta">borta</a>.</p>'
        '<h2 id="ett">Första avsnittet</h2>',
    )
    assert prose(article) == '<p>Se <a href="#forsta-avsnittet">ett</a> och borta.</p>'


SAFELINK = (
    "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.msb.se%2Fa%3Fb%3D1"
    "&data=05%7C02%7Canna.andersson%40sakerhetspolisen.se%7C08dc&sdata=x%3D&reserved=0"
)


@every_row("name", ["a.html", "a.txt"])
def test_address_in_a_text_is_shown_without_what_a_program_knows_of_its_user(read, name):
    text = f"T\n\nI.\n\nSe {SAFELINK}, eller ring."
    if name != "a.txt":
        text = f"<h1>T</h1>\n\nI.\n\nSe {SAFELINK.replace('&', '&amp;')}, eller ring."
    article = read(name, text.replace("I.", "<p>I.</p>") if name == "a.html" else text)
    assert prose(article).strip() == "<p>Se https://www.msb.se/a?b=1, eller ring.</p>"


def test_heading_that_is_only_bold_is_pointed_out(read):
    article = read("a.html", "<h1>T</h1><p>I.</p><p><b>Fejkrubrik</b></p><p>Text.</p>")
    look_through(article)
    assert "Kanske en rubrik, fast bara i fetstil: ”Fejkrubrik”." in article.notes.to_check


def test_section_before_the_first_paragraph_leaves_the_lead_to_be_written(read):
    article = read("a.html", "<h1>T</h1><h2>A</h2><p>Text.</p>")
    assert article.lead == ""
    assert article.notes.to_complete == ["Skriv en ingress: filen har ingen."]


ALLOWED = re.compile(
    r'<li data-number="[^"<>]*">|</?(?:p|ul|ol|li|b|i)>|<a href="[^"<>]*">|</a>|<br/>'
)
FRAGMENTS = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "<p>", "</p>", "<b>", "</b>", "<i>", "<ul>", "<li>", "</ul>", "<ol>", "<table>",
                "<tr>", "<td>", "</table>", "<h2>", "</h2>", "<a href='x\"><script>'>", "</a>",
                "<a href=javascript:alert(1) onclick=x>", "<script>", "</script>", "<svg onload=x>",
                "<style>", "<!--", "-->", "<![CDATA[", "]]>", "<img src=x onerror=y>", "<br>",
                "<blockquote>", "<div>", "</div>", "<details><summary>", "<sup>", "&lt;script&gt;",
                "<?php", "<p/onclick=x>", "<figure>", "<dl><dt>", "<pre>", "<s>", "&#60;b onx&#62;",
            ]
        ),
        st.text(max_size=8),
    ),
    max_size=30,
)  # fmt: skip


@given(FRAGMENTS)
def test_whatever_is_written_only_the_marks_of_an_article_come_out(fragments):
    try:
        elements = read_html("".join(fragments), open_picture=lambda _: None, notes=Notes())
    except RefusedError:
        return
    for element in elements:
        if isinstance(element, Paragraph | Prose):
            rest = ALLOWED.sub("", element.html)
            assert "<" not in rest
            assert ">" not in rest.replace("&gt;", "")


# Plain text


def test_plain_text_gives_title_lead_paragraphs_and_likely_headings(read):
    article = read(
        "a.txt",
        "Titeln\r\n\r\nIngressen är en mening.\r\n\r\nEtt avsnitt\r\n\r\n"
        "Stycket bryts\r\nhär mitt i om Samverkansrådet.\r\n\r\nSamverkansrådet\r\n\r\n"
        "Ett till stycke.\r\n\r\n- ett\r\n- två\r\n",
    )
    assert (article.title, article.lead) == ("Titeln", "Ingressen är en mening.")
    assert article.parts == [
        Heading("Ett avsnitt", 2),
        Prose(
            "<p>Stycket bryts här mitt i om Samverkansrådet.</p><p>Samverkansrådet</p>"
            "<p>Ett till stycke.</p><ul><li>ett</li><li>två</li></ul>"
        ),
    ]
    assert article.notes.to_check == [
        "Korta rader har blivit rubriker: ”Ett avsnitt”.",
        "De här raderna kan ha varit länkar: ”Samverkansrådet”.",
        "Ren text säger inget om rubriker, länkar, listor, tabeller och bilder: "
        "gå igenom sidan och märk upp dem.",
    ]


def test_text_without_empty_lines_has_a_paragraph_a_line(read):
    article = read("a.txt", "Titel\nIngress.\nEtt stycke.\nEtt till.\n")
    assert prose(article) == "<p>Ett stycke.</p><p>Ett till.</p>"


def test_marks_in_plain_text_are_text(read):
    assert (
        prose(read("a.txt", "T\n\nI.\n\n<b>a</b> & b.")) == "<p>&lt;b&gt;a&lt;/b&gt; &amp; b.</p>"
    )


def test_file_whose_first_paragraph_is_no_title_is_refused(refused):
    assert refused("a.txt", "ord " * 100) == (
        "Filen saknar rubrik: dess första stycke är 399 tecken långt."
    )
