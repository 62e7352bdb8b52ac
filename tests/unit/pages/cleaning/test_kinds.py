"""A file is what its ending says: every kind that is taken, under every other kind's name."""

import io
from pathlib import Path

import pytest
from PIL import Image

from pages.library.cleaning.cleaning_job import clean_and_tell
from pages.library.pixels import UnreadableImageError
from pages.library.upload import without_metadata
from sapo_site.settings import base
from tests.factories import film_files as film
from tests.factories.office_files import packed, sheet_file, slide_file, word_file
from tests.factories.pdf_files import lines, pdf_of
from tests.tables import every_row

CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nHej!\n"
TEXTS = {"csv", "txt", "vtt"}


def _picture(image_format: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (8, 8), "#113158").save(output, image_format)
    return output.getvalue()


CONTENTS = {
    "csv": b"Namn;Ort\n", "docx": word_file(), "mp4": film.mp4(),
    "pdf": pdf_of(lines), "pptx": slide_file(),
    "txt": b"Hej\n", "vtt": CAPTIONS, "xlsx": sheet_file(),
}  # fmt: skip
# What nobody may upload under any name.
OTHERS = {
    "program": b"MZ\x90\x00" + bytes(300), "elf": b"\x7fELF" + bytes(300),
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "rtf": b"{\\rtf1 hej}",
    "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "zip": packed({"a.txt": b"Hej\n"}), "gzip": b"\x1f\x8b\x08" + bytes(60), "jpeg": _picture("JPEG"), "png": _picture("PNG"),
    "nothing": b"",
}  # fmt: skip


def test_each_kind_that_is_taken_is_tried():
    assert sorted(CONTENTS) == base.WAGTAILDOCS_EXTENSIONS


def _told(content: bytes, ending: str, folder: Path) -> dict[str, object]:
    source, target = folder / "source", folder / f"target.{ending}"
    source.write_bytes(content)
    return clean_and_tell(str(source), str(target))


@every_row("ending", CONTENTS)
def test_a_file_is_taken_under_its_own_ending_alone(ending, tmp_path):
    assert "removed" in _told(CONTENTS[ending], ending, tmp_path)
    # A text says of no kind what it is; captions are text too.
    taken = TEXTS - {"vtt"} if ending in TEXTS else {ending}
    for other in CONTENTS.keys() - {ending}:
        told = _told(CONTENTS[ending], other, tmp_path)
        assert ("removed" in told) == (other in taken), (ending, other)


@every_row("kind", OTHERS)
def test_what_is_of_no_kind_is_taken_under_no_ending(kind, tmp_path):
    taken = [ending for ending in CONTENTS if "removed" in _told(OTHERS[kind], ending, tmp_path)]
    # A file with nothing in it is a text.
    assert taken == (["csv", "txt"] if kind == "nothing" else [])


@pytest.mark.parametrize("kind", [*sorted(OTHERS.keys() - {"jpeg", "png"}), "pdf", "mp4"])
def test_what_is_no_picture_is_drawn_as_none(kind):
    with pytest.raises(UnreadableImageError):
        without_metadata(io.BytesIO((CONTENTS | OTHERS)[kind]), "bild.png")
