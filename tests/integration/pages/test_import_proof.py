"""What a source says against what the page says that was made of it."""

import json
import re

import pytest

from pages.importing.build import article_from
from pages.importing.proof import prove_import
from pages.importing.read import read_article
from tests.factories import PartnerFactory
from tests.factories.word_files import paragraph, word_file

pytestmark = pytest.mark.django_db

WHOLE = """
<h1>Rubrik</h1><p>Ingress.</p><h2>Först</h2><p>Ett <b>fett</b> ord och en
<a href="https://example.se/?a=1&amp;b=2">länk</a>.</p>
<ul><li>ett<ol><li>två<ul><li>tre</li></ul></li><li>fyra</li></ol></li><li>fem</li></ul>
<h3>Sedan</h3><ol type="a"><li>a</li><li>b</li></ol><p>Mellan.</p>
<ol start="4"><li>fyra<br>rad</li><li>fem</li></ol>
<table><caption>Tal</caption><tr><th>a</th><th>b</th></tr><tr><td>1</td><td><ul><li>x</li></ul></td></tr></table>
<blockquote><p>Så sa hon.</p><footer>Hon</footer></blockquote>
<p><a href="https://example.se/mer">Mer</a></p>
"""


@pytest.fixture
def imported(section, tmp_path):
    """The article and the page of a file with this content."""

    def make(content: str | bytes, name: str = "a.html"):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        article = read_article(path)
        return article, article_from(article, parent=section)

    return make


def test_full_name_that_the_site_adds_to_an_abbreviation_is_no_difference(imported):
    PartnerFactory(name="Europeiska unionen", abbreviation="EU")
    proof = prove_import(*imported("<h1>Rubrik</h1><p>Ingress.</p><p>Det är EU:s organ.</p>"))
    assert proof.differences == []


def test_page_that_says_all_that_its_source_says_has_no_loss(imported):
    proof = prove_import(*imported(WHOLE))
    assert proof.is_whole
    assert {row.difference for row in proof.differences} == {
        "Numret har blivit text.", "Var ”Citat”, är ”Citatets källa”.",
    }  # fmt: skip
    assert [row.source for row in proof.rows] == [row.page for row in proof.rows]


# What is written in a way that a page has another for, and nothing of it is lost.
GIF = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
WRITTEN_OTHERWISE = {
    "a.txt": "Rubrik\n\nIngressen är\nbruten.\n\nEtt stycke som är\nbrutet vid en bredd.\n\n- ett och\n  mer\n"
    "- två\n\n-----\n\n– Han sa så.\n– Hon sa så.",
    "a question in a button": '<h1>R</h1><p>I.</p><button aria-expanded="false"><h2>Hur länge?</h2></button>'
    "<div hidden><p>En månad.</p></div>",
    "a title below other text": "<p>Ingress.</p><h1>R</h1><p>Text.</p>",
    "a title on another level": "<h2>R</h2><p>I.</p><h2>Ett</h2><h3>Två</h3><p>Text.</p>",
    "a title in two lines": '<p>Ett<br>två <a href="https://example.se/">tre</a></p><p>I.</p><p>Text.</p>',
    "links to places": '<h1 id="t">R</h1><p>I.</p><p id="p">Se <a href="#t">upp</a> och <a href="#p">hit</a>.</p>',
    "links where a page has none": '<h1>R</h1><p>I <a href="https://example.se/a">a</a>.</p><h2>Ett <a '
    'href="https://example.se/b">b</a></h2><p>Text.</p>',
    "a way back from a note": '<h1>R</h1><p>I.</p><p>Text<sup><a href="#fn:1">1</a></sup>.</p><ol><li id="fn:1">'
    '<p>Noten. <a href="#fnref:1">↩</a></p></li></ol>',
    "cards": '<h1>R</h1><p>I.</p><a href="https://example.se/a"><h3>Ett</h3><p>a</p></a><ul><li>'
    '<a href="https://example.se/b"><h3>Två</h3><p>b</p></a></li></ul>',
    "headings and quotes in a list": "<h1>R</h1><p>I.</p><ol><li><h3>Steg</h3><p>Gör så.</p></li><li>Nu"
    "<blockquote>Citat</blockquote><table><tr><td>a<td>b<tr><td>c<td>d</table></li></ol>",
    "pictures in a list and a table": f'<h1>R</h1><p>I.</p><h2>A</h2><ul><li>Ett <img src="{GIF}" alt="x"> två'
    f'</li></ul><table><tr><th>a<th>b<tr><td>c <img src="{GIF}" alt="y"> d<td>e</table>',
    "two rows of headers": "<h1>R</h1><p>I.</p><table><tr><th>a<th>b<tr><th>c<th>d<tr><td>1<td>2</table>",
    "the caption of a table in one column": "<h1>R</h1><p>I.</p><table><caption>Tal</caption><tr><td>a<tr><td>b"
    "</table>",
    "signs that nobody sees": "<h1>R</h1><p>I.</p><p>Ett&#12;två &#x1;tre</p>",
    "b.txt": "Rubrik\n\nIngress.\n\n\fNy sida.",
}


def test_what_a_page_writes_otherwise_is_no_loss(imported, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    for name, content in WRITTEN_OTHERWISE.items():
        file = name if name.endswith(".txt") else "a.html"
        assert not prove_import(*imported(content, file)).losses, name


def test_a_page_that_ends_in_the_midst_of_a_paragraph_leaves_its_words_apart(imported):
    body = '<w:r><w:t>ett</w:t><w:br w:type="page"/><w:t>två</w:t></w:r>'
    paragraphs = paragraph("R", style="Title"), paragraph("I."), paragraph(inner=body)
    _article, page = imported(word_file(*paragraphs), "a.docx")
    assert "ett<br/>två" in page.body[0].value.source


def test_a_turn_of_speech_in_a_text_is_no_heading(imported):
    _article, page = imported("R\n\nIngress.\n\n– Jag vet\n\nsom fortsätter.", "a.txt")
    assert "<h2" not in page.body[0].value.source


def test_what_a_list_or_a_line_cannot_hold_is_told(imported):
    article, page = imported(
        "<h1>R</h1><p>I.</p><p>x<sup>n+1</sup></p><ul><li><h3>Steg</h3></li></ul>"
        '<ul><li><a href="https://example.se/b"><h3>Två</h3></a></li></ul>'
    )
    assert article.notes.to_check == [
        "Upphöjda eller nedsänkta bokstäver har blivit vanliga: ”n+1”.",
        "Rubriker, citat och tabeller i en lista har blivit dess rader.",
    ]
    assert "https://example.se/b" in page.body[0].value.source


LISTS = """
<h1>Rubrik</h1><p>Ingress.</p><h2>Först</h2><p>Ett stycke med en <a href="https://example.se/a">länk</a>.</p>
<ol><li>ett</li><li>två</li><li>tre<ul><li>under</li></ul></li></ol><p>Sist.</p><p>Allra sist.</p>
"""
DAMAGES = {
    "an item dropped": ("<li>två</li>", "", "Finns inte på sidan.", "2. två"),
    "the numbers moved": ("<li>ett</li>", "<li>noll</li><li>ett</li>", "Har numret ”2.”, inte ”1.”.",
                          "1. ett"),
    "a number written wrong": (
        "<ol><li>ett</li>", "<p>4. ett</p><ol>", "Har andra ord.", "1. ett",
    ),
    "two items swapped": (
        "<li>ett</li><li>två</li>", "<li>två</li><li>ett</li>", "Står på en annan plats.", "1. ett",
    ),
    "two paragraphs swapped": (
        "<p>Sist.</p><p>Allra sist.</p>", "<p>Allra sist.</p><p>Sist.</p>",
        "Står på en annan plats.", "Sist.",
    ),
    "another kind of list": (
        "<ul><li>under</li></ul>", "<ol><li>under</li></ol>",
        "Har numret ”1.”, inte ”inget”.", "under",
    ),
    "another level": (
        "<ul><li>under</li></ul></li></ol>", "</li></ol><ul><li>under</li></ul>",
        "Är på nivå 1, inte 2.", "under",
    ),
    "another target": (
        "https://example.se/a", "https://example.se/b",
        "Leder till https://example.se/b, inte till https://example.se/a.",
        "Ett stycke med en länk (→ https://example.se/a).",
    ),
    "no target": (
        '<a href="https://example.se/a">länk</a>', "länk",
        "Leder inte längre till https://example.se/a.",
        "Ett stycke med en länk (→ https://example.se/a).",
    ),
    "another word": ("<p>Sist.", "<p>Sidst.", "Finns inte på sidan.", "Sist."),
    "a word gone": ("Ett stycke med", "Ett med", "Har andra ord.",
                    "Ett stycke med en länk (→ https://example.se/a)."),
    "a line of its own": ("<p>Sist.</p>", "<p>Sist.</p><p>Ny.</p>", "Finns bara på sidan.", ""),
}  # fmt: skip


def damage(page, old: str, new: str) -> None:
    """Changes the text of a draft, as a fault of the import would."""
    revision = page.latest_revision
    blocks = json.loads(revision.content["body"])
    before = json.dumps(blocks)
    for block in blocks:
        if block["type"] == "prose":
            text = re.sub(r' data-block-key="\w+"', "", block["value"]).replace(old, new)
            block["value"] = text
    assert json.dumps(blocks) != before
    revision.content["body"] = json.dumps(blocks)
    revision.save()


def test_each_damage_to_a_page_is_a_loss_and_named_with_its_place(imported):
    for name in DAMAGES:
        old, new, difference, source = DAMAGES[name]
        article, page = imported(LISTS)
        assert prove_import(article, page).differences == []
        damage(page, old, new)
        losses = prove_import(article, page).losses
        assert (difference, source) in [(row.difference, row.source) for row in losses]
        assert all("under ”Först”" in row.place for row in losses)
