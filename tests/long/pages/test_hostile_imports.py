"""Files that somebody has written to keep the importer busy: each is read or refused at once."""

import re
from contextlib import suppress

import pytest

from pages.content.tree.addresses import as_pages_write_it
from pages.importing.build import as_edited
from pages.importing.completeness import look_through
from pages.importing.documents import ImportedArticle, Notes, Prose, RefusedError
from pages.importing.proof import proof_of
from tests.factories.word_files import STYLES, paragraph, run, style, word_file
from tests.pace import cpu_seconds
from tests.unit.pages import conftest as files

read, refused = files.read, files.refused

# What a person notices. Processor time, so that a busy machine does not matter.
LIMIT = 1.0
HTML = {
    "comments before the page": "<!-- -->" * 30 + "<p>x",
    "comments without end": "<!-- " * 20_000,
    "declarations without end": "<?xml " * 20_000,
    "nested divisions": "<div>" * 200_000,
    "end tags": "</div>" * 100_000,
    "links without end": "<a " * 20_000,
    "attributes without end": "<a b='x" * 20_000,
    "other end tags deep inside": "</b><q>" * 1_000_000,
    "attributes": "<p " + " ".join(f"a{number}" for number in range(20_000)) + ">x",
    "marks within marks": "<b>" * 20_000,
    "paragraphs within marks": "<span><p>" * 10_000,
    "terms without end": "<dl><dt>" * 10_000,
    "marks in a row": "<p>" + "<b>x</b>y " * 5_000,
    "marks in the rows of a list": "<ul>" + ("<li>" + "<b>x</b>y " * 400) * 12,
    "spans": "<p>" + "<span>x</span> " * 100_000,
    "terms": "<dl>" + "<dt>x<dd>y" * 20_000,
    "spaces that do not break": "<p>x" + "\xa0" * 50_000 + "x",
    "line breaks": "<p>x" + "<br>" * 4_900 + "x",
    "merged cells": "<table>" + ("<tr>" + "<td colspan=100 rowspan=100>x" * 40) * 100,
    "rows": "<table>" + "<tr>" * 6_000,
    "pictures": "".join(f"<img alt={number}>" for number in range(8_000)),
    "a long text alternative": f"<img alt='{'a.' * 100_000}'>",
    "lists": "<ul><li>x" * 45 + "<li>x" * 2_000,
    "styles": f"<p style='{'display ' * 50_000}'>x",
    "wrapped addresses": "<p>" + "https://www.google.com/url?q=" * 5_000,
    "hosts": "<p>" + "https://" + "a." * 50_000,
    "many long paragraphs": ("<p>" + "x" * 400) * 2_000,
}
TEXT = {
    "lines of an item": "- x\n" + "a\n" * 200_000,
    "items": "- x\n" * 200_000,
    "spaces": "x" + " " * 100_000 + "x",
    "rules": "-" * 100_000 + "x",
    "notes": "x[a]" * 50_000,
    "dates": "senast ändrad: " * 20_000,
}


def _field(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _instruction(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


AUTHOR = _field("begin") + _instruction(" AUTHOR ") + _field("separate")
WORD = {
    "runs": paragraph(inner=run("x") * 20_000),
    "simple fields": paragraph(inner='<w:fldSimple w:instr=" DATE "/>' * 20_000),
    "fields in fields": paragraph(inner=AUTHOR * 500 + run("x") * 500) * 4,
    "a long instruction": paragraph(
        inner=_field("begin") + _instruction(' HYPERLINK "' + "\\" * 100_000) + _field("end")
    ),
    "styles upon styles": paragraph("x", style="s0") * 500,
    "tags": paragraph(inner="<w:r><w:rPr/></w:r>") * 300_000,
}
WORD_STYLES = STYLES + "".join(
    style(f"s{number}", f"s{number}", based_on=f"s{number + 1}") for number in range(2_000)
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        *(pytest.param("a.html", f"<h1>T</h1><p>I.</p>{text}", id=f"html: {what}")
          for what, text in HTML.items() if "before" not in what),
        pytest.param("a.html", HTML["comments before the page"], id="html: comments before"),
        *(pytest.param("a.txt", f"T\n\nI.\n\n{text}", id=f"txt: {what}")
          for what, text in TEXT.items()),
    ],
)  # fmt: skip
def test_text_written_to_keep_the_importer_busy_is_read_or_refused_at_once(read, name, content):
    assert _time_for(lambda: read(name, content)) < LIMIT


@pytest.mark.parametrize("body", WORD.values(), ids=WORD)
def test_word_file_written_to_keep_the_importer_busy_is_read_or_refused_at_once(read, body):
    top = paragraph("T", style="Title"), paragraph("I.")
    content = word_file(*top, body, styles=WORD_STYLES)
    assert _time_for(lambda: read("a.docx", content)) < LIMIT


def _time_for(read_file) -> float:
    return cpu_seconds(lambda: _take_in(read_file))


def _take_in(read_file) -> None:
    with suppress(RefusedError):
        article = read_file()
        look_through(article)
        for part in article.parts:
            if isinstance(part, Prose):
                as_edited(part.html)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.html", "<h1>T</h1><p>I.<p>" + "<b>x</b> y " * 600,
         "Dokumentet går inte att läsa: ett stycke i det är för invecklat."),
        ("a.html", "<h1>T</h1>" + "<div>" * 200,
         "Dokumentet går inte att läsa: dess delar ligger för djupt i varandra."),
        ("a.html", "<h1>T</h1>" + "<hr>" * 30_000,
         "Dokumentet är för långt: högst 5000 stycken får plats."),
    ],
)  # fmt: skip
def test_refusal_says_in_one_sentence_what_is_wrong(refused, name, content, sentence):
    assert re.sub(r"\xa0", "", refused(name, content)) == sentence


def test_page_of_many_links_tables_and_marks_is_still_read(read):
    row = "<tr><td>Länsstyrelsen<td><a href='https://example.se/'>Sida</a><td><b>x</b></tr>"
    links = "<p>" + "<a href='https://example.se/'>Ort</a>, " * 290
    article = read("a.html", f"<h1>T</h1><p>I.</p>{links}<table>{row * 290}</table>")
    assert article.parts[0].html.count("<a ") == 290
    assert len(article.parts[1].rows) == 290


# What the website does itself with what was read, while a person waits.
PROVED = {
    "words": ("<p>" + "a x. " * 600 + "b", "<p>b " + "x a. " * 600),
    "lines": ("<p>x" + "<p>a<p>b" * 400 + "<p>y", "<p>z" + "<p>b<p>a<p>c" * 400 + "<p>v"),
    "marks of empty cells": ("<p>" + " |" * 20_000 + "x", "<p>y"),
    "cells": ("<table>" + "<tr><td>a<td>b" * 2_400 + "</table>", "<p>y"),
    "merged cells": (
        "<table><tr><td colspan=100 rowspan=20>" + "<i></i>" * 300 + "<td>c" + "<tr><td>b" * 40,
        "<p>y",
    ),
}


@pytest.mark.parametrize("name", PROVED)
def test_text_written_to_keep_the_proof_busy_is_proved_at_once(name):
    source, page = PROVED[name]
    article = ImportedArticle("T", "", notes=Notes(source=source))
    assert not proof_of(article, f"<main>{page}</main>", href=str).is_whole
    assert cpu_seconds(lambda: proof_of(article, f"<main>{page}</main>", href=str)) < 2 * LIMIT


def test_an_address_of_hyphens_takes_no_time():
    address = "/" + "-" * 200_000
    assert as_pages_write_it(address).endswith("-/")
    assert cpu_seconds(lambda: as_pages_write_it(address)) < LIMIT
