"""A PDF goes out with what a reader sees, and with nothing else."""

import io
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pikepdf
import pypdfium2
import pytest
from django.core.files.base import ContentFile
from pikepdf import Array, Dictionary, Name, String
from PIL import ImageChops

from pages.library.cleaning import cleaned_files
from pages.library.cleaning.cleaned_files import CleanedFile, FileRefused, cleaned
from pages.library.cleaning.cleaning_job import clean_and_tell
from pages.library.cleaning.sentences import removed_in_words
from tests.factories import pdf_files as pdf
from tests.factories.pdf_files import box, changed, lines, pdf_of, picture, text
from tests.tables import every_row

PLAIN = pdf_of(lines)


def _cleaned_here(_work: str, given: dict[str, str], folder: Path, _bounds: object) -> Any:
    """What the child does: to start one for each file takes longer than the cleaning."""
    (folder / "made").mkdir()
    try:
        told = clean_and_tell(str(folder / given["source"]), str(folder / given["target"]))
    except Exception:
        return None  # as when it has died
    return json.loads(json.dumps(told))


def kept_of(content: bytes, name: str = "plan.pdf") -> CleanedFile:
    with patch.object(cleaned_files, "ask_child", _cleaned_here):
        return cleaned(ContentFile(content), name)


def refusal_of(content: bytes, name: str = "plan.pdf") -> str:
    with pytest.raises(FileRefused) as refused:
        kept_of(content, name)
    return " ".join(refused.value.messages)


def _pages(content: bytes):
    with pypdfium2.PdfDocument(content) as document:
        document.init_forms()
        return [page.render(scale=2).to_pil().convert("RGB") for page in document]


def looks_alike(one: bytes, other: bytes) -> bool:
    before, after = _pages(one), _pages(other)
    return len(before) == len(after) and all(
        ImageChops.difference(*pair).getbbox() is None for pair in zip(before, after, strict=True)
    )


def _all_that_is_in(content: bytes) -> bytes:
    """Every string and stream of the file, unpacked."""
    output = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as document:
        document.save(output, qdf=True, static_id=True)
    return output.getvalue()


def _marked_black(document: pikepdf.Pdf) -> None:
    black = pdf.look(document, b"0 0 0 rg 0 0 200 20 re f")
    pdf.mark("Square", AP=black, IC=Array([0, 0, 0]))(document)


def _highlighted(document: pikepdf.Pdf) -> None:
    look = pdf.look(document, b"1 1 0 rg 0 0 40 4 re f")
    pdf.mark("Highlight", AP=look, QuadPoints=Array([60, 115, 260, 115, 60, 95, 260, 95]))(document)


def _signed(document: pikepdf.Pdf) -> None:
    signature = Dictionary({"/Type": Name.Sig, "/Name": String("Anna Hemlig")})
    pdf.field(FT=Name.Sig, V=document.make_indirect(signature))(document)
    document.Root.AcroForm.SigFlags = 3


def _cropped_to(*box_of_page: int):
    def change(document: pikepdf.Pdf) -> None:
        document.pages[0].obj.CropBox = Array(box_of_page)

    return change


TAKEN_OUT = {
    "author": (PLAIN, "författare"),
    "xmp": (changed(PLAIN, pdf.describe), "författare"),
    "note": (changed(PLAIN, pdf.mark("Text")), "kommentarer"),
    "popup": (changed(PLAIN, pdf.mark("Popup")), "kommentarer"),
    "highlight": (changed(PLAIN, _highlighted), "kommentarer"),
    "hidden_mark": (changed(PLAIN, pdf.mark("Square", F=2)), "kommentarer"),
    "file_on_page": (changed(PLAIN, pdf.mark("FileAttachment")), "bifogade filer"),
    "attached": (changed(PLAIN, pdf.attach), "bifogade filer"),
    "scripts": (changed(PLAIN, pdf.run_scripts), "skript"),
    "local_link": (changed(PLAIN, pdf.linked("file:///H:/hemlig/plan.docx")), "adresser till era"),
    "private": (changed(PLAIN, pdf.keep_private_data), "miniatyrbilder"),
    "camera": (pdf_of(lines, pdf.photograph), "kamerans uppgifter"),
    "history": (pdf.with_former_version(PLAIN), "redigeringshistorik"),
    "signature": (changed(PLAIN, _signed), "digitala signaturer"),
    "hidden_field": (changed(PLAIN, pdf.field(V=String("hemlig"), F=2)), "dolda formulärfält"),
}


@pytest.mark.parametrize("name", TAKEN_OUT)
def test_what_no_reader_sees_is_taken_out_and_the_pages_look_as_before(name):
    content, words = TAKEN_OUT[name]
    kept = kept_of(content)
    after = kept.read()
    assert words in removed_in_words(kept.removed)
    assert b"hemlig" not in _all_that_is_in(after).lower()
    if name not in ("note", "popup", "file_on_page"):  # the pins of which go with them
        assert looks_alike(content, after)


CLEAN = {
    "lines": pdf_of(lines),
    "words_over_picture": pdf_of(picture(60, 60, 300, 200), text("ord över en bild")),
    "white_on_dark": pdf_of(box(0, 0, 595, 842, (0, 0, 0.3)), text("vitt", colour=(1, 1, 1))),
    "bold": pdf_of(lines, text("fet text"), text("fet text", 72.3)),
    "shadow": pdf_of(lines, text("skugga", 73, 99, colour=(0.8, 0.8, 0.8)), text("skugga")),
    "spaces": pdf_of(lines, text("     ", colour=(1, 1, 1)), text("  glest   och   luftigt  ")),
    "turned": pdf_of(lines, pdf.turned("text längs kanten")),
    "turned_page": changed(PLAIN, lambda document: document.pages[0].rotate(90, relative=True)),
    "cropped_page": changed(PLAIN, _cropped_to(20, 20, 590, 840)),
    "watermark": pdf_of(text("UTKAST", 100, 400, 90, colour=(0.9, 0.9, 0.9)), lines),
    "small_print": pdf_of(lines, text("finstilt upplysning om upphovsrätt", size=5)),
    "scan": pdf_of(pdf.scan),
    "read_scan": pdf_of(pdf.scan, pdf.read_by_machine),
    "link": changed(PLAIN, pdf.linked("https://sakerhetspolisen.se/")),
    "layer_that_is_on": changed(PLAIN, pdf.layer(is_on=True)),
    "form": changed(PLAIN, pdf.field()),
    "tagged": changed(PLAIN, pdf.tag),
    "for_the_web": changed(PLAIN, lambda document: None, linearize=True),
    "old": changed(PLAIN, lambda d: None, force_version="1.3",
                   object_stream_mode=pikepdf.ObjectStreamMode.disable),
}  # fmt: skip


@every_row(
    "address",
    ["javascript:app.alert(1)", "JavaScript:app.alert(1)", " javascript:app.alert(1)",
     "java\nscript:app.alert(1)", "\xa0data:text/html,<script>alert(1)</script>", "vbscript:x",
     "FILE:///C:/hemlig", "f\tile:///C:/hemlig", "blob:x", "http:javascript:x", "../plan.pdf", ""],
)  # fmt: skip
def test_a_link_that_leads_elsewhere_than_to_the_web_is_taken_out(address):
    kept = kept_of(changed(PLAIN, pdf.linked(address)))

    words = removed_in_words(kept.removed)
    assert "adresser till era" in words or "länkar som inte leder till webben" in words
    with pikepdf.open(io.BytesIO(kept.read())) as document:
        (link,) = document.pages[0].obj.Annots
        assert "/A" not in link


@every_row("address", ["http://a.se/", "HTTPS://a.se/?b#c", "mailto:a@b.se", "tel:+46105687000"])
def test_a_link_to_the_web_a_mailbox_or_a_telephone_stays(address):
    kept = kept_of(changed(PLAIN, pdf.linked(address)))

    assert "links" not in " ".join(kept.removed)
    with pikepdf.open(io.BytesIO(kept.read())) as document:
        assert str(document.pages[0].obj.Annots[0].A.URI) == address


@pytest.mark.parametrize("name", CLEAN)
def test_an_ordinary_file_passes_and_looks_as_before(name):
    kept = kept_of(CLEAN[name])
    after = kept.read()
    assert looks_alike(CLEAN[name], after)
    assert not {"comments", "scripts", "attached_files", "former_versions"} & set(kept.removed)
    assert "painted_over" not in kept.inspection["seen"]


SECRET = "Agenten heter Anna Svensson"
COVERED = {
    "black_box": (
        pdf_of(lines, text(SECRET), box(140, 96, 110, 14)),
        "under den svarta rutan på sida 1 går det att läsa ”Anna Svensson",
    ),
    "label_on_box": (
        pdf_of(lines, text(SECRET), box(60, 96, 300, 14), text("MASKAT", colour=(1, 1, 1))),
        "under den svarta rutan på sida 1",
    ),
    "box_as_mark": (
        changed(pdf_of(lines, text(SECRET)), _marked_black),
        "under den svarta rutan på sida 1",
    ),
    "white_box": (
        pdf_of(lines, text(SECRET), box(60, 90, 300, 25, (1, 1, 1))),
        "under en ruta på sida 1 går det att läsa ”Agenten heter Anna Svensson…”",
    ),
    "picture": (
        pdf_of(lines, text(SECRET), picture(60, 90, 300, 100)),
        "under bilden på sida 1 går det att läsa ”Agenten heter Anna Svensson…”",
    ),
    "white_on_white": (
        pdf_of(lines, text(SECRET, colour=(1, 1, 1))),
        "på sida 1 finns text som inte syns: ”Agenten heter Anna Svensson…”",
    ),
    "nearly_white": (pdf_of(lines, text(SECRET, colour=(0.98, 0.98, 0.98))), "text som inte syns"),
    "red_on_red": (
        pdf_of(box(60, 90, 300, 30, (0.7, 0, 0)), text(SECRET, colour=(0.7, 0, 0))),
        "text som inte syns",
    ),
    "transparent": (pdf_of(lines, text(SECRET, alpha=0)), "text som inte syns"),
    "invisible": (pdf_of(lines, text(SECRET, mode=3)), "text som inte syns"),
    "clipped": (pdf_of(lines, pdf.clipped(SECRET)), "text som inte syns"),
    "outside": (pdf_of(lines, text(SECRET, x=700)), "utanför kanten på sida 1"),
    "cropped_away": (
        changed(pdf_of(lines, text(SECRET)), _cropped_to(0, 150, 595, 842)),
        "utanför kanten på sida 1",
    ),
    "tiny": (pdf_of(lines, text(SECRET, size=0.5)), "text som är för liten för att synas"),
    "turned": (pdf_of(pdf.turned(SECRET), box(30, 400, 25, 80)), "under den svarta rutan"),
}


@pytest.mark.parametrize("name", COVERED)
def test_text_that_nobody_sees_is_refused_with_page_and_words(name):
    content, words = COVERED[name]
    said = refusal_of(content)
    assert said.startswith("Filen togs inte emot: ")
    assert words in said


def test_the_page_is_named_on_which_the_text_is_hidden():
    output = io.BytesIO()
    second = io.BytesIO(COVERED["black_box"][0])
    with pikepdf.open(io.BytesIO(PLAIN)) as document, pikepdf.open(second) as other:
        document.pages.extend(other.pages)
        document.save(output)
    assert refusal_of(output.getvalue()) == (
        "Filen togs inte emot: under den svarta rutan på sida 2 går det att läsa ”Anna Svensson…”. "
        "Ta bort texten på riktigt, till exempel genom att skriva ut sidan som bild."
    )


@every_row("read", [[], [pdf.read_by_machine]], ids=["scan", "read_scan"])
def test_a_scan_that_something_is_painted_over_passes_and_is_noted(read):
    kept = kept_of(pdf_of(pdf.scan, *read, box(70, 500, 200, 60)))
    assert kept.inspection["seen"]["painted_over"] == [1]


def test_a_layer_that_is_switched_off_is_refused_by_its_name():
    said = refusal_of(changed(PLAIN, pdf.layer(is_on=False)))
    assert "ett lager som är släckt (”Ledningar”)" in said


def test_title_language_and_tags_stay_and_are_noted():
    kept = kept_of(changed(PLAIN, lambda document: (pdf.describe(document), pdf.tag(document))))
    assert kept.inspection["seen"] == {"title": True, "language": True, "tags": True}
    with pikepdf.open(kept) as document:
        assert dict(document.docinfo) == {"/Title": "Plan"}
        assert document.Root.Lang == "sv-SE"
        with document.open_metadata() as metadata:
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_a_file_without_them_passes_and_that_is_noted():
    untitled = changed(PLAIN, lambda document: document.docinfo.__delitem__("/Title"))
    assert kept_of(untitled).inspection["seen"] == {
        "title": False, "language": False, "tags": False,
    }  # fmt: skip


def test_a_form_can_be_filled_in_and_a_link_be_followed_afterwards():
    with pikepdf.open(kept_of(changed(PLAIN, pdf.field()))) as document:
        assert len(document.Root.AcroForm.Fields) == 1
    with pikepdf.open(kept_of(CLEAN["link"])) as document:
        assert document.pages[0].obj.Annots[0].A.URI == "https://sakerhetspolisen.se/"


@every_row("password", ["", "hemligt"])
def test_a_locked_file_is_refused(password):
    locked = changed(
        PLAIN, lambda document: None, encryption=pikepdf.Encryption(owner="x", user=password)
    )
    assert refusal_of(locked) == (
        "Filen togs inte emot: den är låst med ett lösenord. Ta bort lösenordet och ladda upp igen."
    )


BROKEN = {
    "empty": b"", "cut_off": PLAIN[:200], "program": b"MZ\x90\x00" + bytes(500),
    "html": b"<!doctype html><script>alert(1)</script>", "word": b"PK\x03\x04" + bytes(200),
    "no_pages": changed(PLAIN, lambda document: document.pages.__delitem__(0)),
}  # fmt: skip


def test_words_deeper_in_forms_than_anybody_looks_are_refused():
    def nest(document):
        page = document.pages[0]
        inner = document.make_stream(b"BT /F1 12 Tf 60 100 Td (Agenten heter Anna) Tj ET")
        resources = page.Resources
        for _ in range(14):
            inner.Type, inner.Subtype = Name.XObject, Name.Form
            inner.BBox, inner.Resources = Array([0, 0, 600, 800]), resources
            outer = document.make_stream(b"/X Do")
            inner, resources = outer, Dictionary(XObject=Dictionary(X=inner))
        page.Resources.XObject = resources.XObject
        page.Contents = document.make_stream(b"/X Do 0 0 0 rg 50 90 300 30 re f")

    assert "går inte att läsa som pdf" in refusal_of(changed(PLAIN, nest))


@every_row("name", BROKEN)
def test_what_is_no_pdf_is_refused(name):
    assert refusal_of(BROKEN[name]) == (
        "Filen togs inte emot: den går inte att läsa som pdf. Spara den på nytt i programmet som den "
        "gjordes med och ladda upp igen."
    )


def test_the_same_file_gives_the_same_bytes():
    first, second = (kept_of(TAKEN_OUT["camera"][0]).read() for _ in range(2))
    assert first == second
