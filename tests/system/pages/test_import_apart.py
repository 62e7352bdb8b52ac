"""A file made to harm whoever imports it: one line, exit 1, and nothing of it is left."""

import io
import zipfile
from unittest.mock import patch

import pytest

from pages.importing import reading_apart
from pages.importing.read import read_article
from pages.importing.reading_apart import article_in_file
from pages.library.apart.parent import Bounds
from tests.factories.open_documents import open_document
from tests.factories.word_files import paragraph, picture, word_file
from tests.system.pages.test_import_article import _refusal
from tests.unit.pages.test_importing import jpeg

pytestmark = pytest.mark.django_db


def _packed(entries: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries.items():
            package.writestr(name, content)
    return output.getvalue()


TEXT = word_file(paragraph("Rubrik", style="Title"), paragraph("Hej."))
TOO_MUCH = "går inte att läsa: den tar för mycket tid eller minne"
BOMBS = {
    "packed.docx": (
        _packed({"word/document.xml": bytes(250_000_000)}),
        "för stor när den packas upp",
    ),
    "packed.odt": (
        open_document("<text:p>x</text:p>", **{"Pictures/a": bytes(250_000_000)}),
        "för stor när den packas upp",
    ),
    "deep.odt": (open_document("<text:p>" * 500 + "</text:p>" * 500), "för djupt"),
    "deep.html": (b"<div>" * 200_000, "för djupt"),
    "deep.docx": (word_file(paragraph(inner="<w:sdt>" * 300 + "</w:sdt>" * 300)), "för djupt"),
    "large.txt": (b"Hej hej. " * 2_500_000, "för stor: högst 20 MB får plats"),
}


def test_a_bomb_of_each_kind_is_refused_on_one_line(section, tmp_path):
    for name in BOMBS:
        content, words = BOMBS[name]
        path = tmp_path / name
        path.write_bytes(content)
        assert words in _refusal(path)


def test_what_takes_more_than_it_may_is_refused_on_one_line(section, tmp_path):
    for bounds in [Bounds(megabytes=40), Bounds(seconds=0)]:
        for name in ["text.docx", "text.odt", "text.html", "text.txt"]:
            path = tmp_path / name
            packed = {
                ".docx": TEXT,
                ".odt": open_document("<text:p>Rubrik</text:p><text:p>Hej.</text:p>"),
            }
            path.write_bytes(packed.get(path.suffix) or b"<h1>Rubrik</h1><p>Hej.</p>")
            with patch.object(reading_apart, "_BOUNDS", bounds):
                assert TOO_MUCH in _refusal(path)


def test_a_reader_that_is_away_is_said_on_one_line(section, tmp_path, settings):
    settings.READER_SOCKET = str(tmp_path / "reader.sock")
    (tmp_path / "text.txt").write_text("Rubrik\n\nHej.")
    assert "programmet som läser filer svarar inte" in _refusal(tmp_path / "text.txt")


def test_what_is_carried_from_the_child_is_what_was_read(tmp_path):
    body = [
        paragraph("Rubrik", style="Title"),
        paragraph("Hej."),
        paragraph(inner=picture(0, alt="Kust")),
    ]
    path = tmp_path / "text.docx"
    path.write_bytes(word_file(*body, pictures=(jpeg(),)))
    assert article_in_file(path) == read_article(path)
    page = tmp_path / "text.html"
    page.write_text(
        "<h1>Rubrik</h1><p>Hej <svg></svg></p><h2>Del</h2><ul><li>ett</ul><blockquote><p>Så.</blockquote>"
        "<table><caption>Tal</caption><tr><th>a<th>b<tr><td>1<td>2</table><p>Uppdaterad: 2024-03-21</p>"
    )
    found = article_in_file(page)
    assert found == read_article(page)
    assert found.parts
    assert found.notes.dropped
